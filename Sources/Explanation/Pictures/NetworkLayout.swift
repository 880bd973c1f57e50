import Documents
import Formulas

/// Where everything of a network drawing stands.
///
/// At a share f of the way from one column to the next, the lines cross a vertical line at
/// (1 − f) y_i + f y_j. With columns whose neurons are s and s′ apart and m neurons in the second
/// one, f = s / (s + m s′) spaces all these points equally, s s′ / (s + m s′) apart. Labels stand
/// there; so none covers another once that distance is as high as a label.
struct NetworkLayout {
  /// Sizes in units of the drawing.
  static let radius = 19.0
  static let labelSize = 13.0
  static let labelHeight = 18.0
  static let leastSpacing = 66.0
  static let top = 44.0

  let network: NetworkDrawing
  let numbers: Numbers
  /// The neurons of each column that are shown; nil stands for those left out.
  let shown: [[Int?]]
  /// The rows of each column that are neurons' or, the last one, a bias's.
  let rows: [Int]
  let spacing: [Double]
  /// From a column's last neuron down to its bias.
  private let biasSteps: [Double]
  /// From each column to the next.
  let distances: [Double]
  let middle: Double
  let height: Double

  init(_ network: NetworkDrawing, numbers: Numbers) {
    self.network = network
    self.numbers = numbers
    shown = network.columns.map { column in
      column.count <= NetworkDrawing.largestColumn
        ? column.indices.map { $0 } : [0, 1, 2, nil, column.count - 1]
    }
    let counts = shown.map(\.count)
    rows = zip(counts, network.hasBiases).map { $0 + ($1 ? 1 : 0) }
    var spacing = counts.map { _ in Self.leastSpacing }
    if network.isLabeled {
      for column in counts.indices.dropLast().reversed() {
        let next = spacing[column + 1]
        let needed =
          Self.labelHeight * Double(counts[column + 1]) * next / (next - Self.labelHeight)
        spacing[column] = max(spacing[column], needed)
      }
    }
    self.spacing = spacing
    let widest = Self.widestLabel(network, numbers)
    distances = counts.dropLast().indices.map { column in
      guard network.isLabeled else { return 130 }
      let share = Self.share(spacing[column], spacing[column + 1], counts[column + 1])
      // The label keeps clear of the neurons on both sides.
      let clear = Self.radius + 6 + widest / 2
      return max(130, clear / min(share, 1 - share))
    }
    // The neurons of all columns stand around one middle line; biases come below them.
    let halves = zip(counts, spacing).map { Double($0 - 1) / 2 * $1 }
    middle = Self.top + (halves.max() ?? 0) + Self.radius + 4
    let biasSteps = counts.indices.map { column in
      // Where each neuron has its own bias, the bias's lines need labels like any other's.
      let own = network.biases.contains { $0.column == column + 1 && $0.to != nil }
      return own && network.isLabeled ? spacing[column] : Self.leastSpacing
    }
    self.biasSteps = biasSteps
    let depths = zip(halves, zip(network.hasBiases, biasSteps)).map { half, bias in
      half + (bias.0 ? bias.1 : 0)
    }
    height = middle + (depths.max() ?? 0) + Self.radius + (network.total == nil ? 22 : 34)
  }

  private static func share(_ s: Double, _ next: Double, _ count: Int) -> Double {
    s / (s + Double(count) * next)
  }

  /// The share of the way from a column to the next at which labels stand.
  func labelShare(_ column: Int) -> Double {
    Self.share(spacing[column], spacing[column + 1], shown[column + 1].count)
  }

  private static func widestLabel(_ network: NetworkDrawing, _ numbers: Numbers) -> Double {
    let edges = (network.edges ?? []).map { ($0.symbol, $0.value) }
    let biases = network.biases.map { (Optional($0.symbol), $0.value) }
    return (edges + biases).map { symbol, value in
      symbol.map { width(numbers.label($0, value), labelSize) } ?? 0
    }.max() ?? 0
  }

  /// About how wide a label is.
  static func width(_ label: Formula, _ size: Double) -> Double {
    let text = label.text
    let low = text.filter { ".,= ₁₂₃₄₅₆₇₈₉₀⁺_".contains($0) }.count
    return (Double(text.count - low) * 0.58 + Double(low) * 0.36) * size
  }

  func x(_ column: Int) -> Double { 34 + distances.prefix(column).reduce(0, +) }

  /// The place of a row.
  func point(_ column: Int, row: Int) -> Drawing.Point {
    let last = shown[column].count - 1
    let start = middle - Double(last) / 2 * spacing[column]
    let step = row > last ? Double(last) * spacing[column] + biasSteps[column] : nil
    return .init(x(column), start + (step ?? Double(row) * spacing[column]))
  }

  /// The place of a neuron; nil where it is left out.
  func point(_ column: Int, neuron: Int) -> Drawing.Point? {
    guard shown.indices.contains(column) else { return nil }
    return shown[column].firstIndex(of: neuron).map { point(column, row: $0) }
  }

  /// The width of what stands to the right of the outputs.
  var sideWidth: Double {
    let labels = network.targets + network.errors + (network.total.map { [$0] } ?? [])
    return labels.map { Self.width(numbers.label($0.symbol, $0.value), Self.labelSize) }.max() ?? 0
  }

  var width: Double {
    let side = sideWidth
    return x(max(0, shown.count - 1)) + 34 + (side > 0 ? side + 12 : 0)
  }
}
