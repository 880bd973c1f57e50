import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Pruning beside PyTorch's Hessians and NumPy: `References/pruning.py` made the numbers.
@Suite("Pruning") struct PruningTests {
  private static let references = Result { try References.read() }

  private func near(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-9) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance * max(1, abs(b))) }
  }

  @Test("Saliencies and adjusted weights are those of the reference", arguments: 0..<3)
  func reference(number: Int) throws {
    let references = try Self.references.get()
    #expect(references.cases.count == 3)
    let entry = references.cases[number]
    let (model, data) = try entry.network()
    let curvature = try LossCurvature(model, on: data)
    #expect(abs(try curvature.loss(at: curvature.start) - entry.value) < 1e-12)

    let diagonal = try curvature.hessianDiagonal(at: curvature.start)
    near(zip(diagonal, curvature.start).map { 0.5 * $0 * $1 * $1 }, entry.damage)
    // The diagonal is that of the products with all directions at once.
    let ones = [Double](repeating: 1, count: curvature.vector.count)
    let product = try curvature.hessianProduct(ones, at: curvature.start)
    let step = 1e-5
    let up = try curvature.loss(at: curvature.start.map { $0 + step })
    let down = try curvature.loss(at: curvature.start.map { $0 - step })
    let middle = try curvature.loss(at: curvature.start)
    #expect(abs(product.reduce(0, +) - (up - 2 * middle + down) / (step * step)) < 1e-4)

    var outer = [Double](repeating: 0, count: curvature.vector.count)
    try curvature.forEachOuterFactor(at: curvature.start) { factor in
      for place in outer.indices { outer[place] += factor[place] * factor[place] }
    }
    near(outer, entry.gaussNewton)

    func weights(_ count: Int, step: Int) throws -> [Double] {
      let plan = PruningPlan(.count(count), step: step, includesBiases: entry.biases)
      let (pruned, report) = try model.pruned(
        by: OptimalBrainSurgeon(damping: references.alpha), on: data, plan)
      #expect(pruned.removed.count == count && report.removedCount == count)
      if count == 1 {
        #expect(report.steps[0].removed[0].name == curvature.vector.name(of: entry.first))
        for saliency in report.saliencies {
          let place = try #require(
            (0..<entry.surgeon.count).first { curvature.vector.name(of: $0) == saliency.name })
          near([saliency.saliency], [entry.surgeon[place]])
        }
      }
      return try LossCurvature(pruned, on: data).start
    }
    near(try weights(1, step: 1), entry.one)
    near(try weights(3, step: 1), entry.renewed)
    near(try weights(3, step: 3), entry.kept)
  }

  @Test("Each rule removes the lowest saliencies; damage and magnitude leave the others alone")
  func lowest() throws {
    let entry = try Self.references.get().cases[0]
    let (model, data) = try entry.network()
    let before = try LossCurvature(model, on: data)
    for rule in PruningRules.all.map({ $0.standard }) {
      let (pruned, report) = try model.pruned(
        by: rule, on: data, PruningPlan(.count(4), step: 4))
      let after = try LossCurvature(pruned, on: data)
      let removed = report.steps.flatMap(\.removed)
      #expect(removed.count == 4 && report.end == nil)
      if !(rule is OptimalBrainSurgeon) {
        #expect(removed == Array(report.saliencies.prefix(4)))
        for (old, new) in zip(before.start, after.start) { #expect(new == old || new == 0) }
      }
      #expect(abs(report.lossAfter - (try after.loss(at: after.start))) < 1e-12)
      #expect(report.saliencies.allSatisfy { !$0.name.contains("bias") })
    }
    let (_, report) = try model.pruned(by: OptimalBrainDamage(), on: data, .count(1))
    for saliency in report.saliencies {
      let place = try #require(
        before.start.indices.first { before.vector.name(of: $0) == saliency.name })
      near([saliency.saliency], [0.5 * entry.gaussNewton[place] * pow(before.start[place], 2)])
    }
  }

  @Test("Three removals cost what they cost in the reference", arguments: 0..<3)
  func cost(number: Int) throws {
    let references = try Self.references.get()
    let entry = references.cases[number]
    let (model, data) = try entry.network()
    #expect(Set(entry.losses.keys) == Set(PruningRules.all.map { $0.kind }))
    let rules: [any PruningRule] = [
      OptimalBrainSurgeon(damping: references.alpha), OptimalBrainDamage(curvature: .exact),
      MagnitudePruning(),
    ]
    for rule in rules {
      let (_, report) = try model.pruned(
        by: rule, on: data, PruningPlan(.count(3), step: 1, includesBiases: entry.biases))
      near([report.lossAfter], [try #require(entry.losses[type(of: rule).kind])])
    }
  }

  @Test("Training leaves removed weights at 0, by every optimizer, in files and resumed runs")
  func masks() throws {
    let entry = try Self.references.get().cases[0]
    let (model, data) = try entry.network()
    let (pruned, _) = try model.pruned(by: MagnitudePruning(), on: data, .share(0.4))
    let zeros = pruned.removed
    #expect(zeros.count == 6)
    for kind in Optimizers.batchKinds {
      let optimizer = try Optimizers.optimizer(named: kind)
      func train(_ epochs: Int, _ setup: TrainingSetup) throws -> TrainedModel {
        try Trainer(
          model.model, loss: model.loss, optimizer: optimizer,
          TrainingOptions(
            epochs: epochs, batchSize: 5, l2: 0.01, scaling: Scaling.Kind.none,
            precision: .float64)
        ).fit(data, setup).model
      }
      let start = TrainingSetup(initial: pruned.parameters, removed: zeros)
      let whole = try train(6, start)
      #expect(whole.removed == zeros && whole.parameters != pruned.parameters)
      try zeros.expectZeros(whole.parameters)
      let path = FileManager.default.temporaryDirectory
        .appending(path: "pruned-\(UUID().uuidString).safetensors").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try train(2, start).save(to: path)
      let read = try TrainedModel(contentsOf: path)
      #expect(read.removed == zeros)
      let resumed = try train(6, TrainingSetup(resuming: read))
      #expect(resumed.removed == zeros && resumed.parameters == whole.parameters, "\(kind)")
    }
    #expect(throws: TrainingError.self) {
      try Trainer(model.model, loss: model.loss, optimizer: LBFGS(), .fullBatch(epochs: 1))
        .fit(data, TrainingSetup(removed: zeros))
    }
  }

  @Test(
    "Training on between removals lowers the loss; a limit ends the pruning before it is passed")
  func retraining() throws {
    let entry = try Self.references.get().cases[0]
    let (model, data) = try entry.network()
    let plan = PruningPlan(
      .count(6), step: 2,
      retraining: PruningPlan.Retraining(
        epochs: 60, optimizer: Adam(learningRate: 0.01), batchSize: nil))
    let (pruned, report) = try model.pruned(by: OptimalBrainDamage(), on: data, plan)
    try pruned.removed.expectZeros(pruned.parameters)
    #expect(report.steps.count == 3)
    for step in report.steps { #expect(try #require(step.retrainedLoss) < step.loss) }

    let limit = report.lossBefore * 1.5
    let (some, stopped) = try model.pruned(
      by: OptimalBrainSurgeon(), on: data, PruningPlan(.share(0.9), largestLoss: limit))
    #expect(stopped.lossAfter <= limit && stopped.removedCount == some.removed.count)
    #expect(stopped.removedCount < 13)
    #expect(try #require(stopped.end).contains("weights left the loss would be"))
    // What is gone is gone: pruning again goes on from there.
    let (more, again) = try some.pruned(by: MagnitudePruning(), on: data, .count(1))
    #expect(more.removed.count == some.removed.count + 1)
    #expect(again.candidates == stopped.candidates - stopped.removedCount)
  }

  @Test("The report's page is drawn and coded")
  func report() throws {
    let entry = try Self.references.get().cases[1]
    let (model, data) = try entry.network()
    let (_, report) = try model.pruned(by: OptimalBrainSurgeon(), on: data, .count(5))
    let page = report.page()
    #expect(page.contains("weights left") && page.contains("<svg") && !page.contains("NaN"))
    #expect(report.steps.map(\.left) == [23, 22, 21, 20, 19])
    let data2 = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(PruningReport.self, from: data2) == report)
  }

  @Test("Senseless plans and damaged files are refused in words")
  func refusals() throws {
    let entry = try Self.references.get().cases[0]
    let (model, data) = try entry.network()
    func refusal(_ plan: PruningPlan, _ rule: any PruningRule = MagnitudePruning()) -> String {
      message { try model.pruned(by: rule, on: data, plan) }
    }
    #expect(refusal(PruningPlan(.count(16))).contains("found 16, expected 1 to 15"))
    #expect(refusal(PruningPlan(.share(1))).contains("found 1, expected more than 0"))
    #expect(refusal(PruningPlan(.count(1), step: 0)).contains("weights at a time: found 0"))
    #expect(
      refusal(PruningPlan(.count(1), largestLoss: .nan)).contains("the largest loss: found nan"))
    #expect(
      refusal(PruningPlan(.count(1)), OptimalBrainSurgeon(damping: 0)).contains(
        "surgeon, damping: found 0, expected a finite number above 0"))
    #expect(message { try PruningRules.named("axe") }.contains("damage, surgeon, magnitude"))
    for places in [["dense9.weight": [0]], ["dense1.weight": [99]], ["dense1.weight": [0]]] {
      #expect(throws: TrainingError.self) {
        var damaged = model
        damaged.removed = RemovedWeights(places)
        let path = FileManager.default.temporaryDirectory
          .appending(path: "damaged-\(UUID().uuidString).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try damaged.save(to: path)
        _ = try TrainedModel(contentsOf: path)
      }
    }
  }

  @Test("The list has every rule of the folder")
  func folder() throws {
    let found = try conformances(to: "PruningRule", in: "Pruning")
    #expect(found == Set(PruningRules.all.map { "\($0)" }))
  }
}

