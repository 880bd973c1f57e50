/// A step along a direction that satisfies the strong Wolfe conditions:
///
/// φ(α) ≤ φ(0) + c₁ α φ′(0) and |φ′(α)| ≤ c₂ |φ′(0)|, with φ(α) = E(w + α d).
///
/// The bracket grows until it holds such a step, and then shrinks by cubic interpolation, kept away
/// from its ends.
///
/// Source: J. Nocedal, S. Wright, "Numerical Optimization", 2nd edition (2006), algorithms 3.5 and 3.6,
/// doi:10.1007/978-0-387-40065-5.
struct LineSearch {
  /// c₁.
  var decrease = 1e-4
  /// c₂.
  var curvature: Double

  /// A place on the line.
  struct Place {
    let step: Double
    let weights: [Double]
    let loss: Double
    let gradient: [Double]
    /// φ′.
    let slope: Double
  }

  private static let mostTrials = 40

  /// The place that was found; nil where no step makes E smaller, as far as rounding lets one see.
  ///
  /// - Parameters:
  ///   - weights: w.
  ///   - loss: E(w).
  ///   - gradient: ∂E/∂w at w.
  ///   - direction: d, downhill.
  ///   - first: The first α that is tried.
  func search(
    _ objective: Objective, from weights: [Double], loss: Double, gradient: [Double],
    along direction: [Double], first: Double
  ) throws -> Place? {
    let start = Place(
      step: 0, weights: weights, loss: loss, gradient: gradient,
      slope: product(gradient, direction))
    guard start.slope < 0 else { return nil }
    func place(_ step: Double) throws -> Place {
      let next = adding(weights, step, direction)
      let (loss, gradient) = try objective.gradient(at: next)
      return Place(
        step: step, weights: next, loss: loss, gradient: gradient,
        slope: product(gradient, direction))
    }
    func isTooFar(_ place: Place, _ previous: Place) -> Bool {
      !(place.loss <= start.loss + decrease * place.step * start.slope)
        || (previous.step > 0 && place.loss >= previous.loss)
    }
    func isFlat(_ place: Place) -> Bool { abs(place.slope) <= -curvature * start.slope }

    var (low, step) = (start, first)
    var high: Place?
    for _ in 0..<Self.mostTrials {
      let tried = try place(step)
      if let end = high {
        // Between the two ends: the lower one stays.
        if isTooFar(tried, low) || tried.loss >= low.loss {
          high = tried
        } else {
          if isFlat(tried) { return tried }
          if tried.slope * (end.step - low.step) >= 0 { high = low }
          low = tried
        }
      } else if isTooFar(tried, low) || !tried.loss.isFinite || !tried.slope.isFinite {
        high = tried
      } else {
        if isFlat(tried) { return tried }
        if tried.slope >= 0 { high = low }
        low = tried
      }
      guard let end = high else {
        step = 2 * step
        continue
      }
      guard abs(end.step - low.step) > 1e-14 * max(end.step, low.step) else { break }
      step = Self.between(low, end)
    }
    // Rounding hides the conditions near a minimum: what is lower at all is taken.
    return low.step > 0 && low.loss < start.loss ? low : nil
  }

  /// Where the cubic through two places, with their slopes, is least; else the middle.
  private static func between(_ a: Place, _ b: Place) -> Double {
    let width = b.step - a.step
    let middle = a.step + width / 2
    guard b.loss.isFinite, b.slope.isFinite else { return a.step + width / 10 }
    let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0 else { return middle }
    let d2 = square.squareRoot() * (width < 0 ? -1 : 1)
    let least = b.step - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
    let share = (least - a.step) / width
    return share.isFinite && share > 0.05 && share < 0.95
      ? least
      : share.isFinite && share >= 0.95
        ? a.step + 0.95 * width
        : share.isFinite && share > 0 ? a.step + 0.05 * width : middle
  }
}

/// Σ aᵢ bᵢ.
func product(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for place in 0..<min(a.count, b.count) { sum += a[place] * b[place] }
  return sum
}

/// a + s b.
func adding(_ a: [Double], _ scale: Double, _ b: [Double]) -> [Double] {
  var sum = a
  for place in 0..<min(a.count, b.count) { sum[place] += scale * b[place] }
  return sum
}

/// max |aᵢ|.
func largestMagnitude(_ a: [Double]) -> Double { a.reduce(0) { max($0, abs($1)) } }
