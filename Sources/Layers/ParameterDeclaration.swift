import GraphIR

/// A parameter that a model asks for: its name, its type, and where its numbers start.
public struct ParameterDeclaration: Hashable, Sendable {
  /// The path of the layer and the parameter's own name: `hidden.weight`.
  public let name: String
  /// Its shape and element type.
  public let type: TensorType
  /// Its numbers before training.
  public let initializer: Initializer
  /// Whether it multiplies an input: penalties apply to weights, not to biases.
  public let isWeight: Bool
  /// Whether training changes it by its gradient. Other numbers are kept with the parameters, such
  /// as the running statistics of a normalization.
  public let isTrained: Bool

  public init(
    name: String, type: TensorType, initializer: Initializer, isWeight: Bool,
    isTrained: Bool = true
  ) {
    self.name = name
    self.type = type
    self.initializer = initializer
    self.isWeight = isWeight
    self.isTrained = isTrained
  }
}

extension [ParameterDeclaration] {
  /// The numbers that training changes by their gradients.
  public var trainedCount: Int {
    reduce(0) { $0 + ($1.isTrained ? $1.type.shape.count : 0) }
  }
}
