/// Text is one line; LaTeX and MathML have fractions and lowered digits.
package enum LayoutStyle { case linear, typeset }

extension Formula {
  package func layout(_ style: LayoutStyle) -> Layout {
    func plain(_ part: Formula) -> Layout { part.layout(style) }
    func at(_ least: Precedence, _ part: Formula) -> Layout {
      part.precedence(style) < least ? .fenced("(", plain(part), ")") : plain(part)
    }
    switch canonical {
    case .number(let value): return .digits(Formula.digits(of: value))
    case .digits(let digits): return .digits(digits)
    case .symbol(let symbol): return symbol.layout(style)
    case .sum, .difference: return sumLayout(style)
    case .negation(let a): return .row([.tight("−"), at(.big, a)])
    case .product(let factors): return productLayout(factors, style)
    case .quotient(let a, let b):
      if style == .typeset { return .fraction(plain(a), plain(b)) }
      let slash: Layout = isPlainFraction ? .tight("/") : .infix("/")
      let top = a.startsWithSign && !a.isNegativeNumber ? plain(a) : at(.product, a)
      return .row([top, slash, at(.power, b)])
    case .power(let base, let exponent):
      return .scripts(at(.atom, base), lower: nil, upper: plain(exponent)).merged
    case .squareRoot(let a): return .radical(style == .typeset ? plain(a) : at(.atom, a))
    case .absolute(let a): return .fenced("|", plain(a), "|")
    case .norm(let a, let order):
      let bars = Layout.fenced("‖", plain(a), "‖")
      return order.map { .scripts(bars, lower: plain($0), upper: nil) } ?? bars
    case .call("exp", let arguments) where arguments.count == 1:
      return .scripts(.name("e"), lower: nil, upper: plain(arguments[0]))
    case .call(let name, let arguments):
      return .row([
        Symbol(name).functionLayout(style), .application,
        .fenced("(", Layout.list(arguments.map(plain)), ")"),
      ])
    case .relation(let a, let relation, let b):
      return .row([plain(a), .infix(relation.rawValue), at(.branches, b)])
    case .big(let sign, let index, let from, let to, let body):
      var lower = index.map(plain)
      if let from {
        lower = .row((lower.map { [$0, .infix("=")] } ?? []) + [plain(from)])
      }
      let head = Layout.limits(sign, lower: lower, upper: to.map(plain))
      return .row([head, at(.big, body)])
    case .partial(let y, let x):
      // A symbol keeps its sub- and superscripts without parentheses.
      func variable(_ part: Formula) -> Layout {
        if case .symbol = part { plain(part) } else { at(.atom, part) }
      }
      let top = Layout.row([.tight("∂"), variable(y)])
      let bottom = Layout.row([.tight("∂"), variable(x)])
      return style == .typeset ? .fraction(top, bottom) : .row([top, .tight("/"), bottom])
    case .branches(let branches, let otherwise):
      var rows = branches.map {
        Layout.TableRow(value: plain($0.value), condition: plain($0.condition))
      }
      if let otherwise { rows.append(.init(value: plain(otherwise), condition: nil)) }
      return .table(rows)
    case .indexed(let a, let indices):
      let parts = indices.map(plain)
      let short = indices.allSatisfy { $0.text.count == 1 }
      var base = at(.atom, a)
      // A second subscript needs parentheses around the first.
      if case .scripts(_, .some, _) = base { base = .fenced("(", base, ")") }
      return .scripts(base, lower: short ? .row(parts) : Layout.list(parts), upper: nil)
    case .transposed(let a):
      return .scripts(at(.atom, a), lower: nil, upper: .name("⊤")).merged
    case .matrixProduct(let factors):
      return Layout.joined(factors.map { at(.power, $0) }, by: .juxtaposition)
    case .matrix(let rows): return .matrix(rows.map { $0.map(plain) })
    case .hadamard(let factors):
      let parts = factors.map { part in
        switch part {
        case .partial, .matrixProduct: return plain(part)
        default: return at(.power, part)
        }
      }
      return Layout.joined(parts, by: .infix("⊙"))
    }
  }

  /// Terms of nested sums in one row, each after its sign.
  private func sumLayout(_ style: LayoutStyle) -> Layout {
    var parts: [Layout] = []
    for (isNegative, term) in signedTerms {
      var layout = term.layout(style)
      let leads = parts.isEmpty && !isNegative
      if term.precedence(style) < (leads ? .negation : .big) { layout = .fenced("(", layout, ")") }
      if parts.isEmpty {
        parts += isNegative ? [.tight("−"), layout] : [layout]
      } else {
        parts += [.infix(isNegative ? "−" : "+"), layout]
      }
    }
    return parts.isEmpty ? .number("0") : .row(parts)
  }

  private var signedTerms: [(isNegative: Bool, term: Formula)] {
    switch self {
    case .sum(let terms): return terms.flatMap(\.signedTerms)
    case .difference(let a, let b): return a.signedTerms + [(true, b)]
    case .negation(let a): return [(true, a)]
    default: return [(false, self)]
    }
  }

  private func productLayout(_ factors: [Formula], _ style: LayoutStyle) -> Layout {
    guard !factors.isEmpty else { return .number("1") }
    let parts = factors.enumerated().map { position, factor in
      let layout = factor.layout(style)
      let isFirst = position == 0
      var fits = factor.precedence(style) >= .product
      switch factor {
      case .big: fits = position == factors.count - 1
      case .quotient where style == .linear: fits = fits && (isFirst || factor.isPlainFraction)
      case .hadamard: fits = factors.count == 1
      default: break
      }
      // −a · b reads the same either way; a negative number gets parentheses to stand out.
      if isFirst, factor.startsWithSign, !factor.isNegativeNumber { fits = true }
      return fits ? layout : .fenced("(", layout, ")")
    }
    return Layout.joined(parts, by: .infix("·"))
  }

  /// The shortest digits that read back as the same value; integers without a fraction.
  static func digits(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-∞" : "∞" }
    let digits = value.description
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }
}

extension Layout {
  static func joined(_ parts: [Layout], by separator: Layout) -> Layout {
    .row(Array(parts.map { [$0] }.joined(separator: [separator])))
  }

  static func list(_ parts: [Layout]) -> Layout {
    parts.count == 1 ? parts[0] : joined(parts, by: .comma)
  }

  /// A superscript on something with only a subscript stands above that subscript.
  var merged: Layout {
    guard case .scripts(.scripts(let base, .some(let lower), nil), nil, let upper) = self else {
      return self
    }
    return .scripts(base, lower: lower, upper: upper)
  }
}

extension Symbol {
  func layout(_ style: LayoutStyle) -> Layout {
    var base = Layout.name(name)
    var lower = `subscript`.map { style == .linear ? Layout.name($0) : .script($0) }
    // w5 is written as given on one line, and with a lowered 5 on paper.
    if style == .typeset, lower == nil {
      let letters = name.prefix(while: { !$0.isNumber })
      let digits = name.dropFirst(letters.count)
      if !letters.isEmpty, !digits.isEmpty, digits.allSatisfy(\.isNumber) {
        base = .name(String(letters))
        lower = .number(String(digits))
      }
    }
    let upper = superscript.map { style == .linear ? Layout.name($0) : .script($0) }
    return lower == nil && upper == nil ? base : .scripts(base, lower: lower, upper: upper)
  }

  func functionLayout(_ style: LayoutStyle) -> Layout {
    // f and f′ are variables, tanh is a word.
    let letters = name.count { $0 != "′" }
    guard letters > 1, `subscript` == nil, superscript == nil else { return layout(style) }
    return .function(name)
  }
}
