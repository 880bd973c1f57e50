import Execution
import Formulas
import GraphIR
import Tensors

/// Reads how the values of a graph's nodes, as matrices, came about.
///
/// Some nodes have names; the formula of any other is its operation's own, in terms of those of its
/// inputs, down to nodes with names. In the graph the rows of a value are examples; the names stand
/// for the transposed values, as the texts have them.
struct MatrixReader {
  let trace: Trace
  /// The formulas of nodes with names, rows being examples.
  private(set) var names: [Node.ID: Formula] = [:]
  private(set) var values: [Formula: MatrixValue] = [:]
  private(set) var transposition = Transposition()

  init(_ trace: Trace) { self.trace = trace }

  var evaluator: MatrixEvaluator { MatrixEvaluator(values) }

  /// Gives a matrix a name.
  mutating func name(_ symbol: Formula, _ value: MatrixValue) {
    transposition.matrices.insert(symbol)
    values[symbol] = value
  }

  /// Gives a number a name.
  mutating func name(_ symbol: Formula, number: Double) { values[symbol] = MatrixValue(number) }

  /// Gives a node the name of `factor` times its transposed value.
  mutating func name(_ node: Node.ID, _ symbol: Formula, factor: Double = 1) {
    guard let value = MatrixValue(transposing: trace[node]) else { return }
    name(symbol, factor == 1 ? value : value.mapped { $0 * factor })
    names[node] = factor == 1 ? .transposed(symbol) : .number(1 / factor) * .transposed(symbol)
  }

  /// Gives a node that is a single number a name.
  mutating func name(number node: Node.ID, _ symbol: Formula) {
    names[node] = symbol
    name(symbol, number: trace[node].scalar)
  }

  /// A node's formula, rows being examples, its own name passed over; nil where it has none.
  func formula(_ node: Node.ID) -> Formula? {
    var known: [Node.ID: Formula] = [:]
    return read(node, opening: true, &known)
  }

  private func read(_ id: Node.ID, opening: Bool, _ known: inout [Node.ID: Formula]) -> Formula? {
    if !opening, let found = names[id] ?? known[id] { return found }
    let node = trace.graph.nodes[id]
    if let constant = node.constant {
      guard constant.count > 0 else { return nil }
      return node.isConstant(constant.scalar) ? .number(constant.scalar) : nil
    }
    guard let operation = node.operation, let size = MatrixSize(node.type.shape) else { return nil }
    var inputs: [Formula] = []
    for input in node.inputs {
      guard let formula = read(input, opening: false, &known) else { return nil }
      inputs.append(formula)
    }
    let sources = node.inputs.map { trace.graph.nodes[$0].type.shape }
    let result: Formula?
    switch operation {
    case is Reshape:
      // [1, 3] as [3] is the same row; [4] as [4, 1] is another matrix.
      let isSame = MatrixSize(sources[0]) == size || size.rows * size.columns == 1
      result = isSame ? operation.formula(inputs) : nil
    case is Softmax, is LogSoftmax: result = .call(type(of: operation).name, inputs)
    case let sum as Sum: result = self.sum(inputs[0], sources[0], sum.axes)
    case let mean as Mean:
      let count = mean.axes.reduce(1) { $0 * sources[0][$1] }
      result = self.sum(inputs[0], sources[0], mean.axes).map { $0 / .number(Double(count)) }
    case is MatrixProduct:
      result = sources.allSatisfy { $0.rank == 2 } ? operation.formula(inputs) : nil
    case let transpose as Transpose:
      result = transpose.swapsLastTwo ? operation.formula(inputs) : nil
    default: result = operation.structure == .elementwise ? operation.formula(inputs) : nil
    }
    if !opening { known[id] = result }
    return result
  }

  /// The sum of a matrix over axes: Σᵢ over examples, Σⱼ over units.
  private func sum(_ part: Formula, _ shape: Shape, _ axes: [Int]) -> Formula? {
    guard let size = MatrixSize(shape) else { return nil }
    var result = part
    // The units first, so that the sum over examples is the outer one.
    for axis in axes.map({ $0 + 2 - shape.rank }).sorted(by: >) {
      let (count, kind): (Int, MatrixAxis) =
        axis == 0 ? (size.rows, .examples) : (size.columns, .units)
      guard count != 1 else { continue }
      guard let value = evaluator.value(transposition.transposed(result)) else { return nil }
      let own = kind == .examples ? value.columns : value.rows
      if own == 1 {
        // A number that stands for a whole row or column of it.
        result = .number(Double(count)) * result
      } else {
        let index = Formula.symbol(kind.rawValue)
        result = .sum(of: .indexed(result, [index]), over: index)
      }
    }
    return result
  }
}
