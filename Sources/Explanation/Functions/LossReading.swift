import Execution
import Formulas
import GraphIR
import Layers
import Tensors

/// What a loss's graph for one example says of it.
struct LossReading {
  /// A derivative and the steps to it.
  struct Derivation {
    let left: Formula
    let steps: FunctionDerivation
  }

  /// How many outputs the example has: 1, or 3 where the loss needs several.
  let count: Int
  /// o and t, or o_1, … and t_1, ….
  let outputs: [Formula]
  let targets: [Formula]
  /// E: as the texts write it, where the loss says how, and as the graph computes it.
  let forms: [Formula]
  /// Names for parts of E that occur several times, with their formulas.
  let named: [(name: Formula, definition: Formula)]
  /// The probability of an output, where it is not the output itself.
  let probability: (name: Formula, definition: Formula)?
  /// ∂E/∂o, after the derivatives with respect to the named parts.
  let derivations: [Derivation]
  /// Whether the last form of ∂E/∂o needs targets that sum to 1.
  let slopeHoldsForDistributions: Bool
  private let loss: any Loss

  /// Nil where the loss does not fit any output.
  init?(_ loss: any Loss) {
    let count = loss.allowsSingleOutput ? 1 : 3
    func names(_ letter: String) -> [Formula] {
      count == 1
        ? [.symbol(letter)]
        : (1...count).map { .symbol(letter, subscript: "\($0)") }
    }
    let (o, t, p) = (names("o"), names("t"), names("p"))
    let builder = GraphBuilder()
    let type = TensorType([1, count], .float64)
    let (output, target) = (builder.input("o", type), builder.input("t", type))
    let (error, likely) = (loss(output, target: target), loss.probabilities(output))
    builder.output("E", error)
    builder.output("p", likely)
    // The values only decide between branches, as where a maximum is taken of several elements.
    let sample = Tensor((0..<count).map { 0.25 - 0.125 * Double($0) }, shape: [1, count])
    let aim = Tensor((0..<count).map { $0 == 0 ? 1.0 : 0 }, shape: [1, count])
    guard let graph = try? builder.finish(),
      let trace = try? Trace(graph, ["o": sample, "t": aim])
    else { return nil }

    var reader = ElementFormulas(trace, names: [output.id: o, target.id: t])
    let whole = reader.origin(ElementFormulas.Place(node: error.id, element: 0))
    let plain = ElementFormulas.Place(node: likely.id, element: 0)
    let hasProbability = likely.id != output.id
    let chances = (0..<count).map {
      reader.formula(ElementFormulas.Place(node: likely.id, element: $0))
    }
    // What the reader of a page knows as p shall stand as p in every formula.
    let known =
      hasProbability
      ? Dictionary(zip(chances, p), uniquingKeysWith: { first, _ in first }) : [:]
    probability = hasProbability ? (p[0], reader.definition(plain)) : nil
    if count == 1 { reader.nameShared(below: whole, with: ["u", "v", "w"]) }
    let first = ElementFormulas.Place(node: output.id, element: 0)

    let textForm: Formula?
    if count == 1 {
      textForm = loss.formula(output: o[0], target: t[0], probability: p[0])
    } else {
      textForm = loss.formula(
        output: .indexed("o", ["k"]), target: .indexed("t", ["k"]),
        probability: .indexed("p", ["k"])
      ).map { LossReading.summed($0) }
    }
    let computed = reader.formula(whole).simplified()
    forms = [textForm, computed].compactMap { $0 }
    named = reader.shared.map { (reader.formula($0), reader.definition($0).simplified()) }
    derivations = LossReading.derivations(
      reader, of: whole, withRespectTo: first, known: known,
      short: loss.slope(output: o[0], target: t[0], probability: p[0]))
    slopeHoldsForDistributions =
      count > 1 && loss.slope(output: o[0], target: t[0], probability: p[0]) != nil
    self.loss = loss
    self.count = count
    outputs = o
    targets = t
  }

  /// The sum over all outputs, its sign in front.
  private static func summed(_ body: Formula) -> Formula {
    if case .negation(let inside) = body { return -.sum(of: inside, over: "k") }
    return .sum(of: body, over: "k")
  }

  /// The derivatives of E with respect to each named part, from the last to the first, and to the
  /// output: each is the sum over all that it goes into.
  private static func derivations(
    _ reader: ElementFormulas, of whole: ElementFormulas.Place,
    withRespectTo output: ElementFormulas.Place, known: [Formula: Formula], short: Formula?
  ) -> [Derivation] {
    var found: [(place: ElementFormulas.Place, slope: Formula)] = []
    var result: [Derivation] = []
    for place in reader.shared.reversed() + [output] {
      let name = reader.formula(place)
      let isOutput = place == output
      var (chain, terms): ([Formula], [Formula]) = ([], [])
      let direct = reader.derivative(of: whole, withRespectTo: place)
      for later in found {
        guard let slope = reader.derivative(of: later.place, withRespectTo: place) else { continue }
        let symbol = reader.formula(later.place)
        chain.append(.partial("E", symbol) * .partial(symbol, name))
        terms.append(later.slope * slope)
      }
      if let direct { terms.append(direct) }
      let slope = (terms.count == 1 ? terms[0] : terms.isEmpty ? 0 : .sum(terms))
        .substituting(known)
      if let direct, !chain.isEmpty { chain.append(direct) }
      let tidy = slope.simplified()
      let ending = isOutput ? [tidy] + (short.map { [$0] } ?? []) : [tidy]
      var before: [Formula] = []
      if !chain.isEmpty { before.append(chain.count == 1 ? chain[0] : .sum(chain)) }
      before.append(slope)
      let formula = reader.formula(whole)
      result.append(
        Derivation(
          left: .partial("E", name),
          steps: found.isEmpty
            ? FunctionDerivation(of: formula, withRespectTo: name, ending: ending)
            : FunctionDerivation(forms: before + ending)))
      found.append((place, tidy))
    }
    return result
  }

  /// The targets whose graphs are shown: those of both classes, or one number.
  var shownTargets: [Double] {
    guard loss.isClassification, count == 1 else { return [1] }
    return loss.problem(withTarget: -1) == nil ? [-1, 1] : [0, 1]
  }

  /// E over the first output, for a target; all other outputs and targets are 0.
  func function(target: Double) -> SampledFunction? {
    try? SampledFunction { x in
      let place = x.constant(Tensor((0..<count).map { $0 == 0 ? 1.0 : 0 }, shape: [1, count]))
      return loss(x * place, target: place * target)
    }
  }
}
