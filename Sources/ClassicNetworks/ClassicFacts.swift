import Datasets
import GraphIR
import Tensors
import Training

/// What most networks remember of their data and their fit.
public struct ClassicFacts: Codable, Hashable, Sendable {
  /// The shape of a row, [28, 28] for an image.
  public var inputShape: Shape
  /// The name of each feature; empty where they have none.
  public var featureNames: [String]
  /// The name of each class; empty where none are learned.
  public var classNames: [String]
  /// How rows were scaled.
  public var scaling: Scaling
  /// What was measured on the way, a number an epoch, by name.
  public var curves: [String: [Double]]
  public var warnings: [String]

  /// The facts of a dataset before a fit.
  public init(_ data: Dataset, scaling: Scaling = .none) {
    inputShape = data.inputShape
    featureNames = data.featureNames
    classNames = data.classNames
    self.scaling = scaling
    curves = [:]
    warnings = []
  }

  /// Adds a number to a curve.
  mutating func record(_ name: String, _ value: Double) { curves[name, default: []].append(value) }

  /// The numbers in a row of data.
  ///
  /// - Throws: `TrainingError` where a file's shape makes no sense.
  func columns() throws -> Int {
    guard let count = inputShape.checkedCount, count >= 1, count <= 1 << 31 else {
      throw TrainingError.data("rows of shape \(inputShape), expected at least one number in each")
    }
    if let problem = scaling.problem(columns: count) {
      throw TrainingError.data("the scaling of rows: found \(problem)")
    }
    return count
  }

  /// Scaled rows as one matrix.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  package func scaled(_ rows: Tensor, for kind: String) throws -> Matrix {
    var matrix = try rows.matrix(for: kind, columns: try columns())
    try scaling.apply(to: &matrix)
    return matrix
  }
}

extension Scaling {
  /// Scales rows where they lie, part by part: many of them need no memory for a second copy.
  fileprivate func apply(to matrix: inout Matrix) throws {
    guard self != .none, matrix.columns > 0 else { return }
    let size = max(1, (1 << 17) / matrix.columns)
    for start in stride(from: 0, to: matrix.rows, by: size) {
      let part = start..<min(start + size, matrix.rows)
      let scaled = try apply(to: matrix.part(part).tensor).doubles
      matrix.values.replaceSubrange(
        part.lowerBound * matrix.columns..<part.upperBound * matrix.columns, with: scaled)
    }
  }
}

extension Dataset {
  /// Learns a scaling of these rows, and applies it.
  ///
  /// - Throws: as ``matrix(for:least:)``; `DatasetError` where the scaling cannot be learned.
  package func scaledMatrix(_ kind: RowScaling, for network: String, least: Int = 1) throws
    -> (matrix: Matrix, facts: ClassicFacts)
  {
    var matrix = try matrix(for: network, least: least)
    var facts = ClassicFacts(self, scaling: try Scaling.learn(kind.kind, from: matrix.tensor))
    facts.warnings = constantColumns(matrix)
    _ = try facts.columns()
    try facts.scaling.apply(to: &matrix)
    return (matrix, facts)
  }
}
