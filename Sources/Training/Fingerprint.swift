import Tensors

/// A number that stands for tensors of these very values, in this order: FNV-1a over 64-bit words.
struct Fingerprint {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ shape: Shape, _ bytes: UnsafeRawBufferPointer) {
    for size in shape.dimensions { value = (value ^ UInt64(size)) &* 0x100_0000_01B3 }
    let words = bytes.count / 8
    for word in 0..<words {
      let next = bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)
      value = (value ^ next) &* 0x100_0000_01B3
      value ^= value >> 32
    }
    for byte in bytes[(8 * words)...] { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }
}
