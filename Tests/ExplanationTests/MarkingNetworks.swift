import Explanation
import Formulas
import Foundation

/// A 2-2-2 network of logistic neurons with one bias a layer and E = Σ ½ (target − out)², derived
/// by hand: each number is worked out here on its own, and written beside its formula.
struct HandDerivation {
  private var quantities: [Quantity] = []
  private var values: [String: Double] = [:]

  /// Matt Mazur's "A Step by Step Backpropagation Example".
  static let mazur = derivation(
    inputs: [0.05, 0.10], targets: [0.01, 0.99],
    weights: [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55], biases: [0.35, 0.60], rate: 0.5)
  /// The 2018 example whose table has E_o1 halved twice.
  static let cda = derivation(
    inputs: [0.02, 0.04], targets: [0.5, 0.9],
    weights: [0.25, 0.25, 0.15, 0.20, 0.30, 0.35, 0.40, 0.35], biases: [0.4, 0.7], rate: 0.1)

  /// - Parameter isSequential: Whether the hidden layer sees the new output weights: a mistake.
  static func derivation(
    inputs: [Double], targets: [Double], weights: [Double], biases: [Double], rate: Double,
    isSequential: Bool = false
  ) -> Derivation {
    var own = HandDerivation()
    own.given(inputs, targets, weights, biases, rate)
    own.forward("")
    own.backward(isSequential)
    own.forward("+")
    return Derivation(quantities: own.quantities, sections: [])
  }

  /// Mazur's network as a program that updates layer by layer computes it.
  static let sequentialMazur = derivation(
    inputs: [0.05, 0.10], targets: [0.01, 0.99],
    weights: [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55], biases: [0.35, 0.60], rate: 0.5,
    isSequential: true)

  private func v(_ name: String) -> Double { values[name] ?? .nan }

  /// The symbol of a name: δ for delta, ∂y/∂x for dy/dx, w5⁺ for w5+.
  private func symbol(_ name: String) -> Formula {
    let sides = name.split(separator: "/")
    if sides.count == 2 {
      return .partial(symbol(String(sides[0].dropFirst())), symbol(String(sides[1].dropFirst())))
    }
    let isNew = name.hasSuffix("+")
    let base = name.filter { $0 != "+" }.replacingOccurrences(of: "delta", with: "δ")
    let parts = base.split(separator: "_").map(String.init)
    return .symbol(
      base == "eta" ? "η" : parts[0], subscript: parts.count > 1 ? parts[1] : nil,
      superscript: isNew ? "+" : nil)
  }

  private mutating func add(
    _ name: String, _ value: Double, _ kind: Quantity.Kind, _ layer: Int, _ unit: Int,
    uses: [String] = [], forms: [Formula] = []
  ) {
    values[name] = value
    quantities.append(
      Quantity(
        name: name, symbol: symbol(name), value: value, kind: kind,
        place: Quantity.Place(layer: layer, unit: unit), forms: forms, uses: uses))
  }

  private mutating func given(
    _ inputs: [Double], _ targets: [Double], _ weights: [Double], _ biases: [Double],
    _ rate: Double
  ) {
    for (k, x) in inputs.enumerated() { add("i\(k + 1)", x, .input, 0, k + 1) }
    for (k, t) in targets.enumerated() { add("target_o\(k + 1)", t, .target, 2, k + 1) }
    for (k, w) in weights.enumerated() {
      add("w\(k + 1)", w, .weight, k < 4 ? 1 : 2, k % 4 / 2 + 1)
    }
    for (k, b) in biases.enumerated() { add("b\(k + 1)", b, .bias, k + 1, 0) }
    add("eta", rate, .setting, 0, 0)
  }

