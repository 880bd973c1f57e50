import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Cross-validation: its losses beside scikit-learn's, what it chooses, and what it refuses.
@Suite struct CrossValidationTests {
  /// What `References/cross-validation.py` wrote.
  private struct Reference: Decodable {
    let x: [Double]
    let y: [Double]
    let folds: [[Int]]
    let penalties: [Double]
    let losses: [[Double]]
    let best: Double

    static func read() throws -> Reference {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "References/cross-validation.json")
      return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    var data: Dataset {
      Dataset(
        name: "ridge", features: Tensor(x, shape: [y.count, x.count / y.count]),
        targets: .values(Tensor(y, shape: [y.count, 1]), names: ["y"]))
    }
  }

  @Test func `ridge regression's losses are scikit-learn's`() throws {
    let reference = try Reference.read()
    let trainer = Trainer(
      Sequential { Dense(units: 1, weight: .zeros) }, loss: MeanSquaredError(),
      optimizer: Momentum(learningRate: 0.06, momentum: 0.9),
      TrainingOptions(
        epochs: 1500, batchSize: nil, scaling: Scaling.Kind.none, precision: .float64))
    let result = try CrossValidation(trainer, .rows(reference.folds), l2: reference.penalties)
      .run(on: reference.data)
    #expect(result.scores.map(\.l2) == reference.penalties)
    #expect(result.best.l2 == reference.best)
    var worst = 0.0
    for (score, losses) in zip(result.scores, reference.losses) {
      #expect(score.folds.count == losses.count)
      for (fold, loss) in zip(score.folds, losses) {
        worst = max(worst, abs(try #require(fold.loss) - loss))
      }
      // The mean and its standard error, worked out here.
      let mean = losses.reduce(0, +) / 5
      let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
      let estimate = try #require(score.loss)
      #expect(abs(estimate.mean - mean) < 1e-9)
      #expect(abs(estimate.standardError - (variance / 5).squareRoot()) < 1e-9)
    }
    #expect(worst < 1e-9)
  }

  private func trainer(_ options: TrainingOptions) -> Trainer {
    Trainer(
      Sequential {
        Dense(units: 4, activation: .tanh, name: "hidden")
        Dense(units: 3, name: "output")
      }, loss: CrossEntropy(), optimizer: Adam(learningRate: 0.05), options)
  }

  @Test func `a fold's score is that of a run without its rows`() throws {
    let data = try Dataset.builtIn("iris")
    let options = TrainingOptions(epochs: 3, l2: 0.01, seed: 9)
    let result = try CrossValidation(trainer(options), folds: 4).run(on: data)
    #expect(!result.isSearch && result.folds == 4 && result.best.l2 == 0.01)
    let folds = data.folds(4, seed: 9)
    for (score, fold) in zip(result.best.folds, folds) {
      let model = try trainer(options).fit(fold.training).model
      let evaluation = try model.evaluate(fold.validation)
      #expect(score.loss == evaluation.loss && score.accuracy == evaluation.accuracy)
      #expect(score.rows == fold.validation.count)
      // Classes are spread evenly: 50 rows of each over four folds.
      #expect(fold.validation.classCounts.allSatisfy { (12...13).contains($0) })
    }
  }

  @Test func `the same numbers at any number of threads`() throws {
    let data = try Dataset.builtIn("iris")
    let search = CrossValidation(
      trainer(TrainingOptions(epochs: 2, seed: 2)), folds: 3, l2: [0.1, 0, 0.001, 0.1])
    #expect(search.l2 == [0, 0.001, 0.1])
    let results = try [1, 2, 5].map { try search.run(on: data, TrainingSetup(threads: $0)) }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  @Test func `the largest penalty within one standard error is named`() throws {
    let data = try Dataset.builtIn("iris")
    let result = try CrossValidation(
      trainer(TrainingOptions(epochs: 30, seed: 2)), folds: 5, l2: [1e-5, 1e-3, 0.1, 10]
    ).run(on: data)
    let means = try result.scores.map { try #require($0.loss).mean }
    let best = try #require(result.best.loss)
    #expect(best.mean == means.min())
    let within = zip(result.scores, means).filter { $0.1 <= best.mean + best.standardError }
    #expect(result.oneStandardError.l2 == within.last?.0.l2)
    #expect(result.best.l2 < 10 && result.oneStandardError.l2 < 10)
    #expect(result.description.contains("smallest mean"))
    #expect(result.description.contains("5-fold cross-validation of 150 rows"))
  }

  @Test func `runs that diverge are not chosen`() throws {
    let data = try Reference.read().data
    func search(_ l2: [Double]) -> CrossValidation {
      CrossValidation(
        Trainer(
          Sequential { Dense(units: 1) }, loss: MeanSquaredError(),
          optimizer: SGD(learningRate: 0.05),
          TrainingOptions(
            epochs: 300, batchSize: nil, scaling: Scaling.Kind.none, precision: .float64)),
        folds: 4, l2: l2)
    }
    // η λ = 500: each step multiplies the weights by −499.
    let result = try search([0.001, 1e4]).run(on: data)
    #expect(result.best.l2 == 0.001)
    #expect(result.scores[1].loss == nil)
    #expect(result.scores[1].folds.allSatisfy { $0.failure?.contains("became") == true })
    #expect(result.description.contains("failed"))
    #expect(throws: TrainingError.self) { try search([1e4]).run(on: data) }
  }

  @Test func `what makes no sense is refused`() throws {
    let data = try Dataset.builtIn("iris").rows(Array(0..<8) + Array(60..<64))
    func error(_ search: CrossValidation) -> String {
      do {
        _ = try search.run(on: data)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    let trainer = trainer(TrainingOptions(epochs: 1))
    #expect(error(CrossValidation(trainer, folds: 1)).hasPrefix("folds: found 1 of 12 rows"))
    #expect(error(CrossValidation(trainer, folds: 13)).hasPrefix("folds: found 13 of 12 rows"))
    #expect(error(CrossValidation(trainer, l2: [-1])).hasPrefix("l2: found -1.0"))
    #expect(error(CrossValidation(trainer, l2: [.nan])).hasPrefix("l2: found nan"))
    for rows in [[[0], [0, 1]], [[0], []], [[0, 99], [1]], [[0]], [[0], Array(0..<12)]] {
      #expect(error(CrossValidation(trainer, .rows(rows))).hasPrefix("folds: found"), "\(rows)")
    }
    var streams = trainer
    streams.options.order = .streams
    #expect(error(CrossValidation(streams, folds: 3)).contains("streams"))
    #expect(throws: CancellationError.self) {
      try CrossValidation(trainer, folds: 3)
        .run(on: data, TrainingSetup(shouldStop: { true }))
    }
  }

  @Test func `the report shows the search, and is read back`() throws {
    let data = try Dataset.builtIn("iris")
    var trainer = trainer(TrainingOptions(epochs: 2, seed: 2))
    let search = CrossValidation(trainer, folds: 3, l2: [0, 0.001, 0.1])
    let result = try search.run(on: data)
    trainer.options.l2 = result.best.l2
    var report = try trainer.fit(data).report
    report.crossValidation = result
    #expect(try TrainingReport(json: report.json()) == report)
    let page = report.page()
    #expect(page.contains("How λ was chosen") && page.contains("Loss on held-out rows"))
    report.crossValidation = try CrossValidation(trainer, folds: 3).run(on: data)
    #expect(report.page().contains("Cross-validation"))

    // A file without a λ that could be learned with is damaged.
    let text = try JSONEncoder().encode(result)
    let damaged = String(decoding: text, as: UTF8.self)
      .replacing("\"scores\":[", with: "\"scores\":[],\"others\":[")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(CrossValidationResult.self, from: Data(damaged.utf8))
    }
  }
}
