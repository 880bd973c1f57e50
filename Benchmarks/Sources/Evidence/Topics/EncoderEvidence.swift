import Backprop

/// The encoders 4-2-4 and 8-3-8 by backpropagation.
struct EncoderEvidence: EvidenceTopic {
  static let name = "encoders"
  static let summary = "the encoders 4-2-4 and 8-3-8 by backpropagation: codes and epochs"
  private static let most = 20_000

  /// What a run came to.
  private struct Run {
    /// nil where it was not solved.
    let epochs: Int?
    let codes: [[Double]]

    /// The smallest distance of two codes, that of their most different numbers.
    var distance: Double {
      codes.indices.flatMap { row in
        codes[..<row].map { other in zip(codes[row], other).map { abs($0 - $1) }.max() ?? 0 }
      }.min() ?? 0
    }

    /// Whether codes rounded to 0 and 1 differ.
    var isBinary: Bool { Set(codes.map { $0.map { $0 >= 0.5 } }).count == codes.count }
  }

  static func run(_ context: EvidenceContext) throws {
    let seeds = context.seeds(100)
    context.say(
      "`encoder-4` and `encoder-8`, sigmoid units, E = ½ Σ (t − o)² over all rows, full batches, rate 0.1, "
        + "momentum 0.9, Glorot's start, seeds 0 to \(seeds.count - 1). Solved: every output above 0.6 "
        + "where it is to be 1, and below 0.4 where 0 (Fahlman's criterion). The distance of two codes is "
        + "that of their most different numbers; binary: still different when rounded to 0 and 1. "
        + "Rumelhart, Hinton and Williams (1986, chapter 8) show the codes of one 8-3-8: 0 and 1, and "
        + "0.5 in some places, as here.")
    var lines: [[String]] = []
    for (count, hidden) in [(4, 2), (8, 3)] {
      let runs = try seeds.map { try learn(count, hidden, seed: $0) }
      let epochs = runs.compactMap { $0.epochs }.sorted()
      lines.append([
        "\(count)-\(hidden)-\(count)", "\(epochs.count) of \(runs.count)",
        epochs.isEmpty
          ? "–" : "\(epochs[epochs.count / 2]) (\(epochs[0])–\(epochs[epochs.count - 1]))",
        figure(runs.map(\.distance).min(), 2), "\(runs.count { $0.isBinary })",
      ])
    }
    context.table(
      [
        "network", "solved", "epochs, median (range)", "closest codes in any run",
        "runs with binary codes",
      ], lines)
    context.heading("The codes of one run")
    let run = try learn(8, 3, seed: 0)
    context.table(
      ["row", "h1", "h2", "h3"],
      run.codes.enumerated().map { row, code in
        [(0..<8).map { $0 == row ? "1" : "0" }.joined()] + code.map { figure($0, 2) }
      })
  }

  private static func learn(_ count: Int, _ hidden: Int, seed: UInt64) throws -> Run {
    let model = Sequential {
      Dense(units: hidden, activation: .sigmoid, name: "hidden")
      Dense(units: count, activation: .sigmoid, name: "output")
    }
    let data = try Dataset.builtIn("encoder-\(count)")
    // The loss is the mean over the rows, the rate of the texts is that of their sum.
    let trainer = Trainer(
      model, loss: HalfSquaredError(), optimizer: Momentum(learningRate: 0.1 * Double(count)),
      TrainingOptions(batchSize: nil, precision: .float64, seed: seed))
    let step = try trainer.step(
      batch: count, input: [count], target: TensorType([count], .float64), threads: 1)
    try step.executor.setInput("input", data.features)
    try step.executor.setInput("target", data.targets.tensor)
    let variables = step.executor.variables
    let builder = GraphBuilder()
    let given = builder.input("input", data.features.type)
    builder.output("output", trace(model, input: given, training: false).output)
    let reader = try Executor(Plan(builder.finish()), variables: variables, threads: 1)
    try reader.setInput("input", data.features)
    var epochs: Int?
    for epoch in 1...most {
      step.run()
      reader.run()
      let said = try reader.output("output").doubles
      if zip(said, data.features.doubles).allSatisfy({ abs($0 - $1) < 0.4 }) {
        epochs = epoch
        break
      }
    }
    guard let weight = variables["hidden.weight"], let bias = variables["hidden.bias"] else {
      throw EvidenceError("the encoder has no hidden layer")
    }
    let codes = sigmoid(weight + bias.reshaped([1, hidden])).doubles
    return Run(
      epochs: epochs,
      codes: (0..<count).map { Array(codes[$0 * hidden..<($0 + 1) * hidden]) })
  }
}
