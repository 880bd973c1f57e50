import CKernels
import Foundation
import Testing

/// The worst errors of the elementary functions, in units in the last place, are those that
/// `elementary_f32.inc`, `elementary_f64.inc` and `maps_real.inc` state.
@Suite struct UlpTests {
  /// A function: its loop, and the worst errors that its source states.
  struct Function: CustomTestStringConvertible, Sendable {
    let name: String
    let code: bp_map_code
    /// While the result is a normal number, for Float32 and Float64.
    let limits: (single: Double, double: Double)
    /// In units of the least positive number, while the result is subnormal.
    var subnormal = 1.0
    /// Arguments that are tried densely.
    let range: ClosedRange<Double>
    /// Below these the limits do not hold: the result then has as few places as e^x.
    var floors = (single: -Double.infinity, double: -Double.infinity)

    var testDescription: String { name }
  }

  /// Whether a product and a sum are rounded together: not in the plain kernels for x86.
  private static var isFused: Bool {
    #if arch(x86_64)
      bp_cpu_current() != BP_CPU_PLAIN
    #else
      true
    #endif
  }

  static let functions = [
    Function(
      name: "exp", code: BP_MAP_EXPONENTIAL, limits: (0.98, 0.97), range: -760...715),
    Function(name: "log", code: BP_MAP_LOGARITHM, limits: (0.89, 0.87), range: 0...2.5),
    Function(name: "ELU", code: BP_MAP_ELU, limits: (0.88, 1.12), range: -50...1),
    Function(name: "tanh", code: BP_MAP_TANH, limits: (2.5, 2.51), range: -20...20),
    Function(name: "sigmoid", code: BP_MAP_SIGMOID, limits: (2.31, 2.42), range: -750...40),
    Function(name: "erf", code: BP_MAP_ERF, limits: (1.29, 1.4), range: -7...7),
    Function(name: "softplus", code: BP_MAP_SOFTPLUS, limits: (1.92, 2.09), range: -750...40),
    Function(
      name: "GELU", code: BP_MAP_GELU, limits: isFused ? (3.14, 3.3) : (3.59, 4.16),
      subnormal: 1.6, range: -39...10),
    Function(
      name: "SiLU", code: BP_MAP_SILU, limits: (3.19, 3.15), range: -750...40,
      floors: (-87.3, -708.3)),
  ]

