import Formulas
import Foundation

/// Chains of equations on the page.
enum LaTeXEquations {
  /// The room of an equation in em: 160 mm in type of 11 pt, less the indent and some reserve.
  private static let room = 38.5
  /// What a sign and the spaces around it take.
  private static let sign = 1.5

  static func write(_ formulas: [Formula], _ language: Language) -> String {
    guard let chain = Chain(formulas) else { return "" }
    let lead = lines(chain.lead, language, first: room, rest: room - 2)
    var rows = lead
    var left = lead.count == 1 ? LaTeXMeasure.width(lead[0]) : room
    for (number, step) in chain.steps.enumerated() {
      let isApart = left > room / 3
      if number == 0, isApart { left = room }
      let width = room - sign - (isApart ? 1.5 : left)
      let sides = lines(step.side, language, first: width, rest: width - 1.5)
      let sign = "&" + (isApart ? "\\quad " : "") + step.relation.latex + " "
      if number == 0, !isApart {
        rows = ["\(lead[0]) \(sign)\(sides[0])"]
      } else {
        rows.append(sign + sides[0])
      }
      // With nothing left of it, a sign would lose its space: {} stands for what was left of it.
      rows += sides.dropFirst().map { "&" + (isApart ? "\\quad" : "") + "\\qquad {}\($0)" }
    }
    if chain.steps.isEmpty || left == room, !lead.isEmpty {
      rows.replaceSubrange(
        0..<lead.count, with: lead.enumerated().map { $0 == 0 ? "&\($1)" : "&\\qquad {}\($1)" })
    }
    return "\\begin{align*}\n" + rows.joined(separator: " \\\\\n") + "\n\\end{align*}"
  }

  /// A formula on as many lines as it needs, at most as wide as their room.
  private static func lines(
    _ formula: Formula, _ language: Language, first: Double, rest: Double
  ) -> [String] {
    // What is a little too wide shrinks, what is much too wide is written otherwise.
    let latex = LaTeXText.formula(
      formula.unfolded(widerThan: 1.2 * rest).latex(in: language))
    let lines = LineBreaking.lines(FormulaPiece.pieces(latex: latex), first: first, rest: rest)
    return lines.enumerated().map { number, pieces in
      let open = pieces.first?.open ?? 0
      let next = number + 1 < lines.count ? lines[number + 1].first?.open ?? 0 : 0
      // Growing parentheses must begin and end on one line: invisible ones make up the pairs.
      let line =
        String(repeating: "\\left.", count: open) + (open > 0 ? "{} " : "")
        + pieces.map(\.source).joined(separator: " ")
        + String(repeating: " \\right.", count: next)
      let limit = number == 0 ? first : rest
      guard pieces.reduce(0, { $0 + $1.width }) > limit else { return line }
      return "\\fit{\(String(format: "%.1f", limit))em}{\(line)}"
    }
  }
}
