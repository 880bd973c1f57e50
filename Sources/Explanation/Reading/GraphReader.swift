import Execution
import Formulas
import GraphIR
import Tensors

/// Reads, element by element, how the numbers of a run of a graph came about.
///
/// Some cells have names. The formula of any other cell is made of those of the cells that it was
/// computed from, down to cells with names; all formulas are the operations' own.
final class GraphReader {
  let trace: Trace
  /// The name of a cell, where it has one.
  var label: (Cell) -> Label? = { _ in nil }
  /// Whether a cell has a name, where that is cheaper to know than the name.
  var isNamed: (Cell) -> Bool = { _ in false }
  /// Puts a formula that was read into the order of the texts.
  var arrange: (Formula) -> Formula = { $0 }

  private var standIns: [Formula] = []

  init(_ trace: Trace) { self.trace = trace }

  func value(_ cell: Cell) -> Double { trace[cell.node].doubles(at: cell.element) }

  /// The cells that a cell is computed from, and how; nil where it is not computed.
  func parts(_ cell: Cell) -> (rule: ElementRule, sources: [Cell])? {
    guard case .operation(let operation, let inputs) = trace.graph.nodes[cell.node].content else {
      return nil
    }
    let rule = operation.element(cell.element, of: inputs.map { trace[$0] })
    return (rule, rule.sources.map { Cell(node: inputs[$0.input], element: $0.element) })
  }

  /// The cell whose number this one is, unchanged: views and copies undone.
  func origin(_ cell: Cell) -> Cell {
    var cell = cell
    while let (rule, sources) = parts(cell), rule.isCopy { cell = sources[0] }
    return cell
  }

  /// The first cell with a name on the way to the origin, else the origin.
  func resolved(_ cell: Cell) -> Cell {
    var cell = cell
    while !isNamed(cell), let (rule, sources) = parts(cell), rule.isCopy { cell = sources[0] }
    return cell
  }

  /// Whether a cell is the same in every run.
  func isConstant(_ cell: Cell) -> Bool {
    !isNamed(resolved(cell)) && trace.graph.nodes[origin(cell).node].constant != nil
  }

  /// A cell in terms of cells with names.
  ///
  /// - Parameter opening: Whether the cell's own name is passed over.
  func formula(_ cell: Cell, opening: Bool = false) -> Formula {
    let cell = opening ? cell : resolved(cell)
    if !opening, let label = label(cell) { return label.symbol }
    guard let (rule, sources) = parts(cell), !sources.isEmpty else { return .number(value(cell)) }
    return rule.formula(sources.map { formula($0) })
  }

  /// The formula of a cell with a name, arranged for readers.
  func definition(_ cell: Cell) -> Formula { arrange(formula(cell, opening: true)) }

  /// The cells with names that a cell is directly made of, each once, in order.
  func leaves(_ cell: Cell) -> [Cell] {
    var (result, seen) = ([Cell](), Set<Cell>())
    func visit(_ cell: Cell, opening: Bool) {
      let cell = opening ? cell : resolved(cell)
      if !opening, isNamed(cell) {
        if seen.insert(cell).inserted { result.append(cell) }
        return
      }
      for source in parts(cell)?.sources ?? [] { visit(source, opening: false) }
    }
    visit(cell, opening: true)
    return result
  }

  /// ∂cell/∂variable along the ways that pass no other cell with a name; nil where there is none.
  func slope(of cell: Cell, by variable: Cell) -> Formula? {
    var cells: [Cell] = []
    return slope(of: cell, by: variable, through: &cells)
  }

  /// The same, with the cells with names that stand in it.
  func slope(of cell: Cell, by variable: Cell, through cells: inout [Cell]) -> Formula? {
    slope(of: cell, by: variable, opening: true, &cells)
  }

  private func slope(of cell: Cell, by variable: Cell, opening: Bool, _ cells: inout [Cell])
    -> Formula?
  {
    let cell = opening ? cell : resolved(cell)
    if !opening {
      if cell == variable { return 1 }
      if isNamed(cell) { return nil }
    }
    guard let (rule, sources) = parts(cell) else { return nil }
    var terms: [Formula] = []
    for index in sources.indices {
      guard let inner = slope(of: sources[index], by: variable, opening: false, &cells),
        let outer = localSlope(cell, rule, sources, index, &cells)
      else { continue }
      terms.append(inner == 1 ? outer : outer * inner)
    }
    return terms.isEmpty ? nil : terms.count == 1 ? terms[0] : .sum(terms)
  }

