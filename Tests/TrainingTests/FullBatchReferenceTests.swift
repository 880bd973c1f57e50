import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Full-batch rules beside scripts of their papers, and beside SciPy's minima.
@Suite struct FullBatchReferenceTests {
  /// What `full-batch-references.py` wrote.
  private struct Reference: Decodable {
    var inputs: [[Double]]
    var targets: [[Double]]
    var start: [Double]
    var jacobian: [[Double]]
    var errors: [Double]
    var levenbergMarquardt: [[Double]]
    var levenbergMarquardtWithPenalty: [[Double]]
    var bayesian: [[Double]]
    var scaledConjugateGradient: [[Double]]
    var minima: [String: Double]
  }

  private let reference: Reference
  private let model = Sequential {
    Dense(units: 4, activation: .tanh, name: "hidden")
    Dense(units: 2, name: "output")
  }

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/full-batch-references.json")
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  private var data: Dataset {
    Dataset(
      name: "reference", features: Tensor(reference.inputs),
      targets: .values(Tensor(reference.targets), names: ["a", "b"]))
  }

  private var start: ParameterSet {
    func part(_ range: Range<Int>, _ shape: Shape) -> Tensor {
      Tensor(Array(reference.start[range]), shape: shape)
    }
    return [
      "hidden.weight": part(0..<8, [2, 4]), "hidden.bias": part(8..<12, [4]),
      "output.weight": part(12..<20, [4, 2]), "output.bias": part(20..<22, [2]),
    ]
  }

  private func run(_ rule: any FullBatchRule, epochs: Int, l2: Double = 0) throws
    -> TrainingReport
  {
    let options = TrainingOptions.fullBatch(epochs: epochs, l2: l2, scaling: Scaling.Kind.none)
    return try Trainer(model, loss: MeanSquaredError(), optimizer: rule, options)
      .fit(data, TrainingSetup(initial: start)).report
  }

