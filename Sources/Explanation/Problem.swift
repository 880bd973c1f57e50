import Formulas
import GraphIR
import Layers
import Tensors
import Training

/// When the weights that a step computes take effect.
public enum UpdateOrder: String, Hashable, Sendable, CaseIterable {
  /// All gradients are computed from the weights before the step: right.
  case simultaneous
  /// The last layer's weights are replaced first, and the layers before it see the new ones in their
  /// gradients: a classic mistake of hand-written programs.
  case sequential
}

/// One training step to be explained: a network, its numbers, its data, and how it learns.
public struct Problem: Sendable {
  /// The network.
  public var model: any Layer
  public var loss: any Loss
  /// Its parameters, Float64.
  public var parameters: ParameterSet
  /// Float64, [examples, features] or [examples, steps, features].
  public var input: Tensor
  /// What the loss takes: Float64 [examples, …, outputs], or Int32 class numbers.
  public var target: Tensor
  public var optimizer: any Optimizer
  /// Parameters that the update leaves as they are, by name.
  public var fixed: Set<String>
  /// The factors of the penalty l1 · Σ|w| + (l2 / 2) · Σw².
  public var l1: Double
  public var l2: Double
  /// The texts' λ, where ``l2`` is λ/m with m the number of examples; nil where l2 is itself λ.
  public var lambda: Double?
  public var order: UpdateOrder
  /// How weights and biases are called; nil for numbers in small layered networks, else by place.
  public var names: WeightNames?

  public init(
    model: any Layer, loss: any Loss, parameters: ParameterSet, input: Tensor, target: Tensor,
    optimizer: any Optimizer, fixed: Set<String> = [], l1: Double = 0, l2: Double = 0,
    order: UpdateOrder = .simultaneous, names: WeightNames? = nil
  ) {
    self.model = model
    self.loss = loss
    self.parameters = parameters
    self.input = input
    self.target = target
    self.optimizer = optimizer
    self.fixed = fixed
    self.l1 = l1
    self.l2 = l2
    self.order = order
    self.names = names
  }
}

extension Problem {
  /// The values that the forward part of a step takes, by name.
  var forwardValues: [String: Tensor] {
    parameters.tensors.merging(
      [StepGraph.Name.input: input, StepGraph.Name.target: target], uniquingKeysWith: { $1 })
  }

  /// Refuses numbers that the network does not fit.
  ///
  /// - Throws: ``ExplanationError``; `GraphError` where the network does not fit its input.
  func check() throws {
    guard input.scalarType == .float64, input.shape.rank >= 2, input.shape[0] >= 1 else {
      throw ExplanationError(
        "the input is \(input.type); expected float64 [examples, features], at least 1 example")
    }
    let row = Shape(Array(input.shape.dimensions.dropFirst()))
    try parameters.check(against: model.declarations(input: row, type: .float64))
    let known = Set(parameters.names)
    if let name = fixed.sorted().first(where: { !known.contains($0) }) {
      throw ExplanationError(
        "there is no parameter \"\(name)\" to fix; \(suggestion(for: name, in: parameters.names))")
    }
  }
}

extension Problem {
  /// What the texts write for l2 and l1, and the settings in that.
  var penaltyNotation:
    (
      squares: Formula, magnitudes: Formula,
      settings: [(name: String, symbol: Formula, value: Double)]
    )
  {
    var settings: [(name: String, symbol: Formula, value: Double)] = []
    var squares: Formula = "λ"
    if let lambda, l2 != 0 {
      squares = "λ" / "m"
      settings = [("lambda", "λ", lambda), ("m", "m", Double(input.shape[0]))]
    } else if l2 != 0 {
      settings = [("lambda", "λ", l2)]
    }
    if l1 != 0 { settings.append(("lambda_1", "λ_1", l1)) }
    return (squares, "λ_1", settings)
  }
}
