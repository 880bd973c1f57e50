import GraphIR
import Tensors

/// A simple recurrent layer: every unit sees the features of its time step and what all units gave
/// in the step before.
///
/// h₍ₜ₎ = f(x₍ₜ₎ U + h₍ₜ₋₁₎ W + b), h₍₀₎ = 0, with x of shape [batch, steps, features], U [features,
/// units], W [units, units] (from, to) and b [units]; f is the activation. The output holds h₍ₜ₎ for
/// every step: [batch, steps, units]. The gradient is backpropagation through time.
///
/// ```swift
/// let cell = Elman(units: 3, name: "cell")
/// print(try cell.parameterCount(input: [4, 2]))      // 18
/// ```
///
/// Source: J. Elman, "Finding structure in time", Cognitive Science 14 (1990),
/// doi:10.1207/s15516709cog1402_1.
public struct Elman: Layer, RecurrentLayer {
  public static let kind = "elman"

  /// The number of units.
  public let units: Int
  /// f; `tanh` unless told otherwise.
  public let activation: Activation
  /// Whether b is added; true unless told otherwise.
  public let hasBias: Bool
  public let recurrence: Recurrence
  public let name: String?

  public init(
    units: Int, activation: Activation = .tanh, hasBias: Bool = true,
    recurrence: Recurrence = Recurrence(), name: String? = nil
  ) {
    self.units = units
    self.activation = activation
    self.hasBias = hasBias
    self.recurrence = recurrence
    self.name = name
  }

  public var problem: String? { unitsProblem(units) ?? recurrence.problem }

  public var description: String {
    "elman, \(units) unit\(units == 1 ? "" : "s"), \(activation.rawValue)"
      + (hasBias ? "" : ", no bias") + recurrence.words
  }

  public var outputUnits: Int { units }
  public var stateSizes: [Int] { [units] }

  public func parameters(features: Int, in scope: Scope) -> RecurrentParameters {
    let input = scope.parameter(
      "inputWeight", [features, units], activation.weightInitializer, isWeight: true)
    let recurrent = scope.parameter(
      "recurrentWeight", [units, units], activation.weightInitializer, isWeight: true)
    return RecurrentParameters(
      input: input, bias: hasBias ? scope.parameter("bias", [units], .zeros) : nil,
      recurrent: [recurrent])
  }

  public func step(net: Expression, state: [Expression], fixed: [Expression]) -> [Expression] {
    let net = net + state[0].matmul(fixed[0])
    return [activation(net).noted("h", of: net)]
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Elman(units: 3), input: [4, 2]),
      LayerSample(Elman(units: 2, activation: .sigmoid, hasBias: false), input: [1, 3]),
      LayerSample(
        Elman(
          units: 2,
          recurrence: Recurrence(
            isBidirectional: true, output: .last, segment: 2, isTruncated: true)),
        input: [2, 2]),
    ]
  }
}

extension Elman {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, activation, hasBias, name
    case layers, isBidirectional, dropout, output, segment, isTruncated, carriesState
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units),
      activation: try fields.value(.activation, default: .tanh),
      hasBias: try fields.value(.hasBias, default: true),
      recurrence: try Recurrence(fields), name: try fields.value(ifPresent: .name))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(activation, forKey: .activation)
    try container.encode(hasBias, forKey: .hasBias)
    try container.encodeIfPresent(name, forKey: .name)
    try recurrence.encode(to: encoder)
  }
}
