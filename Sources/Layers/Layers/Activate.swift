import GraphIR

/// An activation as a layer of its own: y = f(x), of x's shape. It has no trained parameters.
public struct Activate: Layer {
  public static let kind = "activate"

  /// f.
  public let activation: Activation
  /// The constant in f, for those that have one; the usual one where nil:
  ///
  /// | activation | its constant | usual |
  /// |---|---|---|
  /// | `leakyReLU` | a: a x for x ≤ 0 | 0.01 |
  /// | `elu` | α: α (eˣ − 1) for x ≤ 0 | 1 |
  /// | `celu` | α > 0: α (e^(x / α) − 1) for x ≤ 0 | 1 |
  /// | `softplus` | β > 0: ln(1 + e^(β x)) / β | 1 |
  /// | `softShrink`, `hardShrink` | λ ≥ 0: 0 for \|x\| ≤ λ | 0.5 |
  public let parameter: Double?
  public let name: String?

  public init(_ activation: Activation, parameter: Double? = nil, name: String? = nil) {
    self.activation = activation
    self.parameter = parameter
    self.name = name
  }

  public var problem: String? {
    guard let parameter else { return nil }
    return activation.problem(withParameter: parameter).map { "parameter is \(parameter), \($0)" }
  }

  public var description: String {
    "activate, \(activation.rawValue)" + (parameter.map { ", parameter \($0)" } ?? "")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.shape.rank >= 1, input.scalarType == scope.scalarType else {
      scope.fail(
        "activate: input is \(input.type), expected \(scope.scalarType.rawValue) [batch, …]")
      return input
    }
    return activation(input, parameter: parameter)
  }

  public static var samples: [LayerSample] {
    Activation.allCases.map { LayerSample(Activate($0), input: [3, 2]) }
      + [
        (Activation.leakyReLU, 0.3), (.elu, 1.5), (.celu, 0.6), (.softplus, 2), (.softShrink, 0.2),
        (.hardShrink, 0),
      ].map { LayerSample(Activate($0, parameter: $1), input: [4]) }
  }
}

extension Activate {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case activation, parameter, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.activation), parameter: try fields.value(ifPresent: .parameter),
      name: try fields.value(ifPresent: .name))
  }
}
