import Foundation
import Tensors
import Testing
import Training

// Reference numbers: scikit-learn 1.9.1, computed once by Scripts/make-metric-references.py.

@Suite("Classification metrics") struct ClassificationMetricsTests {
  private let labels = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 0, 1, 2, 0, 2, 2, 1, 0]
  private let predictions = [0, 0, 1, 1, 1, 2, 1, 2, 2, 0, 2, 2, 0, 1, 2, 2, 2, 2, 0, 2]
  private let classes = ["setosa", "versicolor", "virginica"]

  private func metrics() throws -> ClassificationMetrics {
    try ClassificationMetrics(labels: labels, predictions: predictions, classes: classes)
  }

  @Test("Scores agree with scikit-learn's")
  func reference() throws {
    let metrics = try metrics()
    #expect(metrics.confusionMatrix == [[3, 1, 2], [1, 4, 1], [1, 0, 7]])
    #expect(metrics.count == 20)
    #expect(metrics.correctCount == 14)
    #expect(metrics.accuracy == 0.7)
    let scores = metrics.perClass
    expectEqual(scores.map(\.precision), [0.6, 0.8, 0.7])
    expectEqual(scores.map(\.recall), [0.5, 0.6666666666666666, 0.875])
    expectEqual(scores.map(\.f1), [0.5454545454545454, 0.7272727272727273, 0.7777777777777778])
    #expect(scores.map(\.support) == [6, 6, 8])
    let macro = metrics.macroAverage
    expectEqual(
      [macro.precision, macro.recall, macro.f1],
      [0.6999999999999998, 0.6805555555555555, 0.6835016835016835])
    #expect(metrics.macroF1 == macro.f1)
  }

  @Test("Classes that never occur or are never predicted score 0, as scikit-learn's zero_division")
  func zeroDivision() throws {
    let metrics = try ClassificationMetrics(
      labels: [0, 0, 1, 3, 3, 1], predictions: [0, 1, 1, 2, 0, 1], classes: ["a", "b", "c", "d"])
    let scores = metrics.perClass
    expectEqual(scores.map(\.precision), [0.5, 0.6666666666666666, 0, 0])
    expectEqual(scores.map(\.recall), [0.5, 1, 0, 0])
    expectEqual(scores.map(\.f1), [0.5, 0.8, 0, 0])
    let macro = metrics.macroAverage
    expectEqual(
      [macro.precision, macro.recall, macro.f1], [0.29166666666666663, 0.375, 0.325])

    let empty = try ClassificationMetrics(classes: ["a", "b"])
    #expect(empty.accuracy == 0)
    #expect(empty.macroF1 == 0)
    #expect(empty.count == 0)
  }

  @Test("Batches add up to the whole")
  func batches() throws {
    var first = try ClassificationMetrics(classes: classes)
    for start in stride(from: 0, to: 20, by: 7) {
      let end = min(start + 7, 20)
      try first.add(
        labels: Array(labels[start..<end]), predictions: Array(predictions[start..<end]))
    }
    #expect(try first == metrics())

    var doubled = try metrics()
    try doubled.add(first)
    #expect(doubled.count == 40)
    #expect(doubled.accuracy == 0.7)
    #expect(throws: TrainingError.self) {
      try doubled.add(try ClassificationMetrics(classes: ["x", "y", "z"]))
    }
  }

  @Test("What does not fit is refused with words, and nothing is added")
  func refusal() throws {
    var metrics = try metrics()
    let before = metrics
    #expect(
      message { try metrics.add(labels: [0, 1], predictions: [0]) }
        == "metrics: found 2 labels and 1 predictions, expected as many predictions as labels")
    #expect(
      message { try metrics.add(labels: [0, 3], predictions: [0, 1]) }
        == "metrics: found label 3 in example 1, expected a class from 0 to 2")
    #expect(
      message { try metrics.add(labels: [0], predictions: [-1]) }
        == "metrics: found prediction -1 in example 0, expected a class from 0 to 2")
    #expect(metrics == before)
    #expect(throws: TrainingError.self) { try ClassificationMetrics(classes: []) }
    #expect(throws: TrainingError.self) {
      try ClassificationMetrics(classes: (0..<5000).map { "\($0)" })
    }
  }

  @Test("The description is an aligned table")
  func description() throws {
    #expect(
      try metrics().description == """
        accuracy 0.7000 (14 of 20)

        class          precision  recall      F1  support
        setosa            0.6000  0.5000  0.5455        6
        versicolor        0.8000  0.6667  0.7273        6
        virginica         0.7000  0.8750  0.7778        8
        macro average     0.7000  0.6806  0.6835       20

        actual \\ predicted  setosa  versicolor  virginica
        setosa                   3           1          2
        versicolor               1           4          1
        virginica                1           0          7
        """)
  }

  @Test("Saved and read they are the same, and readers find every score")
  func coding() throws {
    let metrics = try metrics()
    let data = try JSONEncoder().encode(metrics)
    #expect(try JSONDecoder().decode(ClassificationMetrics.self, from: data) == metrics)

    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(json["accuracy"] as? Double == 0.7)
    let perClass = try #require(json["perClass"] as? [[String: Any]])
    #expect(perClass.map { $0["name"] as? String } == classes)
    #expect(perClass.map { $0["recall"] as? Double } == metrics.perClass.map(\.recall))

    for text in [
      "{}", #"{"classes": ["a"], "confusionMatrix": [[1, 2]]}"#,
      #"{"classes": ["a"], "confusionMatrix": [[-1]]}"#,
      #"{"classes": ["a"], "confusionMatrix": [[9223372036854775807]]}"#,
      #"{"classes": [], "confusionMatrix": []}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ClassificationMetrics.self, from: Data(text.utf8))
      }
    }
  }
}

