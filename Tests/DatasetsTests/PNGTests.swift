import Datasets
import Foundation
import Tensors
import Testing

/// The chunks of a PNG file, for files that are wrong in one way.
private struct PNGWriter {
  var width = 3
  var height = 2
  var depth: UInt8 = 8
  var color: UInt8 = 0
  var interlace: UInt8 = 0
  /// The filters and pixels of all rows, as they are before packing.
  var data: [UInt8] = [0, 1, 2, 3, 0, 4, 5, 6]
  var before: [UInt8] = []
  var after: [UInt8] = []

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    return bigEndian(UInt32(body.count)) + named + bigEndian(checksum(named))
  }

  /// A zlib stream of one stored block.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return [0x78, 1, 1] + littleEndian(UInt16(bytes.count)) + littleEndian(~UInt16(bytes.count))
      + bytes + bigEndian(b << 16 | a)
  }

  var header: [UInt8] {
    Self.chunk(
      "IHDR",
      bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [depth, color, 0, 0, interlace])
  }

  var file: [UInt8] {
    Self.signature + header + before + Self.chunk("IDAT", Self.zlib(data)) + after
      + Self.chunk("IEND", [])
  }
}

@Suite("PNG images")
struct PNGTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("every color type, depth, filter and interlacing, packed by Python", arguments: pngFixtures)
  func fixture(_ fixture: PNGFixture) throws {
    let text = fixture.file.filter { !$0.isWhitespace }
    let picture = try Picture.read(try folder.write(decoded(text), "image.png"))
    let expected = fixture.pixels.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(picture.width == fixture.width && picture.height == fixture.height)
    #expect(picture.channels == fixture.channels)
    try #require(picture.values.count == expected.count)
    // The fixtures have six digits.
    #expect(zip(picture.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-3 })
  }

  @Test("a plain image, and what surrounds its pixels")
  func plain() throws {
    let comment = PNGWriter.chunk("tEXt", Array("Title\u{0}none".utf8))
    let writer = PNGWriter(before: comment, after: comment)
    let picture = try Picture.read(try folder.write(writer.file, "image.png"))
    #expect(picture.values == [1, 2, 3, 4, 5, 6])
  }

  private func error(_ bytes: [UInt8]) -> String {
    message { try Picture.read(try folder.write(bytes, "image.png")) }
      .replacingOccurrences(of: folder.path + "/", with: "")
  }

  @Test("headers that say what cannot be are refused with words")
  func headers() {
    #expect(error([]) == "image.png: found an empty file; expected a PNG or JPEG image")
    #expect(error(Array("GIF89a".utf8)).contains("begins as no PNG or JPEG does"))
    #expect(error(PNGWriter(width: 0).file).contains("an image of 0 × 2 pixels"))
    #expect(error(PNGWriter(width: 1 << 31).file).contains("expected 1 to 268435456 pixels"))
    #expect(error(PNGWriter(depth: 3).file).contains("color type 0 with 3 bits"))
    #expect(error(PNGWriter(depth: 4, color: 2).file).contains("color type 2 with 4 bits"))
    #expect(error(PNGWriter(color: 5).file).contains("color type 5"))
    #expect(error(PNGWriter(interlace: 2).file).contains("interlace 2"))
    let noHeader = PNGWriter.signature + PNGWriter.chunk("IDAT", [])
    #expect(error(noHeader).contains("the chunk \"IDAT\" of 0 bytes first"))
    var broken = PNGWriter().file
    broken[5] = 0
    #expect(error(broken).contains("a damaged signature"))
  }

  @Test("sizes that the bytes cannot hold are refused before memory is taken for them")
  func lies() {
    #expect(
      error(PNGWriter(width: 16000, height: 16000).file)
        == "image.png: found an image of 16000 × 16000 pixels in 19 packed bytes; "
        + "expected at least 248077")
    var long = PNGWriter().file
    long[PNGWriter.signature.count + 25] = 0x7F  // The length of the chunk IDAT.
    #expect(error(long).contains("a chunk \"IDAT\" of 2130706451 bytes"))
  }

  @Test("damage is found wherever it lies")
  func damage() {
    let good = PNGWriter().file
    // Of a file cut anywhere, and of one with any byte changed, nothing is taken for an image but
    // what is one.
    for length in 0..<good.count { #expect(error(Array(good[..<length])) != "no error") }
    for place in good.indices {
      var changed = good
      changed[place] ^= 0x20
      #expect(error(changed) != "no error", "byte \(place)")
    }
    #expect(
      error(PNGWriter(data: [0, 1, 2, 3, 5, 4, 5, 6]).file).contains("the filter 5 in row 2"))
    #expect(error(PNGWriter(data: [0, 1, 2, 3]).file).contains("the end after 4 bytes"))
    #expect(
      error(PNGWriter(data: [0, 1, 2, 3, 0, 4, 5, 6, 7]).file).contains(
        "more bytes than its header"))
    #expect(error(PNGWriter(color: 3).file).contains("no palette"))
    let palette = PNGWriter.chunk("PLTE", [1, 2, 3])
    #expect(error(PNGWriter(color: 3, before: palette).file).contains("a pixel of the color 1"))
    let clear = PNGWriter.chunk("tRNS", [1, 2, 3])
    #expect(error(PNGWriter(before: clear).file).contains("a chunk tRNS of 3 bytes"))
    #expect(error(PNGWriter(before: PNGWriter.chunk("PLTE", [1])).file).contains("a palette of 1"))
    let unknown = PNGWriter.chunk("ABCD", [])
    #expect(error(PNGWriter(before: unknown).file).contains("the unknown chunk \"ABCD\""))
    let empty = PNGWriter.signature + PNGWriter().header + PNGWriter.chunk("IEND", [])
    #expect(error(empty).contains("no pixels"))
  }
}
