import RealModule

/// What the bias, the inputs and the hidden units are for each row: as units are frozen, they are worked out
/// once.
///
/// Many units that take their inputs from all of these, such as candidates, are worked on together: their
/// weights lie input after input, their nets row after row. Sums run in the order of inputs and of rows.
struct UnitValues {
  let rows: Int
  /// The bias, the inputs, and the units that have come in.
  private(set) var count: Int
  /// One after another, a number for each row.
  private var values: [Double]
  /// As many rows as are worked on at a time, so that their nets stay near.
  private static let block = 256

  /// The bias and the inputs.
  init(_ inputs: Matrix) {
    rows = inputs.rows
    count = 1 + inputs.columns
    values = [Double](repeating: 1, count: inputs.rows) + inputs.transposed.values
  }

  /// What one of them is for each row.
  subscript(unit: Int) -> ArraySlice<Double> { values[unit * rows..<(unit + 1) * rows] }

  /// One more unit, a number for each row.
  ///
  /// - Precondition: As many numbers as rows.
  mutating func append(_ unit: [Double]) {
    precondition(unit.count == rows)
    values += unit
    count += 1
  }

  /// One more unit, from its weights.
  mutating func append(weights: [Double], activation: CascadeCorrelation.Activation) {
    append(nets(weights, units: 1).map { activation.value($0) })
  }

  /// Σᵢ wᵢ vᵢ, [rows, units].
  ///
  /// - Parameter weights: [count, units].
  /// - Precondition: The sizes fit.
  func nets(_ weights: [Double], units: Int) -> [Double] {
    precondition(weights.count == count * units)
    var nets = [Double](repeating: 0, count: rows * units)
    forEachPart { input, part in
      Self.addProducts(of: values, weights, to: &nets, units, input, input * rows, part)
    }
    return nets
  }

  /// Σ over rows of changes and values, [count, units]: the slopes of the weights.
  ///
  /// - Parameter changes: [rows, units].
  /// - Precondition: The sizes fit.
  func slopes(_ changes: [Double], units: Int) -> [Double] {
    precondition(changes.count == rows * units)
    var slopes = [Double](repeating: 0, count: count * units)
    forEachPart { input, part in
      Self.addProducts(of: values, with: changes, to: &slopes, units, input, input * rows, part)
    }
    return slopes
  }

  private func forEachPart(_ body: (_ input: Int, _ part: Range<Int>) -> Void) {
    for start in stride(from: 0, to: rows, by: Self.block) {
      let part = start..<min(start + Self.block, rows)
      for input in 0..<count { body(input, part) }
    }
  }

  /// What one input adds to the nets of some rows.
  private static func addProducts(
    of values: UnsafePointer<Double>, _ weights: UnsafePointer<Double>,
    to nets: UnsafeMutablePointer<Double>, _ units: Int, _ input: Int, _ start: Int,
    _ part: Range<Int>
  ) {
    let own = weights + input * units
    guard units > 1 else {
      for row in part { nets[row] += own[0] * values[start + row] }
      return
    }
    let wide = units / 8 * 8
    for unit in stride(from: 0, to: wide, by: 8) {
      let weight = eight(own + unit)
      for row in part {
        let line = nets + row * units + unit
        setEight(line, eight(line) + weight * values[start + row])
      }
    }
    guard wide < units else { return }
    for row in part {
      let (value, line) = (values[start + row], nets + row * units)
      for unit in wide..<units { line[unit] += own[unit] * value }
    }
  }

  /// What some rows add to the slopes of one input's weights.
  private static func addProducts(
    of values: UnsafePointer<Double>, with changes: UnsafePointer<Double>,
    to slopes: UnsafeMutablePointer<Double>, _ units: Int, _ input: Int, _ start: Int,
    _ part: Range<Int>
  ) {
    let own = slopes + input * units
    guard units > 1 else {
      var sum = own[0]
      for row in part { sum += changes[row] * values[start + row] }
      own[0] = sum
      return
    }
    let wide = units / 8 * 8
    for unit in stride(from: 0, to: wide, by: 8) {
      // Sums that stay in registers.
      var sum = eight(own + unit)
      for row in part { sum += eight(changes + row * units + unit) * values[start + row] }
      setEight(own + unit, sum)
    }
    guard wide < units else { return }
    for row in part {
      let (value, line) = (values[start + row], changes + row * units)
      for unit in wide..<units { own[unit] += line[unit] * value }
    }
  }
}

/// Eight numbers from here on.
@inline(__always)
private func eight(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
  UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
}

@inline(__always)
private func setEight(_ place: UnsafeMutablePointer<Double>, _ numbers: SIMD8<Double>) {
  UnsafeMutableRawPointer(place).storeBytes(of: numbers, as: SIMD8<Double>.self)
}

extension CascadeCorrelation.Activation {
  /// What a unit makes of its net input.
  func value(_ net: Double) -> Double {
    switch self {
    case .sigmoid: symmetricSigmoid(net)
    case .gaussian: net * net > 150 ? 0 : Double.exp(-0.5 * net * net)
    }
  }

  /// The values of many units in place of their nets, and the derivatives there.
  func apply(
    to nets: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>, count: Int
  ) {
    switch self {
    case .sigmoid:
      for place in 0..<count {
        let value = symmetricSigmoid(nets[place])
        (nets[place], slopes[place]) = (value, 0.25 - value * value)
      }
    case .gaussian:
      for place in 0..<count {
        let (net, value) = (nets[place], value(nets[place]))
        (nets[place], slopes[place]) = (value, -value * net)
      }
    }
  }
}

/// 1 / (1 + e^(−net)) − ½, and ±½ beyond 15.
func symmetricSigmoid(_ net: Double) -> Double {
  if net < -15 { return -0.5 }
  if net > 15 { return 0.5 }
  return 1 / (1 + Double.exp(-net)) - 0.5
}
