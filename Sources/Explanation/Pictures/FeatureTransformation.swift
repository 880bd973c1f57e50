import Charts
import Documents
import Formulas

/// What a hidden layer of two units makes of a problem with two inputs, such as XOR: the points
/// before it, the points after it with the line by which the output separates them, and the output
/// over the whole plane of inputs.
public struct FeatureTransformation: Sendable {
  /// An example: two inputs, the two hidden activations, and its class.
  public struct Example: Hashable, Sendable {
    public var input: (x: Double, y: Double) { (inputs[0], inputs[1]) }
    public var activation: (x: Double, y: Double) { (hidden[0], hidden[1]) }
    public let isPositive: Bool
    private let inputs: [Double]
    private let hidden: [Double]

    public init(
      input: (x: Double, y: Double), hidden: (x: Double, y: Double), isPositive: Bool
    ) {
      inputs = [input.x, input.y]
      self.hidden = [hidden.x, hidden.y]
      self.isPositive = isPositive
    }
  }

  /// The output over a rectangle of inputs.
  public struct Surface: Sendable {
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>
    /// Rows from the lowest y to the highest, each from the lowest x to the highest; the outermost
    /// values are those on the rectangle's sides.
    public var outputs: [[Double]]

    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, outputs: [[Double]]) {
      self.x = x
      self.y = y
      self.outputs = outputs
    }
  }

  public var examples: [Example]
  /// The output neuron's weights of the two hidden units, and its bias.
  public var weights: (Double, Double)
  public var bias: Double
  /// The net input from which on the output stands for the positive class: 0 for a sigmoid and the
  /// threshold ½.
  public var netThreshold: Double
  /// The output that parts the classes: ½ unless told otherwise.
  public var outputThreshold: Double
  public var surface: Surface
  /// How inputs and hidden activations are written.
  public var inputNames: (Formula, Formula)
  public var hiddenNames: (Formula, Formula)

  public init(
    examples: [Example], weights: (Double, Double), bias: Double, surface: Surface,
    netThreshold: Double = 0, outputThreshold: Double = 0.5,
    inputNames: (Formula, Formula) = ("i1", "i2"),
    hiddenNames: (Formula, Formula) = ("out_h1", "out_h2")
  ) {
    self.examples = examples
    self.weights = weights
    self.bias = bias
    self.surface = surface
    self.netThreshold = netThreshold
    self.outputThreshold = outputThreshold
    self.inputNames = inputNames
    self.hiddenNames = hiddenNames
  }

  /// The three pictures: the inputs, the hidden activations with the separating line, the output
  /// over the plane.
  public func pictures(language: Language) -> [Picture] {
    [inputPicture(language), hiddenPicture(language), surfacePicture(language)].compactMap { $0 }
  }

  /// Whether the line in the plane of hidden activations has all positive examples on its positive
  /// side and all others on the other.
  public var isSeparated: Bool {
    examples.allSatisfy { example in
      let (h1, h2) = example.activation
      return (weights.0 * h1 + weights.1 * h2 + bias >= netThreshold) == example.isPositive
    }
  }

  static let positive = Drawing.Color.rgb(0x127_9BD)
  static let negative = Drawing.Color.rgb(0xD5_5E00)

  private func inputPicture(_ language: Language) -> Picture? {
    scatter(
      examples.map { $0.input }, names: inputNames, line: nil,
      title: Phrase("The inputs", "输入")[language],
      caption: language == .english
        ? "The examples before the hidden layer: ● class 1, ○ class 0"
        : "隐藏层变换前的样本：● 为类别 1，○ 为类别 0")
  }

  private func hiddenPicture(_ language: Language) -> Picture? {
    let (h1, h2) = hiddenNames
    let threshold = Formula.relation(
      .number(weights.0) * h1 + .number(weights.1) * h2 + .number(bias - netThreshold), .equal, 0
    ).simplified().roundedNumbers
    let caption: RichText =
      language == .english
      ? "The examples after the hidden layer, with the line \(threshold), where the output changes class"
      : "隐藏层变换后的样本；直线 \(threshold) 是分类边界"
    let verdict =
      isSeparated
      ? Phrase(": it separates the classes.", "，能分开两类。")
      : Phrase(": it does not separate the classes.", "，不能分开两类。")
    return scatter(
      examples.map { $0.activation }, names: hiddenNames,
      line: (weights.0, weights.1, bias - netThreshold),
      title: Phrase("The hidden activations", "隐藏层的激活值")[language],
      caption: caption + RichText(verdict[language]))
  }

  private func scatter(
    _ places: [(x: Double, y: Double)], names: (Formula, Formula),
    line: (Double, Double, Double)?, title: String, caption: RichText
  ) -> Picture? {
    guard let x = Self.scale(places.map(\.x)), let y = Self.scale(places.map(\.y)) else {
      return nil
    }
    var area = PlotArea(
      title: title, size: (300, 300), x: x, y: y, names: (.formula(names.0), .formula(names.1)))
    var plot = CharacterPlot(columns: 45, rows: 19, x: x, y: y)
    if let line {
      _ = area.straightLine((line.0, line.1), line.2, .init(.ink, width: 1.4, isDashed: true))
      for row in 0..<plot.rows {
        for column in 0..<plot.columns where isBoundary(plot, line, column, row) {
          plot.put("·", column: column, row: row)
        }
      }
    }
    drawExamples(at: places, in: &area, plot: &plot)
    return area.drawing.picture(
      text: plot.text(xName: names.0.text, yName: names.1.text), caption: caption)
  }

  /// Whether the line runs through a character: its side changes to the next one.
  private func isBoundary(
    _ plot: CharacterPlot, _ line: (Double, Double, Double), _ column: Int, _ row: Int
  ) -> Bool {
    func isAbove(_ column: Int, _ row: Int) -> Bool {
      let (x, y) = plot.value(column: column, row: row)
      return line.0 * x + line.1 * y + line.2 >= 0
    }
    let here = isAbove(column, row)
    return here != isAbove(column + 1, row) || here != isAbove(column, row + 1)
  }

  /// A scale with some room around the points.
  static func scale(_ values: [Double]) -> Scale? {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let room = high > low ? (high - low) * 0.15 : 0.5
    return Scale([low - room, high + room])
  }
}

extension Formula {
  /// The formula with its numbers rounded to three digits, for a caption.
  var roundedNumbers: Formula {
    if case .number(let value) = self { return .rounded(value, digits: 3) }
    return mapParts(\.roundedNumbers)
  }
}