  /// The pass with the old weights, or with `+` those after the update.
  private mutating func forward(_ mark: String) {
    for (layer, letter) in [(1, "h"), (2, "o")] {
      for unit in 1...2 {
        let first = 4 * (layer - 1) + 2 * (unit - 1) + 1
        let sources = layer == 1 ? ["i1", "i2"] : ["out_h1\(mark)", "out_h2\(mark)"]
        // The biases are not updated.
        let uses = [
          "w\(first)\(mark)", sources[0], "w\(first + 1)\(mark)", sources[1], "b\(layer)",
        ]
        let s = uses.map(symbol)
        let net = "net_\(letter)\(unit)\(mark)"
        let out = "out_\(letter)\(unit)\(mark)"
        add(
          net, v(uses[0]) * v(uses[1]) + v(uses[2]) * v(uses[3]) + v(uses[4]), .netInput, layer,
          unit, uses: uses, forms: [.sum([s[0] * s[1], s[2] * s[3], s[4]])])
        add(
          out, 1 / (1 + exp(-v(net))), .activation, layer, unit, uses: [net],
          forms: [1 / (1 + .exp(-symbol(net)))])
      }
    }
    for unit in 1...2 {
      let (target, out) = ("target_o\(unit)", "out_o\(unit)\(mark)")
      add(
        "E_o\(unit)\(mark)", 0.5 * (v(target) - v(out)) * (v(target) - v(out)), .error, 2, unit,
        uses: [target, out],
        forms: [.product([.quotient(1, 2), .power(symbol(target) - symbol(out), 2)])])
    }
    let parts = ["E_o1\(mark)", "E_o2\(mark)"]
    add(
      "E_total\(mark)", v(parts[0]) + v(parts[1]), .totalError, 2, 0, uses: parts,
      forms: [symbol(parts[0]) + symbol(parts[1])])
  }

  private mutating func backward(_ isSequential: Bool) {
    for unit in 1...2 {
      let (target, out, net) = ("target_o\(unit)", "out_o\(unit)", "net_o\(unit)")
      let (error, slope) = ("dE_total/d\(out)", "d\(out)/d\(net)")
      add(
        error, v(out) - v(target), .errorSlope, 2, unit, uses: [target, out],
        forms: [-(symbol(target) - symbol(out))])
      addSlope(out, net, 2, unit)
      add(
        "delta_o\(unit)", v(error) * v(slope), .delta, 2, unit, uses: [error, slope],
        forms: [symbol(error) * symbol(slope)])
    }
    addGradients(layer: 2, isSequential)
    for unit in 1...2 {
      let (out, net) = ("out_h\(unit)", "net_h\(unit)")
      let (error, slope) = ("dE_total/d\(out)", "d\(out)/d\(net)")
      let mark = isSequential ? "+" : ""
      let uses = ["delta_o1", "w\(4 + unit)\(mark)", "delta_o2", "w\(6 + unit)\(mark)"]
      let s = uses.map(symbol)
      add(
        error, v(uses[0]) * v(uses[1]) + v(uses[2]) * v(uses[3]), .errorSlope, 1, unit,
        uses: uses, forms: [.sum([s[0] * s[1], s[2] * s[3]])])
      addSlope(out, net, 1, unit)
      add(
        "delta_h\(unit)", v(error) * v(slope), .delta, 1, unit, uses: [error, slope],
        forms: [symbol(error) * symbol(slope)])
    }
    addGradients(layer: 1, isSequential)
  }

  private mutating func addSlope(_ out: String, _ net: String, _ layer: Int, _ unit: Int) {
    add(
      "d\(out)/d\(net)", v(out) * (1 - v(out)), .activationSlope, layer, unit, uses: [out],
      forms: [symbol(out) * (1 - symbol(out))])
  }

  private mutating func addGradients(layer: Int, _ isSequential: Bool) {
    for index in 0..<4 {
      let (unit, column) = (index / 2 + 1, index % 2 + 1)
      let weight = "w\(4 * (layer - 1) + index + 1)"
      let letter = layer == 1 ? "h" : "o"
      let (delta, net) = ("delta_\(letter)\(unit)", "net_\(letter)\(unit)")
      let (out, source) = ("out_\(letter)\(unit)", layer == 1 ? "i\(column)" : "out_h\(column)")
      let gradient = "dE_total/d\(weight)"
      add(
        "d\(net)/d\(weight)", v(source), .netSlope, layer, unit, uses: [source],
        forms: [symbol(source)])
      let chain = ["dE_total/d\(out)", "d\(out)/d\(net)", "d\(net)/d\(weight)"]
      add(
        gradient, v(delta) * v(source), .gradient, layer, unit, uses: [delta, source],
        forms: [.product(chain.map(symbol)), symbol(delta) * symbol(source)])
      add(
        weight + "+", v(weight) - v("eta") * v(gradient), .newParameter, layer, unit,
        uses: [weight, "eta", gradient],
        forms: [symbol(weight) - symbol("eta") * symbol(gradient)])
    }
  }
}

/// A claim of what stands in a text.
func claim(_ name: String, _ text: String, line: Int? = nil) -> Claim {
  Claim(name: name, text: text, value: Double(text) ?? .nan, line: line)
}
