import Formulas

extension Drawing {
  /// One `<svg>` element with a title, that follows the light or dark scheme of where it stands.
  public var svg: String {
    let number = Drawing.number
    let body = shapes.map { "  " + Drawing.svg($0) + "\n" }.joined()
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" \
      width="\(number(width))" height="\(number(height))" role="img" \
      style="color-scheme:light dark" fill="currentColor" \
      font-family="'Latin Modern Roman','STIX Two Text','Noto Serif','Noto Serif CJK SC',serif">
        <title>\(XML.escaped(title))</title>
      \(body)</svg>
      """
  }

  private static func svg(_ shape: Shape) -> String {
    switch shape {
    case .line(let start, let end, let stroke, let hasHead):
      guard hasHead, let head = head(from: start, to: end, stroke) else {
        return line(start, end, stroke)
      }
      let corners = [end, head.left, head.right].map { "\(number($0.x)),\(number($0.y))" }
      return line(start, head.neck, stroke)
        + "<polygon points=\"\(corners.joined(separator: " "))\" fill=\"\(css(stroke.color))\"/>"
    case .circle(let center, let radius, let stroke, let fill):
      return "<circle cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" "
        + "r=\"\(number(radius))\"\(paint(stroke, fill))/>"
    case .rectangle(let corner, let width, let height, let radius, let stroke, let fill):
      let round = radius > 0 ? " rx=\"\(number(radius))\"" : ""
      return "<rect x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" "
        + "width=\"\(number(width))\" height=\"\(number(height))\"\(round)\(paint(stroke, fill))/>"
    case .label(let label, let at, let anchor, let size, let color, let isBold, let hasHalo):
      let side = anchor == .start ? "start" : anchor == .end ? "end" : "middle"
      // A third of the size puts the middle of small letters and digits at the position.
      var attributes =
        "x=\"\(number(at.x))\" y=\"\(number(at.y + size * 0.33))\" text-anchor=\"\(side)\" "
        + "font-size=\"\(number(size))\" fill=\"\(css(color))\""
      if isBold { attributes += " font-weight=\"700\"" }
      if hasHalo {
        attributes +=
          " paint-order=\"stroke\" stroke=\"\(css(.paper))\" "
          + "stroke-width=\"\(number(size * 0.35))\" stroke-linejoin=\"round\""
      }
      return "<text \(attributes)>\(SVGFormula.spans(label))</text>"
    }
  }

  private static func line(_ start: Point, _ end: Point, _ stroke: Stroke) -> String {
    "<line x1=\"\(number(start.x))\" y1=\"\(number(start.y))\" x2=\"\(number(end.x))\" "
      + "y2=\"\(number(end.y))\"\(paint(stroke, nil))/>"
  }

  private static func paint(_ stroke: Stroke?, _ fill: Color?) -> String {
    var result = " fill=\"\(fill.map(css) ?? "none")\""
    if let stroke {
      result += " stroke=\"\(css(stroke.color))\" stroke-width=\"\(number(stroke.width))\""
      if stroke.isDashed { result += " stroke-dasharray=\"4 3\"" }
    }
    return result
  }

  /// The page's colors where the drawing stands in one, else what suits both schemes.
  private static func css(_ color: Color) -> String {
    switch color {
    case .ink: return "currentColor"
    case .faint: return "var(--faint, #80868e)"
    case .paper: return "var(--paper, Canvas)"
    case .accent: return "var(--accent, #1b7fbd)"
    case .good: return "var(--good, #2c9a4b)"
    case .bad: return "var(--bad, #d2463c)"
    case .rgb(let value):
      let digits = String(value & 0xFFFFFF, radix: 16)
      return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
  }
}

/// Formulas as the text of an SVG: letters in italics, scripts smaller and shifted.
enum SVGFormula {
  /// A run of characters that look alike; `level` is −1 for subscripts, 1 for superscripts.
  private struct Run {
    var text: String
    var level = 0
    var isItalic = false
  }

  static func spans(_ label: Drawing.Label) -> String {
    let runs: [Run]
    switch label {
    case .text(let text): return XML.escaped(text)
    case .formula(let formula): runs = merged(self.runs(formula.layout(.typeset), 0))
    }
    var result = ""
    // Shifts add up in SVG, so that each run says how far it is from the one before it.
    var height = 0.0
    for run in runs {
      let target = run.level < 0 ? 0.22 : run.level > 0 ? -0.38 : 0
      let size = run.level == 0 ? 1 : 0.72
      var attributes = ""
      if run.level != 0 { attributes += " font-size=\"72%\"" }
      // In em of the run itself.
      if target != height {
        attributes += " dy=\"\(Drawing.number((target - height) / size))em\""
        height = target
      }
      if run.isItalic { attributes += " font-style=\"italic\"" }
      let text = XML.escaped(run.text)
      result += attributes.isEmpty ? text : "<tspan\(attributes)>\(text)</tspan>"
    }
    return result
  }

  private static func merged(_ runs: [Run]) -> [Run] {
    runs.reduce(into: []) { result, run in
      if let last = result.last, last.level == run.level, last.isItalic == run.isItalic {
        result[result.count - 1].text += run.text
      } else if !run.text.isEmpty {
        result.append(run)
      }
    }
  }

  private static func runs(_ layout: Layout, _ level: Int) -> [Run] {
    func one(_ text: String) -> [Run] { [Run(text: text, level: level)] }
    switch layout {
    case .row(let parts): return parts.flatMap { runs($0, level) }
    case .name(let name):
      return [Run(text: name, level: level, isItalic: name.count == 1 && name != "⊤")]
    case .number(let text), .function(let text), .tight(let text): return one(text)
    case .infix(let sign): return one(level == 0 ? " \(sign) " : sign)
    case .comma: return one(level == 0 ? ", " : ",")
    case .application: return []
    case .juxtaposition: return one(" ")
    case .fenced(let open, let inside, let close):
      return one(open) + runs(inside, level) + one(close)
    case .fraction(let top, let bottom):
      return grouped(top, level) + one("/") + grouped(bottom, level)
    case .radical(let inside): return one("√(") + runs(inside, level) + one(")")
    case .scripts(let base, let lower, let upper):
      // A script's scripts stay on its own level: there is no smaller type.
      let down = lower.map { runs($0, level == 0 ? -1 : level) } ?? []
      let up = upper.map { runs($0, level == 0 ? 1 : level) } ?? []
      return runs(base, level) + down + up
    case .limits(let sign, let lower, let upper):
      let down = lower.map { runs($0, level == 0 ? -1 : level) } ?? []
      let up = upper.map { runs($0, level == 0 ? 1 : level) } ?? []
      return one(sign.rawValue) + down + up + one(" ")
    // A label is one line: what has several is only hinted at.
    case .table: return one("{…}")
    case .matrix: return one("[…]")
    }
  }

  /// A part of a fraction, in parentheses where it has signs of its own.
  private static func grouped(_ layout: Layout, _ level: Int) -> [Run] {
    let inside = runs(layout, level)
    let isLong = inside.contains { $0.text.contains(" ") }
    let open = Run(text: "(", level: level)
    return isLong ? [open] + inside + [Run(text: ")", level: level)] : inside
  }
}
