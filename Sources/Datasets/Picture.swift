import Foundation

/// An image: rows of pixels from the top, each of one number (gray) or three (red, green, blue) from
/// 0 to 255.
package struct Picture: Sendable {
  package let width: Int
  package let height: Int
  /// 1 or 3.
  package let channels: Int
  /// The numbers, row by row, a pixel's channels side by side. They are whole unless the file had 16
  /// bits for each.
  package let values: [Float]

  package init(width: Int, height: Int, channels: Int, values: [Float]) {
    precondition(values.count == width * height * channels, "an image of another size")
    self.width = width
    self.height = height
    self.channels = channels
    self.values = values
  }

  /// What an image's file says before its pixels.
  struct Header {
    var width: Int
    var height: Int
    var isGray: Bool
  }

  /// More pixels than this are taken for a mistake.
  static let mostPixels = 1 << 28

  /// Whether a file's name says that it is an image of a kind that is read.
  static func isImageName(_ name: String) -> Bool {
    ["png", "jpg", "jpeg"].contains((name as NSString).pathExtension.lowercased())
  }

  /// What a file says of its image, by its first bytes.
  ///
  /// - Throws: `DatasetError` where the file is no image, or is damaged.
  static func header(_ path: String) throws -> Header {
    try isPNG(path) ? PNGFile.header(path) : JPEGFile.header(path)
  }

  /// Reads an image file, which its first bytes tell from others.
  ///
  /// - Throws: `DatasetError` where the file is no image, or is damaged.
  package static func read(_ path: String) throws -> Picture {
    try isPNG(path) ? PNGFile.read(path) : JPEGFile.read(path)
  }

  private static func isPNG(_ path: String) throws -> Bool {
    let file = try FileBytes(path: path)
    let start = try file.bytes(min(8, file.remaining), part: "the file")
    if start.starts(with: PNGFile.signature.prefix(4)) { return true }
    if start.starts(with: [0xFF, 0xD8]) { return false }
    throw DatasetError(
      at: path,
      found: start.isEmpty ? "an empty file" : "a file that begins as no PNG or JPEG does",
      expected: "a PNG or JPEG image")
  }

  /// Refuses sizes that no image has.
  static func check(width: Int, height: Int, at path: String) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= mostPixels else {
      throw DatasetError(
        at: path, found: "an image of \(width) × \(height) pixels",
        expected: "1 to \(mostPixels) pixels")
    }
  }
}

// MARK: - Changes

extension Picture {
  /// The image in so many channels, 1 or 3. Gray is 0.299 red + 0.587 green + 0.114 blue (ITU-R
  /// BT.601), rounded to a whole number where the colors are whole.
  func inChannels(_ count: Int) -> Picture {
    if count == channels { return self }
    if count == 3 {
      return Picture(
        width: width, height: height, channels: 3, values: values.flatMap { [$0, $0, $0] })
    }
    let gray = stride(from: 0, to: values.count, by: 3).map { start in
      let (red, green, blue) = (values[start], values[start + 1], values[start + 2])
      let value = 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)
      let isWhole = [red, green, blue].allSatisfy { $0 == $0.rounded() }
      return Float(isWhole ? value.rounded() : value)
    }
    return Picture(width: width, height: height, channels: 1, values: gray)
  }

  /// The image with other sides, its numbers rounded to whole ones.
  ///
  /// Each new pixel is the mean of the old ones about its center, weighted by a triangle: of half
  /// width 1 where the image grows, which is bilinear interpolation, and as much wider as it shrinks,
  /// so that no pixel goes unseen.
  package func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    if newWidth == width && newHeight == height { return self }
    let across = Self.weights(from: width, to: newWidth)
    let down = Self.weights(from: height, to: newHeight)
    var rows = [Float](repeating: 0, count: height * newWidth * channels)
    for y in 0..<height {
      for (x, cell) in across.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          for (place, weight) in cell.weights.enumerated() {
            sum += weight * values[(y * width + cell.first + place) * channels + channel]
          }
          rows[(y * newWidth + x) * channels + channel] = sum
        }
      }
    }
    let length = newWidth * channels
    var result = [Float](repeating: 0, count: newHeight * length)
    for (y, cell) in down.enumerated() {
      for (place, weight) in cell.weights.enumerated() {
        let start = (cell.first + place) * length
        for x in 0..<length { result[y * length + x] += weight * rows[start + x] }
      }
      for x in 0..<length {
        result[y * length + x] = min(max(result[y * length + x].rounded(), 0), 255)
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, values: result)
  }

  /// For each new place the old places that it is made of, and their weights, whose sum is 1.
  private static func weights(from old: Int, to new: Int) -> [(first: Int, weights: [Float])] {
    let scale = Double(old) / Double(new)
    let reach = max(scale, 1)
    return (0..<new).map { place in
      let center = scale * (Double(place) + 0.5)
      let first = max(Int(center - reach + 0.5), 0)
      let end = min(Int(center + reach + 0.5), old)
      let raw = (first..<max(end, first + 1)).map { other in
        max(0, 1 - abs(Double(other) + 0.5 - center) / reach)
      }
      let sum = raw.reduce(0, +)
      return (first, raw.map { Float($0 / sum) })
    }
  }
}