extension RemovedWeights {
  /// Expects what is removed to be 0.
  fileprivate func expectZeros(_ parameters: ParameterSet) throws {
    for (name, places) in places {
      let values = try #require(parameters[name]).doubles
      for place in places { #expect(values[place] == 0) }
    }
  }
}

private struct References: Decodable {
  struct Case: Decodable {
    let layers: [Int]
    let output: String
    let loss: String
    let biases: Bool
    let inputs: [[Double]]
    let targets: Numbers
    let weights: [String: Numbers]
    let value: Double
    let damage: [Double]
    let gaussNewton: [Double]
    let surgeon: [Double]
    let first: Int
    let one: [Double]
    let renewed: [Double]
    let kept: [Double]
    let losses: [String: Double]

    func network() throws -> (TrainedModel, Dataset) {
      let names = (0..<layers[layers.count - 1]).map { "\($0)" }
      let isClasses = loss == "crossEntropy"
      let model = TrainedModel(
        model: Sequential {
          Dense(units: layers[1], activation: .tanh)
          Dense(units: layers[2], activation: output == "sigmoid" ? .sigmoid : .linear)
        },
        loss: isClasses ? CrossEntropy() : HalfSquaredError(),
        parameters: ParameterSet(
          ["dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias"].compactMap { name in
            weights[name].map { (name, $0.tensor) }
          }), inputShape: [layers[0]], precision: .float64,
        outputs: isClasses ? .classes(names) : .values(names))
      let answers: Dataset.Targets =
        isClasses
        ? .classes(Tensor(targets.tensor.doubles.map { Int32($0) }), names: names)
        : .values(targets.tensor, names: names)
      return (model, Dataset(name: "rows", features: Tensor(inputs), targets: answers))
    }
  }

  let alpha: Double
  let cases: [Case]

  static func read() throws -> References {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/pruning.json")
    return try JSONDecoder().decode(References.self, from: Data(contentsOf: file))
  }
}
