import Formulas
import GraphIR
import Tensors

/// The terms that E is a sum of: the error of each output of each example, and the penalty.
final class ErrorTerms {
  /// The error of one output: its factor is that in the error of its example.
  struct Part {
    let place: Quantity.Place
    var terms: [(factor: Double, cell: Cell)]
    /// The cells with names that it depends on.
    var leaves: [Cell] = []

    /// A formula of one output as its part in the error of its example: losses that are means over
    /// several outputs, or over time steps, take each with that factor.
    func scaled(_ formula: Formula) -> Formula {
      let scale = abs(terms.first?.factor ?? 1)
      guard abs(scale - 1) > 1e-12 else { return formula }
      if case .negation(let inner) = formula { return -(Formula.factor(scale) * inner) }
      return .factor(scale) * formula
    }
  }

  /// The errors of the outputs, first all of the first example; empty where E cannot be taken apart.
  private(set) var parts: [Part] = []
  /// A term of the penalty; the factor is that in E.
  struct PenaltyTerm {
    enum Kind { case squares, magnitudes, other }

    let kind: Kind
    let factor: Double
    let cell: Cell
  }

  private(set) var penalty: [PenaltyTerm] = []
  /// The parts that depend directly on a cell.
  private(set) var partsOf: [Cell: [Int]] = [:]
  private(set) var penaltyOf: [Cell: [Int]] = [:]
  /// E is 1/m of the sum of the examples' errors.
  let examples: Int

  init(_ step: StepGraph, _ map: NetworkMap, _ reader: GraphReader, _ naming: Naming) {
    examples = map.examples
    let outputs = map.layers[map.layers.count - 1].neurons
    let shape = step.graph.nodes[step.output].type.shape
    var byOutput: [Int: Int] = [:]
    for (factor, cell) in reader.linearTerms(Cell(node: step.total, element: 0)) {
      let own = step.graph.nodes[cell.node].type.shape
      if own.count == shape.count, own.dimensions.last == shape.dimensions.last,
        outputs.count == shape.count, !isParameter(cell, step, reader)
      {
        let scaled = factor * Double(map.examples)
        if let place = byOutput[cell.element] {
          parts[place].terms.append((scaled, cell))
        } else {
          byOutput[cell.element] = parts.count
          parts.append(Part(place: outputs[cell.element].place, terms: [(scaled, cell)]))
        }
      } else {
        penalty.append(PenaltyTerm(kind: Self.kind(cell, reader), factor: factor, cell: cell))
      }
    }
  }

  /// Which of the penalty's sums a term belongs to, by its formula.
  private static func kind(_ cell: Cell, _ reader: GraphReader) -> PenaltyTerm.Kind {
    guard let (rule, sources) = reader.parts(cell), sources.count == 1 else { return .other }
    switch rule.formula(["x"]) {
    case .power("x", 2): return .squares
    case .absolute("x"): return .magnitudes
    default: return .other
    }
  }

  /// Whether a term is of parameters alone, as the penalty's are.
  private func isParameter(_ cell: Cell, _ step: StepGraph, _ reader: GraphReader) -> Bool {
    let nodes = reader.trace.graph.nodes
    var (waiting, seen) = ([cell.node], Set<Node.ID>())
    while let node = waiting.popLast() {
      if case .input = nodes[node].content { return false }
      for input in nodes[node].inputs where seen.insert(input).inserted { waiting.append(input) }
    }
    return true
  }

  /// Finds what each term depends on, once cells have names.
  func findLeaves(_ reader: GraphReader) {
    for index in parts.indices {
      var (leaves, seen) = ([Cell](), Set<Cell>())
      for term in parts[index].terms {
        for leaf in reader.leaves(term.cell) where seen.insert(leaf).inserted {
          leaves.append(leaf)
        }
      }
      parts[index].leaves = leaves
      for leaf in leaves { partsOf[leaf, default: []].append(index) }
    }
    for (index, term) in penalty.enumerated() {
      for leaf in reader.leaves(term.cell) { penaltyOf[leaf, default: []].append(index) }
    }
  }
}
