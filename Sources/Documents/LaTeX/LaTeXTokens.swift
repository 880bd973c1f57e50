/// The tokens of a formula in LaTeX: commands, single characters, and runs of spaces as one space.
enum LaTeXTokens {
  static func tokens(_ latex: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(latex)
    while let first = rest.first {
      var length = 1
      if first == "\\" {
        let letters = rest.dropFirst().prefix(while: { $0.isASCII && $0.isLetter }).count
        length = letters == 0 ? min(2, rest.count) : letters + 1
      } else if first == " " {
        length = rest.prefix(while: { $0 == " " }).count
      }
      tokens.append(first == " " ? " " : String(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return tokens
  }
}

extension FormulaPiece {
  /// Takes a formula in LaTeX apart, at the signs that have a space on both sides and stand outside
  /// of all braces. Widths are in em.
  static func pieces(latex: String) -> [FormulaPiece] {
    let tokens = LaTeXTokens.tokens(latex)
    var pieces: [FormulaPiece] = []
    var current = FormulaPiece(source: "", width: 0)
    var braces = 0
    var environments = 0
    var depth = 0
    var growing = 0
    func finish() {
      while current.source.last == " " { current.source.removeLast() }
      current.width = LaTeXMeasure.width(current.source)
      pieces.append(current)
    }
    for (index, token) in tokens.enumerated() {
      switch token {
      case "{": braces += 1
      case "}": braces -= 1
      case "\\begin": environments += 1
      case "\\end": environments -= 1
      case "\\left": growing += 1
      case "\\right": growing -= 1
      case "(", "\\lvert", "\\lVert": depth += 1
      case ")", "\\rvert", "\\rVert": depth -= 1
      default:
        guard braces == 0, environments == 0, index > 0, tokens[index - 1] == " ",
          index + 1 < tokens.count, tokens[index + 1] == " ", !current.source.isEmpty,
          let isProduct = LineBreaking.isProductSign(token)
        else { break }
        finish()
        current = FormulaPiece(
          source: "", width: 0, level: 2 * depth + (isProduct ? 1 : 0), open: growing)
      }
      current.source += token
    }
    finish()
    return pieces
  }
}

/// Estimates of how wide a formula comes out in LaTeX's own fonts, in em. They rather err upward.
enum LaTeXMeasure {
  static func width(_ latex: String) -> Double {
    var tokens = LaTeXTokens.tokens(latex)[...]
    return width(&tokens)
  }

  /// The width of everything up to the end or a closing brace.
  private static func width(_ tokens: inout ArraySlice<String>) -> Double {
    var total = 0.0
    // What stands above or below something may share its width with the other.
    var lower = 0.0
    var base = 0.0
    while let token = tokens.popFirst() {
      if token == "}" { break }
      if token == "_" || token == "^" {
        let script = 0.74 * group(&tokens)
        let hidden = max(base, lower)
        total += max(0, script - hidden)
        lower = max(script, lower)
        continue
      }
      let own = width(of: token, &tokens)
      total += own
      lower = 0
      base = isBigOperator(token) ? own : 0
    }
    return total
  }

  private static func isBigOperator(_ token: String) -> Bool {
    ["\\sum", "\\prod", "\\max", "\\min"].contains(token)
  }

  /// The width of the next token or group.
  private static func group(_ tokens: inout ArraySlice<String>) -> Double {
    while tokens.first == " " { tokens.removeFirst() }
    guard let token = tokens.popFirst() else { return 0 }
    return token == "{" ? width(&tokens) : width(of: token, &tokens)
  }

  /// The width of the widest row up to the end of an environment.
  private static func rows(_ tokens: inout ArraySlice<String>) -> Double {
    var widest = 0.0
    var row: ArraySlice<String> = []
    var depth = 0
    while let token = tokens.popFirst() {
      if token == "\\begin" { depth += 1 }
      if token == "\\end" { depth -= 1 }
      if depth < 0 || (depth == 0 && token == "\\\\") {
        widest = max(widest, width(&row))
        row = []
        if depth < 0 { break }
      } else {
        row.append(token)
      }
    }
    _ = group(&tokens)
    return max(widest, width(&row))
  }

  private static func width(of token: String, _ tokens: inout ArraySlice<String>) -> Double {
    switch token {
    case "{": return width(&tokens)
    case "\\frac":
      let top = group(&tokens)
      return max(top, group(&tokens)) + 0.26
    case "\\sqrt": return group(&tokens) + 0.95
    case "\\mathrm", "\\operatorname", "\\text", "\\hat", "\\bar", "\\tilde", "\\dot":
      return group(&tokens)
    case "\\begin":
      _ = group(&tokens)
      return rows(&tokens) + 1.6
    case "\\left", "\\right": return 0.35
    case "\\sum", "\\prod": return 1.5
    case "\\quad": return 1
    case " ": return 0.23
    case "+", "-", "=", "<", ">", "\\approx", "\\leftarrow", "\\times", "\\leq", "\\geq", "\\neq":
      return 0.79
    case "\\cdot", ".", ",", ";", "'", "\\prime": return 0.3
    case "(", ")", "\\lvert", "\\rvert": return 0.4
    case "&": return 1
    case "m", "w", "M", "W": return 0.9
    default:
      guard let first = token.first else { return 0 }
      if first == "\\" {
        // Names of functions are words; the other commands are single signs.
        let isWord = [
          "\\tanh", "\\ln", "\\log", "\\exp", "\\max", "\\min", "\\sin", "\\cos",
          "\\tan", "\\sinh", "\\cosh", "\\det", "\\arg",
        ].contains(token)
        return isWord ? 0.56 * Double(token.count - 1) + 0.2 : 0.72
      }
      if first.isNumber { return 0.51 }
      if first.isWide { return 1.02 }
      return first.isUppercase ? 0.8 : 0.58
    }
  }
}
