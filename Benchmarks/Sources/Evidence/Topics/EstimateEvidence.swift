import Backprop
import Foundation

/// Estimated step times beside measured ones.
struct EstimateEvidence: EvidenceTopic {
  static let name = "estimate"
  static let summary =
    "estimated step times beside measured ones, on this machine and on published ones"

  static func run(_ context: EvidenceContext) throws {
    context.progress("calibrating")
    let calibration = try Calibration.measured(processor: "this machine")
    let device = calibration.device
    context.say(
      "The device here is measured by \(calibration.products.count) products of generic sizes, passes over "
        + "memory and chains of small passes; no network is used for it: "
        + "\(QuantityText.count(device.peak(.float32) ?? 0))FLOP/s, "
        + "\(QuantityText.bytes(device.bandwidth))/s through memory, "
        + "\(QuantityText.seconds(device.startup)) to start a pass, "
        + "\(QuantityText.seconds(device.handoff)) to share it among \(device.threads ?? 1) threads. "
        + "Measured times are medians, of the quietest of three rounds."
    )
    // Other work on the machine comes and goes: the quietest of three rounds counts.
    let rounds = try (1...3).map { round in
      try EstimateCase.all.map { subject in
        context.progress("\(subject.name), round \(round)")
        return try subject.measurement(on: device)
      }
    }
    let results = EstimateCase.all.enumerated().compactMap { place, subject in
      rounds.map { $0[place] }.min { $0.seconds < $1.seconds }
        .map { (name: subject.name, step: $0) }
    }
    context.table(
      ["training step", "measured", "estimated", "off by", "most of it in"],
      results.map { name, step in
        let most = step.kinds.first
        return [
          name, QuantityText.seconds(step.seconds),
          QuantityText.seconds(step.estimate.stepSeconds), signed(step.error),
          most.map {
            "\($0.title): \(QuantityText.seconds($0.measured)), estimated "
              + QuantityText.seconds($0.estimated)
          } ?? "",
        ]
      })
    let errors = results.map { abs($0.step.error) }.sorted()
    context.say(
      "Median error \(percent(errors[errors.count / 2], 1)) (asked: 12 % at most), worst "
        + "\(percent(errors.last, 1)) (asked: 35 % at most).")
    try context.picture(
      "scatter",
      ScatterChart(
        title: "Estimated beside measured", xLabel: "log₁₀ of the measured seconds",
        yLabel: "log₁₀ of the estimated seconds",
        classes: [
          Series(
            "steps",
            points: results.map {
              (x: log10($0.step.seconds), y: log10($0.step.estimate.stepSeconds))
            })
        ],
        showsDiagonal: true), caption: "Estimated step times beside measured ones")
    try published(context)
  }

  /// Published throughputs of graphics processors beside estimates from their data sheets.
  private static func published(_ context: EvidenceContext) throws {
    context.heading("From data sheets alone")
    let rows = try PublishedThroughput.all.map { published -> [String] in
      let estimate = try published.estimate()
      return [
        "\(published.network), batch \(published.batch), \(published.precision.rawValue)",
        estimate.device.title, figure(published.rowsPerSecond, 0), figure(estimate.throughput, 0),
        figure(estimate.throughput / published.rowsPerSecond, 2) + "×", published.source,
      ]
    }
    context.table(
      ["training", "device", "published rows/s", "estimated", "ratio", "source"], rows)
    for note in PublishedThroughput.notes { context.say(note) }
  }

  private static func signed(_ share: Double) -> String {
    (share < 0 ? "−" : "+") + percent(abs(share), 1)
  }
}

/// A training step to measure and to estimate.
struct EstimateCase {
  let name: String
  let trainer: Trainer
  let input: Shape
  let target: TensorType
  let batch: Int

  static var all: [EstimateCase] {
    [
      dense([2, 2, 2], 1, SGD()), dense([16, 32, 4], 8, Momentum()),
      dense([784, 16, 10], 32, SGD()),
      dense([784, 30, 10], 10, SGD()), dense([100, 100, 100, 10], 16, Adam()),
      dense([784, 128, 10], 64, Adam()), dense([256, 1024, 256], 128, SGD()),
      dense([784, 512, 512, 10], 128, Adam()), dense([64, 64, 64, 64, 8], 256, RMSprop()),
      dense([1024, 2048, 2048, 2048, 1000], 256, Adam()),
      network("lenet", 1), network("lenet", 32), network("lenet", 256), network("lstm", 8),
      network("lstm", 64), transformer(units: 64, steps: 32, batch: 8),
      transformer(units: 128, steps: 64, batch: 16), convolutions(32),
    ]
  }

  func estimate(on device: Device) throws -> CostEstimate {
    try CostEstimate(
      trainer, input: input, target: target, batch: batch, samples: batch, epochs: 1, on: device)
  }

  /// Runs the step here.
  func measurement(on device: Device) throws -> StepMeasurement {
    try StepMeasurement(of: estimate(on: device), trainer, input: input, target: target)
  }

  private static func dense(_ units: [Int], _ batch: Int, _ optimizer: any Optimizer)
    -> EstimateCase
  {
    let hidden = units.dropFirst().dropLast().map { Dense(units: $0, activation: .relu) }
    return EstimateCase(
      name: units.map(String.init).joined(separator: "-")
        + ", batch \(batch), \(type(of: optimizer).kind)",
      trainer: Trainer(
        Sequential(hidden + [Dense(units: units[units.count - 1])]), loss: CrossEntropy(),
        optimizer: optimizer), input: [units[0]], target: TensorType([], .int32), batch: batch)
  }

  private static func network(_ name: String, _ batch: Int) -> EstimateCase {
    guard let known = BuiltInNetworks.named(name) else { preconditionFailure(name) }
    return EstimateCase(
      name: "\(name), batch \(batch), adam",
      trainer: Trainer(known.model, loss: known.loss, optimizer: Adam()), input: known.input,
      target: known.target, batch: batch)
  }

  private static func transformer(units: Int, steps: Int, batch: Int) -> EstimateCase {
    let model = Sequential {
      Embedding(vocabulary: 65, units: units)
      PositionEmbedding(longest: steps)
      for _ in 0..<2 { TransformerEncoderBlock(heads: 4, isCausal: true) }
      LayerNormalization()
      Dense(units: 65)
    }
    return EstimateCase(
      name: "transformer, 2 blocks of \(units), \(steps) steps, batch \(batch), adam",
      trainer: Trainer(model, loss: CrossEntropy(), optimizer: Adam()), input: [steps],
      target: TensorType([steps], .int32), batch: batch)
  }

  private static func convolutions(_ batch: Int) -> EstimateCase {
    let model = Sequential {
      Convolution(channels: 32, kernel: [3, 3], padding: .same, activation: .relu)
      MaxPooling([2])
      Convolution(channels: 64, kernel: [3, 3], padding: .same, activation: .relu)
      MaxPooling([2])
      Flatten()
      Dense(units: 10)
    }
    return EstimateCase(
      name: "two convolutions of 3×3 on 32×32×3, batch \(batch), momentum",
      trainer: Trainer(model, loss: CrossEntropy(), optimizer: Momentum()), input: [32, 32, 3],
      target: TensorType([], .int32), batch: batch)
  }
}
