import Charts
import Testing

@Suite struct PictureTests {
  @Test func checksums() {
    let digits = Array("123456789".utf8)
    #expect(PNG.crc32(digits) == 0xCBF4_3926)
    #expect(PNG.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
  ])
  func base64(text: String, expected: String) {
    #expect(PNG.base64(Array(text.utf8)) == expected)
  }

  @Test func pngOfTwoPixels() {
    let png = PNG.gray(width: 2, height: 1, pixels: [0, 255])
    let header: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    #expect(Array(png.prefix(12)) == header)
    // Stored block of three bytes: filter 0, black, white.
    let data: [UInt8] = [0x78, 0x01, 1, 3, 0, 0xFC, 0xFF, 0, 0, 255]
    #expect(Array(png[41..<51]) == data)
    #expect(png.count == 8 + 25 + 12 + 14 + 12)
  }

  @Test func largePicturesTakeSeveralBlocks() {
    let png = PNG.gray(width: 300, height: 300, pixels: Array(repeating: 9, count: 90_000))
    let raw = 300 * 301
    #expect(png.count == 8 + 25 + 12 + (2 + 2 * 5 + raw + 4) + 12)
  }

  @Test func grid() {
    let image = GrayImage(width: 28, height: 28, values: [0.5], caption: "7 read as 1 (93 %)")
    let svg = ImageGrid(images: Array(repeating: image, count: 5)).svg
    #expect(svg.components(of: "<image") == 5)
    #expect(svg.components(of: "<title>7 read as 1 (93 %)</title>") == 5)
    #expect(svg.contains("image-rendering:pixelated"))
  }
}
