import GraphIR
import Tensors

/// Gated recurrent units: like ``LSTM``, with two gates and no cell apart from the output.
///
/// With x₍ₜ₎ a step's features, h the output and σ the logistic function:
///
/// r = σ(x Uᵣ + h₍ₜ₋₁₎ Wᵣ + bᵣ), z = σ(x U_z + h₍ₜ₋₁₎ W_z + b_z),
/// n = tanh(x Uₙ + bₙ + r (h₍ₜ₋₁₎ Wₙ + d)); h₍ₜ₎ = (1 − z) n + z h₍ₜ₋₁₎.
///
/// `inputWeight` is [Uᵣ U_z Uₙ], of shape [features, 3 units], `recurrentWeight` [Wᵣ W_z Wₙ], [units,
/// 3 units], `bias` [bᵣ b_z bₙ] and `candidateBias` d, [units].
///
/// Source: K. Cho et al., "Learning phrase representations using RNN encoder–decoder for statistical
/// machine translation", EMNLP 2014, doi:10.3115/v1/D14-1179 (with the reset gate behind the product,
/// as most libraries have it).
public struct GRU: Layer, RecurrentLayer {
  public static let kind = "gru"

  /// The number of units.
  public let units: Int
  /// Whether b and d are added; true unless told otherwise.
  public let hasBias: Bool
  public let recurrence: Recurrence
  public let name: String?

  public init(
    units: Int, hasBias: Bool = true, recurrence: Recurrence = Recurrence(), name: String? = nil
  ) {
    self.units = units
    self.hasBias = hasBias
    self.recurrence = recurrence
    self.name = name
  }

  public var problem: String? { unitsProblem(units) ?? recurrence.problem }

  public var description: String {
    "gru, \(units) unit\(units == 1 ? "" : "s")" + (hasBias ? "" : ", no bias") + recurrence.words
  }

  public var outputUnits: Int { units }
  public var stateSizes: [Int] { [units] }
  public var gates: [String] { ["r", "z", "n"] }

  public func parameters(features: Int, in scope: Scope) -> RecurrentParameters {
    let recurrent = scope.parameter(
      "recurrentWeight", [units, 3 * units], .recurrent(units), isWeight: true)
    return RecurrentParameters(
      input: scope.parameter(
        "inputWeight", [features, 3 * units], .recurrent(units), isWeight: true),
      bias: hasBias ? scope.parameter("bias", [3 * units], .zeros) : nil,
      recurrent: [recurrent]
        + (hasBias ? [scope.parameter("candidateBias", [units], .zeros)] : []))
  }

  public func step(net: Expression, state: [Expression], fixed: [Expression]) -> [Expression] {
    let before = state[0].matmul(fixed[0])
    func part(_ number: Int, of value: Expression) -> Expression {
      value.slice(axis: 1, from: number * units, to: (number + 1) * units)
    }
    func gate(_ number: Int, _ net: Expression, _ function: (Expression) -> Expression)
      -> Expression
    {
      function(net).noted(gates[number], of: net)
    }
    let reset = gate(0, part(0, of: net) + part(0, of: before), sigmoid)
    let update = gate(1, part(1, of: net) + part(1, of: before), sigmoid)
    var candidate = part(2, of: before)
    if fixed.count > 1 { candidate = candidate + fixed[1] }
    candidate = gate(2, part(2, of: net) + reset * candidate, tanh)
    return [candidate + update * (state[0] - candidate)]
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(GRU(units: 3), input: [4, 2]),
      LayerSample(
        GRU(units: 2, hasBias: false, recurrence: Recurrence(layers: 2, output: .last)),
        input: [3, 3]),
    ]
  }
}

extension GRU {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, hasBias, name
    case layers, isBidirectional, dropout, output, segment, isTruncated, carriesState
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units), hasBias: try fields.value(.hasBias, default: true),
      recurrence: try Recurrence(fields), name: try fields.value(ifPresent: .name))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(hasBias, forKey: .hasBias)
    try container.encodeIfPresent(name, forKey: .name)
    try recurrence.encode(to: encoder)
  }
}
