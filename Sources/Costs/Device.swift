import Execution
import GraphIR

/// A processor that networks are trained on, by its figures.
///
/// From a data sheet, or measured: ``Calibration``. A pass over data takes
///
/// t = t₀ + max(F / (η P) + Σ (F_e / E + R t_R), B / β) / u
///
/// with the start-up time t₀, F floating-point operations of products at the share η of the peak P, for each
/// other operation F_e of them at its rate E and R rows of t_R each, and B bytes through the memory's bandwidth
/// β; u is the share of a processor's threads that the pass keeps busy, and t₀ is longer by t_p where operands
/// of a product are packed and by t_h where there are several tasks (the roofline: S. Williams, A. Waterman,
/// D. Patterson, Communications of the ACM 52 (2009), doi:10.1145/1498765.1498785).
///
/// A short pass, whose tensors are no longer than a vector each, takes t_s + N t_v + N_f t_f where its device
/// has such figures: a start of its own and a time for each of N steps and N_f functions, whatever their
/// elements.
public struct Device: Codable, Hashable, Sendable {
  /// What it is.
  public enum Kind: String, Codable, Hashable, Sendable { case cpu, gpu }

  /// The type and the unit that products are computed with.
  public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
    case float64, float32, tf32, bfloat16, float16

    /// Bytes of a number in memory.
    public var byteCount: Int {
      switch self {
      case .float64: 8
      case .float32, .tf32: 4
      case .bfloat16, .float16: 2
      }
    }
  }

  /// A cache that all threads together see.
  public struct Cache: Codable, Hashable, Sendable {
    /// Its bytes.
    public var size: Double
    /// β of it: bytes a second, read and written.
    public var bandwidth: Double

    public init(size: Double, bandwidth: Double) { (self.size, self.bandwidth) = (size, bandwidth) }
  }

  /// How a processor's peak follows from its parts: cores × clock × lanes × units × 2.
  public struct Parts: Codable, Hashable, Sendable {
    public var cores: Int
    /// Cycles a second, where all cores work.
    public var clock: Double
    /// Bits of a vector register.
    public var vectorBits: Int
    /// Fused multiply-add units of a core.
    public var units: Int

    public init(cores: Int, clock: Double, vectorBits: Int, units: Int) {
      (self.cores, self.clock, self.vectorBits, self.units) = (cores, clock, vectorBits, units)
    }

    /// cores · clock · lanes · units · 2, lanes = vector bits over the number's bits.
    public func peak(_ precision: Precision) -> Double {
      Double(cores * units) * clock * Double(vectorBits) / Double(8 * precision.byteCount) * 2
    }
  }

  /// The name that it is asked for by: `h100`.
  public var name: String
  /// Its name in full.
  public var title: String
  public var kind: Kind
  /// What the peak of a CPU follows from.
  public var parts: Parts?
  /// P, floating-point operations a second, by precision.
  public var peaks: [String: Double]
  /// β, bytes a second of the memory.
  public var bandwidth: Double
  /// Caches, the smallest first; none where a data sheet gives no bandwidth of them.
  public var caches: [Cache]
  /// The memory's bytes; nil where a machine can have any.
  public var memory: Double?
  /// t₀, seconds: what starting one pass costs.
  public var startup: Double
  /// t_p, seconds: what packing the operands of a product takes; nil for nothing.
  public var packing: Double?
  /// t_h, seconds: what handing a pass's tasks to other threads costs.
  public var handoff: Double
  /// The threads that share a pass's tasks; nil where every pass has the whole device.
  public var threads: Int?
  /// η of a product too large for its edges to matter.
  public var efficiency: Double
  /// How many columns of a product are computed at once: n counts as the next multiple. Nil for any.
  public var lanes: Int?
  /// The sizes of m, n and k at which a product reaches half of that; a quarter of them where a graphics
  /// processor computes without its tensor cores, whose tiles are larger.
  public var halfSizes: HalfSizes
  /// The same of convolutions, and what they reach of a product's speed; nil where they are as products.
  public var convolutions: Convolutions?
  /// E as a share of P in Float32: activations, sums and updates.
  public var otherShare: Double
  /// What operations that are no products have of their own, by the operation's name; nil for nothing.
  public var operations: [String: Rates]?
  /// What short passes take, whose tensors are no longer than a vector each; nil where they are as others.
  public var short: ShortPasses?
  /// Where the figures come from.
  public var sources: [String]

  /// What passes take whose tensors are no longer than a vector each.
  public struct ShortPasses: Codable, Hashable, Sendable {
    /// t_s, seconds: what starting one costs.
    public var startup: Double
    /// t_v, seconds of a step: an operation, or a term of a product's sums.
    public var step: Double
    /// t_f, seconds of an operation that has a rate of its own among longer passes.
    public var function: Double

    public init(startup: Double, step: Double, function: Double) {
      (self.startup, self.step, self.function) = (startup, step, function)
    }
  }

  /// What an operation that is no product has of its own.
  public struct Rates: Codable, Hashable, Sendable {
    /// E of it: floating-point operations a second.
    public var rate: Double
    /// t_R, seconds: what a row of its result takes beside its elements' operations.
    public var row: Double

    public init(rate: Double, row: Double) { (self.rate, self.row) = (rate, row) }
  }

  /// What convolutions have of their own.
  public struct Convolutions: Codable, Hashable, Sendable {
    /// The speed of a large one, as a share of a large product's.
    public var share: Double
    public var halfSizes: HalfSizes

    public init(share: Double, halfSizes: HalfSizes) {
      (self.share, self.halfSizes) = (share, halfSizes)
    }
  }

  /// The sizes at which half of the speed is reached.
  public struct HalfSizes: Codable, Hashable, Sendable {
    public var m: Double
    public var n: Double
    public var k: Double

    public init(m: Double, n: Double, k: Double) { (self.m, self.n, self.k) = (m, n, k) }
  }

  public init(
    name: String, title: String, kind: Kind, parts: Parts? = nil, peaks: [Precision: Double] = [:],
    bandwidth: Double, caches: [Cache] = [], memory: Double? = nil, startup: Double,
    handoff: Double = 0, threads: Int? = nil,
    efficiency: Double, halfSizes: HalfSizes, otherShare: Double, sources: [String]
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.parts = parts
    self.peaks = Dictionary(uniqueKeysWithValues: peaks.map { ($0.key.rawValue, $0.value) })
    self.bandwidth = bandwidth
    self.caches = caches
    self.memory = memory
    self.startup = startup
    self.handoff = handoff
    self.threads = threads
    self.efficiency = efficiency
    self.halfSizes = halfSizes
    self.otherShare = otherShare
    self.sources = sources
  }

  /// P in a precision: as given, or as it follows from the parts; nil where neither says it.
  public func peak(_ precision: Precision) -> Double? {
    if let peak = peaks[precision.rawValue] { return peak }
    guard precision == .float32 || precision == .float64 else { return nil }
    return parts?.peak(precision)
  }

  /// β where a step touches so many bytes: of the smallest cache that holds them, or of the memory.
  public func bandwidth(touching bytes: Double) -> Double {
    caches.first { bytes <= $0.size }?.bandwidth ?? bandwidth
  }

  /// η of a product: the share of the peak that it reaches,
  /// η = η∞ · m / (m + m½) · n / (nᵥ + n½) · k / (k + k½), nᵥ = ``columns(_:_:)``.
  public func efficiency(of product: ProductSize, _ precision: Precision = .float32) -> Double {
    let halfSizes = halfSizes(product, precision)
    func share(_ size: Int, _ half: Double) -> Double { Double(size) / (Double(size) + half) }
    let columns = Double(columns(product.n, precision))
    return largest(product) * share(product.m, halfSizes.m)
      * Double(product.n) / (columns + halfSizes.n) * share(product.k, halfSizes.k)
  }

  /// nᵥ, the columns that are computed for n: the next multiple of ``lanes``, of half as many for
  /// Float64; n itself where it is 1, which is computed along k.
  public func columns(_ n: Int, _ precision: Precision) -> Int {
    guard let lanes, n > 1 else { return n }
    let step = max(1, precision == .float64 ? lanes / 2 : lanes)
    return (n + step - 1) / step * step
  }

  /// u, the share of the threads that so many tasks keep busy: the last round may leave some idle.
  public func share(of tasks: Int) -> Double {
    guard let threads else { return 1 }
    let tasks = max(1, tasks)
    let rounds = (tasks + threads - 1) / threads
    return Double(tasks) / Double(rounds * threads)
  }

  /// t₀ of a pass, with t_p and t_h where they apply.
  func startup(of product: ProductSize?, tasks: Int) -> Double {
    let isPacked = product.map { $0.multiplyAdds > Plan.mostUnpackedMultiplyAdds } ?? false
    return startup + (isPacked ? packing ?? 0 : 0) + (tasks > 1 && threads ?? 1 > 1 ? handoff : 0)
  }

  /// η∞ of a product: the share of the peak that a large one reaches.
  public func largest(_ product: ProductSize) -> Double {
    efficiency * (product.isConvolution ? convolutions?.share ?? 1 : 1)
  }

  /// The half sizes of a product in a precision.
  public func halfSizes(_ product: ProductSize, _ precision: Precision) -> HalfSizes {
    if product.isConvolution, let own = convolutions { return own.halfSizes }
    let isPlain = kind == .gpu && (precision == .float32 || precision == .float64)
    let part = isPlain ? 0.25 : 1
    return HalfSizes(m: part * halfSizes.m, n: part * halfSizes.n, k: part * halfSizes.k)
  }

  /// What is wrong with the figures, in words; nil where nothing is.
  public var problem: String? {
    func bad(_ name: String, _ value: Double, _ expected: String) -> String {
      "\(name) is \(value), expected \(expected)"
    }
    if name.isEmpty { return "the name is empty" }
    for (precision, peak) in peaks.sorted(by: { $0.key < $1.key }) {
      guard Precision(rawValue: precision) != nil else {
        return "peaks has \"\(precision)\", expected one of "
          + Precision.allCases.map(\.rawValue).joined(separator: ", ")
      }
      guard peak > 0, peak.isFinite else {
        return bad("the peak of \(precision)", peak, "more than 0")
      }
    }
    if let parts, parts.cores < 1 || !(parts.clock > 0) || parts.vectorBits < 64 || parts.units < 1
    {
      return "parts are \(parts.cores) cores, \(parts.clock) Hz, \(parts.vectorBits) bits and "
        + "\(parts.units) units, expected 1 core, more than 0 Hz, 64 bits and 1 unit at least"
    }
    if peak(.float32) == nil {
      return "there is neither a peak of float32 nor parts to have it from"
    }
    for (name, value) in [
      ("bandwidth", bandwidth), ("efficiency", efficiency), ("otherShare", otherShare),
    ]
    where !(value > 0 && value.isFinite) {
      return bad(name, value, "more than 0")
    }
    if efficiency > 1 { return bad("efficiency", efficiency, "1 at most") }
    for (name, value) in [
      ("startup", startup), ("handoff", handoff), ("packing", packing ?? 0),
      ("short.startup", short?.startup ?? 0), ("short.step", short?.step ?? 0),
      ("short.function", short?.function ?? 0),
    ]
    where !(value >= 0 && value.isFinite) {
      return bad(name, value, "0 or more seconds")
    }
    if let lanes, lanes < 1 { return "lanes are \(lanes), expected 1 at least" }
    for (name, rates) in (operations ?? [:]).sorted(by: { $0.key < $1.key })
    where !(rates.rate > 0 && rates.rate.isFinite && rates.row >= 0 && rates.row.isFinite) {
      return
        "\(name) has the rate \(rates.rate) and \(rates.row) seconds a row, expected more than 0 "
        + "and 0 or more"
    }
    if let threads, threads < 1 { return "threads are \(threads), expected 1 at least" }
    if let memory, !(memory > 0) { return bad("memory", memory, "more than 0 bytes") }
    if let convolutions, !(convolutions.share > 0 && convolutions.share.isFinite) {
      return bad("convolutions.share", convolutions.share, "more than 0")
    }
    let own = convolutions?.halfSizes ?? halfSizes
    if [halfSizes.m, halfSizes.n, halfSizes.k, own.m, own.n, own.k].contains(where: {
      !($0 >= 0 && $0.isFinite)
    }) {
      return "halfSizes are \(halfSizes.m), \(halfSizes.n), \(halfSizes.k), expected 0 or more"
    }
    if caches.contains(where: { !($0.size > 0 && $0.bandwidth > 0) }) {
      return "a cache has a size or bandwidth that is not more than 0"
    }
    return nil
  }
}
