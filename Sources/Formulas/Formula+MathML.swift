extension Formula {
  /// The formula in presentation MathML Core, which browsers show without scripts, in a line.
  public var mathML: String { mathML(isBlock: false) }

  /// The formula in presentation MathML Core, on a line of its own if `isBlock`.
  public func mathML(isBlock: Bool) -> String {
    let display = isBlock ? " display=\"block\"" : ""
    return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"\(display)>"
      + layout(.typeset).mathML + "</math>"
  }
}

extension Layout {
  var mathML: String {
    switch self {
    case .row(let parts): return tag("mrow", parts.map(\.mathML).joined())
    case .number(let digits): return tag("mn", escaped(digits))
    case .name(let dots) where ["…", "⋯", "⋮", "⋱"].contains(dots): return tag("mo", dots)
    case .name(let name), .function(let name): return tag("mi", escaped(name))
    case .infix("·"): return tag("mo", "⋅")
    case .infix(let sign), .tight(let sign): return tag("mo", escaped(sign))
    case .comma: return tag("mo", ",")
    case .application: return tag("mo", "&#x2061;")
    case .juxtaposition: return tag("mo", "&#x2062;")
    case .fenced(let open, let inside, let close):
      return tag("mrow", tag("mo", open) + inside.mathML + tag("mo", close))
    case .fraction(let a, let b): return tag("mfrac", a.mathML + b.mathML)
    case .radical(let inside): return tag("msqrt", inside.mathML)
    case .scripts(let base, let lower, let upper):
      switch (lower?.mathML, upper?.mathML) {
      case (let lower?, let upper?): return tag("msubsup", base.mathML + lower + upper)
      case (let lower?, nil): return tag("msub", base.mathML + lower)
      case (nil, let upper?): return tag("msup", base.mathML + upper)
      case (nil, nil): return base.mathML
      }
    case .limits(let sign, let lower, let upper):
      let head: String
      switch sign {
      case .sum: head = tag("mo", "∑")
      case .product: head = tag("mo", "∏")
      case .maximum, .minimum: head = tag("mo", sign.rawValue)
      }
      switch (lower?.mathML, upper?.mathML) {
      case (let lower?, let upper?): return tag("munderover", head + lower + upper)
      case (let lower?, nil): return tag("munder", head + lower)
      case (nil, let upper?): return tag("mover", head + upper)
      case (nil, nil): return head
      }
    case .table(let rows):
      let lines = rows.map { row in
        let condition =
          row.condition.map { tag("mtext", "if\u{A0}") + $0.mathML } ?? tag("mtext", "otherwise")
        return tag("mtr", tag("mtd", row.value.mathML) + tag("mtd", tag("mrow", condition)))
      }
      return tag("mrow", tag("mo", "{") + tag("mtable", lines.joined()))
    case .matrix(let rows):
      let lines = rows.map { tag("mtr", $0.map { tag("mtd", $0.mathML) }.joined()) }
      return tag("mrow", tag("mo", "[") + tag("mtable", lines.joined()) + tag("mo", "]"))
    }
  }

  private func tag(_ name: String, _ inside: String) -> String { "<\(name)>\(inside)</\(name)>" }

  private func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": return "&amp;"
      case "<": return "&lt;"
      case ">": return "&gt;"
      case "\"": return "&quot;"
      default: return String(character)
      }
    }.joined()
  }
}
