import Backprop
import Foundation

/// Cascade-correlation and Cascade 2 on the sets of the paper and on iris.
struct TwoSpiralsEvidence: EvidenceTopic {
  static let name = "two-spirals"
  static let summary =
    "cascade-correlation on two spirals, parity and iris beside the paper and FANN"

  /// What several runs gave.
  private struct Runs: Decodable {
    var units, epochs: [Double]
    var solved: Int?
    var accuracy: [Double]?
    var seconds: Double?
  }

  private struct Peer: Decodable {
    let results: [String: Runs]
  }

  /// What the authors' program gave, built by the script beside these numbers.
  private struct Program: Decodable {
    let spirals: Runs
    let parity: [String: Runs]

    static func read() throws -> Program {
      let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../../Tests/ClassicNetworksTests/References/cascor-program.json")
      return try JSONDecoder().decode(Program.self, from: Data(contentsOf: file))
    }
  }

  static func run(_ context: EvidenceContext) throws {
    let program = try Program.read()
    let peer: Peer? = try context.fann.flatMap {
      try context.peer("fann_cascade.py", [$0, "\(min(context.seeds(10).count, 10))"])
    }
    try spirals(context, program, peer)
    try parity(context, program, peer)
    try iris(context, peer)
  }

  // MARK: Two spirals

  private static func spirals(
    _ context: EvidenceContext, _ program: Program, _ peer: Peer?
  ) throws {
    let data = try Dataset.builtIn("two-spirals")
    let seeds = context.seeds(100)
    context.say(
      "Two spirals of 97 points each (K. Lang, M. Witbrock 1988), unscaled; seeds \(seeds.lowerBound) to "
        + "\(seeds.upperBound - 1). Eight sigmoid candidates, up to 50 hidden units, and the settings that the "
        + "authors' program recommends, which are the defaults. A run is solved when all 194 outputs are within 0.4 of ±½. "
        + "Epochs are those of outputs and of candidates. The paper (CMU-CS-90-100, table in 3.1) had 100 runs; its "
        + "program (C, version 1.33, in double precision) was run 100 times with the same settings by "
        + "Tests/ClassicNetworksTests/References/cascor-program.py. FANN's candidates are of ten functions and four "
        + "steepnesses, 80 of them, or eight of tanh.")
    let own = try measure(CascadeCorrelation(units: 50, scaling: .none), data, seeds)
    let second = try measure(
      CascadeCorrelation(variant: .cascade2, units: 50, scaling: .none), data, seeds)
    func line(_ name: String, _ runs: Runs?) -> [String] {
      guard let runs else { return [name] + [String](repeating: "not run", count: 5) }
      return [
        name, "\(runs.solved ?? runs.units.count) of \(runs.units.count)",
        "\(figure(median(runs.units), 0)) (\(figure(runs.units.min(), 0))–\(figure(runs.units.max(), 0)))",
        figure(mean(runs.units), 1), figure(mean(runs.epochs), 0),
        runs.seconds.map { figure(1000 * $0, 0) } ?? "–",
      ]
    }
    context.table(
      ["", "solved", "hidden units, median (range)", "mean", "epochs, mean", "ms a run"],
      [
        line("cascade-correlation", own.runs),
        ["the paper's", "100 of 100", "15 (12–19)", "15.2", "1700", "–"],
        line("the authors' program", program.spirals), line("Cascade 2", second.runs),
        line("FANN, 80 candidates", peer?.results["spirals, own"]),
        line("FANN, 8 of tanh", peer?.results["spirals, alike"]),
      ])
    let paper = [12: 4, 13: 9, 14: 24, 15: 19, 16: 24, 17: 13, 18: 5, 19: 2]
    let counts = (own.runs.units + program.spirals.units).map { Int($0) } + paper.keys
    context.say("Runs by the number of hidden units:")
    context.table(
      ["hidden units", "cascade-correlation", "the paper's", "the authors' program"],
      ((counts.min() ?? 0)...(counts.max() ?? 0)).map { units in
        func count(_ runs: Runs) -> String { "\(runs.units.count { Int($0) == units })" }
        return ["\(units)", count(own.runs), "\(paper[units, default: 0])", count(program.spirals)]
      })
    let pictures = try own.first?.pictures(with: data) ?? []
    for picture in pictures {
      let name = picture.title.lowercased().split(separator: " ").joined(separator: "-")
      try context.picture(
        name, picture.chart, caption: "\(picture.title), seed \(seeds.lowerBound)")
    }
  }

  // MARK: Parity

