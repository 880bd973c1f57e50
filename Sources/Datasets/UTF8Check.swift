/// Finds bytes that are not UTF-8 (Unicode 16, table 3-7).
enum UTF8Check {
  /// The place of the first byte at which no well-formed sequence starts; nil where all is UTF-8.
  static func firstStray(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    var position = 0
    while position < text.count {
      let first = text[position]
      if first < 0x80 {
        position += 1
        continue
      }
      guard let (length, second) = sequence(startingWith: first),
        position + length <= text.count, second.contains(text[position + 1]),
        text[(position + 2)..<(position + length)].allSatisfy({ (0x80...0xBF).contains($0) })
      else { return position }
      position += length
    }
    return nil
  }

  /// The length of a sequence by its first byte, and what its second byte may be.
  private static func sequence(startingWith first: UInt8) -> (Int, ClosedRange<UInt8>)? {
    switch first {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
