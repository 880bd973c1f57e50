/// Reads the part of JSON that a safetensors header is made of: objects, arrays, strings and
/// whole numbers.
///
/// A general parser would lose the order of an object's keys, keep only one of two equal keys and
/// round large numbers, all of which matter here. The caller says what it expects next, so there
/// is no recursion that a hostile header could drive deep.
///
/// Format: RFC 8259.
struct HeaderScanner {
  private let bytes: [UInt8]
  private let source: String
  private var position = 0

  init(_ bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func invalid(expected: String) -> InterchangeError {
    let found = next.map { byte in
      (0x21...0x7E).contains(byte)
        ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
    }
    return InterchangeError(
      source: source,
      problem: "the header is not valid: at its byte \(position) "
        + "\(found ?? "its end") was found where \(expected) was expected")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  /// Passes the byte if it is next, after white space.
  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard let byte = next, byte == character.asciiValue else { return false }
    position += 1
    return true
  }

  /// Passes the byte, or throws.
  private mutating func expect(_ character: Character, or other: String = "") throws {
    if !take(character) { throw invalid(expected: "'\(character)'" + other) }
  }

  /// An object; `member` reads the value of each key. Two equal keys are refused.
  mutating func object(
    _ what: String, _ member: (inout HeaderScanner, String) throws -> Void
  ) throws {
    try expect("{")
    if take("}") { return }
    var seen: Set<String> = []
    repeat {
      let key = try string()
      guard seen.insert(key).inserted else {
        throw InterchangeError(
          source: source, problem: "the header is not valid: \(what) has \(quoted(key)) twice")
      }
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}", or: " or ','")
  }

  /// An array of whole numbers of at most `limit` elements.
  mutating func naturals(limit: Int) throws -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var values: [Int] = []
    repeat {
      guard values.count < limit else {
        throw invalid(expected: "the end of an array of at most \(limit) numbers")
      }
      values.append(try natural())
    } while take(",")
    try expect("]", or: " or ','")
    return values
  }

  /// A whole number, neither negative nor past Int.max.
  private mutating func natural() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let byte = next, (0x30...0x39).contains(byte) {
      let (tens, overflowTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowSum) = tens.addingReportingOverflow(Int(byte - 0x30))
      if overflowTens || overflowSum {
        position = start
        throw invalid(expected: "a number of at most \(Int.max)")
      }
      value = sum
      position += 1
    }
    let length = position - start
    if length == 0 || (length > 1 && bytes[start] == 0x30) {
      position = start
      throw invalid(expected: "a whole number that is not negative")
    }
    return value
  }

  /// A string in quotes.
  mutating func string() throws -> String {
    try expect("\"")
    let start = position
    var unescaped: [UInt8] = []
    while let byte = next, byte != 0x22 {
      if byte < 0x20 { throw invalid(expected: "an escaped control character") }
      position += 1
      if byte == 0x5C {
        unescaped.append(contentsOf: String(try escape()).utf8)
      } else {
        unescaped.append(byte)
      }
    }
    try expect("\"")
    guard let text = String(validating: unescaped, as: UTF8.self) else {
      position = start
      throw invalid(expected: "text in UTF-8")
    }
    return text
  }

  /// What stands after a backslash.
  private mutating func escape() throws -> UnicodeScalar {
    guard let byte = next else { throw invalid(expected: "an escape") }
    let plain: [UInt8: UnicodeScalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    if let scalar = plain[byte] {
      position += 1
      return scalar
    }
    guard byte == 0x75 else { throw invalid(expected: "an escape") }
    position += 1
    var code = try fourHexDigits()
    if (0xD800..<0xDC00).contains(code) {
      guard next == 0x5C, position + 1 < bytes.count, bytes[position + 1] == 0x75 else {
        throw invalid(expected: "the second half of a surrogate pair")
      }
      position += 2
      let low = try fourHexDigits()
      guard (0xDC00..<0xE000).contains(low) else {
        throw invalid(expected: "the second half of a surrogate pair before this")
      }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = UnicodeScalar(code) else {
      throw invalid(expected: "a Unicode character before this")
    }
    return scalar
  }

  private mutating func fourHexDigits() throws -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw invalid(expected: "a hexadecimal digit")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  /// Checks that only white space is left.
  mutating func end() throws {
    skipSpace()
    if next != nil { throw invalid(expected: "the end") }
  }
}
