import Execution
import Foundation
import GraphIR
import RealModule
import Tensors

/// The figures of the machine that the program runs on, measured.
///
/// Products of generic sizes, in the forms that a dense layer's step has, give the peak, the columns that
/// are computed at once and the half sizes, by the least absolute differences of the logarithms of their
/// times; convolutions of generic sizes theirs. Passes over tensors of growing size give the bandwidth of
/// each level of memory, chains of small passes what starting one and packing operands take, and what
/// short ones take, tasks that do nothing what sharing takes, and wide and narrow results the rates of
/// operations that are no products. No network is among them.
public struct Calibration: Sendable {
  /// One measured product.
  public struct Measured: Hashable, Sendable {
    public let size: ProductSize
    public let tasks: Int
    public let bytes: Int
    public var seconds: Double

    public init(size: ProductSize, tasks: Int, bytes: Int, seconds: Double) {
      (self.size, self.tasks, self.bytes, self.seconds) = (size, tasks, bytes, seconds)
    }
  }

  /// What was found.
  public let device: Device
  /// What it was found from.
  public let products: [Measured]

  /// Measures this machine; about fifteen seconds.
  ///
  /// - Parameters:
  ///   - processor: The processor's name.
  ///   - threads: Threads to use; all processors by default.
  ///   - seconds: How long each figure is measured, at least.
  /// - Throws: `ExecutionError` where memory for the largest pass cannot be had.
  public static func measured(processor: String, threads: Int? = nil, seconds: Double = 0.02) throws
    -> Calibration
  {
    let clock = Stopwatch(threads: threads, seconds: seconds)
    let sizes =
      [8, 32, 128, 512].flatMap { m in
        [8, 32, 128, 512].flatMap { n in [16, 64, 256, 1024].map { ProductSize(m: m, n: n, k: $0) }
        }
      } + [ProductSize(m: 1024, n: 1024, k: 1024), ProductSize(m: 2048, n: 2048, k: 2048)]
    func round() throws -> [Measured] {
      try Stopwatch.Form.allCases.flatMap { form in try sizes.map { try clock.product($0, form) } }
    }
    let startup = try clock.startup()
    let packing = max(0, try clock.packedProduct() - startup)
    // The better of two, some seconds apart: other work on the machine comes and goes.
    var handoff = try clock.handoff()
    let products = try zip(round(), round()).map { $0.seconds < $1.seconds ? $0 : $1 }
    handoff = try min(handoff, clock.handoff())
    let peak = products.map { 2 * Double($0.size.multiplyAdds) / $0.seconds }.max() ?? 1
    var device = Device(
      name: "here", title: processor, kind: .cpu, peaks: [.float32: peak], bandwidth: 1e9,
      startup: startup, handoff: handoff, threads: clock.poolThreads, efficiency: 1,
      halfSizes: Device.HalfSizes(m: 4, n: 8, k: 16), otherShare: 0.1,
      sources: ["measured by backprop bench --calibrate"])
    device.packing = packing
    device.short = try clock.shortPasses()
    try device.measureMemory(by: clock)
    device.fit(products)
    device.fitConvolutions(try clock.convolutions())
    try device.measureOperations(by: clock)
    return Calibration(device: device, products: products)
  }
}

extension Device {
  /// Chooses the half sizes, and with them the peak, that make the differences between the logarithms of
  /// measured and estimated times least: a descent by trial along each axis.
  package mutating func fit(_ products: [Calibration.Measured]) {
    guard let measured = peak(.float32) else { return }
    // Columns are computed as many at once as the vectors hold that explain the times best.
    let fits = [nil, 4, 8, 16].map { lanes -> (device: Device, error: Double) in
      var device = self
      device.lanes = lanes
      let error = device.fit(products, from: halfSizes) { device, halfSizes, factor in
        device.halfSizes = halfSizes
        device.peaks[Precision.float32.rawValue] = measured * factor
      }
      return (device, error)
    }
    self = fits.min { $0.error < $1.error }?.device ?? self
  }

  /// The same for what convolutions have of their own.
  mutating func fitConvolutions(_ measured: [Calibration.Measured]) {
    fit(measured, from: halfSizes) { device, halfSizes, factor in
      device.convolutions = Convolutions(share: factor, halfSizes: halfSizes)
    }
  }

  /// - Returns: The sum of the differences that are left.
  @discardableResult
  private mutating func fit(
    _ products: [Calibration.Measured], from start: HalfSizes,
    _ change: (inout Device, HalfSizes, _ factor: Double) -> Void
  ) -> Double {
    func made(_ values: [Double]) -> Device {
      var device = self
      change(
        &device, HalfSizes(m: .exp(values[0]), n: .exp(values[1]), k: .exp(values[2])),
        .exp(values[3]))
      return device
    }
    func error(_ values: [Double]) -> Double {
      let device = made(values)
      // Absolute differences: a few times that something else disturbed do not matter.
      return products.reduce(0) { sum, product in
        sum + abs(.log(device.seconds(of: product)) - .log(product.seconds))
      }
    }
    var values = [start.m, start.n, start.k].map { Double.log(max($0, 1e-3)) } + [0]
    var (best, step) = (error(values), 1.0)
    while step > 1e-3 {
      var hasImproved = false
      for axis in values.indices {
        for direction in [step, -step] {
          var tried = values
          tried[axis] += direction
          // A half size of a hundredth is none.
          if axis < 3 { tried[axis] = max(tried[axis], .log(0.01)) }
          let found = error(tried)
          if found < best { (best, values, hasImproved) = (found, tried, true) }
        }
      }
      if !hasImproved { step /= 2 }
    }
    self = made(values)
    return best
  }

  /// The time that the device's figures give for a measured product.
  package func seconds(of product: Calibration.Measured) -> Double {
    let share = share(of: product.tasks)
    let compute =
      2 * Double(product.size.multiplyAdds) / ((peak(.float32) ?? 1) * efficiency(of: product.size))
    let memory = Double(product.bytes) / bandwidth(touching: Double(product.bytes))
    return startup(of: product.size, tasks: product.tasks) + max(compute, memory) / share
  }
}
