/// Pixels from the unpacked bytes of a PNG file: filters undone, bits taken apart, colors looked up,
/// interlaced passes put together.
struct PNGPixels {
  private let format: PNGFile.Format
  private let palette: [UInt8]
  private let transparency: [UInt8]
  private let path: String

  /// - Throws: `DatasetError` for transparency that does not fit the color type.
  init(_ contents: PNGFile.Contents, path: String) throws {
    format = contents.format
    palette = contents.palette
    transparency = contents.transparency
    self.path = path
    let fits =
      switch format.color {
      case .gray: [0, 2].contains(transparency.count)
      case .rgb: [0, 6].contains(transparency.count)
      case .palette: transparency.count <= palette.count / 3
      case .grayAlpha, .rgbAlpha: transparency.isEmpty
      }
    guard fits else {
      throw DatasetError(
        at: path, found: "a chunk tRNS of \(transparency.count) bytes",
        expected: "one that fits the color type \(format.color.rawValue)")
    }
  }

  /// The image of all passes' bytes, which are changed on the way.
  func picture(_ bytes: inout [UInt8]) throws -> Picture {
    let channels = format.color.isGray ? 1 : 3
    var values = [Float](repeating: 0, count: format.width * format.height * channels)
    var start = 0
    for pass in format.passes {
      let length = format.rowBytes(pass.width)
      for row in 0..<pass.height {
        try unfilter(&bytes, row: row, at: start, length: length)
        let y = pass.y + row * pass.dy
        for column in 0..<pass.width {
          let place = (y * format.width + pass.x + column * pass.dx) * channels
          let color = try pixel(bytes, at: start + 1, column)
          for channel in 0..<channels { values[place + channel] = color[channel] }
        }
        start += 1 + length
      }
    }
    return Picture(
      width: format.width, height: format.height, channels: channels, values: values)
  }

  // MARK: Filters

  /// Undoes the filter of a row, whose first byte names it; the row before it lies before it.
  private func unfilter(_ bytes: inout [UInt8], row: Int, at start: Int, length: Int) throws {
    let filter = bytes[start]
    guard filter <= 4 else {
      throw DatasetError(
        at: path, found: "the filter \(filter) in row \(row + 1)", expected: "0 to 4")
    }
    guard filter > 0 else { return }
    let step = max(1, format.bits / 8)
    let above = row == 0 ? nil : start - length
    bytes.withUnsafeMutableBufferPointer { bytes in
      for place in 0..<length {
        let left = place < step ? 0 : bytes[start + 1 + place - step]
        let up = above.map { bytes[$0 + place] } ?? 0
        let corner = above == nil || place < step ? 0 : bytes[start - length + place - step]
        let guess: UInt8 =
          switch filter {
          case 1: left
          case 2: up
          case 3: UInt8((Int(left) + Int(up)) / 2)
          default: Self.paeth(left, up, corner)
          }
        bytes[start + 1 + place] &+= guess
      }
    }
  }

  /// Paeth's guess: of the three neighbors the one nearest to left + up − corner.
  private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
    let (a, b, c) = (Int(left), Int(up), Int(corner))
    let (fromLeft, fromUp, fromCorner) = (abs(b - c), abs(a - c), abs(a + b - 2 * c))
    if fromLeft <= fromUp && fromLeft <= fromCorner { return left }
    return fromUp <= fromCorner ? up : corner
  }

  // MARK: Colors

  /// The number at a place in a row, as it is stored.
  private func sample(_ bytes: [UInt8], at start: Int, _ index: Int) -> Int {
    switch format.depth {
    case 8: return Int(bytes[start + index])
    case 16: return Int(bytes[start + 2 * index]) << 8 | Int(bytes[start + 2 * index + 1])
    default:
      let bit = index * format.depth
      let shift = 8 - format.depth - bit % 8
      return Int(bytes[start + bit / 8]) >> shift & ((1 << format.depth) - 1)
    }
  }

  /// The color of a pixel, 0 to 255, laid over white; gray has the first number only.
  private func pixel(_ bytes: [UInt8], at start: Int, _ column: Int) throws -> SIMD3<Float> {
    let first = column * format.color.count
    func number(_ index: Int) -> Int { sample(bytes, at: start, first + index) }
    let scale = 255 / Float((1 << format.depth) - 1)
    func level(_ index: Int) -> Float {
      format.depth == 8 ? Float(number(index)) : Float(number(index)) * scale
    }
    /// Whether the pixel is the one color that stands for none.
    func isHidden(_ count: Int) -> Bool {
      transparency.count == 2 * count
        && (0..<count).allSatisfy { index in
          Int(transparency[2 * index]) << 8 | Int(transparency[2 * index + 1]) == number(index)
        }
    }
    switch format.color {
    case .gray: return isHidden(1) ? SIMD3(repeating: 255) : SIMD3(repeating: level(0))
    case .rgb:
      return isHidden(3) ? SIMD3(repeating: 255) : SIMD3(level(0), level(1), level(2))
    case .grayAlpha: return overWhite(SIMD3(repeating: level(0)), level(1))
    case .rgbAlpha: return overWhite(SIMD3(level(0), level(1), level(2)), level(3))
    case .palette:
      let entry = number(0)
      guard 3 * entry + 2 < palette.count else {
        throw DatasetError(
          at: path, found: "a pixel of the color \(entry)",
          expected: "one of the palette's, 0 to \(palette.count / 3 - 1)")
      }
      let color = SIMD3(
        Float(palette[3 * entry]), Float(palette[3 * entry + 1]), Float(palette[3 * entry + 2]))
      return entry < transparency.count ? overWhite(color, Float(transparency[entry])) : color
    }
  }

  /// A color of the given opacity, 0 to 255, over white; whole numbers stay whole.
  private func overWhite(_ color: SIMD3<Float>, _ opacity: Float) -> SIMD3<Float> {
    if opacity == 255 { return color }
    let mixed = (color * opacity + 255 * (255 - opacity)) / 255
    return format.depth == 16 ? mixed : mixed.rounded(.toNearestOrAwayFromZero)
  }
}
