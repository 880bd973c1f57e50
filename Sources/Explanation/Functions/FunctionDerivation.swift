import Documents
import Formulas

/// How a derivative comes about: equal forms, from the first use of a rule to the shortest form.
struct FunctionDerivation {
  /// The forms, each different from the one before.
  let forms: [Formula]
  /// The rules of differentiation that led to them, in order.
  let rules: [Phrase]

  init(forms: [Formula], rules: [Phrase] = []) {
    self.forms = forms.reduce(into: []) { forms, form in
      if forms.last?.text != form.text { forms.append(form) }
    }
    self.rules = rules
  }

  /// Differentiates a formula.
  ///
  /// - Parameters:
  ///   - ending: The forms to end with, however they were found.
  ///   - names: The names in them that stand for formulas. The first of them is also written with
  ///     these formulas, so that the step from what the rules give can be checked.
  init(
    of formula: Formula, withRespectTo variable: Formula, ending: [Formula],
    names: [Formula: Formula] = [:]
  ) {
    var steps: [(rule: DerivativeRule, formula: Formula)] = []
    if case .symbol(let symbol) = variable {
      steps = formula.derivativeSteps(withRespectTo: symbol) ?? []
    }
    var forms = steps.map(\.formula)
    if let first = ending.first {
      let written = first.substituting(names)
      // Cases within cases explain nothing.
      let hasCases = names.values.contains { if case .branches = $0 { true } else { false } }
      if written != first, !hasCases { forms.append(written) }
    }
    self.init(forms: forms + ending, rules: steps.map(\.rule).compactMap(Self.name))
  }

  /// What textbooks call a rule; nil where it is none of differentiation.
  private static func name(of rule: DerivativeRule) -> Phrase? {
    switch rule {
    case .constant: Phrase("derivative of a constant", "常数的导数")
    case .identity: Phrase("derivative of the variable itself", "自变量的导数")
    case .sum: Phrase("sum rule", "和差的求导法则")
    case .constantMultiple: Phrase("constant multiple rule", "常数因子法则")
    case .product: Phrase("product rule", "积的求导法则")
    case .quotient: Phrase("quotient rule", "商的求导法则")
    case .power: Phrase("power rule", "幂函数的导数")
    case .exponential: Phrase("derivative of the exponential", "指数函数的导数")
    case .generalPower: Phrase("derivative of a general power", "幂指函数的导数")
    case .function: Phrase("derivative of a known function", "已知函数的导数")
    case .chain: Phrase("chain rule", "链式法则")
    case .branches: Phrase("each case by itself", "分段求导")
    case .simplification: nil
    }
  }
}

extension Formula {
  /// Whether a symbol, or any other formula, is a part of this one.
  func mentions(_ part: Formula) -> Bool { substituting([part: .digits("\u{0}")]) != self }
}
