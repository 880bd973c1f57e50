import GraphIR
import Tensors

/// A recurrent layer whose units see what the layer's outputs, not its hidden units, gave in the step
/// before, or a fading sum of what they gave in all steps before.
///
/// s₍ₜ₎ = µ s₍ₜ₋₁₎ + y₍ₜ₋₁₎, h₍ₜ₎ = f(x₍ₜ₎ U + s₍ₜ₎ W + b), y₍ₜ₎ = g(h₍ₜ₎ V + c), s₍₀₎ = y₍₀₎ = 0, with the
/// decay µ – 0 unless told otherwise: s₍ₜ₎ = y₍ₜ₋₁₎ –, x of shape [batch, steps, features], U `inputWeight` [features, units], W `recurrentWeight` [outputs, units], b `bias` [units],
/// V `outputWeight` [units, outputs] and c `outputBias` [outputs]; f is the activation, g the output
/// activation. The layer gives y.
///
/// Source: M. Jordan, "Serial order: a parallel distributed processing approach", ICS report 8604,
/// University of California, San Diego (1986); reprinted in Advances in Psychology 121 (1997),
/// doi:10.1016/S0166-4115(97)80111-2.
public struct Jordan: Layer, RecurrentLayer {
  public static let kind = "jordan"

  /// The number of hidden units.
  public let units: Int
  /// The number of outputs.
  public let outputs: Int
  /// µ, 0 to less than 1.
  public let decay: Double
  /// f; `tanh` unless told otherwise.
  public let activation: Activation
  /// g; `sigmoid` unless told otherwise.
  public let outputActivation: Activation
  /// Whether b and c are added; true unless told otherwise.
  public let hasBias: Bool
  public let recurrence: Recurrence
  public let name: String?

  public init(
    units: Int, outputs: Int, decay: Double = 0, activation: Activation = .tanh,
    outputActivation: Activation = .sigmoid, hasBias: Bool = true,
    recurrence: Recurrence = Recurrence(), name: String? = nil
  ) {
    self.units = units
    self.outputs = outputs
    self.decay = decay
    self.activation = activation
    self.outputActivation = outputActivation
    self.hasBias = hasBias
    self.recurrence = recurrence
    self.name = name
  }

  public var problem: String? {
    if let problem = unitsProblem(units) ?? unitsProblem(outputs, "outputs") { return problem }
    if !(decay >= 0 && decay < 1) {
      return "decay is \(decay), expected at least 0 and less than 1"
    }
    return recurrence.problem
  }

  public var description: String {
    "jordan, \(units) unit\(units == 1 ? "" : "s"), \(outputs) output\(outputs == 1 ? "" : "s"), "
      + "\(activation.rawValue), \(outputActivation.rawValue)" + (hasBias ? "" : ", no bias")
      + (decay == 0 ? "" : ", decay \(decay)") + recurrence.words
  }

  public var outputUnits: Int { outputs }
  /// Without a decay the state units hold what the outputs gave, and need no place of their own.
  public var stateSizes: [Int] { decay == 0 ? [outputs] : [outputs, outputs] }

  public func parameters(features: Int, in scope: Scope) -> RecurrentParameters {
    let input = scope.parameter(
      "inputWeight", [features, units], activation.weightInitializer, isWeight: true)
    let recurrent = scope.parameter(
      "recurrentWeight", [outputs, units], activation.weightInitializer, isWeight: true)
    let output = scope.parameter(
      "outputWeight", [units, outputs], outputActivation.weightInitializer, isWeight: true)
    return RecurrentParameters(
      input: input, bias: hasBias ? scope.parameter("bias", [units], .zeros) : nil,
      recurrent: [recurrent, output]
        + (hasBias ? [scope.parameter("outputBias", [outputs], .zeros)] : []))
  }

  public func step(net: Expression, state: [Expression], fixed: [Expression]) -> [Expression] {
    let units = decay == 0 ? state[0] : state[1] * decay + state[0]
    let hidden = activation(net + units.matmul(fixed[0]))
    var output = hidden.matmul(fixed[1])
    if fixed.count > 2 { output = output + fixed[2] }
    return [outputActivation(output)] + (decay == 0 ? [] : [units])
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Jordan(units: 3, outputs: 2), input: [4, 2]),
      LayerSample(
        Jordan(
          units: 2, outputs: 1, activation: .sigmoid, outputActivation: .linear, hasBias: false,
          recurrence: Recurrence(isBidirectional: true)), input: [3, 3]),
      LayerSample(Jordan(units: 2, outputs: 2, decay: 0.5), input: [4, 1]),
    ]
  }
}

extension Jordan {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, outputs, decay, activation, outputActivation, hasBias, name
    case layers, isBidirectional, dropout, output, segment, isTruncated, carriesState
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units), outputs: try fields.value(.outputs),
      decay: try fields.value(.decay, default: 0),
      activation: try fields.value(.activation, default: .tanh),
      outputActivation: try fields.value(.outputActivation, default: .sigmoid),
      hasBias: try fields.value(.hasBias, default: true),
      recurrence: try Recurrence(fields), name: try fields.value(ifPresent: .name))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(outputs, forKey: .outputs)
    if decay != 0 { try container.encode(decay, forKey: .decay) }
    try container.encode(activation, forKey: .activation)
    try container.encode(outputActivation, forKey: .outputActivation)
    try container.encode(hasBias, forKey: .hasBias)
    try container.encodeIfPresent(name, forKey: .name)
    try recurrence.encode(to: encoder)
  }
}
