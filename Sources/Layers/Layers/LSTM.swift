import GraphIR
import Tensors

/// Long short-term memory: a cell that each step adds to and forgets from, through gates.
///
/// With x₍ₜ₎ a step's features, h the output, c the cell and σ the logistic function:
///
/// i = σ(x Uᵢ + h₍ₜ₋₁₎ Wᵢ + bᵢ), f = σ(x U_f + h₍ₜ₋₁₎ W_f + b_f), g = tanh(x U_g + h₍ₜ₋₁₎ W_g + b_g),
/// o = σ(x Uₒ + h₍ₜ₋₁₎ Wₒ + bₒ); c₍ₜ₎ = f c₍ₜ₋₁₎ + i g, h₍ₜ₎ = o tanh c₍ₜ₎.
///
/// `inputWeight` is [Uᵢ U_f U_g Uₒ], of shape [features, 4 units], `recurrentWeight` [Wᵢ W_f W_g Wₒ],
/// [units, 4 units], and `bias` [4 units], the sum of the two that some libraries keep apart.
///
/// ```swift
/// let reader = LSTM(units: 128, recurrence: Recurrence(output: .last))
/// print(try reader.outputShape(input: [28, 28]))      // [128]
/// ```
///
/// Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", Neural Computation 9 (1997),
/// doi:10.1162/neco.1997.9.8.1735; the forget gate: F. Gers, J. Schmidhuber, F. Cummins, "Learning to
/// forget", Neural Computation 12 (2000), doi:10.1162/089976600300015015.
public struct LSTM: Layer, RecurrentLayer {
  public static let kind = "lstm"

  /// The number of units.
  public let units: Int
  /// Whether b is added; true unless told otherwise.
  public let hasBias: Bool
  /// What b_f starts from, in place of 0: with 1, cells remember from the start; 0 unless told
  /// otherwise.
  public let forgetBias: Double
  public let recurrence: Recurrence
  public let name: String?

  public init(
    units: Int, hasBias: Bool = true, forgetBias: Double = 0,
    recurrence: Recurrence = Recurrence(), name: String? = nil
  ) {
    self.units = units
    self.hasBias = hasBias
    self.forgetBias = forgetBias
    self.recurrence = recurrence
    self.name = name
  }

  public var problem: String? {
    if !forgetBias.isFinite { return "forgetBias is \(forgetBias), expected a finite number" }
    return unitsProblem(units) ?? recurrence.problem
  }

  public var description: String {
    "lstm, \(units) unit\(units == 1 ? "" : "s")" + (hasBias ? "" : ", no bias") + recurrence.words
  }

  public var outputUnits: Int { units }
  public var stateSizes: [Int] { [units, units] }
  public var gates: [String] { ["i", "f", "g", "o"] }

  public func parameters(features: Int, in scope: Scope) -> RecurrentParameters {
    let bias: Initializer =
      forgetBias == 0
      ? .zeros
      : .values((0..<4 * units).map { $0 / units == 1 ? forgetBias : 0 })
    return RecurrentParameters(
      input: scope.parameter(
        "inputWeight", [features, 4 * units], .recurrent(units), isWeight: true),
      bias: hasBias ? scope.parameter("bias", [4 * units], bias) : nil,
      recurrent: [
        scope.parameter(
          "recurrentWeight", [units, 4 * units], .recurrent(units), isWeight: true)
      ])
  }

  public func step(net: Expression, state: [Expression], fixed: [Expression]) -> [Expression] {
    let gates = net + state[0].matmul(fixed[0])
    func gate(_ number: Int, _ function: (Expression) -> Expression) -> Gate {
      let net = gates.slice(axis: 1, from: number * units, to: (number + 1) * units)
      return Gate(letter: self.gates[number], net: net, value: function(net))
    }
    let forget = gate(1, sigmoid)
    let kept = forget.value * state[1]
    let (input, candidate) = (gate(0, sigmoid), gate(2, tanh))
    let cell = kept + input.value * candidate.value
    let output = gate(3, sigmoid)
    for gate in [input, forget, candidate] { gate.value.noted(gate.letter, of: gate.net) }
    cell.noted("c")
    output.value.noted(output.letter, of: output.net)
    return [output.value * tanh(cell), cell]
  }

  /// A gate at one step, and its net input.
  private struct Gate {
    let letter: String
    let net: Expression
    let value: Expression
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(LSTM(units: 3), input: [4, 2]),
      LayerSample(
        LSTM(units: 2, forgetBias: 1, recurrence: Recurrence(output: .last)), input: [3, 3]),
      LayerSample(
        LSTM(
          units: 2, hasBias: false,
          recurrence: Recurrence(layers: 2, isBidirectional: true, segment: 2)), input: [5, 1]),
    ]
  }
}

extension Initializer {
  /// U(−r, r) with r = 1 / √units, for recurrent weights.
  static func recurrent(_ units: Int) -> Initializer {
    let range = 1 / Double(max(units, 1)).squareRoot()
    return .uniform(low: -range, high: range)
  }
}

extension LSTM {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, hasBias, forgetBias, name
    case layers, isBidirectional, dropout, output, segment, isTruncated, carriesState
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units), hasBias: try fields.value(.hasBias, default: true),
      forgetBias: try fields.value(.forgetBias, default: 0),
      recurrence: try Recurrence(fields), name: try fields.value(ifPresent: .name))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(hasBias, forKey: .hasBias)
    try container.encode(forgetBias, forKey: .forgetBias)
    try container.encodeIfPresent(name, forKey: .name)
    try recurrence.encode(to: encoder)
  }
}
