import Charts
import Differentiation
import Documents
import Execution
import Formulas
import GraphIR
import Layers
import Tensors

/// The page of an activation that maps several numbers together, such as softmax.
struct RowActivationBlocks {
  let activation: Activation
  let parts: FunctionPageParts

  /// The net inputs of the example.
  static let example = [1.0, 2, 0.5]

  /// The outputs for net inputs, and ∂y_i/∂x_j in row i and column j.
  static func matrix(of activation: Activation, at x: [Double]) -> (
    y: [Double], slopes: [[Double]]
  )? {
    let builder = GraphBuilder()
    let input = builder.input("x", TensorType([1, x.count], .float64))
    let y = activation(input)
    builder.output("y", y)
    for index in x.indices {
      let one = builder.constant(Tensor(x.indices.map { $0 == index ? 1.0 : 0 }, shape: y.shape))
      builder.output("\(index)", gradient(of: (y * one).sum(), withRespectTo: [input])[0])
    }
    guard let graph = try? builder.finish(),
      let trace = try? Trace(graph, ["x": Tensor(x, shape: [1, x.count])]), let values = trace["y"]
    else { return nil }
    return (values.doubles, x.indices.map { trace["\($0)"]?.doubles ?? [] })
  }

  var blocks: [Block] {
    let builder = GraphBuilder()
    let count = Self.example.count
    let x = builder.input("x", TensorType([1, count], .float64))
    let y = activation(x)
    builder.output("y", y)
    guard let operation = builder.nodes[y.id].operation, let graph = try? builder.finish(),
      let trace = try? Trace(graph, ["x": Tensor(Self.example, shape: [1, count])]),
      let (outputs, slopes) = Self.matrix(of: activation, at: Self.example)
    else { return [] }
    let names = (1...count).map { Formula.symbol("x", subscript: "\($0)") }
    let reader = ElementFormulas(trace, names: [x.id: names])
    var blocks: [Block] = [
      parts.heading(Phrase("Formula", "公式")),
      .equations([.indexed("y", ["i"]), operation.formula(["x"])]),
      parts.heading(Phrase("Derivative", "导数")),
    ]
    if let slope = operation.derivatives(["x"], output: "y").first ?? nil {
      let matrix = Formula.partial(.indexed("y", ["i"]), .indexed("x", ["j"]))
      blocks.append(.equations([matrix, slope]))
      if slope.mentions("δ_ij") { blocks.append(.paragraph(delta)) }
    }
    blocks.append(
      .paragraph(
        parts.say(
          "The derivation for \(count) outputs, first with respect to an output's own net input, then "
            + "with respect to another:",
          "以 \(count) 个输出为例：先求输出对其自身净输入的导数，再求它对另一个净输入的导数：")))
    for column in 0..<2 {
      blocks += derivation(reader, y: y.id, x: x.id, column: column)
    }
    blocks.append(parts.heading(Phrase("Example", "算例")))
    blocks += example(names, outputs, slopes)
    blocks.append(.picture(curves(names)))
    blocks.append(parts.heading(Phrase("Properties", "性质")))
    blocks.append(.list(properties(outputs, slopes)))
    return blocks
  }

  private var delta: RichText {
    let delta: Formula = "δ_ij"
    return parts.say(
      "Here \(delta) is 1 for \(.relation("i", .equal, "j")), else 0 (Kronecker's delta): every output "
        + "depends on every net input, so the derivatives form a matrix (the Jacobian).",
      "其中 \(delta) 是克罗内克符号，当 \(.relation("i", .equal, "j")) 时为 1，否则为 0：每个输出都依赖于"
        + "所有净输入，因此导数构成一个矩阵（雅可比矩阵）。")
  }

  private func derivation(_ reader: ElementFormulas, y: Node.ID, x: Node.ID, column: Int) -> [Block]
  {
    let output = ElementFormulas.Place(node: y, element: 0)
    let input = ElementFormulas.Place(node: x, element: column)
    let definition = reader.formula(output)
    var named = reader
    named.name(output, "y_1")
    guard let slope = named.derivative(of: output, withRespectTo: input) else { return [] }
    // The shares of the other inputs are outputs too.
    let others = (0..<Self.example.count).map { element in
      let place = ElementFormulas.Place(node: y, element: element)
      return (reader.formula(place), Formula.symbol("y", subscript: "\(element + 1)"))
    }
    let short = slope.substituting(Dictionary(others, uniquingKeysWith: { first, _ in first }))
    let variable = Formula.symbol("x", subscript: "\(column + 1)")
    return parts.derivation(
      of: .partial("y_1", variable),
      FunctionDerivation(
        of: definition, withRespectTo: variable, ending: [short.simplified()],
        names: Dictionary(others.map { ($0.1, $0.0) }, uniquingKeysWith: { first, _ in first })))
  }

  private func example(_ names: [Formula], _ outputs: [Double], _ slopes: [[Double]]) -> [Block] {
    let rows = outputs.indices.map { row in
      [Self.example[row], outputs[row]] + slopes[row]
    }
    let titles: [Formula] =
      [.indexed("x", ["i"]), .indexed("y", ["i"])]
      + names.map { .partial(.indexed("y", ["i"]), $0) }
    return [
      parts.table(
        titles, rows,
        caption: parts.say(
          "One row for each output: its net input, its value, and its derivatives",
          "每行对应一个输出：其净输入、输出值以及对各净输入的导数"))
    ]
  }

  /// All outputs over the first net input, the others being those of the example.
  private func curves(_ names: [Formula]) -> Picture {
    let lines = names.indices.map { index in
      Curve(
        .symbol("y", subscript: "\(index + 1)"),
        of: { x in
          let point = [x] + Self.example.dropFirst()
          return Self.matrix(of: activation, at: point)?.y[index] ?? .nan
        }, over: -6...8, count: 84)
    }
    let others = zip(names, Self.example).dropFirst()
      .map { Formula.relation($0, .equal, parts.number($1)) }
    let list = others.enumerated().reduce(RichText([])) { text, item in
      text + (item.offset == 0 ? "" : parts.say(", ", "，")) + RichText(item.element)
    }
    return parts.curves(
      lines, over: names[0],
      caption: parts.say(
        "The outputs over \(names[0]), with \(list)", "各输出随 \(names[0]) 的变化，其中 \(list)"))
  }

  private func properties(_ outputs: [Double], _ slopes: [[Double]]) -> [RichText] {
    let sum = Formula.sum(of: .indexed("y", ["i"]), over: "i")
    var lines: [RichText] = []
    if abs(outputs.reduce(0, +) - 1) < 1e-12, outputs.allSatisfy({ $0 > 0 }) {
      lines.append(
        parts.say(
          "The outputs are positive and \(.relation(sum, .equal, 1)): they can be read as "
            + "probabilities.",
          "各输出均为正，且 \(.relation(sum, .equal, 1))，因此可以看作概率。"))
    }
    let moved = Self.matrix(of: activation, at: Self.example.map { $0 + 10 })?.y ?? []
    if zip(outputs, moved).allSatisfy({ abs($0 - $1) < 1e-12 }), !moved.isEmpty {
      lines.append(
        parts.say(
          "Adding the same number to all net inputs changes no output.",
          "所有净输入同时加上同一个数，输出不变。"))
    }
    if slopes.allSatisfy({ abs($0.reduce(0, +)) < 1e-12 }) {
      lines.append(
        parts.say(
          "The derivatives of an output with respect to all net inputs sum to 0.",
          "每个输出对各净输入的导数之和为 0。"))
    }
    return lines
  }
}
