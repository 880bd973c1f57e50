import Foundation
import Interchange
import Tensors
import Testing

@Suite struct SafetensorsReadingTests {
  @Test func pythonFile() throws {
    let file = try SafetensorsFile(data: PythonFixture.bytes)
    #expect(file.metadata == ["k": "v\n\"é"])
    #expect(
      file.tensors.map(\.name)
        == ["i64", "f64", "f32", "i32", "bf16", "f16", "i16", "i8", "u8", "bool"])
    #expect(file["f64"] == Tensor(0.1))
    #expect(file["f32"] == Tensor([0.1, 2] as [Float], shape: [1, 2]))
    #expect(file["i32"] == Tensor([7] as [Int32]))
    let halves: [Float] = [0, -0.0, 1.5, 65504, 0x1p-24, .infinity, -2.25, 0x1.554p-2]
    #expect(file["f16"]?.floats.map(\.bitPattern) == halves.map(\.bitPattern))
    let brains: [Float] = [1, -3.140625, 0x1.2cp126, 0x1.9ap-4]
    #expect(file["bf16"] == Tensor(brains, shape: [2, 2]))
    #expect(file["i64"] == Tensor([Int32.max, .min]))
    #expect(file["i16"] == Tensor([-32768, 5] as [Int32]))
    #expect(file["i8"] == Tensor([-128, 127] as [Int32]))
    #expect(file["u8"] == Tensor([0, 255] as [Int32]))
    #expect(file["bool"] == Tensor([1, 0, 1] as [Int32]))
  }

  /// A file of one entry "x" with the given header object and data.
  private func one(_ type: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
    let header =
      #"{"x":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(data.count)]}}"#
    return LyingFileTests.file(header, data)
  }

  @Test func everyHalfPrecisionNumber() throws {
    let bits = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let values = try #require(SafetensorsFile(data: one("F16", "[65536]", bits))["x"]?.floats)
    for (index, value) in values.enumerated() {
      let exponent = index >> 10 & 0x1F
      let fraction = Double(index & 0x3FF)
      let sign = index < 0x8000 ? 1.0 : -1.0
      // The definition in IEEE 754-2019, 3.4.
      let expected =
        switch exponent {
        case 0: sign * fraction / 1024 * exp2(-14)
        case 31: fraction == 0 ? sign * .infinity : .nan
        default: sign * (1 + fraction / 1024) * exp2(Double(exponent - 15))
        }
      #expect(Double(value) == expected || (value.isNaN && expected.isNaN))
      #expect(value.isNaN || value.sign == (sign < 0 ? .minus : .plus))
    }
  }

  @Test func unsignedAndWideIntegers() throws {
    func read(_ type: String, _ data: [UInt8]) throws -> [Int]? {
      try SafetensorsFile(data: one(type, "[1]", data))["x"]?.integers
    }
    #expect(try read("U16", [0xFF, 0xFF]) == [65535])
    #expect(try read("U32", [0xFF, 0xFF, 0xFF, 0x7F]) == [2_147_483_647])
    #expect(try read("U64", [1, 0, 0, 0, 0, 0, 0, 0]) == [1])
    #expect(try read("I64", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == [-2])
  }

  @Test(arguments: [
    ("I64", [0, 0, 0, 0x80, 0, 0, 0, 0], "2147483648; expected an integer of 32 bits"),
    (
      "I64", [0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF],
      "-2147483649; expected an integer of 32 bits"
    ),
    ("U32", [0, 0, 0, 0x80], "2147483648; expected an integer of 32 bits"),
    (
      "U64", [UInt8](repeating: 0xFF, count: 8),
      "18446744073709551615; expected an integer of 32 bits"
    ),
    ("BOOL", [2], "2; expected a truth value, 0 or 1"),
  ])
  func valuesThatDoNotFit(type: String, data: [UInt8], words: String) {
    let error = #expect(throws: InterchangeError.self) {
      try SafetensorsFile(data: one(type, "[]", data), source: "f")
    }
    #expect(error?.description == "f: entry \"x\": element 0 is \(words)")
  }

  @Test func headersOfOtherWritersAreRead() throws {
    // White space, escapes, keys in any order, entries in another order than their bytes.
    let header = """
      {\t"\\u00e9\\ud83d\\ude00\\/" : {"shape" : [ 1 , 1 ],\r\n "data_offsets":[4,8],"dtype":"F32"},
      "x":{"data_offsets":[0,4],"dtype":"I32","shape":[]}, "__metadata__": { } }
      """
    let file = try SafetensorsFile(
      data: LyingFileTests.file(header, [5, 0, 0, 0, 0, 0, 0x80, 0x3F]))
    #expect(file.tensors.map(\.name) == ["é😀/", "x"])
    #expect(file["é😀/"] == Tensor([1] as [Float], shape: [1, 1]))
    #expect(file["x"] == Tensor([5] as [Int32], shape: []))
    #expect(file.metadata.isEmpty)
  }

  @Test func filesThatCannotBeOpened() throws {
    let folder = try TemporaryFolder()
    func problem(_ path: String) -> String? {
      #expect(throws: InterchangeError.self) { try SafetensorsFile(contentsOf: path) }?.description
    }
    let missing = folder.file("missing")
    #expect(
      problem(missing) == "\(missing): cannot open the file: No such file or directory")
    #expect(problem(folder.path) == "\(folder.path): is a folder; expected a file")
    #expect(problem("/dev/null") == "/dev/null: is not a regular file")
    try AtomicFile.write("short", to: folder.file("short"))
    #expect(
      problem(folder.file("short"))
        == "\(folder.file("short")): has 5 bytes; a safetensors file begins with 8 bytes of length")
  }
}
