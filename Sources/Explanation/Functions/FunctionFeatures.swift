/// What there is to see of a function of one number, found by evaluating it.
///
/// It is looked at from −50 to 50 in steps of 1/20, and at powers of ten up to ±10⁸ for its limits;
/// what lies between two steps is found by bisection.
public struct FunctionFeatures: Sendable {
  /// An end of the range of values.
  public struct Bound: Hashable, Sendable {
    /// The least or greatest value, or what the values tend to; ±∞ where they grow without end.
    public let value: Double
    /// Whether the function has this value somewhere.
    public let isAttained: Bool

    public init(value: Double, isAttained: Bool) {
      self.value = value
      self.isAttained = isAttained
    }
  }

  /// A part of the axis, out to infinity, on which the derivative is below 1 % of its maximum.
  public struct FlatSide: Hashable, Sendable {
    /// Where the part begins.
    public let start: Double
    /// Whether the derivative is exactly zero there.
    public let isExactlyFlat: Bool
    /// What the values tend to.
    public let limit: Double
  }

  /// A place where the value or the derivative jumps.
  public struct Jump: Hashable, Sendable {
    public let x: Double
    /// Whether the value itself jumps.
    public let isOfValue: Bool
    /// What jumps, on both sides and at the very place.
    public let before: Double
    public let after: Double
    public let there: Double

    public init(x: Double, isOfValue: Bool, before: Double, after: Double, there: Double) {
      self.x = x
      self.isOfValue = isOfValue
      self.before = before
      self.after = after
      self.there = there
    }
  }

  public let lowest: Bound
  public let highest: Bound
  /// The function's only values, ascending, where it has no more than three.
  public let onlyValues: [Double]?
  /// Where the derivative stays small for x → −∞ and x → ∞; nil where it does not.
  public let flatBelow: FlatSide?
  public let flatAbove: FlatSide?
  public let jumps: [Jump]
  /// Where the derivative changes its sign through zero.
  public let turningPoints: [Double]
  /// Where the derivative's magnitude is greatest; 0 where it is zero everywhere.
  public let steepest: (x: Double, slope: Double)

  /// Whether the derivative has no greatest magnitude.
  public let slopeGrows: Bool

  /// Whether no gradient flows anywhere.
  public var hasNoGradient: Bool { steepest.slope == 0 }

  /// Looks at a function.
  public init(of function: SampledFunction) {
    let survey = Survey(function)
    let limits = (below: survey.limit(-1), above: survey.limit(1))
    let turns = survey.turningPoints()
    let values = survey.values + turns.map(function.value)
    (lowest, highest) = (
      survey.bound(values, limits, <), survey.bound(values, limits, >)
    )
    let distinct = Set(survey.values)
    onlyValues = distinct.count <= 3 ? distinct.sorted() : nil
    flatBelow = survey.flatSide(-1, limit: limits.below)
    flatAbove = survey.flatSide(1, limit: limits.above)
    jumps = survey.jumps()
    turningPoints = turns
    steepest = survey.steepest
    slopeGrows = [-1e4, 1e4].contains { abs(function.slope($0)) > 10 * survey.scale }
  }
}

/// A function's values and slopes on the grid.
private struct Survey {
  let function: SampledFunction
  let xs: [Double]
  let values: [Double]
  let slopes: [Double]
  let steepest: (x: Double, slope: Double)

  init(_ function: SampledFunction) {
    self.function = function
    let xs = (-1000...1000).map { Double($0) / 20 }
    let points = xs.map { (x: $0, y: function($0)) }
    // Of equal slopes the one nearest to zero is the one to name.
    let top = points.max {
      (abs($0.y.slope), -abs($0.x)) < (abs($1.y.slope), -abs($1.x))
    }
    self.xs = xs
    values = points.map(\.y.value)
    slopes = points.map(\.y.slope)
    steepest = top.map { (x: $0.x, slope: $0.y.slope) } ?? (0, 0)
  }

  var scale: Double { abs(steepest.slope) }

  /// What the values tend to far out on one side.
  func limit(_ side: Double) -> Double {
    let (near, far) = (function.value(side * 1e6), function.value(side * 1e8))
    if abs(far - near) <= 1e-4 { return Survey.snapped(far) }
    return far > near ? .infinity : -.infinity
  }

