import CKernels

/// The worst error of an element-wise loop against a reference of higher precision.
///
/// Errors are in units in the last place (ulp): the distance of two neighbouring numbers of type
/// `T` where the exact result lies. Infinity counts as the first number beyond the greatest.
struct WorstError<T: BinaryFloatingPoint, R: BinaryFloatingPoint> where R.Exponent == Int {
  /// Where the exact result is a normal number (or beyond), and for which argument.
  private(set) var normal = (ulp: 0.0, at: T.zero)
  /// Where it is subnormal: in units of the least positive number.
  private(set) var subnormal = (ulp: 0.0, at: T.zero)
  /// Arguments with a wrong NaN or infinity, or a zero of the wrong sign.
  private(set) var wrong: [T] = []

  private static var leastExponent: Int { Int(T.leastNormalMagnitude.exponent) }

  /// One unit in the last place at a number.
  private static func unit(at exact: R) -> R {
    let exponent = exact.isZero ? leastExponent : Int(exact.exponent)
    return R(
      sign: .plus, exponent: max(exponent, leastExponent) - T.significandBitCount, significand: 1)
  }

  /// The first power of two that is too large for `T`.
  private static var beyond: R {
    R(sign: .plus, exponent: Int(T.greatestFiniteMagnitude.exponent) + 1, significand: 1)
  }

  /// Takes one result into account.
  mutating func add(_ found: T, _ exact: R, at argument: T) {
    if found.isNaN || exact.isNaN {
      if found.isNaN != exact.isNaN { wrong.append(argument) }
      return
    }
    func bounded(_ value: R) -> R { max(-Self.beyond, min(Self.beyond, value)) }
    let (value, goal) = (bounded(R(found)), bounded(exact))
    if goal == value {
      if goal.isZero, goal.sign != value.sign { wrong.append(argument) }
      return
    }
    let ulp = Double((value - goal).magnitude / Self.unit(at: goal))
    if goal.magnitude < R(T.leastNormalMagnitude) {
      if ulp > subnormal.ulp { subnormal = (ulp, argument) }
    } else if ulp > normal.ulp {
      normal = (ulp, argument)
    }
  }

  /// Runs a loop, with 1 as its parameter, over arguments, block by block, and takes its
  /// results into account; arguments below `floor` are left out.
  mutating func measure(
    _ map: bp_map, over arguments: some Sequence<T>, from floor: T, _ reference: (T) -> R
  ) {
    var block: [T] = []
    block.reserveCapacity(4096)
    for argument in arguments where !(argument < floor) || argument == -.infinity {
      block.append(argument)
      if block.count == 4096 { flush(map, &block, reference) }
    }
    flush(map, &block, reference)
  }

  private mutating func flush(_ map: bp_map, _ block: inout [T], _ reference: (T) -> R) {
    var results = block
    block.withUnsafeBytes { from in
      results.withUnsafeMutableBytes { to in
        map(from.baseAddress, nil, nil, to.baseAddress, Int64(block.count), 1)
      }
    }
    for (argument, result) in zip(block, results) {
      add(result, reference(argument), at: argument)
    }
    block.removeAll(keepingCapacity: true)
  }
}
