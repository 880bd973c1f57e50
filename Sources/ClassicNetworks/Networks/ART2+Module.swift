/// ART 2's layers and weights.
struct ART2Module: Hashable, Sendable {
  let settings: ART2
  let width: Int
  /// z′, to the recognition layer, a row for each category.
  private(set) var bottomUp: [[Double]] = []
  /// z, from it.
  private(set) var topDown: [[Double]] = []

  init(settings: ART2, width: Int, bottomUp: Matrix? = nil, topDown: Matrix? = nil) {
    (self.settings, self.width) = (settings, width)
    guard let bottomUp, let topDown else { return }
    self.bottomUp = (0..<bottomUp.rows).map { Array(bottomUp[row: $0]) }
    self.topDown = (0..<topDown.rows).map { Array(topDown[row: $0]) }
  }

  var count: Int { bottomUp.count }

  /// What an active category adds to u in p.
  private enum Feedback {
    /// d z.
    case fixed([Double])
    /// d u / (1 − d): weights that rest with u.
    case resting
  }

  private func length(_ x: [Double]) -> Double {
    var sum = 0.0
    for value in x { sum += value * value }
    return sum.squareRoot()
  }

  /// p = u + d z.
  private func pattern(_ u: [Double], _ z: [Double]) -> [Double] {
    zip(u, z).map { $0 + settings.signal * $1 }
  }

  /// u after F1 has come to rest.
  private func rest(_ row: [Double], _ start: [Double], _ feedback: Feedback) -> [Double] {
    let (a, b, d) = (settings.inputFeedback, settings.upperFeedback, settings.signal)
    let (e, threshold) = (settings.smallest, settings.threshold)
    func kept(_ value: Double) -> Double { value >= threshold ? value : 0 }
    var u = start
    var (p, w, v) = (u, u, u)
    for _ in 0..<10_000 {
      var (pSize, wSize, vSize) = (0.0, 0.0, 0.0)
      switch feedback {
      case .fixed(let sent): for place in 0..<width { p[place] = u[place] + sent[place] }
      case .resting: for place in 0..<width { p[place] = u[place] + d * u[place] / (1 - d) }
      }
      for place in 0..<width {
        w[place] = row[place] + a * u[place]
        pSize += p[place] * p[place]
        wSize += w[place] * w[place]
      }
      // Where nothing is there and e is 0, nothing comes of it.
      let pScale = max(e + pSize.squareRoot(), .leastNormalMagnitude)
      let wScale = max(e + wSize.squareRoot(), .leastNormalMagnitude)
      for place in 0..<width {
        v[place] = kept(w[place] / wScale) + b * kept(p[place] / pScale)
        vSize += v[place] * v[place]
      }
      let vScale = max(e + vSize.squareRoot(), .leastNormalMagnitude)
      var change = 0.0
      for place in 0..<width {
        let new = v[place] / vScale
        change = max(change, abs(new - u[place]))
        u[place] = new
      }
      if change < 1e-12 { break }
    }
    return u
  }

  /// Looks for a category for a row, and learns it.
  mutating func present(_ row: [Double], learns: Bool) -> ResonanceModule.Found {
    let zeros = [Double](repeating: 0, count: width)
    let u = rest(row, zeros, .fixed(zeros))
    let size = length(u)
    guard size > 0 else { return ResonanceModule.Found(category: nil, events: []) }
    let free = settings.start / ((1 - settings.signal) * Double(width).squareRoot())
    var choices = bottomUp.map { dot(u, $0) }
    let canTake = count < settings.categories
    if canTake { choices.append(free * u.reduce(0, +)) }
    var events: [ResonanceEvent] = []
    for _ in choices.indices {
      let category = largestPlace(choices)
      let choice = choices[category]
      choices[category] = -.infinity
      if category == count {
        guard learns else { continue }
        events.append(
          ResonanceEvent(
            category: category, choice: choice, match: 1, vigilance: settings.vigilance,
            outcome: .newCategory))
        bottomUp.append([Double](repeating: free, count: width))
        topDown.append(zeros)
        learn(row, u, category)
        return ResonanceModule.Found(category: category, events: events, changed: true)
      }
      let match = match(u, pattern(u, topDown[category]), size)
      let isReset = match + settings.smallest < settings.vigilance
      events.append(
        ResonanceEvent(
          category: category, choice: choice, match: match, vigilance: settings.vigilance,
          outcome: isReset ? .reset : .resonance))
      guard !isReset else { continue }
      if learns { learn(row, u, category) }
      return ResonanceModule.Found(category: category, events: events, changed: learns)
    }
    events.append(
      ResonanceEvent(
        category: -1, choice: 0, match: 0, vigilance: settings.vigilance, outcome: .exhausted))
    return ResonanceModule.Found(category: nil, events: events)
  }

  /// ‖r‖.
  private func match(_ u: [Double], _ p: [Double], _ size: Double) -> Double {
    let c = settings.resetFeedback
    let sum = zip(u, p).map { $0 + c * $1 }
    return length(sum) / (settings.smallest + size + c * length(p))
  }

  private mutating func learn(_ row: [Double], _ start: [Double], _ category: Int) {
    let d = settings.signal
    func sent(_ z: [Double]) -> Feedback { .fixed(z.map { d * $0 }) }
    var u = rest(row, start, sent(topDown[category]))
    switch settings.learning {
    case .fast:
      u = rest(row, u, .resting)
      topDown[category] = u.map { $0 / (1 - d) }
      bottomUp[category] = topDown[category]
    case .slow:
      let rate = settings.learningRate * d
      for _ in 0..<settings.steps {
        let p = pattern(u, topDown[category])
        for place in 0..<width {
          bottomUp[category][place] += rate * (p[place] - bottomUp[category][place])
          topDown[category][place] += rate * (p[place] - topDown[category][place])
        }
        u = rest(row, u, sent(topDown[category]))
      }
    }
  }
}
