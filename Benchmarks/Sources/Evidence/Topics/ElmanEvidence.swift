import Backprop

/// Elman's and Jordan's networks on the exclusive or in time.
struct ElmanEvidence: EvidenceTopic {
  static let name = "elman"
  static let summary =
    "Elman's and Jordan's networks on the exclusive or in time"

  static func run(_ context: EvidenceContext) throws {
    let seeds = context.seeds(5)
    context.say(
      "`temporal-xor`: 3,000 bits, 600 passes, one output, squared error, seeds 0 to \(seeds.count - 1). A "
        + "copied context learns a bit at a time (rate 0.05); through time, 12 bits at a time (Adam, "
        + "rate 0.003). Then 14,400 new bits: the root of the mean squared error over 1,200 cycles of 12, "
        + "at bits that are random and at those that are the exclusive or of the two before. Who knows "
        + "all that can be known has 0.5 and 0. Elman (1990, figure 3; one input, two hidden units, one "
        + "output, 600 passes, 1,200 cycles) shows the error low at every third bit.")
    func elman(_ hidden: Int, throughTime: Bool = false) -> (Bool) -> any Layer {
      {
        ElmanNetwork(
          hidden: hidden, outputs: 1, learnsThroughTime: throughTime, carriesState: $0)
      }
    }
    let networks: [(name: String, window: Int, model: (Bool) -> any Layer)] = [
      ("Elman, 2 hidden units, copied (the paper's)", 1, elman(2)),
      ("Elman, 8 hidden units, copied", 1, elman(8)),
      ("Elman, 8 hidden units, through time", 12, elman(8, throughTime: true)),
      (
        "Jordan, 8 hidden units, µ 0.5", 1,
        { JordanNetwork(hidden: 8, outputs: 1, carriesState: $0) }
      ),
      (
        "LSTM, 8 cells, through time", 12,
        { carries in
          Sequential {
            LSTM(units: 8, recurrence: Recurrence(carriesState: carries))
            Dense(units: 1, activation: .sigmoid)
          }
        }
      ),
    ]
    var lines: [[String]] = []
    var curves: [Series] = []
    for (name, window, model) in networks {
      var errors = [[Double]]()
      for seed in seeds { errors.append(try cycle(model, window: window, seed: seed)) }
      func mean(_ places: (Int) -> Bool) -> [Double] {
        errors.map { cycle in
          let picked = cycle.indices.filter(places).map { cycle[$0] * cycle[$0] }
          return (picked.reduce(0, +) / Double(picked.count)).squareRoot()
        }
      }
      lines.append([
        name, spread(mean { $0 % 3 != 2 }, 3), spread(mean { $0 % 3 == 2 }, 3),
      ])
      if let first = errors.first, name.hasPrefix("Elman") {
        curves.append(Series(name, values: first))
      }
    }
    context.table(["network", "random bits", "foretold bits"], lines)
    context.say("Bit by bit over the cycle, seed 0:")
    context.table(
      ["network"] + (1...12).map(String.init),
      curves.map { curve in [curve.name] + curve.points.map { figure($0.y, 2) } })
    try context.picture(
      "xor",
      LineChart(
        title: "The exclusive or in time", xLabel: "bit of the cycle",
        yLabel: "root mean squared error", series: curves),
      caption: "Error over cycles of 12 bits, seed 0")
  }

  /// The error at each of twelve bits, over 1,200 cycles.
  private static func cycle(_ model: (Bool) -> any Layer, window: Int, seed: UInt64) throws
    -> [Double]
  {
    let test = 14_400
    let learner = try SequenceLearner(
      model(true), input: [window, 1], targets: window,
      optimizer: window == 1 ? SGD(learningRate: 0.05) : Adam(learningRate: 0.003), seed: seed,
      reader: model(false), sequences: [1, test, 1])
    func bits(_ count: Int, _ seed: UInt64) throws -> [Double] {
      let rows = try Dataset.builtIn(
        "temporal-xor", rows: count, seed: seed, series: SeriesOptions(window: 1))
      return [rows.features.doubles[0]] + rows.targets.tensor.doubles
    }
    let given = try bits(3000, seed)
    for _ in 0..<600 {
      try learner.forget()
      for start in stride(from: 0, to: given.count - window, by: window) {
        try learner.learn(given[start..<start + window], given[start + 1...start + window])
      }
    }
    let fresh = try bits(test + 1, seed + 1000)
    let said = try learner.outputs(Tensor(Array(fresh.dropLast()), shape: [1, test, 1]))
    var squares = [Double](repeating: 0, count: 12)
    for (place, output) in said.enumerated() {
      // The output at bit n is compared with bit n + 1.
      let error = output - fresh[place + 1]
      squares[(place + 1) % 12] += error * error
    }
    return squares.map { ($0 / Double(test / 12)).squareRoot() }
  }
}
