import GraphIR

/// What keeps a pass from being faster.
public enum Bound: String, Codable, Hashable, Sendable {
  /// The device's arithmetic.
  case compute
  /// The bandwidth of its memory.
  case memory
  /// What starting a pass costs.
  case startup
}

/// The time of one instruction on a device, with its working: t = t₀ + max(F / (η P) + Σ (F_e / E + R t_R), B / β) / u.
public struct InstructionTime: Hashable, Sendable {
  /// t₀ of one run, with t_p where it packs operands and t_h where it has several tasks; t_s of a short
  /// pass.
  public let startup: Double
  /// F / (η P u) of one run: products.
  public let products: Double
  /// Σ (F_e / E + R t_R) / u of one run: everything else that is computed; N t_v + N_f t_f of a short pass.
  public let others: Double
  /// B / (β u) of one run.
  public let memory: Double
  /// η, the share of the peak that the product reaches; nil where there is none.
  public let efficiency: Double?
  /// u, the share of the device that works.
  public let share: Double
  /// How often it runs in a step.
  public let repeats: Int

  /// Seconds in a step.
  public var seconds: Double { Double(repeats) * (startup + max(products + others, memory)) }

  public var bound: Bound {
    let compute = products + others
    if startup >= max(compute, memory) { return .startup }
    return compute >= memory ? .compute : .memory
  }
}

/// A device as a network meets it: at one precision, with a step's bytes in one level of its memory.
public struct Roofline: Hashable, Sendable {
  public let device: Device
  public let precision: Device.Precision
  /// P.
  public let peak: Double
  /// E, of operations that have none of their own.
  public let otherRate: Double
  /// β.
  public let bandwidth: Double

  /// - Parameter touching: The bytes that a step touches, which decide what memory it works in.
  /// - Throws: ``CostError`` where the device has no such precision.
  public init(_ device: Device, _ precision: Device.Precision, touching: Double) throws {
    guard let peak = device.peak(precision) else {
      let known = Device.Precision.allCases.filter { device.peak($0) != nil }
      throw CostError.precision(precision, device: device.name, known: known)
    }
    self.device = device
    self.precision = precision
    self.peak = peak
    otherRate = device.otherShare * (device.peak(.float32) ?? peak)
    bandwidth = device.bandwidth(touching: touching)
  }

  /// The time of an instruction whose numbers were counted as Float32.
  public func time(of work: InstructionWork) -> InstructionTime {
    if work.isShort, let short = device.short {
      let (steps, functions) = shortSteps(of: work)
      return InstructionTime(
        startup: short.startup, products: 0,
        others: Double(steps) * short.step + Double(functions) * short.function, memory: 0,
        efficiency: nil, share: 1, repeats: work.repeats)
    }
    let efficiency = work.product.map { device.efficiency(of: $0, precision) }
    let products = 2 * Double(work.multiplyAdds) / (peak * (efficiency ?? 1))
    let bytes = Double(work.bytes) * Double(precision.byteCount) / 4
    let share = device.share(of: work.tasks)
    return InstructionTime(
      startup: device.startup(of: work.product, tasks: work.tasks), products: products / share,
      others: work.operations.reduce(0) { $0 + seconds(of: $1) } / share,
      memory: bytes / bandwidth / share,
      efficiency: efficiency, share: share, repeats: work.repeats)
  }

  /// The steps of a short pass: a product has one for each term of its sums, any other operation one;
  /// apart from them the operations that have a rate of their own.
  func shortSteps(of work: InstructionWork) -> (steps: Int, functions: Int) {
    let functions = work.operations.count { device.operations?[$0.name] != nil }
    let others = work.operations.count - functions
    return (others + (work.product.map { max(1, $0.k) - 1 } ?? 0), functions)
  }

  /// F_e / E + R t_R of an operation, without its products.
  func seconds(of operation: OperationWork) -> Double {
    guard operation.otherFlops > 0 || operation.multiplyAdds == 0 else { return 0 }
    let own = device.operations?[operation.name]
    return Double(operation.otherFlops) / (own?.rate ?? otherRate)
      + Double(operation.rows) * (own?.row ?? 0)
  }

  /// The arithmetic intensity, in floating-point operations a byte, above which arithmetic bounds.
  public var ridge: Double { peak / bandwidth }
}
