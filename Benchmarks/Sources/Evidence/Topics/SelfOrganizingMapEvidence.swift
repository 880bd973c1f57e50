import Backprop

/// The self-organizing map beside MiniSom: the same weights from the same start, and the time.
struct SelfOrganizingMapEvidence: EvidenceTopic {
  static let name = "som"
  static let summary = "self-organizing maps beside MiniSom: weights from the same start, and time"

  private struct Same: Decodable {
    let version: String
    let weights: [String: [Double]]
  }

  private struct Time: Decodable {
    let version: String
    let online, batch: Double
  }

  static func run(_ context: EvidenceContext) throws {
    let mnist = try context.mnist().train
    let peer: Same? = try context.peer("som.py", ["same", context.mnistFolder])
    context.heading("Weights after n steps")
    context.say(
      "Maps that start at the first rows, which come in their order (no random numbers): radius from half "
        + "the side and rate from 0.5, both falling as v / (1 + 2t / T). The largest difference of a "
        + "weight from those of MiniSom\(peer.map { " \($0.version)" } ?? "").")
    var lines: [[String]] = []
    for (name, side, epochs) in [("iris", 6, 5), ("digits", 10, 2), ("mnist", 20, 1)] {
      let data = try name == "mnist" ? mnist.rows(Array(0..<1000)) : Dataset.builtIn(name)
      for training in [SelfOrganizingMap.Training.online, .batch] {
        let map = Self.map(side, training, epochs: epochs, bytes: name == "mnist")
        let found = try map.fit(data, seed: 0, from: start(data, units: side * side, map))
        let weights = found.weights.doubles
        let shown = stride(from: 0, to: weights.count, by: max(1, weights.count / 5000)).map {
          weights[$0]
        }
        let steps = training == .online ? epochs * data.count : epochs
        lines.append([
          "\(name), \(data.count) rows, \(side) × \(side), \(training)", "\(steps)",
          tiny(peer?.weights["\(name) \(training)"].map { largestDifference(shown, $0) }),
        ])
      }
    }
    context.table(["map", "steps", "largest difference"], lines)

    context.heading("Time on MNIST")
    let steps = 2000
    let times: Time? = try context.peer("som.py", ["time", context.mnistFolder, "\(steps)"])
    context.say(
      "20 × 20 units, rows of 784 numbers, in the same order: microseconds a row. Backprop's are those of "
        + "an epoch of all 60,000 rows, MiniSom's of the first \(steps) steps of one.")
    lines = []
    for (training, other) in [
      (SelfOrganizingMap.Training.online, times?.online), (.batch, times?.batch),
    ] {
      let map = Self.map(20, training, epochs: 1, bytes: true)
      let start = try start(mnist, units: 400, map)
      let own = try timed { try map.fit(mnist, seed: 0, from: start) }.seconds
      let row = own / Double(mnist.count)
      lines.append([
        "\(training)", figure(row * 1e6, 1), figure(other.map { $0 * 1e6 }, 1),
        ratio(row, other), figure(own, 2),
      ])
    }
    context.table(
      ["training", "Backprop, µs", "MiniSom, µs", "times", "Backprop's epoch, s"], lines)
  }

  private static func map(
    _ side: Int, _ training: SelfOrganizingMap.Training, epochs: Int, bytes: Bool
  ) -> SelfOrganizingMap {
    SelfOrganizingMap(
      rows: side, columns: side, training: training, epochs: epochs, radius: Double(side) / 2,
      radiusDecay: .asymptotic, learningRate: 0.5, rateDecay: .asymptotic, shuffles: false,
      scaling: bytes ? .bytes : .none)
  }

  /// The first rows, scaled.
  private static func start(_ data: Dataset, units: Int, _ map: SelfOrganizingMap) throws -> Tensor
  {
    let scale = map.scaling == .bytes ? 255.0 : 1
    let rows = data.rows(Array(0..<units)).features
    return Tensor(rows.doubles.map { $0 / scale }, shape: [units, rows.count / units])
  }
}
