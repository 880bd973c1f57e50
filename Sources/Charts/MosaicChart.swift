/// Many small pictures side by side as one, such as the weights of a map of units.
///
/// All have the size of the first; a pixel of mid-gray parts them.
public struct MosaicChart: Chart, Hashable {
  public var title: String
  public var images: [GrayImage]
  /// Pictures in a row.
  public var columns: Int
  /// Whether every second row is shifted right by half a picture.
  public var isStaggered: Bool

  public init(title: String = "", images: [GrayImage], columns: Int, isStaggered: Bool = false) {
    self.title = title
    self.images = images
    self.columns = max(1, columns)
    self.isStaggered = isStaggered
  }

  /// All pictures as one.
  private var whole: GrayImage? {
    guard let first = images.first, first.width > 0, first.height > 0 else { return nil }
    let (stepX, stepY) = (first.width + 1, first.height + 1)
    let rows = (images.count + columns - 1) / columns
    let shift = isStaggered && rows > 1 ? stepX / 2 : 0
    let (width, height) = (min(columns, images.count) * stepX + 1 + shift, rows * stepY + 1)
    var values = [Double](repeating: 0.5, count: width * height)
    for (index, image) in images.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let left = column * stepX + 1 + (row.isMultiple(of: 2) ? 0 : shift)
      for y in 0..<first.height {
        for x in 0..<first.width where x < image.width && y < image.height {
          let place = y * image.width + x
          guard place < image.values.count else { continue }
          values[(row * stepY + 1 + y) * width + left + x] = image.values[place]
        }
      }
    }
    return GrayImage(width: width, height: height, values: values)
  }

  public var svg: String {
    guard let whole else { return PlotFrame.empty(title: title) }
    let width = PlotFrame.width - 16
    let height = width * Double(whole.height) / Double(whole.width)
    let scale = height > width ? width / height : 1
    let top = title.isEmpty ? 6.0 : 30
    var svg = SVG()
    svg.text(
      TextMeasure.shortened(title, to: PlotFrame.width - 16, size: 15), 8, 19, size: 14,
      isBold: true)
    svg.add(
      "image",
      [
        "x": "8", "y": SVG.number(top), "width": SVG.number(width * scale),
        "height": SVG.number(height * scale), "style": "image-rendering:pixelated",
        "href": whole.dataURI,
      ])
    return svg.document(
      width: PlotFrame.width, height: top + height * scale + 8, maxWidth: PlotFrame.maxWidth,
      label: title)
  }
}
