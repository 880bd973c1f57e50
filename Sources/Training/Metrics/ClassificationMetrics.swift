/// How well predicted classes agree with the actual ones.
///
/// Everything is read from the confusion matrix, so batches can be added one after another. A ratio
/// without a denominator – the precision of a class that was never predicted – is 0.
///
/// ```swift
/// let metrics = try ClassificationMetrics(
///   labels: [0, 0, 1, 1], predictions: [0, 1, 1, 1], classes: ["no", "yes"])
/// print(metrics.accuracy)             // 0.75
/// print(metrics.confusionMatrix)      // [[1, 1], [0, 2]]
/// ```
public struct ClassificationMetrics: Hashable, Sendable {
  /// More classes than this would need a confusion matrix of over 100 MB.
  static let classLimit = 4096

  /// The classes' names; a class's number is its place here.
  public let classes: [String]
  /// The examples of each class (rows) that were taken for each class (columns).
  public private(set) var confusionMatrix: [[Int]]

  /// Metrics of no examples yet.
  ///
  /// - Throws: ``TrainingError`` without classes, or for more than 4096.
  public init(classes: [String]) throws {
    guard !classes.isEmpty, classes.count <= Self.classLimit else {
      throw metricError(
        found: "\(classes.count) classes", expected: "from 1 to \(Self.classLimit)")
    }
    self.classes = classes
    confusionMatrix = Array(
      repeating: Array(repeating: 0, count: classes.count), count: classes.count)
  }

  /// Metrics with a known confusion matrix, of as many rows and columns as there are classes.
  init(classes: [String], matrix: [[Int]]) throws {
    try self.init(classes: classes)
    confusionMatrix = matrix
  }

  /// Metrics of examples.
  ///
  /// - Parameters:
  ///   - labels: The actual classes, by number.
  ///   - predictions: The predicted classes, by number, in the same order.
  ///   - classes: The classes' names.
  /// - Throws: ``TrainingError`` where the two lists differ in length or name an unknown class.
  public init(labels: [Int], predictions: [Int], classes: [String]) throws {
    try self.init(classes: classes)
    try add(labels: labels, predictions: predictions)
  }

  /// Adds examples; none of them where it throws.
  ///
  /// - Parameters:
  ///   - labels: The actual classes, by number.
  ///   - predictions: The predicted classes, by number, in the same order.
  /// - Throws: ``TrainingError`` where the two lists differ in length or name an unknown class.
  public mutating func add(labels: [Int], predictions: [Int]) throws {
    guard labels.count == predictions.count else {
      throw metricError(
        found: "\(labels.count) labels and \(predictions.count) predictions",
        expected: "as many predictions as labels")
    }
    for (what, numbers) in [("label", labels), ("prediction", predictions)] {
      if let place = numbers.firstIndex(where: { !classes.indices.contains($0) }) {
        throw metricError(
          found: "\(what) \(numbers[place]) in example \(place)",
          expected: "a class from 0 to \(classes.count - 1)")
      }
    }
    for (label, prediction) in zip(labels, predictions) { confusionMatrix[label][prediction] += 1 }
  }

  /// Adds the examples of other metrics over the same classes.
  ///
  /// - Throws: ``TrainingError`` where the classes differ.
  public mutating func add(_ other: ClassificationMetrics) throws {
    guard other.classes == classes else {
      throw metricError(
        found: "metrics over other classes (\(other.classes.count))",
        expected: "the same \(classes.count) classes")
    }
    for row in classes.indices {
      for column in classes.indices {
        confusionMatrix[row][column] += other.confusionMatrix[row][column]
      }
    }
  }
}

// MARK: - Scores

extension ClassificationMetrics {
  /// The scores of one class, or an average of them.
  public struct Scores: Codable, Hashable, Sendable {
    /// Of the examples taken for the class, the share that belongs to it: TP / (TP + FP).
    public let precision: Double
    /// Of the examples of the class, the share that was taken for it: TP / (TP + FN).
    public let recall: Double
    /// The harmonic mean of both: 2 TP / (2 TP + FP + FN).
    public let f1: Double
    /// The examples of the class: TP + FN.
    public let support: Int
  }

  /// The number of examples.
  public var count: Int { confusionMatrix.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The examples whose class was predicted.
  public var correctCount: Int { classes.indices.reduce(0) { $0 + confusionMatrix[$1][$1] } }

  /// The share of examples whose class was predicted; 0 without examples.
  public var accuracy: Double { ratio(correctCount, count) }

  /// Each class's scores, in the order of the classes.
  public var perClass: [Scores] {
    var predicted = [Int](repeating: 0, count: classes.count)
    for row in confusionMatrix {
      for column in classes.indices { predicted[column] += row[column] }
    }
    return classes.indices.map { index in
      let hits = confusionMatrix[index][index]
      let support = confusionMatrix[index].reduce(0, +)
      return Scores(
        precision: ratio(hits, predicted[index]), recall: ratio(hits, support),
        f1: ratio(2 * hits, predicted[index] + support), support: support)
    }
  }

  /// The plain mean of the classes' scores, in which rare classes count as much as frequent ones;
  /// classes without examples count, with 0.
  public var macroAverage: Scores {
    let scores = perClass
    func mean(_ score: (Scores) -> Double) -> Double {
      scores.reduce(0) { $0 + score($1) } / Double(scores.count)
    }
    return Scores(
      precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: count)
  }

  /// The plain mean of the classes' F1 scores.
  public var macroF1: Double { macroAverage.f1 }
}

private func ratio(_ part: Int, _ whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}
