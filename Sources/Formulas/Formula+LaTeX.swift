extension Formula {
  /// The formula in LaTeX, for math mode with the package amsmath.
  public var latex: String { layout(.typeset).latex }
}

extension Layout {
  var latex: String {
    switch self {
    case .row(let parts): return LaTeX.join(parts.map(\.latex))
    case .number(let digits): return digits == "∞" ? "\\infty" : LaTeX.name(digits)
    case .name(let name): return LaTeX.name(name)
    case .function(let name): return LaTeX.function(name)
    case .infix(let sign): return " \(LaTeX.sign(sign)) "
    case .tight(let sign): return LaTeX.sign(sign)
    case .comma: return ", "
    case .application: return ""
    case .juxtaposition: return " "
    case .fenced(let open, let inside, let close):
      let grows = inside.isTall
      return LaTeX.join([
        (grows ? "\\left" : "") + LaTeX.fence(open, isLeft: true), inside.latex,
        (grows ? "\\right" : "") + LaTeX.fence(close, isLeft: false),
      ])
    case .fraction(let a, let b): return "\\frac{\(a.latex)}{\(b.latex)}"
    case .radical(let inside): return "\\sqrt{\(inside.latex)}"
    case .scripts(let base, let lower, let upper):
      var result = base.latex
      switch base {
      case .name, .number, .fenced, .matrix: break
      default: result = "{\(result)}"
      }
      if let lower { result += "_{\(lower.latex)}" }
      if let upper { result += "^{\(upper.latex)}" }
      return result
    case .limits(let sign, let lower, let upper):
      var result = LaTeX.bigOperator(sign)
      if let lower { result += "_{\(lower.latex)}" }
      if let upper { result += "^{\(upper.latex)}" }
      return result + " "
    case .table(let rows):
      let lines = rows.map { row in
        row.value.latex + " & "
          + (row.condition.map { "\\text{if } \($0.latex)" } ?? "\\text{otherwise}")
      }
      return "\\begin{cases} " + lines.joined(separator: " \\\\ ") + " \\end{cases}"
    case .matrix(let rows):
      let lines = rows.map { $0.map(\.latex).joined(separator: " & ") }
      return "\\begin{bmatrix} " + lines.joined(separator: " \\\\ ") + " \\end{bmatrix}"
    }
  }
}

/// The commands behind names and signs.
private enum LaTeX {
  /// Puts parts side by side, with a space where a command would swallow the next letter.
  static func join(_ parts: [String]) -> String {
    var result = ""
    for part in parts {
      if let first = part.first, first.isLetter, endsInCommand(result) { result += " " }
      result += part
    }
    return result
  }

  private static func endsInCommand(_ text: String) -> Bool {
    let word = text.reversed().prefix(while: { $0.isASCII && $0.isLetter })
    return !word.isEmpty && text.dropLast(word.count).last == "\\"
  }

  /// Greek letters become commands, words upright, and everything else is escaped.
  static func name(_ name: String) -> String {
    var parts: [String] = []
    var rest = Substring(name)
    while let first = rest.first {
      if let command = command(first) {
        parts.append(command)
        rest = rest.dropFirst()
        continue
      }
      let run = rest.prefix(while: { command($0) == nil })
      rest = rest.dropFirst(run.count)
      if run.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) {
        parts.append(String(run))
      } else if run.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
        parts.append(run.count == 1 ? String(run) : "\\mathrm{\(run)}")
      } else {
        parts.append("\\text{\(escaped(run))}")
      }
    }
    return join(parts)
  }

  static func function(_ name: String) -> String {
    let known = [
      "tanh", "ln", "log", "exp", "max", "min", "sin", "cos", "tan", "sinh", "cosh", "det", "arg",
    ]
    if known.contains(name) { return "\\" + name }
    let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return isPlain ? "\\operatorname{\(name)}" : LaTeX.name(name)
  }

  static func bigOperator(_ sign: Formula.BigOperator) -> String {
    switch sign {
    case .sum: return "\\sum"
    case .product: return "\\prod"
    case .maximum: return "\\max"
    case .minimum: return "\\min"
    }
  }

  static func fence(_ fence: String, isLeft: Bool) -> String {
    switch fence {
    case "|": return isLeft ? "\\lvert" : "\\rvert"
    case "‖": return isLeft ? "\\lVert" : "\\rVert"
    default: return fence
    }
  }

  static func sign(_ sign: String) -> String {
    let signs = [
      "−": "-", "·": "\\cdot", "⊙": "\\odot", "×": "\\times", "∂": "\\partial", "≠": "\\neq",
      "≈": "\\approx", "≤": "\\leq", "≥": "\\geq", "←": "\\leftarrow", "∈": "\\in",
      "∝": "\\propto", "′": "\\prime",
    ]
    if let command = signs[sign] { return command }
    return "+-=<>/()[]*!,;:.".contains(sign) ? sign : name(sign)
  }

  private static func escaped(_ text: Substring) -> String {
    text.map { character in
      switch character {
      case "\\": return "\\textbackslash{}"
      case "^": return "\\textasciicircum{}"
      case "~": return "\\textasciitilde{}"
      case "#", "$", "%", "&", "_", "{", "}": return "\\\(character)"
      default: return String(character)
      }
    }.joined()
  }

  private static func command(_ character: Character) -> String? {
    if let command = commands[character] { return command }
    // A letter with a hat, bar or tilde above.
    let scalars = Array(character.unicodeScalars)
    guard scalars.count == 2, let accent = accents[scalars[1].value] else { return nil }
    let letter = Character(scalars[0])
    return "\\\(accent){\(commands[letter] ?? String(letter))}"
  }

  private static let accents: [UInt32: String] = [
    0x0302: "hat", 0x0303: "tilde", 0x0304: "bar", 0x0307: "dot",
  ]

  private static let commands: [Character: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon",
    "ϵ": "\\epsilon", "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta", "ϑ": "\\vartheta",
    "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi",
    "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma", "τ": "\\tau", "υ": "\\upsilon", "φ": "\\varphi",
    "ϕ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega", "Γ": "\\Gamma", "Δ": "\\Delta",
    "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi", "Σ": "\\Sigma", "Φ": "\\Phi",
    "Ψ": "\\Psi", "Ω": "\\Omega", "∇": "\\nabla", "∞": "\\infty", "ℓ": "\\ell", "∂": "\\partial",
    "⊤": "\\top", "…": "\\dots", "⋯": "\\cdots", "⋮": "\\vdots", "⋱": "\\ddots",
    "′": "'", "ŷ": "\\hat{y}", "ĥ": "\\hat{h}", "ô": "\\hat{o}", "ŵ": "\\hat{w}",
    "ĝ": "\\hat{g}", "ṽ": "\\tilde{v}", "ñ": "\\tilde{n}", "ō": "\\bar{o}",
  ]
}
