import Documents
import Formulas

/// A network as columns of neurons, joined by their weights: inputs on the left, outputs and errors
/// on the right.
///
/// Columns of at most 8 neurons are shown whole, and up to 40 weights and biases are written at
/// their lines. Of larger columns the first three neurons and the last one are shown, and the lines
/// carry no labels.
///
/// ```swift
/// let drawing = NetworkDrawing(
///   columns: [[.init("i1", value: 0.05)], [.init("o1", value: 0.6)]],
///   edges: [.init(column: 0, from: 0, to: 0, symbol: "w1", value: 0.4)],
///   biases: [.init(column: 1, symbol: "b1", value: 0.35)])
/// let picture = drawing.picture(language: .english, digits: 4, caption: "The network")
/// ```
public struct NetworkDrawing: Sendable {
  /// A neuron, an input, a target or an error: a symbol and its value, where that is known.
  public struct Neuron: Hashable, Sendable {
    public var symbol: Formula
    public var value: Double?

    public init(_ symbol: Formula, value: Double? = nil) {
      self.symbol = symbol
      self.value = value
    }
  }

  /// A weight, from a neuron of one column to one of the next.
  public struct Edge: Hashable, Sendable {
    /// The column that it starts in, from 0.
    public var column: Int
    /// The neurons that it joins, each by its place in its column, from 0.
    public var from: Int
    public var to: Int
    public var symbol: Formula?
    public var value: Double?

    public init(column: Int, from: Int, to: Int, symbol: Formula? = nil, value: Double? = nil) {
      self.column = column
      self.from = from
      self.to = to
      self.symbol = symbol
      self.value = value
    }
  }

  /// A bias of a neuron, or of a whole column.
  public struct Bias: Hashable, Sendable {
    /// The column of the neuron that it is added in, from 1.
    public var column: Int
    /// The neuron's place in its column, from 0; nil where all its neurons share the bias.
    public var to: Int?
    public var symbol: Formula
    public var value: Double?

    public init(column: Int, to: Int? = nil, symbol: Formula, value: Double? = nil) {
      self.column = column
      self.to = to
      self.symbol = symbol
      self.value = value
    }
  }

  /// The inputs, the neurons of each layer, and so on to the outputs.
  public var columns: [[Neuron]]
  /// The weights; nil where every neuron is joined to every one of the next column and none is to be
  /// labeled.
  public var edges: [Edge]?
  public var biases: [Bias]
  /// The target and the error of each output; empty where there are none.
  public var targets: [Neuron]
  public var errors: [Neuron]
  /// The total error.
  public var total: Neuron?

  public init(
    columns: [[Neuron]], edges: [Edge]? = nil, biases: [Bias] = [], targets: [Neuron] = [],
    errors: [Neuron] = [], total: Neuron? = nil
  ) {
    self.columns = columns
    self.edges = edges
    self.biases = biases
    self.targets = targets
    self.errors = errors
    self.total = total
  }

  /// The largest column that is shown whole.
  public static let largestColumn = 8
  /// The most weights and biases that are written at their lines.
  public static let mostLabels = 40

  /// Whether weights and biases are written at their lines.
  var isLabeled: Bool {
    guard let edges else { return false }
    return edges.count + biases.count <= Self.mostLabels
      && columns.allSatisfy { $0.count <= Self.largestColumn }
  }

  /// For each column, whether a bias stands below it, for the next column.
  var hasBiases: [Bool] {
    columns.indices.map { column in biases.contains { $0.column == column + 1 } }
  }

  /// The picture in every form.
  ///
  /// - Parameters:
  ///   - language: The language of the columns' names.
  ///   - digits: How many significant digits numbers have at most.
  ///   - caption: What stands below the picture.
  public func picture(language: Language, digits: Int, caption: RichText) -> Picture {
    let numbers = Numbers(digits: digits)
    let layout = NetworkLayout(self, numbers: numbers)
    return layout.drawing(language: language)
      .picture(text: text(language: language, numbers: numbers), caption: caption)
  }

  /// What a column is called.
  func title(of column: Int, language: Language) -> String {
    if column == 0 { return Phrase("inputs", "输入层")[language] }
    if column == columns.count - 1 { return Phrase("outputs", "输出层")[language] }
    let number = columns.count > 3 ? " \(column)" : ""
    return Phrase("hidden" + number, "隐藏层" + number)[language]
  }
}

/// How a drawing writes numbers.
struct Numbers {
  let digits: Int

  func text(_ value: Double) -> String { Formula.rounded(value, digits: digits).text }

  /// The symbol with its value, as w1 = 0.15; the symbol alone where there is no value.
  func label(_ symbol: Formula, _ value: Double?) -> Formula {
    guard let value else { return symbol }
    return .relation(symbol, .equal, .rounded(value, digits: digits))
  }
}
