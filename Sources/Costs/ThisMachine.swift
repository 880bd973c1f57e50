import Execution
import Foundation

/// The machine that the program runs on, by what it says of itself.
public struct ThisMachine: Hashable, Sendable {
  /// The processor's name.
  public var processor: String
  /// Cores and clock, vectors and multiply-add units: what the peak follows from.
  public var parts: Device.Parts
  /// Threads that are used.
  public var threads: Int

  /// Cycles a second where the system does not say.
  static let usualClock = 3e9

  /// Asks the system.
  ///
  /// - Parameter threads: Threads to use; all processors by default.
  public init(threads: Int? = nil) {
    var text = ""
    #if os(Linux)
      // The first processors say what all are like; a large machine's file is long to make.
      if let file = FileHandle(forReadingAtPath: "/proc/cpuinfo") {
        text = String(decoding: (try? file.read(upToCount: 16_384)) ?? Data(), as: UTF8.self)
      }
    #endif
    self.init(
      cpuInfo: text, threads: threads ?? ThreadPool.processorCount,
      vectorBits: Execution.Processor.vectorBits)
    #if !os(Linux)
      processor = Self.systemName
    #endif
  }

  /// Reads the text of Linux's `/proc/cpuinfo`; what it does not say is assumed: one thread a core, a
  /// clock of 3 GHz, and two multiply-add units a core.
  ///
  /// - Parameters:
  ///   - threads: Threads that are used.
  ///   - vectorBits: Bits of the vectors that are used.
  package init(cpuInfo: String, threads: Int, vectorBits: Int) {
    var fields: [Substring: [Substring]] = [:]
    for line in cpuInfo.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0].trimmed, default: []].append(parts[1].trimmed)
    }
    func number(_ name: Substring) -> Int? { fields[name]?.first.flatMap { Int($0) } }
    processor = fields["model name"]?.first.map(String.init) ?? "this machine"
    // Idle processors say a lower clock.
    let clock = (fields["cpu MHz"] ?? []).compactMap { Double($0) }.max().map { $0 * 1e6 }
    self.threads = max(1, threads)
    var cores = self.threads
    // Two threads of one core share its units.
    if let own = number("cpu cores"), let all = number("siblings"), own > 0, own < all {
      cores = max(1, (cores * own + all - 1) / all)
    }
    // Zen 4 (family 25) computes vectors of 512 bits in two halves.
    let isZen4 = fields["vendor_id"]?.first == "AuthenticAMD" && number("cpu family") == 25
    parts = Device.Parts(
      cores: cores, clock: clock.flatMap { $0 > 0 ? $0 : nil } ?? Self.usualClock,
      vectorBits: isZen4 ? min(vectorBits, 256) : vectorBits, units: 2)
  }

  /// Rough figures of this machine: the peak follows from its parts; everything else is assumed, as
  /// for processors by their data sheets, with 32 bytes a cycle and core through 2 MB of cache a core,
  /// and 20 GB/s a core, at most 50, through memory.
  public var device: Device {
    let cores = Double(parts.cores)
    var device = Devices.processor(
      "here", processor, parts, bandwidth: min(20e9 * cores, 50e9),
      "rough: the peak by the processor's parts, everything else assumed")
    device.threads = threads
    device.caches = [Device.Cache(size: 2e6 * cores, bandwidth: 32 * cores * parts.clock)]
    if device.bandwidth > device.caches[0].bandwidth {
      device.bandwidth = device.caches[0].bandwidth
    }
    return device
  }

  #if !os(Linux)
    private static var systemName: String {
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var name = [CChar](repeating: 0, count: max(1, size))
      sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
      return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  #endif
}

extension Devices {
  /// This machine: as ``Calibration`` measured it where that was kept, or else roughly, by the
  /// processor's parts. Nothing is measured here.
  ///
  /// A float64 peak that was not measured is half of float32's, as a vector holds half as many.
  ///
  /// - Parameter threads: Threads to use; all processors by default. Figures of more threads are
  ///   taken in proportion.
  /// - Returns: Its figures, and whether they were measured. A kept file that is damaged counts as none.
  public static func here(threads: Int? = nil) -> (device: Device, isMeasured: Bool) {
    guard let kept = try? Calibration.kept() else {
      return (ThisMachine(threads: threads).device, false)
    }
    var device = kept.limited(to: threads ?? ThreadPool.processorCount)
    if device.peak(.float64) == nil, let peak = device.peak(.float32) {
      device.peaks[Device.Precision.float64.rawValue] = peak / 2
    }
    return (device, true)
  }
}

extension Device {
  /// The same with fewer threads, each of which does its share of what all of them do.
  package func limited(to count: Int) -> Device {
    guard let threads, count < threads else { return self }
    let share = Double(max(1, count)) / Double(threads)
    var device = self
    device.threads = max(1, count)
    device.peaks = peaks.mapValues { $0 * share }
    device.parts?.cores = max(1, (parts?.cores ?? 1) * max(1, count) / threads)
    device.bandwidth *= share
    device.caches = caches.map { Cache(size: $0.size, bandwidth: $0.bandwidth * share) }
    return device
  }
}

extension Substring {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: Substring {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    var result = drop(while: isSpace)
    while let last = result.last, isSpace(last) { result.removeLast() }
    return result
  }
}
