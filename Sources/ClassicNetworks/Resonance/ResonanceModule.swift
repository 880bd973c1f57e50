import Training

/// Categories with a template each, and the search for one that resonates with a row: the part that
/// ART 1, Fuzzy ART and both sides of their maps share.
///
/// With ∧ the smaller of two numbers and |·| the sum, a row I chooses the category with the greatest
/// T = |I ∧ w| / (α + |w|), the first of several. Where its match |I ∧ w| / |I| reaches the vigilance ρ
/// it resonates and learns, w ← β (I ∧ w) + (1 − β) w; else it is reset and the next is looked at. Rows
/// of zeros and ones, with β = 1 and α = L − 1, are ART 1's case: ∧ is then "and".
///
/// A free category is taken when no other resonates, as if its T were always the smallest.
struct ResonanceModule: Hashable, Sendable {
  /// The numbers in a row as it is presented.
  let width: Int
  /// α.
  let choiceOffset: Double
  /// What a choice is multiplied by to be told: L for ART 1.
  let choiceScale: Double
  /// β.
  let learningRate: Double
  /// Whether the first row of a category is taken whole, whatever β is.
  let commitsFast: Bool
  /// How many categories there may be.
  let most: Int
  /// A template for each category, one after the other.
  private(set) var templates: [Double] = []
  /// |w| of each category.
  private(set) var norms: [Double] = []

  init(
    width: Int, choiceOffset: Double, choiceScale: Double = 1, learningRate: Double = 1,
    commitsFast: Bool = true, most: Int = .max
  ) {
    self.width = width
    self.choiceOffset = choiceOffset
    self.choiceScale = choiceScale
    self.learningRate = learningRate
    self.commitsFast = commitsFast
    self.most = most
  }

  var count: Int { norms.count }
  /// [categories, width].
  var matrix: Matrix { Matrix(rows: count, columns: width, templates) }

  /// Takes templates from a file.
  ///
  /// - Throws: `TrainingError` where a number is not in 0…1.
  mutating func restore(_ matrix: Matrix, name: String) throws {
    guard matrix.values.allSatisfy({ (0...1).contains($0) }) else {
      throw TrainingError.data("\(name) holds a number outside 0…1")
    }
    templates = matrix.values
    norms = (0..<matrix.rows).map { matrix[row: $0].reduce(0, +) }
  }

  /// What became of a row.
  struct Found {
    var category: Int?
    var events: [ResonanceEvent]
    /// Whether a template changed.
    var changed = false
  }

  /// Looks for a category for a row.
  ///
  /// - Parameters:
  ///   - input: The row.
  ///   - size: |I|, or what it must be: M for complement-coded rows.
  ///   - vigilance: ρ at first.
  ///   - tracking: By how much vigilance rises past the match of a category that is not permitted.
  ///   - learns: Whether the category learns the row.
  ///   - permits: Whether a category that resonates may be taken.
  mutating func present(
    _ input: ArraySlice<Double>, size: Double, vigilance: Double, tracking: Double = 0,
    learns: Bool, permits: (Int) -> Bool = { _ in true }
  ) -> Found {
    guard size > 0 else { return Found(category: nil, events: []) }
    let overlaps = overlaps(with: input)
    var choices = (0..<count).map { overlaps[$0] / (choiceOffset + norms[$0]) }
    var vigilance = vigilance
    var events: [ResonanceEvent] = []
    for _ in 0..<count {
      let category = largestPlace(choices)
      let match = overlaps[category] / size
      var event = ResonanceEvent(
        category: category, choice: choices[category] * choiceScale, match: match,
        vigilance: vigilance, outcome: .reset)
      choices[category] = -.infinity
      if match >= vigilance {
        guard !permits(category) else {
          event.outcome = .resonance
          events.append(event)
          let changed = learns && learn(input, category)
          return Found(category: category, events: events, changed: changed)
        }
        event.outcome = .mismatch
        vigilance = match + tracking
      }
      events.append(event)
      if vigilance > 1 { break }
    }
    let takesNew = learns && vigilance <= 1 && count < most
    events.append(
      ResonanceEvent(
        category: takesNew ? count : -1, choice: 0, match: 1, vigilance: vigilance,
        outcome: takesNew ? .newCategory : .exhausted))
    guard takesNew else { return Found(category: nil, events: events) }
    commit(input)
    return Found(category: count - 1, events: events, changed: true)
  }

  /// |I ∧ w| of every category. Each sum runs in order; four at a time, so that they do not wait.
  private func overlaps(with input: ArraySlice<Double>) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { result, made in
      input.withUnsafeBufferPointer { x in
        templates.withUnsafeBufferPointer { w in
          var category = 0
          while category + 4 <= count {
            let start = category * width
            var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
            for place in 0..<width {
              let value = x[place]
              a += min(value, w[start + place])
              b += min(value, w[start + width + place])
              c += min(value, w[start + 2 * width + place])
              d += min(value, w[start + 3 * width + place])
            }
            (result[category], result[category + 1]) = (a, b)
            (result[category + 2], result[category + 3]) = (c, d)
            category += 4
          }
          while category < count {
            var sum = 0.0
            for place in 0..<width { sum += min(x[place], w[category * width + place]) }
            result[category] = sum
            category += 1
          }
        }
      }
      made = count
    }
  }

  private mutating func commit(_ input: ArraySlice<Double>) {
    let rate = commitsFast ? 1 : learningRate
    let template = rate == 1 ? Array(input) : input.map { rate * $0 + (1 - rate) }
    templates += template
    norms.append(template.reduce(0, +))
  }

  /// - Returns: Whether the template changed.
  private mutating func learn(_ input: ArraySlice<Double>, _ category: Int) -> Bool {
    let start = category * width
    let (rate, rest) = (learningRate, 1 - learningRate)
    var (changed, norm) = (false, 0.0)
    for (place, value) in input.enumerated() {
      let old = templates[start + place]
      let new = rate == 1 ? min(value, old) : rate * min(value, old) + rest * old
      if new != old {
        templates[start + place] = new
        changed = true
      }
      norm += new
    }
    norms[category] = norm
    return changed
  }
}
