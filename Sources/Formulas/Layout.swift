/// A formula on its way to paper: what stands where, with all parentheses already set.
///
/// The three renderers only print it, so precedence is decided in one place.
package indirect enum Layout: Sendable {
  case row([Layout])
  case number(String)
  /// An identifier, printed in italics where it is one letter.
  case name(String)
  /// The name of a function, printed upright.
  case function(String)
  /// A sign between two operands, with space around it.
  case infix(String)
  /// A sign that sticks to what follows: −, ∂, or a slash.
  case tight(String)
  case comma
  /// Between a function's name and its parentheses.
  case application
  /// Between two matrices.
  case juxtaposition
  /// Parentheses, bars and the like.
  case fenced(String, Layout, String)
  case fraction(Layout, Layout)
  case scripts(Layout, lower: Layout?, upper: Layout?)
  /// A big operator with what stands below and above it.
  case limits(Formula.BigOperator, lower: Layout?, upper: Layout?)
  case radical(Layout)
  case table([TableRow])
  /// The elements of a matrix, in square brackets.
  case matrix([[Layout]])

  /// One branch; no condition means "otherwise".
  package struct TableRow: Sendable {
    package let value: Layout
    package let condition: Layout?
  }

  /// Whether it is higher than a line, so that parentheses around it must grow.
  var isTall: Bool {
    switch self {
    case .row(let parts): return parts.contains(where: \.isTall)
    case .fenced(_, let inside, _): return inside.isTall
    case .scripts(let base, _, _): return base.isTall
    case .fraction, .limits, .radical, .table, .matrix: return true
    default: return false
    }
  }
}

extension Layout {
  /// The layout of a number's digits, with a power of ten where they have an exponent.
  static func digits(_ digits: String) -> Layout {
    if digits.hasPrefix("-") || digits.hasPrefix("−") {
      return .row([.tight("−"), .digits(String(digits.dropFirst()))])
    }
    let parts = digits.split(whereSeparator: { $0 == "e" || $0 == "E" })
    guard parts.count == 2, let exponent = Int(parts[1]) else { return .number(digits) }
    let power = Layout.scripts(.number("10"), lower: nil, upper: .digits(String(exponent)))
    return .row([.number(String(parts[0])), .tight("×"), power])
  }

  /// The layout of a sub- or superscript: words upright, single letters and digits apart.
  static func script(_ text: String) -> Layout {
    var parts: [Layout] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first.isLetter {
        let run = rest.prefix(while: \.isLetter)
        parts += run.count > 2 ? [.name(String(run))] : run.map { .name(String($0)) }
        rest = rest.dropFirst(run.count)
      } else if first.isNumber {
        let run = rest.prefix(while: { $0.isNumber || $0 == "." })
        parts.append(.number(String(run)))
        rest = rest.dropFirst(run.count)
      } else {
        parts.append(first == "," ? .comma : .tight(first == "-" ? "−" : String(first)))
        rest = rest.dropFirst()
      }
    }
    return parts.count == 1 ? parts[0] : .row(parts)
  }
}
