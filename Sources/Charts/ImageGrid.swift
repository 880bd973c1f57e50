/// A small grayscale picture with a caption.
public struct GrayImage: Hashable, Sendable {
  public var width: Int
  public var height: Int
  /// Brightness from 0, black, to 1, white, row by row from the top left. Values outside are
  /// clamped; those that are missing or not a number are black.
  public var values: [Double]
  public var caption: String

  public init(width: Int, height: Int, values: [Double], caption: String = "") {
    self.width = max(0, width)
    self.height = max(0, height)
    self.values = values
    self.caption = caption
  }

  /// The picture as a PNG in a data URI.
  package var dataURI: String {
    let pixels = values.prefix(width * height).map { value in
      UInt8((min(1, max(0, value.isNaN ? 0 : value)) * 255).rounded())
    }
    return "data:image/png;base64,"
      + PNG.base64(PNG.gray(width: width, height: height, pixels: pixels))
  }
}

/// Small pictures in rows, each with its caption, such as the digits a network got wrong.
public struct ImageGrid: Chart, Hashable {
  public var title: String
  public var images: [GrayImage]
  /// Pictures in a row; by default four, or fewer if there are fewer.
  public var columns: Int?

  public init(title: String = "", images: [GrayImage], columns: Int? = nil) {
    self.title = title
    self.images = images
    self.columns = columns
  }

  public var svg: String {
    let width = PlotFrame.width
    let columns = max(1, columns ?? min(4, images.count))
    let cell = (width - 8) / Double(columns)
    let side = min(cell - 12, 96)
    let captions = images.map {
      TextMeasure.wrapped($0.caption, to: cell - 4, size: 10.5, lines: 2)
    }
    let lines = captions.map(\.count).max() ?? 0
    let rowHeight = side + Double(lines) * 14 + 14
    let top = title.isEmpty ? 6.0 : 30
    var svg = SVG()
    svg.text(
      TextMeasure.shortened(title, to: width - 16, size: 15), 8, 19, size: 14, isBold: true)
    for (index, image) in images.enumerated() where image.width > 0 && image.height > 0 {
      let middle = 4 + cell * (Double(index % columns) + 0.5)
      let y = top + rowHeight * Double(index / columns)
      let scale = side / Double(max(image.width, image.height))
      let (imageWidth, imageHeight) = (scale * Double(image.width), scale * Double(image.height))
      svg.add(
        "image",
        [
          "x": SVG.number(middle - imageWidth / 2), "y": SVG.number(y + side - imageHeight),
          "width": SVG.number(imageWidth), "height": SVG.number(imageHeight),
          "style": "image-rendering:pixelated", "href": image.dataURI,
        ], tooltip: image.caption.isEmpty ? nil : image.caption)
      for (line, text) in captions[index].enumerated() {
        svg.text(
          text, middle, y + side + 13 + Double(line) * 14, anchor: .middle, size: 10.5)
      }
    }
    let rows = (images.count + columns - 1) / columns
    return svg.document(
      width: width, height: top + rowHeight * Double(rows), maxWidth: PlotFrame.maxWidth,
      label: title)
  }
}
