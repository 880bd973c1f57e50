import Datasets
import Foundation
import Tensors
import Testing

/// A gray image of bytes as a PNG file with stored pixels.
func grayPNG(width: Int, height: Int, _ pixels: [UInt8]) -> [UInt8] {
  func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    return bigEndian(UInt32(body.count)) + named + bigEndian(checksum(named))
  }
  let rows = (0..<height).flatMap { [0] + pixels[($0 * width)..<(($0 + 1) * width)] }
  var (a, b): (UInt32, UInt32) = (1, 0)
  for byte in rows { (a, b) = ((a + UInt32(byte)) % 65521, (b + a + UInt32(byte)) % 65521) }
  let stream =
    [0x78, 1, 1] + littleEndian(UInt16(rows.count)) + littleEndian(~UInt16(rows.count)) + rows
    + bigEndian(b << 16 | a)
  return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    + chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0])
    + chunk("IDAT", stream) + chunk("IEND", [])
}

@Suite("Images: other sizes, folders and JPEG")
struct PictureTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func put(_ bytes: [UInt8], _ path: String) throws {
    let place = URL(fileURLWithPath: "\(folder.path)/\(path)")
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
  }

  private func error(_ path: String, _ images: ImageOptions = ImageOptions()) -> String {
    message { try Dataset.read(folder.path + "/" + path, options: ReadOptions(images: images)) }
      .replacingOccurrences(of: folder.path + "/", with: "")
  }

  /// The reference is PyTorch's `interpolate(mode="bilinear", antialias=True)` in Float64.
  @Test(
    "other sizes agree with PyTorch's, rounded",
    arguments: [
      (
        4, 3,
        [
          65.993, 143.263, 113.114, 102.891, 123.709, 133.822, 106.222, 153.72, 125.503, 128.12,
          132.326, 136.823,
        ]
      ),
      (
        7, 2,
        [
          37, 139, 171.182, 87, 119.182, 116.455, 125.364, 111, 153.545, 114.636, 145.545, 106.636,
          137.545, 156.818,
        ]
      ),
      (
        3, 5,
        [
          78, 92.294, 120.571, 124.429, 147.235, 104.429, 116, 96.765, 143.143, 162.429, 166.765,
          145.286, 99.143, 101.235, 129.143,
        ]
      ),
    ] as [(Int, Int, [Double])])
  func resizing(width: Int, height: Int, expected: [Double]) {
    let values = (0..<35).map { place -> Float in
      let (y, x) = place.quotientAndRemainder(dividingBy: 7)
      return Float((y * 37 + x * 91 + y * x * 11) % 256)
    }
    let picture = Picture(width: 7, height: 5, channels: 1, values: values)
    let result = picture.resized(width: width, height: height)
    #expect(result.width == width && result.height == height)
    #expect(zip(result.values, expected).allSatisfy { abs(Double($0) - $1) < 0.501 })
    #expect(result.values.allSatisfy { $0 == $0.rounded() })
    let color = Picture(width: 7, height: 5, channels: 3, values: values.flatMap { [$0, 0, $0] })
    let red = stride(from: 0, to: 3 * width * height, by: 3).map {
      color.resized(width: width, height: height).values[$0]
    }
    #expect(red == result.values)
  }

  @Test("folders are classes, their images the rows, in order")
  func classes() throws {
    try put(grayPNG(width: 2, height: 1, [1, 2]), "set/10/b.png")
    try put(grayPNG(width: 2, height: 1, [3, 4]), "set/10/a.PNG")
    try put(grayPNG(width: 2, height: 1, [5, 6]), "set/9/x.png")
    try put([1, 2], "set/9/notes.txt")
    let data = try Dataset.read(folder.path + "/set").train
    #expect(data.features == Tensor([5, 6, 3, 4, 1, 2] as [Float], shape: [3, 1, 2, 1]))
    #expect(data.classNames == ["9", "10"] && data.targets.tensor.integers == [0, 1, 1])
    #expect(data.rowNames == ["9/x.png", "10/a.PNG", "10/b.png"])
    #expect(data.suggestedScaling == .divide(by: 255) && data.name == "set")
    #expect(data.rows([2]).rowNames == ["10/b.png"])
    #expect(try Dataset.holdsImages(folder.path + "/set"))
    // Asked for in color, and in another size.
    let size = try #require(ImageOptions.Size("3x2"))
    let images = ImageOptions(size: size, isGray: false)
    let large = try Dataset.read(folder.path + "/set", options: ReadOptions(images: images)).train
    #expect(large.inputShape == [2, 3, 3])
  }

  @Test("color makes all images colored, unless they are asked to be gray")
  func colors() throws {
    let red = try #require(pngFixtures.first { $0.name == "rgb, filter 0" })
    try put(decoded(red.file.filter { !$0.isWhitespace }), "mixed/b/red.png")
    try put(grayPNG(width: 4, height: 3, (0..<12).map { $0 }), "mixed/a/gray.png")
    let data = try Dataset.read(folder.path + "/mixed").train
    #expect(data.inputShape == [3, 4, 3])
    #expect(data.features.floats.prefix(6) == [0, 0, 0, 1, 1, 1])
    let gray = try Dataset.read(
      folder.path + "/mixed", options: ReadOptions(images: ImageOptions(isGray: true))
    ).train
    let first = try Picture.read(folder.path + "/mixed/b/red.png").values.prefix(3)
    let level = 0.299 * first[0] + 0.587 * first[1] + 0.114 * first[2]
    #expect(gray.inputShape == [3, 4, 1] && gray.features.floats[12] == level.rounded())
  }

  @Test("a train and a test folder are the two parts")
  func parts() throws {
    let image = grayPNG(width: 1, height: 1, [7])
    for name in ["train/cat/1", "train/dog/1", "train/dog/2", "test/dog/9"] {
      try put(image, "set/\(name).png")
    }
    let source = try Dataset.read(folder.path + "/set")
    #expect(source.train.count == 3 && source.test?.count == 1)
    #expect(source.test?.classNames == ["cat", "dog"])
    #expect(source.test?.targets.tensor.integers == [1])
    #expect(source.test?.rowNames == ["test/dog/9.png"])
    try put(image, "set/test/cow/1.png")
    #expect(
      error("set") == "set/test/cow: found a class that the training part does not have; "
        + "expected one of \"cat\", \"dog\"")
  }

  @Test("loose images and a single one have no targets")
  func loose() throws {
    try put(grayPNG(width: 1, height: 1, [7]), "loose/b.png")
    try put(grayPNG(width: 1, height: 1, [8]), "loose/a.png")
    let data = try Dataset.read(folder.path + "/loose").train
    #expect(data.features.floats == [8, 7] && !data.hasTargets)
    let one = try Dataset.read(folder.path + "/loose/b.png").train
    #expect(one.features.floats == [7] && one.rowNames == ["b.png"] && !one.hasTargets)
  }

  @Test("what cannot be read is named")
  func refusals() throws {
    try put(grayPNG(width: 2, height: 1, [1, 2]), "odd/a/1.png")
    try put(grayPNG(width: 1, height: 1, [1]), "odd/b/2.png")
    #expect(
      error("odd") == "odd/b/2.png: found 1 × 1 pixels; expected 2 × 1, as odd/a/1.png has, or one "
        + "size for all (--size 2x1)")
    try put(Array("BM".utf8), "odd/a/3.bmp")
    #expect(error("odd").hasPrefix("odd/a/3.bmp: found an image that is neither PNG nor JPEG"))
    try put(grayPNG(width: 2, height: 1, [1, 2]), "beside/a/1.png")
    try put(grayPNG(width: 2, height: 1, [1, 2]), "beside/2.png")
    #expect(error("beside").hasPrefix("beside/2.png: found an image beside the folders"))
    try put(Array("no image".utf8), "bad/a/1.png")
    #expect(error("bad").hasPrefix("bad/a/1.png: found a file that begins as no PNG or JPEG does"))
    #expect(ImageOptions.Size("0x2") == nil && ImageOptions.Size("3x") == nil)
    #expect(ImageOptions.Size("9999999999999999999x2") == nil && ImageOptions.Size("1x2x3") == nil)
    #expect(ImageOptions.Size("5") == ImageOptions.Size(width: 5, height: 5))
  }

  /// 8 × 8 shades of gray, 30 x + 5 y, by libjpeg-turbo.
  private static let grayJPEG = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJ
    BwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI
    CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcY
    GRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
    pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AMn/
    AIN3PhJ/yAv9F/559vpX/9k=
    """

  @Test("JPEG is read where the system has the library, and refused with advice where not")
  func jpeg() throws {
    let bytes = decoded(Self.grayJPEG.filter { !$0.isWhitespace })
    try put(bytes, "image.jpg")
    let path = folder.path + "/image.jpg"
    let said = message { try Picture.read(path) }
    if said.contains("no library that reads them") {
      #expect(said.contains("install") && said.contains("converted to PNG"))
      return
    }
    let picture = try Picture.read(path)
    #expect(picture.width == 8 && picture.height == 8 && picture.channels == 1)
    let errors = picture.values.enumerated().map { place, value in
      abs(value - Float(min(255, place % 8 * 30 + place / 8 * 5)))
    }
    #expect((errors.max() ?? 255) < 8)
    try put(Array(bytes[..<200]), "cut.jpg")
    #expect(error("cut.jpg").hasPrefix("cut.jpg: found a damaged JPEG image ("))
  }
}
