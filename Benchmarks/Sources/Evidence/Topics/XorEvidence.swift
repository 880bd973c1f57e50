import Backprop

/// XOR with two hidden units from 1,000 starts: how many are stuck, and the ways out.
struct XorEvidence: EvidenceTopic {
  static let name = "xor"
  static let summary =
    "XOR with two hidden units from 1,000 starts: how many are stuck, and ways out"

  private static let starts = 1000
  private static let descent = Way(
    name: "gradient descent, η = 1", rule: "sgd", numbers: [("learningRate", 1)], epochs: 10_000)

  private static let ways = [
    descent,
    Way(
      name: "momentum, η = 1, μ = 0.9", rule: "momentum",
      numbers: [("learningRate", 1), ("momentum", 0.9)], epochs: 10_000),
    Way(
      name: "stochastic, one row a step, η = 0.25", rule: "sgd", numbers: [("learningRate", 0.25)],
      batch: 1, epochs: 10_000),
    Way(
      name: "stochastic, one row a step, η = 4", rule: "sgd", numbers: [("learningRate", 4)],
      batch: 1, epochs: 10_000),
    Way(name: "Rprop", rule: "rprop", epochs: 10_000),
    Way(name: "L-BFGS", rule: "lbfgs", epochs: 1000),
    Way(name: "Levenberg–Marquardt", rule: "levenberg-marquardt", epochs: 1000),
    Way(
      name: "simulated annealing, geometric, α = 0.997", rule: "simulated-annealing",
      numbers: [("factor", 0.997)], epochs: 2000),
  ]

  static func run(_ context: EvidenceContext) throws {
    context.say(
      "2-2-1, sigmoid, mean squared error, Float64. A run is solved once the error is at most 0.04, when no "
        + "output can be further than 0.4 from its target (the 40-20-40 criterion of the CMU "
        + "benchmark collection); else, after so many epochs, it is stuck. Starts have the seeds 0 to 999; the same ones for every "
        + "way. The error surface has no strict local minima but plateaus and minima at infinite weights "
        + "(L. Hamey, Neural Networks 11, 1998, doi:10.1016/S0893-6080(97)00134-2), where a run stays "
        + "for as long as one looks.")

    context.heading("Gradient descent by the range of the starts")
    var lines: [[String]] = []
    for range in [0.1, 0.5, 1, 2, 5] {
      let function = BooleanFunction(inputs: 2, range: range)
      let runs = try function.runs(descent, starts: starts)
      let peer = try BooleanPeer.ask(context, function, starts: starts, [descent])
      lines.append(
        ["±\(range)"] + line(runs, peer) + [figure(runs.seconds, 2)])
    }
    context.table(
      [
        "initial weights", "stuck", "PyTorch: stuck", "starts that differ", "median epochs", "s",
      ], lines)

    context.heading("Ways out, initial weights in ±1")
    let function = BooleanFunction(inputs: 2, range: 1)
    let asked = ways.filter { $0.batch == nil && ["sgd", "momentum", "rprop"].contains($0.rule) }
    let peer = try BooleanPeer.ask(context, function, starts: starts, asked)
    lines = []
    for way in ways {
      let runs = try function.runs(way, starts: starts)
      lines.append([way.name, "\(way.epochs)"] + line(runs, peer) + [figure(runs.seconds, 2)])
    }
    context.table(
      [
        "way", "epochs at most", "stuck", "PyTorch: stuck", "starts that differ", "median epochs",
        "s",
      ], lines)

    context.heading("Several starts")
    context.say(
      "`MultiStart` takes the best of n starts. Of 8,000 starts (seeds 0 to 7,999) by gradient descent, "
        + "the share of groups of n of which none was solved, beside pⁿ for the share p of single ones."
    )
    let many = try function.runs(descent, starts: 8 * starts)
    let single = many.stuckShare(groupsOf: 1)
    lines = [1, 2, 4, 8].map { size in
      var power = 1.0
      for _ in 0..<size { power *= single }
      return ["\(size)", percent(many.stuckShare(groupsOf: size)), percent(power)]
    }
    context.table(["starts", "stuck", "pⁿ"], lines)
    context.say("\(8 * starts) runs took \(figure(many.seconds, 1)) s.")
  }

  /// The share that is stuck here and there, how many starts differ in being solved, and the median.
  private static func line(_ runs: Runs, _ peer: BooleanPeer?) -> [String] {
    let own = runs.epochs
    let theirs = peer?.epochs[runs.way.name]
    let stuck = Double(own.count { $0 == nil }) / Double(own.count)
    let differing = theirs.map { theirs in
      "\(zip(own, theirs).count { ($0 == nil) != ($1 == 0) })"
    }
    return [
      percent(stuck, 1),
      theirs.map { percent(Double($0.count { $0 == 0 }) / Double($0.count), 1) } ?? "–",
      differing ?? "–", runs.median.map { "\($0)" } ?? "–",
    ]
  }
}
