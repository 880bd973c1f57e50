import Tensors

/// Rows of features, with the targets to be learned from them.
///
/// Tables are held in Float64, as their files give them; images and other bytes in Float32, which
/// holds them exactly. A trainer casts to the precision it works in.
///
/// ```swift
/// let iris = try Dataset.builtIn("iris")
/// print(iris.count, iris.inputShape, iris.classNames)
/// // 150 [4] ["setosa", "versicolor", "virginica"]
/// ```
public struct Dataset: Sendable {
  /// What is to be learned of each row.
  public enum Targets: Sendable, Hashable {
    /// Class numbers, Int32 of shape `[rows]`, or `[rows, steps]` where each step of a sequence has
    /// one, and the name of each class.
    case classes(Tensor, names: [String])
    /// Numbers, Float64 or Float32 of shape `[rows, outputs]`, and the name of each output.
    /// Where there is nothing to learn, `outputs` is 0.
    case values(Tensor, names: [String])
  }

  /// A short name: that of the built-in set, the file (with its ending) or the folder.
  public var name: String
  /// The features, of shape `[rows] + inputShape`.
  public var features: Tensor
  /// The targets, a row of them for each row of features.
  public var targets: Targets
  /// The name of each feature; empty for images.
  public var featureNames: [String]
  /// The file, the formula or the publication that the rows come from.
  public var source: String
  /// The authors and the license, where the source asks for them to be named; else empty.
  public var attribution: String
  /// The scaling that suits the features, unless the user says otherwise.
  public var suggestedScaling: Scaling.Kind
  /// The number of each row in the source, counted from 1 (a table's header does not count);
  /// nil where the rows are the source's 1, 2, 3….
  public var rowNumbers: [Int]?
  /// The file that each row comes from, within the folder; empty unless the rows are images.
  public var rowNames: [String] = []
  /// What the rows are, where they are stretches of one sequence; nil for rows without an order.
  public var form: RowForm?

  /// A dataset from its parts.
  ///
  /// Values of shape `[rows]` become `[rows, 1]`.
  ///
  /// - Precondition: the targets have as many rows as the features; values are `[rows, outputs]`;
  ///   class numbers are Int32 `[rows]` or `[rows, steps]`, each the number of a name.
  public init(
    name: String, features: Tensor, targets: Targets, featureNames: [String] = [],
    source: String = "", attribution: String = "", suggestedScaling: Scaling.Kind = .standard
  ) {
    self.name = name
    self.features = features
    self.targets = targets.normalized
    self.featureNames = featureNames
    self.source = source
    self.attribution = attribution
    self.suggestedScaling = suggestedScaling
    precondition(
      features.shape.rank > 0 && self.targets.tensor.shape.dimensions.first == count,
      "targets of shape \(targets.tensor.shape) do not fit features of shape \(features.shape)")
    if let problem = self.targets.problem { preconditionFailure(problem) }
  }

  /// The number of rows.
  public var count: Int { features.shape[0] }

  /// The shape of one row of features: `[4]` for a table, `[28, 28]` for MNIST's images.
  public var inputShape: Shape { Shape(Array(features.shape.dimensions.dropFirst())) }

  /// The names of the classes; empty where the targets are numbers.
  public var classNames: [String] {
    if case .classes(_, let names) = targets { names } else { [] }
  }

  /// Whether there is something to learn: false for features without targets.
  public var hasTargets: Bool { targets.outputCount > 0 }

  /// The given rows, in the given order; a row may be named more than once. Each keeps the number
  /// that it has in the source (`rowNumbers`).
  ///
  /// - Precondition: every index lies in `0..<count`.
  public func rows(_ indices: [Int]) -> Dataset {
    var part = self
    part.rowNumbers = indices.map { rowNumbers?[$0] ?? $0 + 1 }
    if !rowNames.isEmpty { part.rowNames = indices.map { rowNames[$0] } }
    part.features = features.rows(indices)
    switch targets {
    case .classes(let labels, let names):
      part.targets = .classes(labels.rows(indices), names: names)
    case .values(let values, let names):
      part.targets = .values(values.rows(indices), names: names)
    }
    return part
  }

  /// How many targets each class has; empty where the targets are numbers.
  public var classCounts: [Int] {
    guard case .classes(let labels, let names) = targets else { return [] }
    var counts = [Int](repeating: 0, count: names.count)
    for label in labels.integers { counts[label] += 1 }
    return counts
  }
}

extension Dataset.Targets {
  /// Values with an axis for the outputs.
  var normalized: Dataset.Targets {
    guard case .values(let values, let names) = self, values.shape.rank == 1 else { return self }
    return .values(values.reshaped([values.count, 1]), names: names)
  }

  /// What is wrong with the shapes or the class numbers; nil where nothing is.
  var problem: String? {
    switch self {
    case .values(let values, _):
      return values.shape.rank == 2
        ? nil : "values of shape \(values.shape), expected [rows, outputs]"
    case .classes(let labels, let names):
      guard labels.scalarType == .int32, (1...2).contains(labels.shape.rank) else {
        return "class numbers \(labels.scalarType) \(labels.shape), expected int32 [rows] or "
          + "[rows, steps]"
      }
      let stray = labels.integers.first { !names.indices.contains($0) }
      return stray.map { "class number \($0), expected 0 to \(names.count - 1)" }
    }
  }

  /// The class numbers or the values.
  public var tensor: Tensor {
    switch self {
    case .classes(let labels, _): labels
    case .values(let values, _): values
    }
  }

  /// The number of classes, or of values to a row.
  public var outputCount: Int {
    switch self {
    case .classes(_, let names): names.count
    case .values(let values, _): values.shape[1]
    }
  }

  /// No targets for this many rows.
  static func absent(rows: Int) -> Dataset.Targets {
    .values(Tensor(.float64([]), shape: [rows, 0]), names: [])
  }
}

extension Dataset: CustomStringConvertible {
  /// `iris: 150 rows of [4] float64, 3 classes (setosa 50, versicolor 50, virginica 50)`.
  public var description: String {
    let rows = "\(name): \(count) rows of \(inputShape) \(features.scalarType)"
    switch targets {
    case .classes(_, let names):
      let counts = zip(form?.shown(names) ?? names, classCounts).prefix(12).map { "\($0) \($1)" }
      let more = names.count > 12 ? ", …" : ""
      return "\(rows), \(names.count) classes (\(counts.joined(separator: ", "))\(more))"
    case .values(_, let names):
      return names.isEmpty ? "\(rows), no targets" : "\(rows) → \(names.joined(separator: ", "))"
    }
  }
}
