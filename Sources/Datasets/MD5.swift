import Foundation

/// The MD5 digest (R. Rivest, RFC 1321), by which the public mirrors' files are known.
///
/// It shows that a download is whole; against forgery it is no protection.
package struct MD5 {
  private var state: SIMD4<UInt32> = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
  private var block: [UInt8] = []
  private var length: UInt64 = 0

  /// The constants of RFC 1321: the integer parts of 2³² |sin i|.
  private static let sines: [UInt32] = (1...64).map { UInt32(abs(sin(Double($0))) * 0x1p32) }
  private static let turns: [[UInt32]] = [
    [7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21],
  ]

  package init() { block.reserveCapacity(64) }

  /// Takes in more bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !block.isEmpty {
      let count = min(64 - block.count, rest.count)
      block += rest.prefix(count)
      rest = rest.dropFirst(count)
      if block.count < 64 { return }
      block.withUnsafeBytes { state = Self.mix(state, $0) }
      block.removeAll(keepingCapacity: true)
    }
    while rest.count >= 64 {
      state = Self.mix(state, UnsafeRawBufferPointer(rebasing: rest.prefix(64)))
      rest = rest.dropFirst(64)
    }
    block += rest
  }

  /// The digest of all bytes so far, in hexadecimal digits.
  package func digest() -> String {
    var last = block + [0x80]
    while last.count % 64 != 56 { last.append(0) }
    for shift in stride(from: 0, to: 64, by: 8) {
      last.append(UInt8(truncatingIfNeeded: (length &* 8) >> UInt64(shift)))
    }
    let final = last.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 64).reduce(state) {
        Self.mix($0, UnsafeRawBufferPointer(rebasing: bytes[$1..<$1 + 64]))
      }
    }
    return (0..<16).map { index in
      let byte = UInt8(truncatingIfNeeded: final[index / 4] >> UInt32(8 * (index % 4)))
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  /// The digest of a file.
  package static func digest(ofFile path: String) throws -> String {
    let file = try FileBytes(path: path)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    var sum = MD5()
    while case let count = try file.read(into: piece), count > 0 {
      sum.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
    return sum.digest()
  }

  private static func mix(
    _ state: SIMD4<UInt32>, _ block: UnsafeRawBufferPointer
  ) -> SIMD4<UInt32> {
    var (a, b, c, d) = (state.x, state.y, state.z, state.w)
    for step in 0..<64 {
      let (value, word): (UInt32, Int) =
        switch step / 16 {
        case 0: (b & c | ~b & d, step)
        case 1: (d & b | ~d & c, 5 * step + 1)
        case 2: (b ^ c ^ d, 3 * step + 5)
        default: (c ^ (b | ~d), 7 * step)
        }
      let message = UInt32(
        littleEndian: block.loadUnaligned(fromByteOffset: word % 16 * 4, as: UInt32.self))
      let sum = a &+ value &+ message &+ sines[step]
      let turn = turns[step / 16][step % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << turn | sum >> (32 - turn)))
    }
    return state &+ SIMD4(a, b, c, d)
  }
}