  private static func parity(
    _ context: EvidenceContext, _ program: Program, _ peer: Peer?
  ) throws {
    let seeds = context.seeds(20)
    context.heading("Parity")
    context.say(
      "All rows of 3 to 8 bits, as −½ and ½; seeds \(seeds.lowerBound) to \(seeds.upperBound - 1), up to 40 "
        + "hidden units, means. Every cell: solved, hidden units, epochs. The paper's five runs each (3.2) have Gaussian "
        + "hidden units; the program was run 20 times each, FANN 10 times.")
    let paper = [
      3: "1, 32", 4: "2, 66", 5: "2–3, 142", 6: "3, 161", 7: "4–5, 292", 8: "4–5, 357",
    ]
    func cell(_ runs: Runs?) -> String {
      runs.map {
        "\($0.solved ?? $0.units.count), \(figure(mean($0.units), 1)), \(figure(mean($0.epochs), 0))"
      } ?? "not run"
    }
    let rows = try (3...8).map { bits in
      let data = parity(bits)
      func own(
        _ variant: CascadeCorrelation.Variant, _ activation: CascadeCorrelation.Activation
      ) throws -> String {
        let network = CascadeCorrelation(
          variant: variant, units: 40, activation: activation, scaling: .none)
        return cell(try measure(network, data, seeds).runs)
      }
      return [
        "\(bits)", try own(.correlation, .gaussian), paper[bits] ?? "",
        cell(program.parity["gaussian \(bits)"]), try own(.correlation, .sigmoid),
        cell(program.parity["sigmoid \(bits)"]), try own(.cascade2, .gaussian),
        try own(.cascade2, .sigmoid), cell(peer?.results["parity \(bits), own"]),
        cell(peer?.results["parity \(bits), alike"]),
      ]
    }
    context.table(
      [
        "bits", "Gaussians", "the paper's", "the program's", "sigmoids", "the program's",
        "Cascade 2, Gaussians", "Cascade 2, sigmoids", "FANN, 80", "FANN, 8 of tanh",
      ], rows)
  }

  /// Rows in order, the first bit counting most.
  private static func parity(_ bits: Int) -> Dataset {
    let rows = (0..<1 << bits).map { row in
      (0..<bits).map { row >> (bits - 1 - $0) & 1 == 1 ? 0.5 : -0.5 }
    }
    let labels = rows.map { Int32($0.count { $0 > 0 } % 2) }
    return Dataset(
      name: "parity \(bits)", features: Tensor(rows),
      targets: .classes(Tensor(labels), names: ["even", "odd"]))
  }

  // MARK: Iris

  private static func iris(_ context: EvidenceContext, _ peer: Peer?) throws {
    let seeds = context.seeds(20)
    let data = try Dataset.builtIn("iris")
    let train = data.rows((0..<data.count).filter { $0 % 4 != 3 })
    let test = data.rows((0..<data.count).filter { $0 % 4 == 3 })
    context.heading("Iris")
    context.say(
      "Three of four rows to learn from, every fourth for the test; columns of mean 0 and deviation 1; seeds "
        + "\(seeds.lowerBound) to \(seeds.upperBound - 1) (FANN: 10). Growth ends when all outputs are within 0.4 of "
        + "their targets, or with the units that are allowed.")
    func line(_ name: String, _ network: CascadeCorrelation) throws -> [String] {
      let (runs, _) = try measure(network, train, seeds, test: test)
      return [
        name, "\(runs.solved ?? 0) of \(runs.units.count)", spread(runs.units, 1),
        figure(mean(runs.epochs), 0), spread(runs.accuracy, 3),
      ]
    }
    func line(_ name: String, _ runs: Runs?) -> [String] {
      guard let runs else { return [name] + [String](repeating: "not run", count: 4) }
      return [
        name, "\(runs.solved ?? 0) of \(runs.units.count)", spread(runs.units, 1),
        figure(mean(runs.epochs), 0), spread(runs.accuracy, 3),
      ]
    }
    context.table(
      ["", "solved", "hidden units", "epochs, mean", "accuracy on the test"],
      [
        try line("cascade-correlation", CascadeCorrelation(units: 40)),
        try line("cascade-correlation, one unit", CascadeCorrelation(units: 1)),
        try line("Cascade 2", CascadeCorrelation(variant: .cascade2, units: 40)),
        try line("Cascade 2, one unit", CascadeCorrelation(variant: .cascade2, units: 1)),
        line("FANN, 80 candidates", peer?.results["iris, own"]),
        line("FANN, 8 of tanh", peer?.results["iris, alike"]),
      ])
  }

  // MARK: Runs

  private static func measure(
    _ network: CascadeCorrelation, _ data: Dataset, _ seeds: Range<UInt64>, test: Dataset? = nil
  ) throws -> (runs: Runs, first: FittedCascadeCorrelation?) {
    var runs = Runs(units: [], epochs: [], solved: 0, accuracy: [], seconds: 0)
    var first: FittedCascadeCorrelation?
    for seed in seeds {
      let (fitted, seconds) = try timed { try network.fit(data, seed: seed) }
      first = first ?? fitted
      runs.units.append(Double(fitted.facts.arrivals.count))
      runs.epochs.append(Double(fitted.facts.epochs))
      if fitted.facts.isSolved { runs.solved = (runs.solved ?? 0) + 1 }
      let accuracy = try fitted.figures(on: test ?? data).first { $0.name == "accuracy" }?.value
      runs.accuracy?.append(accuracy ?? 0)
      runs.seconds = (runs.seconds ?? 0) + seconds / Double(seeds.count)
    }
    return (runs, first)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + min(sorted[sorted.count / 2], last)) / 2
  }
}
