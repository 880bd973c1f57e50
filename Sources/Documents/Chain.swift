import Formulas

/// A chain of equal formulas, taken apart at its relations.
struct Chain {
  /// What the others are equal to.
  var lead: Formula
  var steps: [(relation: Formula.Relation, side: Formula)] = []

  /// Nil where there is no formula. A member that is a relation itself is taken apart too.
  init?(_ formulas: [Formula]) {
    guard let first = formulas.first else { return nil }
    (lead, steps) = Chain.parts(of: first)
    for formula in formulas.dropFirst() {
      let (side, more) = Chain.parts(of: formula)
      steps.append((.equal, side))
      steps += more
    }
  }

  private static func parts(
    of formula: Formula
  ) -> (Formula, [(relation: Formula.Relation, side: Formula)]) {
    guard case .relation(let left, let relation, let right) = formula else { return (formula, []) }
    let (lead, steps) = parts(of: left)
    return (lead, steps + [(relation, right)])
  }
}

extension Formula {
  /// The formula on one line, with the words of its cases in the language.
  func text(in language: Language) -> String {
    guard language == .chinese else { return text }
    return text.replacingAll(" if ", with: " 若 ").replacingAll(" otherwise", with: " 否则")
  }

  /// The formula in LaTeX, with the words of its cases in the language.
  func latex(in language: Language) -> String {
    guard language == .chinese else { return latex }
    return latex.replacingAll("\\text{if }", with: "\\text{若}\\ ")
      .replacingAll("\\text{otherwise}", with: "\\text{否则}")
  }

  /// What stands inside of `<math>`, with the words of its cases in the language.
  func mathMLContent(in language: Language) -> String {
    let whole = mathML
    guard let start = whole.firstIndex(of: ">") else { return "" }
    let content = String(whole[whole.index(after: start)...].dropLast("</math>".count))
    guard language == .chinese else { return content }
    return content.replacingAll("<mtext>if\u{A0}</mtext>", with: "<mtext>若\u{A0}</mtext>")
      .replacingAll("<mtext>otherwise</mtext>", with: "<mtext>否则</mtext>")
  }
}

extension Formula.Relation {
  /// The sign in LaTeX's math mode.
  var latex: String {
    let nothing = Formula.symbol(Symbol(name: ""))
    return Formula.relation(nothing, self, nothing).latex.filter { $0 != " " }
  }
}

extension String {
  /// The text with every place of one string taken by another.
  func replacingAll(_ old: String, with new: String) -> String {
    guard !old.isEmpty, contains(old) else { return self }
    return split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
