import Formulas

extension Drawing {
  /// The commands inside of a `tikzpicture`, made to fit a page 160 mm wide.
  public var tikz: String {
    let scale = width > 0 ? min(0.75, 440 / width) : 0.75
    return shapes.map { Drawing.tikz($0, scale) }.joined(separator: "\n")
  }

  private static func tikz(_ shape: Shape, _ scale: Double) -> String {
    func length(_ value: Double) -> String { number(value * scale) + "pt" }
    func place(_ point: Point) -> String { "(\(length(point.x)),\(length(-point.y)))" }
    func paint(_ stroke: Stroke?, _ fill: Color?) -> String {
      var options: [String] = []
      if let stroke {
        options = ["draw=\(tikz(stroke.color))", "line width=\(length(stroke.width))"]
        if stroke.isDashed { options.append("dash pattern=on \(length(4)) off \(length(3))") }
      }
      if let fill { options.append("fill=\(tikz(fill))") }
      return options.joined(separator: ", ")
    }
    switch shape {
    case .line(let start, let end, let stroke, let hasHead):
      guard hasHead, let head = head(from: start, to: end, stroke) else {
        return "\\path[\(paint(stroke, nil))] \(place(start)) -- \(place(end));"
      }
      return "\\path[\(paint(stroke, nil))] \(place(start)) -- \(place(head.neck));\n"
        + "\\path[fill=\(tikz(stroke.color))] \(place(end)) -- \(place(head.left)) -- "
        + "\(place(head.right)) -- cycle;"
    case .circle(let center, let radius, let stroke, let fill):
      return "\\path[\(paint(stroke, fill))] \(place(center)) circle[radius=\(length(radius))];"
    case .rectangle(let corner, let width, let height, let radius, let stroke, let fill):
      let round = radius > 0 ? ", rounded corners=\(length(radius))" : ""
      let opposite = Point(corner.x + width, corner.y + height)
      return "\\path[\(paint(stroke, fill))\(round)] \(place(corner)) rectangle "
        + "\(place(opposite));"
    case .label(let label, let at, let anchor, let size, let color, let isBold, let hasHalo):
      let side = anchor == .start ? "west" : anchor == .end ? "east" : "center"
      let points = number(size * scale)
      let leading = number(size * scale * 1.2)
      var options = [
        "anchor=\(side)", "inner sep=\(hasHalo ? length(2) : "0pt")", "text=\(tikz(color))",
        "font=\\fontsize{\(points)}{\(leading)}\\selectfont\(isBold ? "\\bfseries" : "")",
      ]
      if hasHalo { options.append("fill=white") }
      let content =
        switch label {
        case .text(let text): LaTeXText.escaped(text)
        case .formula(let formula):
          (isBold ? "\\boldmath" : "") + "$\(LaTeXText.formula(formula.latex))$"
        }
      return "\\node[\(options.joined(separator: ", "))] at \(place(at)) {\(content)};"
    }
  }

  /// A color on white paper.
  private static func tikz(_ color: Color) -> String {
    let value: UInt32
    switch color {
    case .ink: return "black"
    case .paper: return "white"
    case .good: return "good"
    case .bad: return "bad"
    case .faint: value = 0x5D636B
    case .accent: value = 0x0B5F8F
    case .rgb(let rgb): value = rgb
    }
    let parts = "red,\(value >> 16 & 255);green,\(value >> 8 & 255);blue,\(value & 255)"
    return "{rgb,255:\(parts)}"
  }
}
