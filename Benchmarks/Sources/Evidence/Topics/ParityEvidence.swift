import Backprop

/// Parity of 3 to 8 bits with as many hidden units: how many of 20 starts are solved, rule by rule.
struct ParityEvidence: EvidenceTopic {
  static let name = "parity"
  static let summary =
    "parity of 3 to 8 bits with as many hidden units: solved of 20 starts, by rule"

  private static let sizes = 3...8
  /// Sweeps take as many evaluations as there are weights, and PyTorch's steps of so small networks are
  /// long: both are asked for as much as minutes allow.
  private static let mostAnnealed = 6
  private static let mostOfPeer = 5

  private static let ways = [
    Way(
      name: "gradient descent, η = 1", rule: "sgd", numbers: [("learningRate", 1)], epochs: 20_000),
    Way(
      name: "momentum, η = 0.5, μ = 0.9", rule: "momentum",
      numbers: [("learningRate", 0.5), ("momentum", 0.9)], epochs: 20_000),
    Way(
      name: "stochastic, one row a step, η = 1", rule: "sgd", numbers: [("learningRate", 1)],
      batch: 1, epochs: 5000),
    Way(name: "Rprop", rule: "rprop", epochs: 5000),
    Way(name: "Quickprop", rule: "quickprop", epochs: 5000),
    Way(name: "scaled conjugate gradient", rule: "scaled-conjugate-gradient", epochs: 2000),
    Way(name: "L-BFGS", rule: "lbfgs", epochs: 2000),
    Way(name: "Levenberg–Marquardt", rule: "levenberg-marquardt", epochs: 1000),
    Way(
      name: "simulated annealing, geometric, α = 0.999", rule: "simulated-annealing",
      numbers: [("factor", 0.999)], epochs: 6000),
  ]

  static func run(_ context: EvidenceContext) throws {
    let seeds = context.seeds(20)
    context.say(
      "n-n-1, sigmoid, mean squared error, Float64, initial weights and biases in ±1, seeds 0 to "
        + "\(seeds.count - 1). Solved once the error is at most 0.16 / 2ⁿ, when no output can be further "
        + "than 0.4 from its target. A cell tells how many starts are solved, and the median epochs of "
        + "those; in the rows of PyTorch the same from the same starts (n ≤ \(mostOfPeer)). An epoch of the "
        + "last four is an iteration, which may see all rows more than once; annealing's is a sweep, with "
        + "as many evaluations as weights (n ≤ \(mostAnnealed)).")
    let asked = ways.filter { $0.batch == nil && ["sgd", "momentum", "rprop"].contains($0.rule) }
    var cells: [String: [String]] = [:]
    for size in sizes {
      let function = BooleanFunction(inputs: size, range: 1)
      let peer =
        size > mostOfPeer
        ? nil : try BooleanPeer.ask(context, function, starts: seeds.count, asked)
      for way in ways where size <= mostAnnealed || way.rule != SimulatedAnnealing.kind {
        let runs = try function.runs(way, starts: seeds.count)
        cells[way.name, default: []].append(cell(runs.epochs.compactMap(\.self)))
        if let theirs = peer?.epochs[way.name] {
          cells["PyTorch: \(way.name)", default: []].append(cell(theirs.filter { $0 > 0 }))
        }
      }
    }
    let rows = ways.flatMap { way in
      [way.name, "PyTorch: \(way.name)"].compactMap { name in cells[name].map { (way, name, $0) } }
    }
    context.table(
      ["way", "epochs at most"] + sizes.map { "n = \($0)" },
      rows.map { way, name, cells in
        [name, "\(way.epochs)"] + cells
          + [String](repeating: "–", count: sizes.count - cells.count)
      })
  }

  private static func cell(_ epochs: [Int]) -> String {
    let sorted = epochs.sorted()
    return sorted.isEmpty ? "0" : "\(sorted.count): \(sorted[sorted.count / 2])"
  }
}
