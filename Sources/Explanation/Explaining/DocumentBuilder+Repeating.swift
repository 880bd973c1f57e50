import Documents
import Formulas
import Layers
import Tensors

extension DocumentBuilder {
  /// The step in matrices.
  mutating func matrixForm() {
    guard let matrices = explanation.matrices else { return }
    heading(1, "In matrix form", "矩阵形式")
    paragraph(
      "The same step for whole layers: each column is an example, \(Formula.symbol("W^l")) has one row for each neuron of layer l, and ⊙ multiplies element by element.",
      "把同一推导按层写成矩阵形式：每一列对应一个样本，\(Formula.symbol("W^l")) 的每一行对应第 l 层的一个神经元，⊙ 表示逐元素相乘。"
    )
    let kinds: Set<Derivation.Section.Kind> =
      switch style.part {
      case .all: [.forward, .backward, .update]
      case .forward: [.forward]
      case .backward: [.backward]
      case .update: [.update]
      }
    // Wide matrices have fewer digits, so that a row fits a line.
    let digits = min(style.digits, matrices.examples > 2 ? 4 : 6)
    for step in matrices.steps where kinds.contains(step.section) && !step.forms.isEmpty {
      // Biases that are not trained need no gradient.
      if step.name.hasPrefix("dE/db"), !explanation.problem.fixed.isEmpty { continue }
      var chain = [step.symbol] + step.forms.map { shown($0) }
      // A function of a matrix is one of each element, and not worth its room.
      if let last = step.forms.last, !last.appliesFunction,
        let inserted = matrices.numbers(shown(last), digits: digits)
      {
        chain.append(inserted)
      }
      if let result = matrices.numbers(step.symbol, digits: digits) { chain.append(result) }
      blocks.append(.equations(chain))
    }
  }

  /// Where repeating the step leads.
  mutating func iterations() {
    guard let iterations = explanation.iterations, iterations.rows.count > 1 else { return }
    heading(1, "Repeated updates", "多次更新")
    let isSmall = explanation.problem.parameters.elementCount <= 12
    var columns: [(title: RichText, alignment: DocumentTable.Alignment)] = [
      (RichText(text("Updates", "更新次数")), .trailing),
      (RichText(Formula.symbol("E_total")), .trailing),
    ]
    let outputs = min(iterations.rows[0].outputs.count, 4)
    let width = explanation.layers.last?.units ?? 1
    for output in 0..<outputs {
      let (row, place) = output.quotientAndRemainder(dividingBy: max(1, width))
      let symbol = Formula.symbol(
        "out", subscript: explanation.unit(explanation.layers.count, place + 1),
        superscript: explanation.examples > 1 || explanation.steps > 1 ? "(\(row + 1))" : nil)
      columns.append((RichText(symbol), .trailing))
    }
    let rows = iterations.rows.map { row -> [RichText] in
      [RichText(row.count.grouped), RichText(number(row.error))]
        + (0..<outputs).map { RichText(number(row.outputs.doubles[$0])) }
    }
    blocks.append(.table(DocumentTable(columns: columns, rows: rows)))
    if isSmall { blocks.append(.table(parameterTable(iterations))) }
    let curve = LossCurve(points: iterations.curve.map { (iteration: $0.count, error: $0.error) })
    let caption = rich("The error against the number of updates", "误差随更新次数的变化")
    if let picture = curve.picture(language: language, caption: caption) {
      blocks.append(.picture(picture))
    }
  }

  /// The parameters after the same numbers of updates.
  private func parameterTable(_ iterations: Iterations) -> DocumentTable {
    let members = derivation.quantities.filter {
      ($0.kind == .weight || $0.kind == .bias) && explanation.elements[$0.name] != nil
    }
    return DocumentTable(
      columns: [(RichText(text("Updates", "更新次数")), .trailing)]
        + members.map { (RichText($0.symbol), .trailing) },
      rows: iterations.rows.map { row in
        [RichText(row.count.grouped)]
          + members.map { quantity in
            guard let place = explanation.elements[quantity.name],
              let tensor = row.parameters[place.parameter]
            else { return "" }
            return RichText(
              Formula.rounded(tensor.doubles[place.element], digits: min(style.digits, 4)))
          }
      })
  }
}

extension Formula {
  /// Whether a function such as exp or tanh is applied anywhere in it.
  fileprivate var appliesFunction: Bool {
    var result = if case .call = self { true } else { false }
    _ = mapParts { part in
      result = result || part.appliesFunction
      return part
    }
    return result
  }
}
