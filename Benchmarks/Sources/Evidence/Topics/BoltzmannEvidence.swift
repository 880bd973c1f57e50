import Backprop

/// The 4-2-4 encoder by the Boltzmann machine, 250 times.
struct BoltzmannEvidence: EvidenceTopic {
  static let name = "boltzmann"
  static let summary = "the Boltzmann machine's 4-2-4 encoder beside the paper's 250 runs"

  static func run(_ context: EvidenceContext) throws {
    let seeds = context.seeds(250)
    let machine = BoltzmannMachine(
      hidden: 2, groups: [4, 4], joinsHidden: false, cycles: 5000, stopsWhenSolved: true)
    // Each row twice: what the second group is to say of the first.
    let rows = (0..<4).flatMap { row in (0..<8).map { $0 % 4 == row ? 1.0 : 0 } }
    let data = Dataset(
      name: "4-2-4", features: Tensor(rows, shape: [4, 8]),
      targets: .values(Tensor([0, 1, 2, 3]), names: ["row"]))
    var (first, solved): ([Int], [Int]) = ([], [])
    for seed in seeds {
      let curves = try machine.fit(data, seed: seed) { _ in }.facts.curves
      let codes = curves["codes"] ?? []
      let completed = curves["bits completed"] ?? []
      if let cycle = codes.firstIndex(of: 4) { first.append(cycle + 1) }
      if let last = codes.last, last == 4, completed.last == 1 { solved.append(codes.count) }
    }
    context.say(
      "`boltzmann-machine` with hidden=2 groups=4,4 joinsHidden=no cycles=5000 stopsWhenSolved=yes on the "
        + "four rows, seeds 0 to \(seeds.count - 1). Solved means more here than in the paper: four codes, "
        + "and every bit of the second group completed from the first.")
    func median(_ cycles: [Int]) -> String {
      let sorted = cycles.sorted()
      guard let least = sorted.first, let most = sorted.last else { return "–" }
      return "\(sorted[sorted.count / 2]) (\(least)–\(most))"
    }
    context.table(
      ["", "Ackley, Hinton, Sejnowski 1985", "here"],
      [
        ["runs that found four codes", "250 of 250", "\(first.count) of \(seeds.count)"],
        ["cycles to four codes, median (range)", "110", median(first)],
        ["runs solved", "–", "\(solved.count) of \(seeds.count)"],
        ["cycles until solved, median (range)", "–", median(solved)],
      ])
  }
}
