import Charts
import Formulas

/// A line in a graph.
struct Curve: Sendable {
  let name: Formula
  let points: [Point]

  init(_ name: Formula, points: [Point]) {
    self.name = name
    self.points = points
  }

  /// A function's graph from sampling it, with a gap where it jumps.
  init(
    _ name: Formula, of function: (Double) -> Double, over span: ClosedRange<Double>,
    breaks: [Double] = [], count: Int = 160
  ) {
    let step = (span.upperBound - span.lowerBound) / Double(count)
    var points: [Point] = []
    var last = Double.infinity
    for index in 0...count {
      let x = span.lowerBound + Double(index) * step
      defer { last = x }
      for place in breaks where last < place && place <= x {
        let (before, after) = (place - 1e-6, place + 1e-6)
        let (low, high) = (function(before), function(after))
        points.append(Point(x: before, y: low))
        // A jump is a gap; a mere kink of the line is drawn to its point.
        if abs(high - low) > 1e-3 { points.append(Point(x: place, y: .nan)) }
        points.append(Point(x: after, y: high))
      }
      if !breaks.contains(where: { abs($0 - x) < 1e-6 }) {
        points.append(Point(x: x, y: function(x)))
      }
    }
    self.init(name, points: points)
  }

  /// A span wide enough to show where the function flattens out, but no wider than twice as wide.
  static func span(
    _ span: ClosedRange<Double>, around features: FunctionFeatures
  ) -> ClosedRange<Double> {
    let ends = [features.flatBelow?.start, features.flatAbove?.start].compactMap { $0 }
    let reach = ends.map { abs($0) + 1 }.max() ?? 0
    let half = (span.upperBound - span.lowerBound) / 2
    let middle = (span.upperBound + span.lowerBound) / 2
    let wider = min(max(half, reach.rounded(.up)), 2 * half)
    return (middle - wider)...(middle + wider)
  }
}