  /// Compares the loss and the named figures of every iteration.
  private func compare(
    _ report: TrainingReport, _ expected: [[Double]], _ figures: [String], within tolerance: Double
  ) {
    #expect(report.history.count == expected.count)
    for (record, row) in zip(report.history, expected) {
      let found = [record.trainingLoss] + figures.map { record.figure($0) ?? .nan }
      for (value, wanted) in zip(found, row) {
        #expect(
          abs(value - wanted) <= tolerance * abs(wanted), "epoch \(record.epoch): \(found), \(row)")
      }
    }
  }

  @Test func `Levenberg and Marquardt's rule, step by step as Hagan and Menhaj write it`() throws {
    let rule = LevenbergMarquardt(gradientTolerance: 0)
    let plain = try run(rule, epochs: 15)
    compare(plain, reference.levenbergMarquardt, ["mu"], within: 1e-9)
    let shrunk = try run(rule, epochs: 15, l2: 0.01)
    // The reference's loss is that of the sum of squares with its penalty.
    compare(shrunk, reference.levenbergMarquardtWithPenalty, ["mu"], within: 1e-9)
  }

  @Test func `Bayesian regularization, step by step as Foresee and Hagan write it`() throws {
    let report = try run(
      LevenbergMarquardt(gradientTolerance: 0, regularization: .bayesian), epochs: 25)
    compare(
      report, reference.bayesian, ["mu", "effectiveParameters", "alpha", "beta"], within: 1e-9)
    let effective = try #require(report.history.last?.figure("effectiveParameters"))
    #expect(effective > 10 && effective < 22)
  }

  @Test func `scaled conjugate gradients, step by step as Møller writes them`() throws {
    let report = try run(ScaledConjugateGradient(gradientTolerance: 0), epochs: 60)
    // The curvature is a difference of gradients, which loses half the digits.
    let exact = Array(reference.scaledConjugateGradient.prefix(20))
    var first = report
    first.history = Array(report.history.prefix(20))
    compare(first, exact, ["lambda"], within: 1e-9)
    compare(report, reference.scaledConjugateGradient, ["lambda"], within: 1e-5)
  }

  @Test func `every rule finds the minimum that SciPy finds`() throws {
    let rules: [(any FullBatchRule, String)] = [
      (LevenbergMarquardt(gradientTolerance: 0), "lm"),
      (ConjugateGradient(gradientTolerance: 1e-9), "CG"),
      (LBFGS(gradientTolerance: 1e-9), "L-BFGS-B"),
      (ScaledConjugateGradient(gradientTolerance: 1e-9), "CG"),
    ]
    for (rule, name) in rules {
      let report = try run(rule, epochs: 2000, l2: 0.01)
      let wanted = try #require(reference.minima[name])
      #expect(report.end == .converged)
      #expect(
        abs((report.history.last?.trainingLoss ?? .nan) - wanted) <= 1e-12 * wanted, "\(rule)")
    }
  }

  /// Asks a run for its objective, and leaves the weights as they are.
  private struct Probe: FullBatchRule {
    static let kind = "probe"
    static let standard = Probe()
    var hyperparameters: [Hyperparameter] { [] }
    func session(for objective: Objective) throws -> any FullBatchSession { Session() }

    struct Session: FullBatchSession {
      mutating func iterate(_ weights: inout [Double], on objective: Objective) throws
        -> FullBatchIteration
      {
        let (jacobian, errors) = try objective.jacobian(at: weights)
        let all = try objective.linearized(at: weights)
        let (loss, gradient) = try objective.gradient(at: weights)
        let figures = [
          ("jacobian", jacobian), ("errors", errors), ("curvature", all.curvature),
          ("slope", all.slope), ("gradient", gradient), ("weights", weights),
        ]
        return FullBatchIteration(
          loss: loss,
          figures: figures.flatMap { name, values in values.map { TrainingFigure(name, $0) } })
      }
      var state: FullBatchState { FullBatchState() }
      mutating func restore(_ state: FullBatchState) throws {}
    }
  }

  private func probe(
    _ model: any Layer, _ data: Dataset, _ loss: any Loss = MeanSquaredError(),
    initial: ParameterSet? = nil
  ) throws -> [String: [Double]] {
    let report = try Trainer(
      model, loss: loss, optimizer: Probe(),
      .fullBatch(epochs: 1, scaling: Scaling.Kind.none, seed: 4)
    ).fit(data, TrainingSetup(initial: initial)).report
    return Dictionary(grouping: report.history[0].figures ?? [], by: \.name)
      .mapValues { $0.map(\.value) }
  }

  @Test func `the Jacobian is that of one backward pass for each output`() throws {
    let found = try probe(model, data, initial: start)
    let errors = try #require(found["errors"])
    let jacobian = try #require(found["jacobian"])
    #expect(zip(errors, reference.errors).allSatisfy { abs($0 - $1) < 1e-14 })
    for (row, wanted) in zip([0, 17, 44], reference.jacobian) {
      let own = jacobian[row * 22..<row * 22 + 22]
      #expect(zip(own, wanted).allSatisfy { abs($0 - $1) < 1e-14 })
    }
  }

  @Test func `for every kind of layer, the Jacobian and the errors give the gradient`() throws {
    let series = Dataset(
      name: "series", features: Tensor((0..<60).map { sin(Double($0)) }, shape: [5, 4, 3]),
      targets: .values(Tensor((0..<10).map { Double($0) / 10 }, shape: [5, 2]), names: ["a", "b"]))
    let models: [(any Layer, Dataset)] = [
      (model, data),
      (
        Sequential([
          Dense(units: 3, activation: .sigmoid, sharesBias: true), Dense(units: 3, hasBias: false),
          Activate(.softmax), Dense(units: 2),
        ]), data
      ),
      (
        Sequential([
          Residual { Dense(units: 2, activation: .relu) }, PReLU(),
          LayerNormalization(), Dense(units: 2),
        ]), data
      ),
      // A dense layer over the steps of a sequence, and layers that loop or convolve.
      (Sequential([Dense(units: 2, activation: .tanh), Flatten(), Dense(units: 2)]), series),
      (Sequential([LSTM(units: 2), Flatten(), Dense(units: 2)]), series),
      (Sequential([Convolution(channels: 2, kernel: [2]), Flatten(), Dense(units: 2)]), series),
    ]
    for (model, data) in models {
      for loss in [MeanSquaredError(), HalfSquaredError()] as [any Loss] {
        let found = try probe(model, data, loss)
        let errors = try #require(found["errors"])
        let jacobian = try #require(found["jacobian"])
        let gradient = try #require(found["gradient"])
        let slope = try #require(found["slope"])
        let count = gradient.count
        #expect(jacobian.count == errors.count * count)
        let factor = loss is MeanSquaredError ? 2 / Double(errors.count) : 1 / Double(data.count)
        for column in 0..<count {
          let sum = errors.indices.reduce(0) { $0 + jacobian[$1 * count + column] * errors[$1] }
          #expect(abs(sum - slope[column]) < 1e-12)
          #expect(abs(sum * factor - gradient[column]) < 1e-12, "\(model.description)")
        }
      }
    }
  }

  @Test func `rules for sums of squares refuse other losses in words`() throws {
    func error(_ loss: any Loss, _ options: TrainingOptions, bayesian: Bool = false) -> String {
      let rule = LevenbergMarquardt(regularization: bayesian ? .bayesian : .none)
      return message { try Trainer(model, loss: loss, optimizer: rule, options).fit(data) }
    }
    #expect(
      error(Huber(), .fullBatch())
        == "the loss: found huber, expected meanSquaredError or halfSquaredError: "
        + "levenberg-marquardt is for sums of squares")
    #expect(error(MeanSquaredError(), .fullBatch(l1: 0.1)).hasPrefix("penalties: found l1"))
    #expect(
      error(MeanSquaredError(), .fullBatch(l2: 0.1), bayesian: true)
        == "l2: found 0.1, expected 0: the penalty of bayesian regularization follows from the data"
    )
    #expect(
      message { try LevenbergMarquardt(muIncrease: 1).check() }
        == "levenberg-marquardt, muIncrease: found 1, expected a number above 1")
  }
}
