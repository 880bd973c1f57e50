/// A network whose units take their inputs from everything before them, as it grew.
///
/// Every value – the bias, an input, what a unit says – runs to the right as a line; every unit stands in a
/// column of its own, with a mark where it takes a value: a square where the weight is frozen, as those of
/// hidden units are, a dot for outputs. A mark's area grows with the weight's magnitude, beside the largest
/// of the hidden units or of the outputs; negative weights have a color of their own. The weight is in the
/// mark's tooltip.
public struct CascadeChart: Chart, Hashable {
  /// A hidden unit or an output, with a weight for each value that is there before it.
  public struct Unit: Hashable, Sendable {
    public var name: String
    public var weights: [Double]

    public init(_ name: String, weights: [Double]) {
      self.name = name
      self.weights = weights
    }
  }

  public var title: String
  /// The names of the values at the start, the bias and the inputs.
  public var inputs: [String]
  /// In the order in which they came in.
  public var hidden: [Unit]
  public var outputs: [Unit]

  public init(title: String = "", inputs: [String], hidden: [Unit], outputs: [Unit]) {
    self.title = title
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
  }

  private static let labelSize = 10.0

  public var svg: String {
    let drawing = Drawing(self)
    var svg = SVG()
    svg.text(
      TextMeasure.shortened(title, to: PlotFrame.width - 16, size: 15), 8, 19, size: 14,
      isBold: true)
    drawing.legend(hasTitle: !title.isEmpty, in: &svg)
    for row in drawing.names.indices { drawing.line(row, in: &svg) }
    for (groups, isFrozen) in [(hidden, true), (outputs, false)] {
      let all = groups.flatMap(\.weights)
      let largest = all.filter(\.isFinite).map { abs($0) }.max() ?? 0
      for (place, unit) in groups.enumerated() {
        drawing.column(
          unit, isFrozen ? place : hidden.count + place, isFrozen: isFrozen, largest: largest,
          in: &svg)
      }
    }
    return svg.document(
      width: PlotFrame.width, height: drawing.height, maxWidth: PlotFrame.maxWidth, label: title)
  }

  /// Where everything is.
  private struct Drawing {
    /// The names of all values that run to the right, the first at the bottom.
    let names: [String]
    let height: Double
    private let inputs: Int
    private let left: Double
    private let right: Double
    private let step: (x: Double, y: Double)
    private let top: Double
    /// Whether the outputs' names stand upright, as they are too wide for their columns.
    private let isUpright: Bool

    init(_ chart: CascadeChart) {
      inputs = chart.inputs.count
      names = chart.inputs + chart.hidden.map(\.name)
      let labels = chart.inputs.map {
        TextMeasure.width(Self.shortened($0), size: CascadeChart.labelSize)
      }
      left = (labels.max() ?? 0) + 14
      let columns = Double(max(chart.hidden.count + chart.outputs.count, 1))
      let wide = min(34, (PlotFrame.width - 10 - left) / columns)
      step = (wide, min(24, max(8, wide)))
      right = left + columns * wide + 4
      let widest = chart.outputs.map {
        TextMeasure.width(Self.shortened($0.name), size: CascadeChart.labelSize)
      }
      let most = widest.max() ?? 0
      isUpright = most > wide
      top = (chart.title.isEmpty ? 24 : 44) + (isUpright ? most : 0)
      height = top + 26 + Double(names.count) * step.y
    }

    static func shortened(_ name: String) -> String {
      TextMeasure.abbreviated(name, to: 84, size: CascadeChart.labelSize)
    }

    private func x(_ column: Int) -> Double { left + (Double(column) + 0.5) * step.x }
    private func y(_ row: Int) -> Double { height - 8 - (Double(row) + 0.5) * step.y }

    func legend(hasTitle: Bool, in svg: inout SVG) {
      let y = hasTitle ? 34.0 : 14
      var x = 8.0
      for (color, text) in [(Palette.good, "positive"), (Palette.bad, "negative")] {
        svg.rect(x, y - 8, 8, 8, color: color)
        svg.text(text, x + 12, y, size: CascadeChart.labelSize)
        x += 24 + TextMeasure.width(text, size: CascadeChart.labelSize)
      }
      svg.text("squares: frozen, dots: outputs", x, y, size: CascadeChart.labelSize, opacity: 0.75)
    }

    /// A value's line, from the left edge or from its unit to the right one.
    func line(_ row: Int, in svg: inout SVG) {
      let isInput = row < inputs
      svg.line(isInput ? left : x(row - inputs), y(row), right, y(row), opacity: 0.3)
      guard isInput else { return }
      svg.text(
        Self.shortened(names[row]), left - 6, y(row) + 3.5, anchor: .end,
        size: CascadeChart.labelSize, opacity: 0.85)
    }

    /// A unit with the weights that it has.
    func column(
      _ unit: Unit, _ column: Int, isFrozen: Bool, largest: Double, in svg: inout SVG
    ) {
      let (x, end) = (x(column), isFrozen ? y(inputs + column) : top + 8)
      svg.line(x, y(0), x, end, opacity: 0.3)
      let most = min(step.x, step.y) * 0.45
      for (row, weight) in unit.weights.prefix(names.count).enumerated() where weight.isFinite {
        let half = largest > 0 ? most * (abs(weight) / largest).squareRoot() : 0
        guard half >= 0.05 else { continue }
        let color = weight < 0 ? Palette.bad : Palette.good
        let words = "\(unit.name) ← \(names[row]): \(NumberText.compact(weight))"
        if isFrozen {
          svg.rect(x - half, y(row) - half, 2 * half, 2 * half, color: color, tooltip: words)
        } else {
          svg.add(
            "circle",
            [
              "cx": SVG.number(x), "cy": SVG.number(y(row)), "r": SVG.number(half), "fill": color,
            ], tooltip: words)
        }
      }
      if isFrozen {
        let size = min(CascadeChart.labelSize, step.x * 0.5)
        svg.add(
          "circle",
          [
            "cx": SVG.number(x), "cy": SVG.number(end), "r": SVG.number(min(4, most)),
            "fill": "currentColor",
          ], tooltip: unit.name)
        svg.text(unit.name, x, end - 6, anchor: .middle, size: size)
      } else {
        let name = Self.shortened(unit.name)
        if isUpright {
          svg.text(name, x + 3.5, top + 4, size: CascadeChart.labelSize, turn: 90)
        } else {
          svg.text(name, x, top + 2, anchor: .middle, size: CascadeChart.labelSize)
        }
      }
    }
  }
}
