import Formulas

/// A line drawing with labels, written as SVG and as TikZ.
///
/// Positions are in units of about one pixel, x to the right and y downward from the top left
/// corner.
///
/// ```swift
/// var drawing = Drawing(width: 120, height: 40, title: "One weight")
/// drawing.arrow(from: .init(10, 20), to: .init(110, 20))
/// drawing.label("w1", at: .init(60, 12))
/// let picture = drawing.picture(caption: "One weight.")
/// ```
public struct Drawing: Sendable {
  public struct Point: Hashable, Sendable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A color that follows the page's scheme where it can.
  public enum Color: Hashable, Sendable {
    /// The color of text.
    case ink
    /// Text of less weight.
    case faint
    /// The page's own color, to cover what is below.
    case paper
    case accent, good, bad
    /// Red, green and blue as 0xRRGGBB.
    case rgb(UInt32)
  }

  public struct Stroke: Hashable, Sendable {
    public var color: Color
    public var width: Double
    public var isDashed: Bool

    public init(_ color: Color = .ink, width: Double = 1, isDashed: Bool = false) {
      self.color = color
      self.width = width
      self.isDashed = isDashed
    }
  }

  /// What a label says.
  public enum Label: Hashable, Sendable, ExpressibleByStringLiteral {
    case text(String)
    case formula(Formula)

    /// A string literal is a formula's symbol, as it is for ``Formula``.
    public init(stringLiteral value: String) { self = .formula(.symbol(value)) }
  }

  /// The point of a label that is at its position.
  public enum Anchor: Hashable, Sendable {
    /// The left end, the middle, or the right end, each at half height.
    case start, middle, end
  }

  enum Shape: Sendable {
    case line(Point, Point, Stroke, hasHead: Bool)
    case circle(Point, radius: Double, Stroke?, fill: Color?)
    case rectangle(Point, width: Double, height: Double, radius: Double, Stroke?, fill: Color?)
    case label(Label, Point, Anchor, size: Double, Color, isBold: Bool, hasHalo: Bool)
  }

  public let width: Double
  public let height: Double
  /// What the drawing shows, for readers who do not see it.
  public let title: String
  var shapes: [Shape] = []

  public init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  public mutating func line(from start: Point, to end: Point, _ stroke: Stroke = Stroke()) {
    shapes.append(.line(start, end, stroke, hasHead: false))
  }

  /// A line with a head at its end.
  public mutating func arrow(from start: Point, to end: Point, _ stroke: Stroke = Stroke()) {
    shapes.append(.line(start, end, stroke, hasHead: true))
  }

  /// A circle; without `stroke` or `fill` it has none.
  public mutating func circle(
    at center: Point, radius: Double, stroke: Stroke? = Stroke(), fill: Color? = nil
  ) {
    shapes.append(.circle(center, radius: radius, stroke, fill: fill))
  }

  /// A rectangle by its top left corner; `cornerRadius` rounds its corners.
  public mutating func rectangle(
    at corner: Point, width: Double, height: Double, cornerRadius: Double = 0,
    stroke: Stroke? = Stroke(), fill: Color? = nil
  ) {
    shapes.append(
      .rectangle(corner, width: width, height: height, radius: cornerRadius, stroke, fill: fill))
  }

  /// Text or a formula in one line.
  ///
  /// - Parameters:
  ///   - size: The font's size in units.
  ///   - hasHalo: Whether what is below keeps a small distance, as a label on a line needs it.
  public mutating func label(
    _ label: Label, at position: Point, anchor: Anchor = .middle, size: Double = 14,
    color: Color = .ink, isBold: Bool = false, hasHalo: Bool = false
  ) {
    shapes.append(
      .label(label, position, anchor, size: size, color, isBold: isBold, hasHalo: hasHalo))
  }

  /// The drawing in every form that documents need but text.
  public func picture(text: String? = nil, caption: RichText) -> Picture {
    Picture(svg: svg, text: text, tikz: tikz, caption: caption)
  }

  /// Where an arrow's line ends and its head's corners; nil where the line has no direction.
  static func head(
    from start: Point, to end: Point, _ stroke: Stroke
  ) -> (neck: Point, left: Point, right: Point)? {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0, length.isFinite else { return nil }
    let (ux, uy) = (dx / length, dy / length)
    let size = min(length, 5 + 2.5 * stroke.width)
    let base = Point(end.x - size * ux, end.y - size * uy)
    let half = size * 0.38
    return (
      Point(end.x - size * 0.8 * ux, end.y - size * 0.8 * uy),
      Point(base.x - half * uy, base.y + half * ux), Point(base.x + half * uy, base.y - half * ux)
    )
  }

  /// A number with at most two decimals.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let rounded = (value * 100).rounded() / 100
    if rounded == rounded.rounded() { return String(Int(rounded)) }
    return "\(rounded)"
  }
}
