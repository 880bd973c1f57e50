import Datasets
import Layers
import Tensors

extension TrainingReport {
  /// Takes in how the model does on rows that training never saw.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where the data do not fit the model.
  public mutating func test(_ model: TrainedModel, on data: Dataset, threads: Int? = nil) throws {
    test = Data(data)
    testResult = try model.evaluate(data, threads: threads)
    try findMistakes(of: model, on: data, threads: threads)
  }

  /// Takes in the rows that the model is most wrong about: of wrong classes those with the highest
  /// score, of values those furthest off. Of values it also takes ``predictions``. Rows with a class
  /// for each step are wrong in so many places that none is listed.
  ///
  /// - Throws: ``TrainingError/data(_:)`` where the data do not fit the model.
  public mutating func findMistakes(
    of model: TrainedModel, on data: Dataset, most count: Int = 24, threads: Int? = nil
  ) throws {
    (mistakes, predictions) = ([], [])
    if case .classes(let labels, _) = data.targets, labels.shape.rank > 1 { return }
    let scores = try model.predict(data.features, threads: threads)
    switch data.targets {
    case .classes(let labels, let names):
      mistakes = Self.wrongClasses(labels, names, scores, model, data, most: count)
    case .values(let values, _):
      mistakes = Self.furthestValues(values, scores, data, most: count)
      predictions = Self.sample(values, scores, data)
    }
  }

  private static func wrongClasses(
    _ labels: Tensor, _ names: [String], _ predictions: Tensor, _ model: TrainedModel,
    _ data: Dataset, most count: Int
  ) -> [Mistake] {
    let width = predictions.shape[-1]
    let scores = predictions.doubles
    let actual = labels.integers
    let predicted = model.classes(of: predictions)
    func score(_ row: Int) -> Double {
      if width > 1 { return scores[row * width + predicted[row]] }
      if predicted[row] == 1 { return scores[row] }
      return 2 * model.loss.decisionThreshold - scores[row]
    }
    let wrong = actual.indices.filter { actual[$0] != predicted[$0] }
    return wrong.sorted { (score($0), $1) > (score($1), $0) }.prefix(count).map { row in
      Mistake(
        row: data.number(ofRow: row), actual: names[actual[row]], predicted: names[predicted[row]],
        score: score(row), features: data.features.rows([row]).doubles)
    }
  }

  private static func furthestValues(
    _ targets: Tensor, _ predictions: Tensor, _ data: Dataset, most count: Int
  ) -> [Mistake] {
    let width = predictions.shape[-1]
    let actual = targets.doubles
    let predicted = predictions.doubles
    let distances = (0..<data.count).map { row in
      (row * width..<(row + 1) * width).reduce(0) { $0 + abs(actual[$1] - predicted[$1]) }
    }
    func text(_ values: [Double], _ row: Int) -> String {
      (row * width..<(row + 1) * width).map { "\(Float(values[$0]))" }.joined(separator: ", ")
    }
    return distances.indices.sorted { (distances[$0], $1) > (distances[$1], $0) }.prefix(count)
      .map { row in
        Mistake(
          row: data.number(ofRow: row), actual: text(actual, row), predicted: text(predicted, row),
          score: nil,
          features: data.features.rows([row]).doubles)
      }
  }

  /// Predicted beside actual numbers of at most 500 rows.
  private static func sample(
    _ targets: Tensor, _ predictions: Tensor, _ data: Dataset
  ) -> [Prediction] {
    let width = predictions.shape[-1]
    let actual = targets.doubles
    let predicted = predictions.doubles
    let features = data.inputShape.count == 1 ? data.features.doubles : []
    let rows = min(500, data.count)
    return (0..<rows).flatMap { place in
      let row = place * data.count / rows
      return (0..<width).map { output in
        Prediction(
          row: data.number(ofRow: row), output: output, actual: actual[row * width + output],
          predicted: predicted[row * width + output],
          feature: features.isEmpty ? nil : features[row])
      }
    }
  }
}

extension Dataset {
  /// The number, from 1, that a row has in the source.
  package func number(ofRow row: Int) -> Int { rowNumbers?[row] ?? row + 1 }
}
