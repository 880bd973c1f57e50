import Interchange
import Tensors
import Testing

/// Files whose header does not tell the truth are refused, with words, whatever the lie.
@Suite struct LyingFileTests {
  /// A file of a header and data, the header's length told truly.
  static func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    length(UInt64(header.utf8.count)) + Array(header.utf8) + data
  }

  private static func length(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private func expectRefusal(
    _ bytes: [UInt8], _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = #expect(throws: InterchangeError.self, sourceLocation: sourceLocation) {
      try SafetensorsFile(data: bytes, source: "f")
    }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("f: "), sourceLocation: sourceLocation)
    #expect(
      text.contains(words), "\(text) does not contain \(words)", sourceLocation: sourceLocation)
    // The same lie in a file on disk.
    let folder = try TemporaryFolder()
    try AtomicFile.write(bytes, to: folder.file("f"))
    let other = #expect(throws: InterchangeError.self, sourceLocation: sourceLocation) {
      try SafetensorsFile(contentsOf: folder.file("f"))
    }
    #expect(other?.problem == error?.problem, sourceLocation: sourceLocation)
  }

  @Test func headerLength() throws {
    try expectRefusal([], "has 0 bytes")
    try expectRefusal(Self.length(3).dropLast(), "has 7 bytes")
    try expectRefusal(Self.length(3), "claims a header of 3 bytes, but only 0 bytes follow")
    try expectRefusal(Self.length(100_000_000) + [1], "but only 1 bytes follow")
    try expectRefusal(Self.length(100_000_001) + [1], "at most 100000000 are read")
    try expectRefusal(Self.length(.max), "claims a header of 18446744073709551615 bytes")
    try expectRefusal(Self.length(1 << 63), "at most 100000000 are read")
    try expectRefusal(Self.length(0), "does not begin with '{'")
  }

  @Test(arguments: [
    ("[]", "does not begin with '{'"), (" {}", "does not begin with '{'"),
    ("{", "byte 1 its end"), ("{}x", "byte 2 'x' was found where the end"),
    ("{}\u{0}", "byte 2 byte 0 was found"), ("{\"a\"", "its end was found where ':'"),
    ("{\"a\":1}", "'1' was found where '{'"), ("{\"a\":{}", "entry \"a\": has no dtype"),
    ("{\"a\":{},}", "entry \"a\": has no dtype"), ("{a:1}", "'a' was found where '\"'"),
    ("{\"__metadata__\":{},}", "'}' was found where '\"'"),
    ("{\"__metadata__\":{\"a\":1}}", "'1' was found where '\"'"),
    ("{\"__metadata__\":null}", "'n' was found where '{'"),
    ("{\"__metadata__\":{},\"__metadata__\":{}}", "it has \"__metadata__\" twice"),
    ("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", "the metadata has \"a\" twice"),
    ("{\"\\x\":{}}", "'x' was found where an escape"),
    ("{\"\\u12\":{}}", "a hexadecimal digit"), ("{\"\\ud800\":{}}", "surrogate pair"),
    ("{\"\\ud800\\u0041\":{}}", "surrogate pair"), ("{\"\\udc00\":{}}", "a Unicode character"),
    ("{\"\n\":{}}", "an escaped control character"), ("{\"a\\", "where an escape"),
  ])
  func invalidJSON(header: String, words: String) throws {
    try expectRefusal(Self.file(header), words)
  }

  @Test func invalidUTF8() throws {
    try expectRefusal(
      Self.length(8) + Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8), "text in UTF-8")
  }

  /// Each is the object of an entry "x" in a file with 8 bytes of data.
  @Test(arguments: [
    (#"{"dtype":"F5","shape":[2],"data_offsets":[0,8]}"#, "unknown dtype \"F5\"; expected one of"),
    (#"{"dtype":"f32","shape":[2],"data_offsets":[0,8]}"#, "unknown dtype \"f32\""),
    (#"{"dtype":5,"shape":[2],"data_offsets":[0,8]}"#, "'5' was found where '\"'"),
    (#"{"shape":[2],"data_offsets":[0,8]}"#, "has no dtype"),
    (#"{"dtype":"F32","data_offsets":[0,8]}"#, "has no shape"),
    (#"{"dtype":"F32","shape":[2]}"#, "has no data_offsets"),
    (#"{"dtype":"F32","dtype":"F32"}"#, "entry \"x\" has \"dtype\" twice"),
    (#"{"color":"red"}"#, "unknown key \"color\""),
    (#"{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}"#, "number that is not negative"),
    (#"{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}"#, "'.' was found where ']' or ','"),
    (#"{"dtype":"F32","shape":[02],"data_offsets":[0,8]}"#, "a whole number"),
    (#"{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}"#, "a whole number"),
    (#"{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}"#, "at most 92233"),
    (#"{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}"#, "at most 92233"),
    (#"{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]}"#, "can be counted"),
    (#"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}"#, "can be counted"),
    (
      #"{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}"#, "can be counted"
    ),
    (#"{"dtype":"F32","shape":[3],"data_offsets":[0,8]}"#, "hold 8 bytes; F32 of shape [3] takes"),
    (#"{"dtype":"F64","shape":[2],"data_offsets":[0,8]}"#, "F64 of shape [2] takes 16"),
    (#"{"dtype":"F32","shape":[0],"data_offsets":[0,8]}"#, "F32 of shape [0] takes 0"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[0]}"#, "expected a begin and an end"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}"#, "at most 2 numbers"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[8,0]}"#, "expected a begin and an end"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}"#, "number that is not negative"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[8,16]}"#, "the file has 8 bytes of data"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}"#, "8 bytes of data"),
    (#"{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#, "4 bytes between them belong to no"),
    (#"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, "4 bytes at the end belong to no"),
  ])
  func entries(object: String, words: String) throws {
    try expectRefusal(Self.file("{\"x\":\(object)}", [UInt8](repeating: 0, count: 8)), words)
  }

  @Test func entriesTogether() throws {
    func entry(_ name: String, _ begin: Int, _ end: Int) -> String {
      "\"\(name)\":{\"dtype\":\"U8\",\"shape\":[\(end - begin)],\"data_offsets\":[\(begin),\(end)]}"
    }
    let data = [UInt8](repeating: 0, count: 8)
    func refuse(_ entries: String..., words: String) throws {
      try expectRefusal(Self.file("{\(entries.joined(separator: ","))}", data), words)
    }
    try refuse(
      entry("a", 0, 5), entry("b", 4, 8), words: "entry \"b\": its bytes from 4 on overlap")
    try refuse(entry("a", 0, 8), entry("b", 0, 8), words: "overlap")
    try refuse(entry("a", 0, 3), entry("b", 4, 8), words: "1 bytes between them")
    try refuse(entry("a", 0, 4), entry("a", 4, 8), words: "it has \"a\" twice")
    // An empty entry inside another's bytes.
    try refuse(entry("a", 0, 8), entry("b", 4, 4), words: "overlap")
  }

  @Test func tooManyAxes() throws {
    let axes = [String](repeating: "1", count: 65).joined(separator: ",")
    try expectRefusal(
      Self.file("{\"x\":{\"dtype\":\"U8\",\"shape\":[\(axes)],\"data_offsets\":[0,1]}}", [0]),
      "at most 64 numbers")
  }

  @Test func longAndHostileNamesAreCutInErrors() throws {
    let name = String(repeating: "\u{301}", count: 10_000)
    let error = #expect(throws: InterchangeError.self) {
      try SafetensorsFile(data: Self.file("{\"\(name)\":{}}"))
    }
    #expect(try #require(error?.description).utf8.count < 1000)
    let escape = #expect(throws: InterchangeError.self) {
      try SafetensorsFile(data: Self.file("{\"\\u001b[2J\":{}}"))
    }
    #expect(try #require(escape?.description).utf8.contains(0x1B) == false)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = PythonFixture.bytes
    for count in 0..<bytes.count {
      #expect(throws: InterchangeError.self) { try SafetensorsFile(data: bytes[..<count]) }
    }
    #expect(throws: InterchangeError.self) { try SafetensorsFile(data: bytes + [0]) }
  }

  @Test func damagedBytesAreReadOrRefused() throws {
    var random = RandomStream(seed: 1, name: "damage")
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = PythonFixture.bytes
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      do {
        _ = try SafetensorsFile(data: bytes)
      } catch {
        #expect(error is InterchangeError)
        refused += 1
      }
    }
    // Most bytes belong to the header, where damage shows; those of the numbers may be anything.
    #expect(refused > 10_000)
  }
}
