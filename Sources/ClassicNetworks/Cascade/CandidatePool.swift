/// Units in training, all for themselves, of which the best comes into the network.
struct CandidatePool {
  private let settings: CascadeCorrelation
  private let errors: ResidualErrors
  private let count: Int
  /// [inputs and units, candidates].
  private var inputs: QuickpropWeights
  /// What each candidate has to do with each output, [outputs, candidates]: for `correlation` the
  /// correlation of the pass before, for `cascade2` a weight.
  private var ties: [Double]
  /// ``ties`` with their steps, for `cascade2`.
  private var outputs: QuickpropWeights
  /// How good each candidate was in the last pass.
  private var scores: [Double]

  /// - Parameter draw: Gives a random weight.
  init(
    _ settings: CascadeCorrelation, for errors: ResidualErrors, inputs: Int, draw: () -> Double
  ) {
    (self.settings, self.errors, count) = (settings, errors, settings.candidates)
    var weights = [Double](repeating: 0, count: inputs * count)
    for candidate in 0..<count {
      for input in 0..<inputs { weights[input * count + candidate] = draw() }
    }
    self.inputs = QuickpropWeights(weights)
    ties = [Double](repeating: 0, count: count * errors.outputs)
    if settings.variant == .cascade2 {
      // As large as the errors are that they are to take away.
      let size = (errors.squaredDifferences / Double(max(errors.differences.count, 1))).squareRoot()
      for candidate in 0..<count {
        for output in 0..<errors.outputs { ties[output * count + candidate] = size * draw() }
      }
    }
    outputs = QuickpropWeights(ties)
    scores = [Double](repeating: 0, count: count)
  }

  /// The candidate with the highest score, the first of several, and its score.
  var best: (candidate: Int, score: Double) {
    let place = largestPlace(scores)
    return (place, scores[place])
  }

  /// Its weights, [inputs and units].
  func inputWeights(_ candidate: Int) -> [Double] {
    stride(from: candidate, to: inputs.weights.count, by: count).map { inputs.weights[$0] }
  }

  /// The weights with which it begins in the network, [outputs]: what it says of the errors, taken away.
  func outputWeights(_ candidate: Int) -> [Double] {
    stride(from: candidate, to: ties.count, by: count).map { -ties[$0] }
  }

  /// One pass over the rows.
  ///
  /// - Parameter learns: Whether weights take a step, or candidates are measured only.
  mutating func pass(_ units: UnitValues, learns: Bool) {
    var values = units.nets(inputs.weights, units: count)
    var slopes = values
    settings.activation.apply(to: &values, slopes: &slopes, count: values.count)
    let rows = units.rows
    switch settings.variant {
    case .correlation: correlate(values, &slopes, rows: rows)
    case .cascade2: approach(values, &slopes, rows: rows, learns: learns)
    }
    guard learns else { return }
    inputs.slopes = units.slopes(slopes, units: count)
    inputs.learn(
      rate: settings.candidateRate / Double(rows * units.count), growth: settings.growth,
      decay: settings.candidateDecay)
  }

  /// Measures S and makes of the candidates' f′ the −∂S / ∂net; both are divided by the sum of the squared
  /// errors, so that steps do not become smaller with them. Signs are those of the pass before, which
  /// saves a second pass.
  private mutating func correlate(_ values: [Double], _ slopes: inout [Double], rows: Int) {
    let scale = errors.squaredSlopes > 0 ? errors.squaredSlopes : 1
    let signs = ties.map { $0 < 0 ? -1.0 : 1 }
    let deviations = errors.slopes.indices.map {
      (errors.slopes[$0] - errors.meanSlopes[$0 % errors.outputs]) / scale
    }
    var sums = [Double](repeating: 0, count: count)
    Self.correlate(
      values, &slopes, errors.slopes, deviations, signs, products: &ties, sums: &sums, rows: rows,
      outputs: errors.outputs, count)
    scores = sums.map { _ in 0 }
    for place in ties.indices {
      let mean = sums[place % count] / Double(rows)
      let sum = errors.meanSlopes[place / count] * Double(rows)
      ties[place] = (ties[place] - mean * sum) / scale
      scores[place % count] += abs(ties[place])
    }
  }

  private static func correlate(
    _ values: UnsafePointer<Double>, _ slopes: UnsafeMutablePointer<Double>,
    _ errors: UnsafePointer<Double>, _ deviations: UnsafePointer<Double>,
    _ signs: UnsafePointer<Double>, products: UnsafeMutablePointer<Double>,
    sums: UnsafeMutablePointer<Double>, rows: Int, outputs: Int, _ count: Int
  ) {
    products.update(repeating: 0, count: outputs * count)
    for row in 0..<rows {
      let (value, slope) = (values + row * count, slopes + row * count)
      for candidate in 0..<count { sums[candidate] += value[candidate] }
      for candidate in 0..<count {
        var change = 0.0
        for output in 0..<outputs {
          change -=
            signs[output * count + candidate] * slope[candidate]
            * deviations[row * outputs + output]
        }
        slope[candidate] = change
      }
      for output in 0..<outputs {
        let (error, product) = (errors[row * outputs + output], products + output * count)
        for candidate in 0..<count { product[candidate] += value[candidate] * error }
      }
    }
  }

  /// Measures the share of the squared errors that candidates take away, 1 − Σ (w V − E)² / Σ E², makes of
  /// their f′ the change by each net of half of what they leave, and lets the weights w learn.
  private mutating func approach(
    _ values: [Double], _ slopes: inout [Double], rows: Int, learns: Bool
  ) {
    let scale = errors.squaredDifferences > 0 ? errors.squaredDifferences : 1
    var left = [Double](repeating: 0, count: count)
    outputs.slopes = Self.approach(
      values, &slopes, errors.differences, ties, left: &left, scale: scale, rows: rows,
      outputs: errors.outputs, count)
    scores = left.map { 1 - $0 / scale }
    guard learns else { return }
    outputs.learn(
      rate: settings.outputRate / Double(rows), growth: settings.growth,
      decay: settings.candidateDecay)
    ties = outputs.weights
  }

  private static func approach(
    _ values: UnsafePointer<Double>, _ slopes: UnsafeMutablePointer<Double>,
    _ errors: UnsafePointer<Double>, _ ties: UnsafePointer<Double>,
    left: UnsafeMutablePointer<Double>, scale: Double, rows: Int, outputs: Int, _ count: Int
  ) -> [Double] {
    var tieSlopes = [Double](repeating: 0, count: outputs * count)
    for row in 0..<rows {
      for candidate in 0..<count {
        let value = values[row * count + candidate]
        var back = 0.0
        for output in 0..<outputs {
          let tie = ties[output * count + candidate]
          let rest = tie * value - errors[row * outputs + output]
          left[candidate] += rest * rest
          tieSlopes[output * count + candidate] += rest * value
          back += rest * tie
        }
        slopes[row * count + candidate] = back * slopes[row * count + candidate] / scale
      }
    }
    return tieSlopes
  }
}
