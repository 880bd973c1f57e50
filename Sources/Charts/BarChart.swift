/// Horizontal bars, each with its label on the left and its value at the end.
///
/// A value that is not finite has no bar, but its value is still written.
public struct BarChart: Chart, Hashable {
  public struct Bar: Hashable, Sendable {
    public var label: String
    public var value: Double
    /// What to write at the end of the bar; by default the value with four digits.
    public var text: String?

    public init(_ label: String, _ value: Double, text: String? = nil) {
      self.label = label
      self.value = value
      self.text = text
    }
  }

  public var title: String
  public var bars: [Bar]

  public init(title: String = "", bars: [Bar]) {
    self.title = title
    self.bars = bars
  }

  public var svg: String {
    let width = PlotFrame.width
    let texts = bars.map { $0.text ?? NumberText.compact($0.value) }
    let labels = bars.map { TextMeasure.abbreviated($0.label, to: width * 0.36, size: 12) }
    let left = 16 + (labels.map { TextMeasure.width($0, size: 12) }.max() ?? 0)
    let right = 14 + (texts.map { TextMeasure.width($0, size: 11) }.max() ?? 0)
    // Values below zero put their text on the left of the bar, which then needs room too.
    let hasNegative = bars.contains { $0.value < 0 && $0.value.isFinite }
    guard var scale = Scale(bars.map(\.value) + [0]) else { return PlotFrame.empty(title: title) }
    scale.start = left + (hasNegative ? right : 0)
    scale.end = max(scale.start + 40, width - right)
    if bars.allSatisfy({ $0.value == 0 || !$0.value.isFinite }) { scale.end = scale.start }
    var svg = SVG()
    svg.text(
      TextMeasure.shortened(title, to: width - 16, size: 15), 8, 19, size: 14, isBold: true)
    let top = title.isEmpty ? 6.0 : 30
    let rowHeight = 24.0
    let zero = scale.position(0) ?? scale.start
    for (index, bar) in bars.enumerated() {
      let y = top + Double(index) * rowHeight
      let isShort = labels[index] != bar.label
      svg.text(labels[index], left - 8, y + 16, anchor: .end, tooltip: isShort ? bar.label : nil)
      let end = scale.position(bar.value) ?? zero
      let color = bar.value < 0 ? Palette.bad : Palette.good
      if end != zero { svg.rect(min(zero, end), y + 4, abs(end - zero), 16, color: color) }
      let isLeft = bar.value < 0 && bar.value.isFinite
      svg.text(
        texts[index], end + (isLeft ? -5 : 5), y + 16, anchor: isLeft ? .end : .start, size: 11,
        opacity: 0.85)
    }
    let bottom = top + Double(bars.count) * rowHeight
    svg.line(zero, top, zero, bottom, opacity: 0.4)
    return svg.document(
      width: width, height: bottom + 8, maxWidth: PlotFrame.maxWidth, label: title)
  }
}
