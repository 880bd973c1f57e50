/// An SVG drawing under construction.
struct SVG {
  private(set) var body = ""

  /// Where text stands relative to its position.
  enum Anchor: String { case start, middle, end }

  /// The finished element; `maxWidth` is in CSS pixels.
  func document(width: Double, height: Double, maxWidth: Double, label: String) -> String {
    let box = "\(SVG.number(width)) \(SVG.number(height))"
    let style = "display:block;width:100%;max-width:\(SVG.number(maxWidth))px;height:auto;"
    let attributes = SVG.attributes([
      "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(box)", "role": "img",
      "aria-label": label.isEmpty ? nil : label, "style": style + "color-scheme:light dark",
      "font-family": "system-ui,sans-serif", "font-size": "12", "fill": "currentColor",
    ])
    return "<svg\(attributes)>\n\(body)</svg>\n"
  }

  /// Adds an element without content, or with a tooltip.
  mutating func add(
    _ name: String, _ attributes: KeyValuePairs<String, String?>, tooltip: String? = nil
  ) {
    let opening = "<\(name)\(SVG.attributes(attributes))"
    if let tooltip {
      body += "\(opening)><title>\(XML.escaped(tooltip))</title></\(name)>\n"
    } else {
      body += opening + "/>\n"
    }
  }

  mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String?>) {
    body += "<\(name)\(SVG.attributes(attributes))>\n"
  }

  mutating func close(_ name: String) { body += "</\(name)>\n" }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = "currentColor",
    width: Double = 1, opacity: Double = 1, dash: String? = nil
  ) {
    add(
      "line",
      [
        "x1": SVG.number(x1), "y1": SVG.number(y1), "x2": SVG.number(x2), "y2": SVG.number(y2),
        "stroke": color, "stroke-width": SVG.number(width),
        "stroke-opacity": opacity < 1 ? SVG.share(opacity) : nil, "stroke-dasharray": dash,
      ])
  }

  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, color: String,
    opacity: Double = 1, tooltip: String? = nil
  ) {
    add(
      "rect",
      [
        "x": SVG.number(x), "y": SVG.number(y), "width": SVG.number(width),
        "height": SVG.number(height), "fill": color,
        "fill-opacity": opacity < 1 ? SVG.share(opacity) : nil,
      ], tooltip: tooltip)
  }

  /// Adds text with its base line at y; `turn` is in degrees, counterclockwise.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, size: Double = 12,
    isBold: Bool = false, color: String? = nil, opacity: Double = 1, turn: Double = 0,
    tooltip: String? = nil
  ) {
    guard !text.isEmpty else { return }
    let place = "\(SVG.number(x)) \(SVG.number(y))"
    let attributes = SVG.attributes([
      "x": SVG.number(x), "y": SVG.number(y),
      "text-anchor": anchor == .start ? nil : anchor.rawValue,
      "font-size": size == 12 ? nil : SVG.number(size), "font-weight": isBold ? "600" : nil,
      "fill": color, "fill-opacity": opacity < 1 ? SVG.share(opacity) : nil,
      "transform": turn == 0 ? nil : "rotate(\(SVG.number(-turn)) \(place))",
    ])
    let title = tooltip.map { "<title>\(XML.escaped($0))</title>" } ?? ""
    body += "<text\(attributes)>\(title)\(XML.escaped(text))</text>\n"
  }

  static func number(_ value: Double) -> String { NumberText.coordinate(value) }

  /// An opacity with two decimals.
  static func share(_ value: Double) -> String {
    NumberText.compact((value * 100).rounded() / 100, digits: 2)
  }

  private static func attributes(_ pairs: KeyValuePairs<String, String?>) -> String {
    pairs.map { name, value in value.map { " \(name)=\"\(XML.escaped($0))\"" } ?? "" }.joined()
  }
}
