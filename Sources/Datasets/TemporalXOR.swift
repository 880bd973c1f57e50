import Tensors

extension TimeSeries {
  /// The exclusive or in time: two random bits, then 1 where exactly one of them is 1, then two random
  /// bits, ….
  ///
  /// Of each three bits only the third can be foretold, and only by who remembers the second but
  /// one and keeps count. Elman's sequence has 3,000 bits.
  ///
  /// Source: J. Elman, "Finding structure in time", Cognitive Science 14 (1990),
  /// doi:10.1207/s15516709cog1402_1.
  static func temporalXOR(count: Int, seed: UInt64) -> TimeSeries {
    var random = RandomStream(seed: seed, name: "temporal-xor")
    var bits: [Double] = []
    bits.reserveCapacity(count)
    while bits.count < count {
      let place = bits.count
      bits.append(
        place % 3 == 2
          ? (bits[place - 1] == bits[place - 2] ? 0 : 1) : (random.uniform() < 0.5 ? 0 : 1))
    }
    return TimeSeries(
      name: "temporal-xor", column: "bit", values: bits,
      source: "the exclusive or in time, doi:10.1207/s15516709cog1402_1, seed \(seed)",
      suggestedScaling: .none)
  }
}
