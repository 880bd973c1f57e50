/// A picture of plain values as SVG, to stand in an HTML page or in a file of its own.
///
/// The SVG fills the width it is given, up to a limit, and stays legible on a phone. Text and
/// lines take the surrounding text color and all other colors have enough contrast on white and
/// on near-black, so that one picture serves light and dark pages. It holds no scripts, no
/// style sheets and no references to anything outside. The same values give the same text.
public protocol Chart: Sendable {
  /// The chart as one `<svg>` element.
  var svg: String { get }
}

/// A position in the units of the data.
public struct Point: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether both parts can be placed on an axis; magnitudes past 1e300 cannot.
  var isDrawable: Bool { abs(x) <= 1e300 && abs(y) <= 1e300 }
}

/// Named points: one line of a line chart, or one class of a scatter chart.
public struct Series: Hashable, Sendable {
  public var name: String
  public var points: [Point]

  public init(_ name: String, points: [Point]) {
    self.name = name
    self.points = points
  }

  public init(_ name: String, points: [(x: Double, y: Double)]) {
    self.init(name, points: points.map { Point(x: $0.x, y: $0.y) })
  }

  /// Values at first, first + 1, …; by default counted from 1, as epochs are.
  public init(_ name: String, values: [Double], first: Double = 1) {
    self.init(
      name, points: values.enumerated().map { Point(x: first + Double($0.offset), y: $0.element) })
  }
}

/// A vertical line across a chart, such as the best epoch.
public struct Mark: Hashable, Sendable {
  public var x: Double
  public var label: String

  public init(x: Double, label: String) {
    self.x = x
    self.label = label
  }
}
