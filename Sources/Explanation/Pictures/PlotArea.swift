import Charts
import Documents
import Formulas

/// A drawing with two axes, their ticks and names, on which data can be drawn in its own units.
struct PlotArea {
  /// The size of ticks' labels and the axes' names.
  static let labelSize = 12.0

  private(set) var drawing: Drawing
  private(set) var x: Scale
  private(set) var y: Scale
  private let box: (left: Double, right: Double, top: Double, bottom: Double)

  /// - Parameters:
  ///   - size: The width and height of the part inside the axes.
  ///   - names: What stands at the right end of the x axis and above the y axis.
  init(
    title: String, size: (width: Double, height: Double), x: Scale, y: Scale,
    names: (x: Drawing.Label, y: Drawing.Label)
  ) {
    let yTicks = PlotArea.ticks(y)
    let widest = yTicks.map { Double($0.label.text.count) * 6.6 }.max() ?? 0
    box = (widest + 12, widest + 12 + size.width, 26, 26 + size.height)
    (self.x, self.y) = (x, y)
    (self.x.start, self.x.end) = (box.left, box.right)
    (self.y.start, self.y.end) = (box.bottom, box.top)
    drawing = Drawing(width: box.right + 20, height: box.bottom + 40, title: title)
    drawing.rectangle(
      at: .init(box.left, box.top), width: size.width, height: size.height,
      stroke: .init(.faint, width: 0.8))
    for tick in PlotArea.ticks(x) {
      guard let place = self.x.position(tick.value) else { continue }
      drawing.line(
        from: .init(place, box.bottom), to: .init(place, box.bottom + 4), .init(.faint, width: 0.8))
      drawing.label(.formula(tick.label), at: .init(place, box.bottom + 13), size: Self.labelSize)
    }
    for tick in yTicks {
      guard let place = self.y.position(tick.value) else { continue }
      drawing.line(
        from: .init(box.left - 4, place), to: .init(box.left, place), .init(.faint, width: 0.8))
      drawing.label(
        .formula(tick.label), at: .init(box.left - 7, place), anchor: .end, size: Self.labelSize)
    }
    drawing.label(
      names.x, at: .init((box.left + box.right) / 2, box.bottom + 30), size: Self.labelSize + 1)
    drawing.label(names.y, at: .init(box.left, 12), size: Self.labelSize + 1)
  }

  /// Round values along an axis, as the axis writes them: decades as powers of ten.
  private static func ticks(_ scale: Scale) -> [(value: Double, label: Formula)] {
    let ticks = scale.ticks(count: 5)
    let magnitudes = ticks.values.map { abs($0) }
    let isWide = scale.isLogarithmic && (magnitudes.max() ?? 1) / (magnitudes.min() ?? 1) > 1e3
    return zip(ticks.values, ticks.labels).map { value, label in
      if isWide, let exponent = decade(of: value) {
        return (value, .power(10, .number(Double(exponent))))
      }
      return (value, .digits(String(label.map { $0 == "−" ? "-" : $0 })))
    }
  }

  /// k of 10ᵏ.
  private static func decade(of value: Double) -> Int? {
    guard value > 0 else { return nil }
    var (rest, exponent) = (value, 0)
    while rest >= 9.999 { (rest, exponent) = (rest / 10, exponent + 1) }
    while rest < 0.9999 { (rest, exponent) = (rest * 10, exponent - 1) }
    return abs(rest - 1) < 1e-3 ? exponent : nil
  }

  /// The place of a point; nil where the axes have none for it.
  func place(_ x: Double, _ y: Double) -> Drawing.Point? {
    guard let left = self.x.position(x), let top = self.y.position(y) else { return nil }
    return .init(left, top)
  }

  /// Draws lines through points, in pieces where points have no place; with `gaps` only three out
  /// of every five lines.
  mutating func line(_ points: [Point], _ stroke: Drawing.Stroke, gaps: Bool = false) {
    var before: Drawing.Point?
    for (index, point) in points.enumerated() {
      let place = place(point.x, point.y)
      if let before, let place, !gaps || index % 5 < 3 {
        drawing.line(from: before, to: place, stroke)
      }
      before = place
    }
  }

  /// Draws a straight line w_1 x + w_2 y + b = 0 as far as it lies inside; false where none of it
  /// does.
  mutating func straightLine(_ w: (Double, Double), _ b: Double, _ stroke: Drawing.Stroke) -> Bool {
    var ends: [Point] = []
    for x in [x.low, x.high] where w.1 != 0 {
      let y = -(w.0 * x + b) / w.1
      if y >= self.y.low, y <= self.y.high { ends.append(Point(x: x, y: y)) }
    }
    for y in [y.low, y.high] where w.0 != 0 {
      let x = -(w.1 * y + b) / w.0
      if x > self.x.low, x < self.x.high { ends.append(Point(x: x, y: y)) }
    }
    guard ends.count >= 2 else { return false }
    line([ends[0], ends[1]], stroke)
    return true
  }

  /// Draws more, by places that `place` has given.
  mutating func draw(_ body: (inout Drawing) -> Void) { body(&drawing) }
}