  func bound(
    _ values: [Double], _ limits: (below: Double, above: Double),
    _ precedes: (Double, Double) -> Bool
  ) -> FunctionFeatures.Bound {
    let limit = precedes(limits.below, limits.above) ? limits.below : limits.above
    let extreme = values.reduce(limit) { precedes($1, $0) ? $1 : $0 }
    // A value past the limit by no more than rounding is the limit.
    if abs(extreme - limit) > 1e-6 { return .init(value: Survey.tidy(extreme), isAttained: true) }
    // Far out every value is rounded to its limit; near the middle only one that is attained.
    let isAttained = zip(xs, values).contains { abs($0) <= 5 && $1 == limit }
    return .init(value: limit, isAttained: isAttained)
  }

  func flatSide(_ side: Double, limit: Double) -> FunctionFeatures.FlatSide? {
    let threshold = scale / 100
    let far = [1e2, 1e3, 1e4, 1e6].map { abs(function.slope(side * $0)) }
    let order = side < 0 ? Array(xs.indices) : xs.indices.reversed()
    guard far.allSatisfy({ $0 < threshold }),
      let steep = order.first(where: { abs(slopes[$0]) >= threshold }), steep != order[0]
    else { return nil }
    var (inside, outside) = (xs[steep], xs[side < 0 ? steep - 1 : steep + 1])
    for _ in 0..<60 {
      let middle = (inside + outside) / 2
      if abs(function.slope(middle)) >= threshold { inside = middle } else { outside = middle }
    }
    let start = Survey.snapped(outside)
    let isExactlyFlat = [0.01, 1, 2].allSatisfy { function.slope(start + side * $0) == 0 }
    return .init(start: start, isExactlyFlat: isExactlyFlat, limit: limit)
  }

  func turningPoints() -> [Double] {
    let least = scale * 1e-6
    guard least > 0 else { return [] }
    var result: [Double] = []
    var last: Int?
    for index in xs.indices where abs(slopes[index]) > least {
      defer { last = index }
      guard let last, index - last <= 2, slopes[last] * slopes[index] < 0 else { continue }
      var (left, right) = (xs[last], xs[index])
      for _ in 0..<60 {
        let middle = (left + right) / 2
        if function.slope(middle) * slopes[index] > 0 { right = middle } else { left = middle }
      }
      let x = Survey.snapped((left + right) / 2)
      // Where it jumps past zero there is a kink and no turning point.
      if abs(function.slope(x - 1e-7) - function.slope(x + 1e-7)) < 1e-3 * scale {
        result.append(x)
      }
    }
    return result
  }

  func jumps() -> [FunctionFeatures.Jump] {
    var result: [FunctionFeatures.Jump] = []
    func look(ofValue: Bool, _ numbers: [Double], _ at: (Double) -> Double, least: Double) {
      for index in xs.indices.dropFirst() {
        let whole = abs(numbers[index] - numbers[index - 1])
        guard whole > least else { continue }
        var (left, right) = (xs[index - 1], xs[index])
        for _ in 0..<40 {
          let middle = (left + right) / 2
          let (a, b, c) = (at(left), at(middle), at(right))
          if abs(b - a) >= abs(c - b) { right = middle } else { left = middle }
        }
        guard abs(at(right) - at(left)) > whole / 2 else { continue }
        let x = Survey.snapped((left + right) / 2)
        guard !result.contains(where: { $0.x == x }) else { continue }
        result.append(
          .init(
            x: x, isOfValue: ofValue, before: Survey.snapped(at(x - 1e-9)),
            after: Survey.snapped(at(x + 1e-9)), there: at(x)))
      }
    }
    look(ofValue: true, values, function.value, least: 0.1 + scale / 10)
    look(ofValue: false, slopes, function.slope, least: 0.05 * scale + 1e-12)
    return result.sorted { $0.x < $1.x }
  }

  /// The nearest millionth, where a number is as near to it as rounding leaves it.
  static func snapped(_ x: Double) -> Double {
    let tidy = (x * 1e6).rounded() / 1e6
    return abs(tidy - x) <= 2e-8 ? tidy + 0 : x
  }

  /// A number without the rounding of its last digits.
  static func tidy(_ x: Double) -> Double {
    let tidy = (x * 1e12).rounded() / 1e12
    return tidy == 0 ? 0 : tidy
  }
}
