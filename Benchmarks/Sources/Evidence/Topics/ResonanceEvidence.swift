import Backprop

/// Adaptive resonance beside artlib.
struct ResonanceEvidence: EvidenceTopic {
  static let name = "resonance"
  static let summary = "adaptive resonance beside artlib: categories, weights, time"

  private struct Peer: Decodable {
    struct Result: Decodable {
      let categories: [Int]
      let weights: [Double]
      let seconds: Double
    }
    let version: String
    let results: [String: Result]
  }

  static func run(_ context: EvidenceContext) throws {
    let peer: Peer? = try context.peer("resonance.py")
    context.say(
      "One pass over the rows in their order (iris: a flower of each species in turn), fast learning, no "
        + "random numbers. Fuzzy ART: vigilance 0.75, α 0.001; Fuzzy ARTMAP: vigilance 0, match tracking by "
        + "10⁻⁶; ART 1: vigilance 0.5, L 2, pixels above 7.5. Beside "
        + "artlib\(peer.map { " \($0.version)" } ?? ""), whose ART 1 is mended in three places to be the "
        + "paper's (Tests/ClassicNetworksTests/References/make-resonance.py), and takes choices from counts of "
        + "ones, so that rounding does not tear equal ones apart.")
    var lines: [[String]] = []
    func line(
      _ name: String, _ categories: [Int], _ weights: Tensor, _ seconds: Double
    ) {
      let other = peer?.results[name]
      let same = other.map { other in
        "\(zip(categories, other.categories).filter { $0 == $1 }.count) of \(categories.count)"
      }
      lines.append([
        name, "\(weights.shape[0])", same ?? "not run",
        tiny(other.map { largestDifference(weights.doubles, $0.weights) }),
        figure(seconds * 1e3, 1), figure(other.map { $0.seconds * 1e3 }, 1),
        ratio(seconds, other?.seconds),
      ])
    }
    for name in ["iris", "digits"] {
      var data = try Dataset.builtIn(name)
      if name == "iris" { data = data.rows((0..<150).map { $0 % 3 * 50 + $0 / 3 }) }
      let art = FuzzyART(vigilance: 0.75, epochs: 1)
      let (boxes, seconds) = try timed { try art.fit(data, seed: 0) }
      line(
        "fuzzy-art \(name)", last(try art.trace(data, seed: 0), data.count), boxes.templates,
        seconds)
      let map = FuzzyARTMAP(tracking: 1e-6, epochs: 1)
      let (mapped, time) = try timed { try map.fit(data, seed: 0) }
      line(
        "fuzzy-artmap \(name)", last(try map.trace(data, seed: 0), data.count), mapped.templates,
        time
      )
    }
    let digits = try Dataset.builtIn("digits")
    let binary = ART1(vigilance: 0.5, choice: 2, epochs: 1, threshold: 7.5)
    let (patterns, seconds) = try timed { try binary.fit(digits, seed: 0) }
    line(
      "art1 digits", last(try binary.trace(digits, seed: 0), digits.count), patterns.templates,
      seconds)
    context.table(
      [
        "network, data", "categories", "rows in artlib's category",
        "largest difference of a weight",
        "ms", "artlib, ms", "times",
      ], lines)
  }

  /// The category that each row went to.
  private static func last(_ trace: ResonanceTrace, _ rows: Int) -> [Int] {
    var found = [Int](repeating: -1, count: rows)
    for step in trace.steps { found[step.row] = step.category ?? -1 }
    return found
  }
}
