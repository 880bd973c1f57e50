/// A part of a formula that stays on one line. Every part but the first begins with a sign.
struct FormulaPiece: Equatable {
  var source: String
  var width: Double
  /// How bad it is to begin a line here: 0 at a sum's sign outside of parentheses, 1 more in a
  /// product, 2 more in each pair of parentheses.
  var level = 0
  /// How many growing parentheses are open before it.
  var open = 0
}

/// Where long formulas go on to the next line.
enum LineBreaking {
  /// What one level costs, as a share of a line left empty.
  private static let levelCost = 0.5

  /// Spreads pieces over lines. A piece that is wider than a line has one of its own.
  ///
  /// - Parameters:
  ///   - first: The room on the first line, in the unit of the pieces' widths.
  ///   - rest: The room on each further line.
  static func lines(
    _ pieces: [FormulaPiece], first: Double, rest: Double
  ) -> [[FormulaPiece]] {
    var lines: [[FormulaPiece]] = []
    var start = 0
    while start < pieces.count {
      let limit = max(lines.isEmpty ? first : rest, 1)
      var used = pieces[start].width
      var end = start + 1
      var best: (end: Int, cost: Double)?
      while end < pieces.count, used <= limit {
        let cost = Double(pieces[end].level) * levelCost + 1 - used / limit
        if best.map({ cost <= $0.cost }) ?? true { best = (end, cost) }
        used += pieces[end].width
        end += 1
      }
      let fits = end == pieces.count && used <= limit
      let cut = fits ? end : best?.end ?? start + 1
      lines.append(Array(pieces[start..<cut]))
      start = cut
    }
    return lines
  }

  /// The signs before which a line may begin, and whether they join factors.
  static func isProductSign(_ sign: String) -> Bool? {
    switch sign {
    case "+", "−", "-", "=", "≈", "←", "≠", "<", "≤", ">", "≥", "∈", "∝": return false
    case "\\approx", "\\leftarrow", "\\neq", "\\leq", "\\geq", "\\in", "\\propto": return false
    case "·", "⊙", "/", "\\cdot", "\\odot", "⋅": return true
    default: return nil
    }
  }
}

extension FormulaPiece {
  /// Takes a formula on one line of text apart, at the signs that have a space on both sides.
  static func pieces(text: String) -> [FormulaPiece] {
    var pieces: [FormulaPiece] = []
    var current = ""
    var level = 0
    var depth = 0
    func finish() {
      pieces.append(
        FormulaPiece(source: current, width: Double(displayWidth(current) + 1), level: level))
    }
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !current.isEmpty, let isProduct = LineBreaking.isProductSign(String(word)) {
        finish()
        current = String(word)
        level = 2 * depth + (isProduct ? 1 : 0)
      } else if current.last == ";" {
        // The next of several cases.
        finish()
        current = String(word)
        level = 0
      } else {
        current += (current.isEmpty ? "" : " ") + word
      }
      for character in word {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
      }
    }
    finish()
    return pieces
  }
}
