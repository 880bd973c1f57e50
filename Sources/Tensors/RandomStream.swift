import Foundation

/// A seeded stream of random numbers; a value, so a copy repeats the same numbers.
///
/// Streams with different names under one seed are independent: each purpose (the initial value
/// of one parameter, the shuffling of one epoch) has a stream of its own, so that adding one
/// never changes another.
///
/// ```swift
/// var random = RandomStream(seed: 1, name: "example")
/// let first = random.uniform()     // in 0..<1
/// ```
public struct RandomStream: RandomNumberGenerator, Hashable, Sendable {
  private let key: SIMD2<UInt32>
  private let stream: SIMD2<UInt32>
  private var position: UInt64 = 0

  /// The stream number `stream` of a seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = SIMD2(
      UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
  }

  /// The stream of a seed that belongs to a name (its FNV-1a hash is the stream's number).
  public init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: seed, stream: hash)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let pair = pair(at: position >> 1)
    defer { position += 1 }
    return position & 1 == 0 ? pair.first : pair.second
  }

  /// The two numbers of a block.
  private func pair(at block: UInt64) -> (first: UInt64, second: UInt64) {
    let words = Philox.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        stream.x, stream.y),
      key: key)
    return (UInt64(words.x) | UInt64(words.y) << 32, UInt64(words.z) | UInt64(words.w) << 32)
  }

  /// The same numbers, each block of two computed once.
  private struct Pairs: RandomNumberGenerator {
    var stream: RandomStream
    private var second: UInt64?

    init(_ stream: RandomStream) { self.stream = stream }

    mutating func next() -> UInt64 {
      if let number = second {
        second = nil
        stream.position += 1
        return number
      }
      guard stream.position & 1 == 0 else { return stream.next() }
      let pair = stream.pair(at: stream.position >> 1)
      second = pair.second
      stream.position += 1
      return pair.first
    }
  }

  /// A number uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number uniform in [`low`, `high`).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A standard normal number (Box–Muller).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// The numbers `0..<count` in random order (Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    var pairs = Pairs(self)
    for index in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(index, Int(pairs.next(upperBound: UInt64(index + 1))))
    }
    self = pairs.stream
    return order
  }
}
