import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Rprop, Quickprop and delta-bar-delta in Float64, against PyTorch, FANN and the papers written out
/// in NumPy: `References/per_weight_rules.py` made the numbers and says what each is.
@Suite("Rules with a step for every weight") struct PerWeightRuleTests {
  private static let references = Result { try References.read() }

  private static let rules: [String: any Optimizer] = [
    "torch": Rprop(),
    "rprop+": Rprop(variant: .plus),
    "rprop-": Rprop(variant: .minus),
    "irprop+": Rprop(variant: .improvedPlus),
    "irprop-": Rprop(variant: .improvedMinus),
    "quickprop": Quickprop(),
    "delta-bar-delta": DeltaBarDelta(learningRate: 0.1, increase: 0.05, decrease: 0.2),
    "fann quickprop": Quickprop(threshold: 0.001, weightDecay: 1.0 / 1024),
    "fann irprop-": Rprop(learningRate: 1.25 / 512, increase: 1.25),
  ]

  @Test("Losses and weights are those of the references", arguments: rules.keys.sorted())
  func reference(name: String) throws {
    let references = try Self.references.get()
    #expect(Set(references.runs.keys) == Set(Self.rules.keys))
    let run = try #require(references.runs[name])
    let optimizer = try #require(Self.rules[name])
    let result = try references.train(optimizer, epochs: run.epochs ?? references.epochs)
    let losses = result.report.history.map(\.trainingLoss)
    for (index, expected) in run.losses.enumerated() {
      #expect(abs(losses[index * references.every] - expected) < 1e-12)
    }
    // Quickprop divides by differences of slopes, which makes much of rounding.
    let tolerance = name.contains("quickprop") ? 1e-9 : 1e-11
    for (name, expected) in run.weights {
      let found = try #require(result.model.parameters[name])
      for (a, b) in zip(found.doubles, expected.tensor.doubles) { #expect(abs(a - b) < tolerance) }
    }
  }

  @Test("A run that was stopped goes on to the bit", arguments: rules.keys.sorted())
  func resuming(name: String) throws {
    let references = try Self.references.get()
    let optimizer = try #require(Self.rules[name])
    let whole = try references.train(optimizer, epochs: 30)
    let half = try references.train(optimizer, epochs: 13)
    let path = FileManager.default.temporaryDirectory
      .appending(path: "per-weight-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try half.model.save(to: path)
    let resumed = try references.train(
      optimizer, epochs: 30, TrainingSetup(resuming: try TrainedModel(contentsOf: path)))
    #expect(resumed.model.parameters == whole.model.parameters)
    #expect(resumed.report.history.map(\.trainingLoss) == whole.report.history.map(\.trainingLoss))
  }

  @Test("A schedule's factor multiplies the steps")
  func schedule() throws {
    let references = try Self.references.get()
    let start = references.parameters(references.initial)
    for optimizer in [Rprop(), DeltaBarDelta()] as [any Optimizer] {
      let full = try references.train(optimizer, epochs: 1)
      // The first of two warm-up steps has half the rate.
      let half = try references.train(
        optimizer, epochs: 1,
        schedule: WarmUp(steps: 2, then: ScheduleBox(ConstantSchedule())))
      for (name, tensor) in start {
        let (a, b) = (try #require(full.model.parameters[name]), half.model.parameters[name])
        for (w, (x, y)) in zip(tensor.doubles, zip(a.doubles, try #require(b).doubles)) {
          #expect(abs((x - w) - 2 * (y - w)) < 1e-14)
        }
      }
    }
  }

  @Test("The papers' names choose Rprop's variant; the settings keep it")
  func names() throws {
    for variant in Rprop.Variant.allCases {
      let box = try Optimizers.named(variant.name, learningRate: 0.25)
      #expect(box == OptimizerBox(Rprop(variant: variant, learningRate: 0.25)))
      let other = try box.setting(["increase": 1.5])
      #expect(other == OptimizerBox(Rprop(variant: variant, learningRate: 0.25, increase: 1.5)))
      #expect(other.description.hasSuffix(", variant \(variant.rawValue))"))
    }
    #expect(try Optimizers.named("RProp") == OptimizerBox(Rprop()))
    #expect(try Optimizers.named("Delta_Bar Delta") == OptimizerBox(DeltaBarDelta()))
    for kind in Optimizers.batchKinds {
      let needs = try Optimizers.optimizer(named: kind).needsFullBatch
      #expect(needs == ["rprop", "quickprop", "delta-bar-delta"].contains(kind), "\(kind)")
    }
    #expect(
      message { try Rprop(increase: 0.5).check() }
        == "rprop, increase: found 0.5, expected a finite number, 1 or more")
  }
}

private struct References: Decodable {
  struct Run: Decodable {
    let losses: [Double]
    let weights: [String: Numbers]
    let epochs: Int?
  }

  let layers: [Int]
  let epochs: Int
  let every: Int
  let initial: [String: Numbers]
  let inputs: [[Double]]
  let targets: [[Double]]
  let runs: [String: Run]

  static func read() throws -> References {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/per-weight-rules.json")
    return try JSONDecoder().decode(References.self, from: Data(contentsOf: file))
  }

  func parameters(_ values: [String: Numbers]) -> ParameterSet {
    ParameterSet(
      (1..<layers.count).flatMap { ["dense\($0).weight", "dense\($0).bias"] }
        .compactMap { name in values[name].map { (name, $0.tensor) } })
  }

  func train(
    _ optimizer: any Optimizer, epochs: Int, schedule: any Schedule = ConstantSchedule(),
    _ setup: TrainingSetup = TrainingSetup()
  ) throws -> TrainingResult {
    var options = TrainingOptions(
      epochs: epochs, batchSize: nil, order: .sequential, scaling: Scaling.Kind.none,
      precision: .float64)
    options.schedule = ScheduleBox(schedule)
    let model = Sequential(
      layers.dropFirst().map { Dense(units: $0, activation: .sigmoid) })
    let data = Dataset(
      name: "rows", features: Tensor(inputs),
      targets: .values(Tensor(targets), names: ["a", "b"]))
    var setup = setup
    if setup.resuming == nil { setup.initial = parameters(initial) }
    return try Trainer(model, loss: HalfSquaredError(), optimizer: optimizer, options)
      .fit(data, setup)
  }
}