  /// ∂cell/∂source for one of the cells that it is computed from. Only the formulas that stand in it
  /// are read: a neuron may have thousands of sources.
  private func localSlope(
    _ cell: Cell, _ rule: ElementRule, _ sources: [Cell], _ index: Int, _ cells: inout [Cell]
  ) -> Formula? {
    let stands = stands(for: sources.count)
    let output: Formula = .symbol("#", subscript: "output")
    guard let slope = rule.derivative(index, stands, output: output) else { return nil }
    var replaced: [Formula: Formula] = [:]
    for symbol in slope.symbols where symbol.name == "#" {
      guard let source = symbol.subscript.flatMap({ Int($0) }) else {
        replaced[.symbol(symbol)] = label(cell)?.symbol ?? formula(cell, opening: true)
        cells += isNamed(cell) ? [cell] : leaves(cell)
        continue
      }
      replaced[.symbol(symbol)] = formula(sources[source])
      let named = resolved(sources[source])
      cells += isNamed(named) ? [named] : leaves(named)
    }
    return slope.substituting(replaced)
  }

  /// The number that ``slope(of:by:)`` is.
  func slopeNumber(of cell: Cell, by variable: Cell) -> Double {
    func slope(_ cell: Cell, opening: Bool) -> Double? {
      let cell = opening ? cell : resolved(cell)
      if !opening {
        if cell == variable { return 1 }
        if isNamed(cell) { return nil }
      }
      guard let (rule, sources) = parts(cell) else { return nil }
      var (total, numbers): (Double?, [Formula]) = (nil, [])
      for (index, source) in sources.enumerated() {
        guard let inner = slope(source, opening: false) else { continue }
        if numbers.isEmpty { numbers = sources.map { .number(value($0)) } }
        let outer = rule.derivative(index, numbers, output: .number(value(cell)))?.evaluate()
        total = (total ?? 0) + (outer ?? 0) * inner
      }
      return total
    }
    return slope(cell, opening: true) ?? 0
  }

  /// Symbols that stand for so many sources.
  private func stands(for count: Int) -> [Formula] {
    while standIns.count < count {
      standIns.append(.symbol("#", subscript: "\(standIns.count)"))
    }
    return standIns.count == count ? standIns : Array(standIns[..<count])
  }

  /// A cell as a sum of multiples of other cells, as far down as it is one.
  func linearTerms(_ cell: Cell) -> [(factor: Double, cell: Cell)] {
    let cell = resolved(cell)
    guard !isNamed(cell), let (rule, sources) = parts(cell), !sources.isEmpty else {
      return [(1, cell)]
    }
    let stand = sources.enumerated().map { index, source -> Formula in
      isConstant(source) ? .number(value(source)) : .symbol("term \(index)")
    }
    let slopes = rule.derivatives(stand, .symbol("result"))
    var (terms, sum, size): ([(Double, Cell)], Double, Double) = ([], 0, 1)
    for (index, source) in sources.enumerated() where !isConstant(source) {
      guard let slope = slopes[index]?.evaluate() else { return [(1, cell)] }
      terms.append((slope, source))
      sum += slope * value(source)
      size += abs(slope * value(source))
    }
    // A constant that is added, as in 1 − x, is part of no term.
    // (Numbers that have left the range of Float64 show no difference.)
    if abs(sum - value(cell)) > 1e-12 * size { return [(1, cell)] }
    return terms.flatMap { factor, source in
      linearTerms(source).map { (factor * $0.factor, $0.cell) }
    }
  }
}

extension Tensor {
  /// One element, in row-major order.
  fileprivate func doubles(at index: Int) -> Double {
    switch storage {
    case .float32(let values): Double(values[index])
    case .float64(let values): values[index]
    case .int32(let values): Double(values[index])
    }
  }
}