@Suite("Regression metrics") struct RegressionMetricsTests {
  private let targets = Tensor([
    [0.5, 1.0, 2.0], [-1.0, 1.5, 2.0], [7.0, -6.0, 2.0], [3.25, 0.125, 2.0],
  ])
  private let predictions = Tensor([
    [0.0, 2.0, 2.0], [-1.0, 2.0, 2.25], [8.0, -5.0, 2.0], [3.0, 0.5, 2.0],
  ])

  @Test("Scores agree with scikit-learn's, for each output and in all")
  func reference() throws {
    let metrics = try RegressionMetrics(targets: targets, predictions: predictions)
    #expect(metrics.outputs.map(\.name) == ["output 0", "output 1", "output 2"])
    expectEqual(metrics.outputs.map(\.meanAbsoluteError), [0.4375, 0.71875, 0.0625])
    expectEqual(metrics.outputs.map(\.meanSquaredError), [0.328125, 0.59765625, 0.015625])
    expectEqual(
      metrics.outputs.map(\.rootMeanSquaredError), [0.57282196186948, 0.7730823048033113, 0.125])
    // The last output's targets are all equal.
    expectEqual(metrics.outputs.map(\.rSquared), [0.9645719105862505, 0.9343558940255283, 0])
    #expect(abs(metrics.meanAbsoluteError - 0.40625) < 1e-15)
    #expect(abs(metrics.meanSquaredError - 0.3138020833333333) < 1e-15)
    #expect(abs(metrics.rSquared - 0.6329759348705929) < 1e-15)
    #expect(metrics.rootMeanSquaredError == metrics.meanSquaredError.squareRoot())
    #expect(metrics.count == 4)
  }

  @Test("R² of constant targets is 1 for perfect predictions and else 0; without examples all is 0")
  func constantTargets() throws {
    #expect(
      try RegressionMetrics(targets: [0.1, 0.1, 0.1], predictions: [0.1, 0.1, 0.1]).rSquared == 1)
    #expect(
      try RegressionMetrics(targets: [0.1, 0.1, 0.1], predictions: [0.1, 0.1, 0.2]).rSquared == 0)
    let empty = try RegressionMetrics()
    #expect(empty.rSquared == 0 && empty.meanSquaredError == 0 && empty.rootMeanSquaredError == 0)
  }

  @Test("R² survives a large common offset")
  func offset() throws {
    // Σ(t − t̄)² = 2 around 10⁹: a difference of sums of squares would lose it.
    let targets = [1e9 - 1, 1e9, 1e9 + 1]
    let metrics = try RegressionMetrics(targets: targets, predictions: [1e9 - 1, 1e9, 1e9])
    #expect(abs(metrics.rSquared - 0.5) < 1e-9)
  }

  @Test("Batches add up to the whole")
  func batches() throws {
    var metrics = try RegressionMetrics(outputNames: ["x", "y", "z"])
    for row in 0..<4 {
      let range = (3 * row)..<(3 * row + 3)
      try metrics.add(
        targets: Tensor(Array(targets.doubles[range]), shape: [1, 3]),
        predictions: Tensor(Array(predictions.doubles[range]), shape: [1, 3]))
    }
    let whole = try RegressionMetrics(
      targets: targets, predictions: predictions, outputNames: ["x", "y", "z"])
    #expect(metrics == whole)
  }

  @Test("What does not fit is refused with words")
  func refusal() throws {
    #expect(
      message { try RegressionMetrics(targets: [1, 2], predictions: [1]) }
        == "metrics: found targets of shape [2], predictions of shape [1], expected predictions "
        + "of the targets' shape")
    #expect(
      message { try RegressionMetrics(targets: targets, predictions: targets, outputNames: ["x"]) }
        == "metrics: found 3 outputs in shape [4, 3], expected 1")
    #expect(throws: TrainingError.self) { try RegressionMetrics(outputNames: []) }
    #expect(throws: TrainingError.self) {
      try RegressionMetrics(
        targets: .zeros([4, 0], type: .float32),
        predictions: .zeros([4, 0], type: .float32))
    }
  }

  @Test("The description is an aligned table")
  func description() throws {
    let one = try RegressionMetrics(targets: [3, -0.5, 2, 7], predictions: [2.5, 0, 2, 8])
    #expect(
      one.description == """
                MAE    MSE     RMSE      R²  examples
        output  0.5  0.375  0.61237  0.9486         4
        """)
    let three = try RegressionMetrics(targets: targets, predictions: predictions)
    #expect(
      three.description.split(separator: "\n").last
        == "in all    0.40625    0.3138  0.56018  0.6330         4")
  }

  @Test("Saved and read they are the same; a run that diverged can be saved too")
  func coding() throws {
    let metrics = try RegressionMetrics(targets: targets, predictions: predictions)
    let data = try JSONEncoder().encode(metrics)
    #expect(try JSONDecoder().decode(RegressionMetrics.self, from: data) == metrics)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(json["meanAbsoluteError"] as? Double == 0.40625)

    let diverged = try RegressionMetrics(targets: [1, 2], predictions: [.nan, .infinity])
    let read = try JSONDecoder().decode(
      RegressionMetrics.self, from: JSONEncoder().encode(diverged))
    #expect(read.meanSquaredError.isNaN)
    #expect(read.count == 2)

    for text in ["{}", #"{"outputs": []}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(RegressionMetrics.self, from: Data(text.utf8))
      }
    }
  }
}

private func expectEqual(
  _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  for (a, b) in zip(found, expected) {
    #expect(abs(a - b) < 1e-14, sourceLocation: sourceLocation)
  }
}
