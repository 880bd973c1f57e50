import Foundation
import Interchange
import Tensors
import Testing

@Suite struct SafetensorsWritingTests {
  static let sample = SafetensorsFile(
    tensors: [
      ("w", Tensor([0.1, -0.0, .infinity, 0x1p-149] as [Float], shape: [2, 2])),
      ("name with \"quotes\", \\, \t and ü", Tensor([[Double.pi], [1e300]])),
      ("scalar", Tensor(2.5)), ("classes", Tensor([Int32.min, -1, .max])),
      ("empty", Tensor([Float](), shape: [0, 3])),
    ],
    metadata: ["b": "line\nbreak", "a": "{\"json\": 1}", "": "ü€😀\u{0}"])

  @Test func bytesAreAsTheFormatSays() throws {
    let file = SafetensorsFile(
      tensors: [("b", Tensor([1] as [Float])), ("a", Tensor([Int32(-2)], shape: [1, 1]))],
      metadata: ["z": "1", "k": "\n"])
    let header =
      #"{"__metadata__":{"k":"\u000a","z":"1"},"#
      + #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
      + #""a":{"dtype":"I32","shape":[1,1],"data_offsets":[4,8]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let length: [UInt8] = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    let data: [UInt8] = [0, 0, 0x80, 0x3F, 0xFE, 0xFF, 0xFF, 0xFF]
    #expect(try file.serialized() == length + Array(padded.utf8) + data)
    let empty: [UInt8] = [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8)
    #expect(try SafetensorsFile().serialized() == empty)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let sample = Self.sample
    let bytes = try sample.serialized()
    let copy = try SafetensorsFile(data: bytes)
    #expect(copy.tensors.map(\.name) == sample.tensors.map(\.name))
    #expect(copy.tensors.map(\.tensor) == sample.tensors.map(\.tensor))
    #expect(copy.metadata == sample.metadata)
    #expect(try copy.serialized() == bytes)
    #expect(copy["scalar"] == Tensor(2.5))
    #expect(copy["nothing"] == nil)
  }

  @Test func filesHoldTheSameBytes() throws {
    let folder = try TemporaryFolder()
    try Self.sample.write(to: folder.file("a"))
    let bytes = try Self.sample.serialized()
    #expect(try folder.bytes("a") == bytes)
    #expect(try SafetensorsFile(contentsOf: folder.file("a")).serialized() == bytes)
    #expect(try folder.names == ["a"])
  }

  @Test func notANumbersKeepTheirBits() throws {
    let value = Float(bitPattern: 0xFFC1_2345)
    let copy = try SafetensorsFile(
      data: SafetensorsFile(tensors: [("x", Tensor([value]))]).serialized())
    #expect(copy["x"]?.floats.first?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    (["w", "w"], "entry \"w\": the name is given to two tensors"),
    (["__metadata__"], "entry \"__metadata__\": the name is reserved for the metadata"),
  ])
  func unfitNamesAreRefused(names: [String], words: String) throws {
    let folder = try TemporaryFolder()
    let file = SafetensorsFile(tensors: names.map { ($0, Tensor(1)) })
    let error = #expect(throws: InterchangeError.self) { try file.write(to: folder.file("a")) }
    #expect(error?.description == "\(folder.file("a")): \(words)")
    #expect(throws: InterchangeError.self) { try file.serialized() }
    #expect(try folder.names == [])
  }
}
