/// Grayscale PNG files without compression.
///
/// Format: PNG (ISO/IEC 15948) with 8-bit gray pixels, zlib (RFC 1950) around stored deflate
/// blocks (RFC 1951). For pictures of a few hundred pixels compression would gain nothing.
package enum PNG {
  /// The file's bytes; `pixels` run from the top left along the rows, missing ones are black.
  package static func gray(width: Int, height: Int, pixels: [UInt8]) -> [UInt8] {
    var rows: [UInt8] = []
    for row in 0..<height {
      rows.append(0)  // no filter
      for column in 0..<width {
        let index = row * width + column
        rows.append(index < pixels.count ? pixels[index] : 0)
      }
    }
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("IDAT", zlib(rows)) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + content + bigEndian(crc32(content))
  }

  private static func zlib(_ data: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65535, data.count)
      let length = UInt16(end - start)
      result.append(end == data.count ? 1 : 0)
      for value in [length, ~length] { result += [UInt8(value & 255), UInt8(value >> 8)] }
      result += data[start..<end]
      start = end
    } while start < data.count
    return result + bigEndian(adler32(data))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  package static func adler32(_ data: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in data {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }

  package static func crc32(_ data: [UInt8]) -> UInt32 {
    var result: UInt32 = 0xFFFF_FFFF
    for byte in data {
      result = crcTable[Int(UInt8(truncatingIfNeeded: result) ^ byte)] ^ (result >> 8)
    }
    return ~result
  }

  private static let crcTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  /// Base64 (RFC 4648) with padding.
  package static func base64(_ data: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: data.count, by: 3) {
      let bytes = data[start..<min(start + 3, data.count)]
      let group = bytes.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - bytes.count))
      for place in 0..<4 {
        result.append(
          place <= bytes.count ? alphabet[group >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
