/// What outputs still do wrong in all rows.
struct ResidualErrors {
  let outputs: Int
  /// y − t, [rows, outputs].
  private(set) var differences: [Double]
  /// (y − t) f′, the errors of the outputs' net inputs.
  private(set) var slopes: [Double]
  /// The mean of ``slopes`` over rows, one for each output.
  private(set) var meanSlopes: [Double]
  /// Σ (y − t)² over rows and outputs.
  private(set) var squaredDifferences = 0.0
  /// Σ ((y − t) f′)².
  private(set) var squaredSlopes = 0.0
  /// How many outputs are off by more than is allowed.
  private(set) var wrong = 0

  /// Measures outputs.
  ///
  /// - Parameters:
  ///   - nets: The outputs' net inputs, [rows, outputs].
  ///   - targets: As many.
  ///   - isLinear: Whether outputs are their net inputs, f′ being 1, or sigmoids of them.
  ///   - offset: What is added to f′ of a sigmoid.
  ///   - tolerance: How far an output may be off.
  init(_ nets: [Double], _ targets: Matrix, isLinear: Bool, offset: Double, tolerance: Double) {
    outputs = targets.columns
    (differences, slopes) = (nets, nets)
    meanSlopes = [Double](repeating: 0, count: outputs)
    var output = 0
    for place in nets.indices {
      let value = isLinear ? nets[place] : symmetricSigmoid(nets[place])
      let difference = value - targets.values[place]
      let slope = isLinear ? difference : difference * (offset + 0.25 - value * value)
      // What is no number is wrong too.
      if !(abs(difference) <= tolerance) { wrong += 1 }
      (differences[place], slopes[place]) = (difference, slope)
      squaredDifferences += difference * difference
      squaredSlopes += slope * slope
      meanSlopes[output] += slope
      output = output + 1 == outputs ? 0 : output + 1
    }
    for place in meanSlopes.indices { meanSlopes[place] /= Double(max(targets.rows, 1)) }
  }
}