  /// What every function must survive, beside the sweeps.
  private static func edges<T: BinaryFloatingPoint>(_: T.Type) -> [T] {
    let positive: [T] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude.nextDown, .leastNormalMagnitude, .ulpOfOne,
      0.5, T(1).nextDown, 1, T(1).nextUp, 2, 20, 88.5, 89, 100, 104, 710, 750,
      .greatestFiniteMagnitude, .infinity,
    ]
    return positive + positive.map { -$0 } + [.nan]
  }

  @Test(arguments: functions) func `Float32`(function: Function) throws {
    let map = try #require(bp_map_lookup(function.code, BP_F32))
    let (reference, floor) = (Self.single(function.code), Float(function.floors.single))
    var worst = WorstError<Float, Double>()
    worst.measure(map, over: Self.edges(Float.self), from: floor, reference)
    // Every 997th of all floats, from the least to the greatest of either sign.
    let patterns = stride(from: UInt32(0), to: Float.infinity.bitPattern, by: 997)
    let floats = patterns.lazy.map { Float(bitPattern: $0) }
    worst.measure(map, over: floats, from: floor, reference)
    worst.measure(map, over: floats.map { -$0 }, from: floor, reference)
    let (low, high) = (max(-110, function.range.lowerBound), min(90, function.range.upperBound))
    let dense = (0..<1_000_000).lazy.map { Float(low + (high - low) * Double($0) / 1_000_000) }
    worst.measure(map, over: dense, from: floor, reference)
    report(worst, function, function.limits.single)
  }

  #if arch(x86_64) && os(Linux)
    @Test(arguments: functions) func `Float64`(function: Function) throws {
      let map = try #require(bp_map_lookup(function.code, BP_F64))
      let (reference, floor) = (Self.double(function.code), function.floors.double)
      var worst = WorstError<Double, Float80>()
      worst.measure(map, over: Self.edges(Double.self), from: floor, reference)
      let end = Double.infinity.bitPattern
      let patterns = stride(from: UInt64(0), to: end, by: Int(end / 300_007))
      let doubles = patterns.lazy.map { Double(bitPattern: $0) }
      worst.measure(map, over: doubles, from: floor, reference)
      worst.measure(map, over: doubles.map { -$0 }, from: floor, reference)
      // The function's range, and near zero, where most arguments of networks lie.
      let (low, high) = (function.range.lowerBound, function.range.upperBound)
      for (low, high) in [(low, high), (max(low, -12), min(high, 12))] {
        let dense = (0..<400_000).lazy.map { low + (high - low) * (Double($0) / 400_000) }
        worst.measure(map, over: dense, from: floor, reference)
      }
      report(worst, function, function.limits.double)
    }
  #else
    @Test(.disabled("there is no reference of higher precision than Float64 here"))
    func `Float64`() {}
  #endif

  /// Where e^x is subnormal, x e^x is out by some |x| units of the least positive number: what e^x
  /// is out, and the last roundings.
  @Test func `SiLU's far tail`() throws {
    let map = try #require(bp_map_lookup(BP_MAP_SILU, BP_F32))
    let arguments = (0..<100_000).map { -87.3 - 18 * Float($0) / 100_000 }
    var results = arguments
    map(arguments, nil, nil, &results, Int64(arguments.count), 0)
    for (x, found) in zip(arguments, results) {
      let exact = Double(x) / (1 + exp(-Double(x)))
      let error = abs(Double(found) - exact) / Double(Float.leastNonzeroMagnitude)
      #expect(error <= 1.1 * Double(-x), "SiLU of \(x)")
    }
  }

  private func report<T, R>(_ worst: WorstError<T, R>, _ function: Function, _ limit: Double) {
    let normal = String(format: "%.3f", worst.normal.ulp)
    let subnormal = String(format: "%.3f", worst.subnormal.ulp)
    print(
      "\(function.name), \(T.self): at most \(normal) ulp, at \(worst.normal.at); "
        + "\(subnormal) where subnormal, at \(worst.subnormal.at)")
    #expect(worst.normal.ulp <= limit, "\(function.name) of \(worst.normal.at)")
    #expect(worst.subnormal.ulp <= function.subnormal, "\(function.name) of \(worst.subnormal.at)")
    #expect(worst.wrong.isEmpty, "\(function.name) of \(worst.wrong.prefix(5))")
  }

  // MARK: Softmax

  /// Beside a 0, exponentials that are too small to change the row's sum of 1 stay as they are.
  @Test(arguments: [2, 100]) func `softmax's exponential`(columns: Int) {
    var worst = WorstError<Float, Double>()
    for row in 0..<20_000 {
      let x = (0..<columns).map { column -> Float in
        column == 0 ? 0 : -38 - 67 * Float(row * columns + column) / Float(20_000 * columns)
      }
      for (argument, result) in zip(x, softmax(x, BP_F32)).dropFirst() {
        worst.add(result, exp(Double(argument)), at: argument)
      }
    }
    report(worst, Self.functions[0], Self.functions[0].limits.single)
  }

  private func softmax<T>(_ row: [T], _ type: bp_type) -> [T] {
    var result = row
    row.withUnsafeBytes { x in
      result.withUnsafeMutableBytes { y in
        var work = bp_row(
          type: type, code: BP_ROW_SOFTMAX, in: x.baseAddress, out: y.baseAddress, rows: 1,
          columns: Int64(row.count), task_count: 1)
        bp_row_task(&work, 0, nil)
      }
    }
    return result
  }
}
