/// Weights that learn by Quickprop, each for itself.
///
/// With a weight's slope S = ∂E/∂w, the slope S′ of the epoch before and the step Δ between them, the next
/// step is that to the lowest point of the parabola which they define, Δ S / (S′ − S), or μ Δ where that would
/// be more than μ times as far. −ε S is added at the start and as long as S has the sign that it had when Δ was
/// taken. λ w is part of S, so that weights do not grow without end.
///
/// S. E. Fahlman, "Faster-learning variations on back-propagation: an empirical study", Proceedings of the
/// 1988 Connectionist Models Summer School; with the conditions of his program for cascade-correlation.
struct QuickpropWeights {
  private(set) var weights: [Double]
  /// S without λ w; whoever trains the weights sets it.
  var slopes: [Double]
  private var steps: [Double]
  private var lastSlopes: [Double]

  init(_ weights: [Double]) {
    self.weights = weights
    let zeros = [Double](repeating: 0, count: weights.count)
    (slopes, steps, lastSlopes) = (zeros, zeros, zeros)
  }

  /// More weights, which have taken no step yet.
  mutating func append(_ more: [Double]) {
    weights += more
    let zeros = [Double](repeating: 0, count: more.count)
    slopes += zeros
    steps += zeros
    lastSlopes += zeros
  }

  /// One step of all weights.
  ///
  /// - Parameters:
  ///   - rate: ε.
  ///   - growth: μ.
  ///   - decay: λ.
  mutating func learn(rate: Double, growth: Double, decay: Double) {
    let shrink = growth / (1 + growth)
    for place in weights.indices {
      let (step, last) = (steps[place], lastSlopes[place])
      let slope = slopes[place] + decay * weights[place]
      var next = 0.0
      if step == 0 {
        next -= rate * slope
      } else {
        let isDown = step < 0
        if isDown ? slope > 0 : slope < 0 { next -= rate * slope }
        let isSteep = isDown ? slope >= shrink * last : slope <= shrink * last
        // A parabola needs two slopes.
        next += isSteep || slope == last ? growth * step : step * slope / (last - slope)
      }
      steps[place] = next
      weights[place] += next
      lastSlopes[place] = slope
    }
  }
}
