import Formulas

extension TextWriter {
  /// How far equations stand from the margin.
  private var indent: Int { 4 }

  /// A chain, each member after its sign, the signs below each other.
  func equations(_ formulas: [Formula], _ language: Language) -> [String] {
    guard let chain = Chain(formulas) else { return [] }
    let margin = String(repeating: " ", count: indent)
    let lead = chain.lead.text(in: language)
    guard !chain.steps.isEmpty else {
      return broken(lead, first: width - indent, rest: width - indent - 4, deeper: indent + 4)
        .enumerated().map { $0 == 0 ? margin + $1 : $1 }
    }
    var lines: [String] = []
    var start = margin + lead + " "
    // What is long on the left would leave no room on the right: it has its own line.
    if displayWidth(lead) > max(8, width / 3) {
      lines = broken(lead, first: width - indent, rest: width - indent - 4, deeper: indent + 4)
      lines[0] = margin + lines[0]
      start = margin + "  "
    }
    let column = displayWidth(start)
    for (number, step) in chain.steps.enumerated() {
      let room = width - column - 2
      let side = broken(
        step.side.text(in: language), first: room, rest: room - 2, deeper: column + 4)
      let isResult = number > 0 && number == chain.steps.count - 1
      for (row, text) in side.enumerated() {
        let before = row == 0 ? start + step.relation.rawValue + " " : ""
        lines.append(before + (isResult ? styled(text, .result) : text))
      }
      start = String(repeating: " ", count: column)
    }
    return lines
  }

  /// A formula on as many lines as it needs; all but the first are indented.
  private func broken(_ text: String, first: Int, rest: Int, deeper: Int) -> [String] {
    // One column is free, since each piece counts the space after it.
    let lines = LineBreaking.lines(
      FormulaPiece.pieces(text: text), first: Double(first + 1), rest: Double(rest + 1))
    return lines.enumerated().map { row, pieces in
      let line = pieces.map(\.source).joined(separator: " ")
      return row == 0 ? line : String(repeating: " ", count: deeper) + line
    }
  }
}
