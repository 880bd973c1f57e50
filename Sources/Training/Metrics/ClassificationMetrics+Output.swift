extension ClassificationMetrics: CustomStringConvertible {
  /// The confusion matrix is printed for up to this many classes.
  private static let printedClasses = 20

  /// The scores as an aligned table, and for up to 20 classes the confusion matrix.
  ///
  /// ```
  /// accuracy 0.7500 (3 of 4)
  ///
  /// class          precision  recall      F1  support
  /// no                1.0000  0.5000  0.6667        2
  /// yes               0.6667  1.0000  0.8000        2
  /// macro average     0.8333  0.7500  0.7333        4
  ///
  /// actual \ predicted  no  yes
  /// no                   1    1
  /// yes                  0    2
  /// ```
  public var description: String {
    func row(_ name: String, _ scores: Scores) -> [String] {
      [name] + [scores.precision, scores.recall, scores.f1].map(scoreText) + ["\(scores.support)"]
    }
    var rows = [["class", "precision", "recall", "F1", "support"]]
    rows += zip(classes, perClass).map(row)
    rows.append(row("macro average", macroAverage))
    var text = "accuracy \(scoreText(accuracy)) (\(correctCount) of \(count))\n\n"
    text += scoreTable(rows)
    if classes.count <= Self.printedClasses {
      let matrix = zip(classes, confusionMatrix).map { name, counts in
        [name] + counts.map(String.init)
      }
      text += "\n\n" + scoreTable([["actual \\ predicted"] + classes] + matrix)
    }
    return text
  }
}

extension ClassificationMetrics: Codable {
  private enum Key: String, CodingKey {
    case accuracy, classes, confusionMatrix, count, macroAverage, perClass
  }

  private struct NamedScores: Encodable {
    let name: String
    let scores: Scores

    private enum Key: CodingKey { case name }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(name, forKey: .name)
      try scores.encode(to: encoder)
    }
  }

  /// Writes the classes and the confusion matrix, and for other readers every score:
  /// `{"accuracy": 0.75, "classes": ["no", "yes"], "confusionMatrix": [[1, 1], [0, 2]], …}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(count, forKey: .count)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(macroAverage, forKey: .macroAverage)
    let named = zip(classes, perClass).map { NamedScores(name: $0, scores: $1) }
    try container.encode(named, forKey: .perClass)
    try container.encode(classes, forKey: .classes)
    try container.encode(confusionMatrix, forKey: .confusionMatrix)
  }

  /// Reads the classes and the confusion matrix; the scores follow from them.
  ///
  /// - Throws: `DecodingError` where one is missing or they do not fit one another.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let classes = try container.decode([String].self, forKey: .classes)
    let matrix = try container.decode([[Int]].self, forKey: .confusionMatrix)
    // Counts are bounded, so that their sums cannot overflow.
    let fits =
      matrix.count == classes.count
      && matrix.allSatisfy { row in
        row.count == classes.count && row.allSatisfy { (0...(1 << 36)).contains($0) }
      }
    guard fits, let metrics = try? ClassificationMetrics(classes: classes, matrix: matrix) else {
      throw DecodingError.dataCorruptedError(
        forKey: .confusionMatrix, in: container,
        debugDescription: "found \(matrix.count) rows for \(classes.count) classes; expected "
          + "counts in as many rows and columns as there are classes")
    }
    self = metrics
  }
}
