import Execution
import Foundation
import GraphIR
import RealModule
import Tensors

/// The figures of the machine that the program runs on, measured.
///
/// Products of generic sizes give the peak, the half sizes and the start-up time, by least squares of the
/// logarithms of their times; passes over tensors of growing size give the bandwidth of each level of
/// memory, chains of small passes the start-up time of one, and an activation the rate of what is no product.
/// No network is among them.
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

  /// Measures this machine; about ten seconds.
  ///
  /// - Parameters:
  ///   - processor: The processor's name.
  ///   - threads: Threads to use; all processors by default.
  ///   - seconds: How long each figure is measured, at least.
  /// - Throws: `ExecutionError` where memory for the largest pass cannot be had.
  public static func measured(processor: String, threads: Int? = nil, seconds: Double = 0.05) throws
    -> Calibration
  {
    let clock = Stopwatch(threads: threads, seconds: seconds)
    let sizes =
      [8, 32, 128, 512].flatMap { m in
        [8, 32, 128, 512].flatMap { n in [16, 64, 256, 1024].map { ProductSize(m: m, n: n, k: $0) }
        }
      } + [ProductSize(m: 1024, n: 1024, k: 1024), ProductSize(m: 2048, n: 2048, k: 2048)]
    let products = try sizes.map { try clock.product($0) }
    let levels = try (17...28).map { power in
      Device.Cache(size: Double(1 << power), bandwidth: try clock.bandwidth(bytes: 1 << power))
    }
    let startup = try clock.startup()
    let handoff = try clock.handoff(startup: startup)
    let peak = products.map { 2 * Double($0.size.multiplyAdds) / $0.seconds }.max() ?? 1
    var device = Device(
      name: "here", title: processor, kind: .cpu, peaks: [.float32: peak],
      bandwidth: levels[levels.count - 1].bandwidth,
      caches: Array(levels.dropLast()), startup: startup, handoff: handoff,
      threads: clock.poolThreads,
      efficiency: 1, halfSizes: Device.HalfSizes(m: 4, n: 8, k: 16), otherShare: 0.1,
      sources: ["measured by backprop bench --calibrate"])
    device.otherShare = try clock.otherRate() / peak
    device.fit(products)
    device.fitConvolutions(try clock.convolutions())
    return Calibration(device: device, products: products)
  }
}

extension Device {
  /// Chooses the half sizes, and with them the peak, that make the squared differences between the
  /// logarithms of measured and estimated times least: a descent by trial along each axis.
  package mutating func fit(_ products: [Calibration.Measured]) {
    guard let measured = peak(.float32) else { return }
    let share = otherShare * measured
    fit(products, from: halfSizes) { device, halfSizes, factor in
      device.halfSizes = halfSizes
      device.peaks[Precision.float32.rawValue] = measured * factor
    }
    otherShare = share / (peak(.float32) ?? measured)
  }

  /// The same for what convolutions have of their own.
  mutating func fitConvolutions(_ measured: [Calibration.Measured]) {
    fit(measured, from: halfSizes) { device, halfSizes, factor in
      device.convolutions = Convolutions(share: factor, halfSizes: halfSizes)
    }
  }

  private mutating func fit(
    _ products: [Calibration.Measured], from start: HalfSizes,
    _ change: (inout Device, HalfSizes, _ factor: Double) -> Void
  ) {
    func made(_ values: [Double]) -> Device {
      var device = self
      change(
        &device, HalfSizes(m: .exp(values[0]), n: .exp(values[1]), k: .exp(values[2])),
        .exp(values[3]))
      return device
    }
    func error(_ values: [Double]) -> Double {
      let device = made(values)
      return products.reduce(0) { sum, product in
        let difference = Double.log(device.seconds(of: product)) - .log(product.seconds)
        return sum + difference * difference
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
  }

  /// The time that the device's figures give for a measured product.
  package func seconds(of product: Calibration.Measured) -> Double {
    let share = share(of: product.tasks)
    let compute =
      2 * Double(product.size.multiplyAdds) / ((peak(.float32) ?? 1) * efficiency(of: product.size))
    let memory = Double(product.bytes) / bandwidth(touching: Double(product.bytes))
    return startup + (product.tasks > 1 ? handoff : 0) + max(compute, memory) / share
  }
}
