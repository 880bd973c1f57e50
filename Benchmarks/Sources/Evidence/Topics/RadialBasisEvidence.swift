import Backprop

/// A radial basis network of 1,000 units on MNIST beside scikit-learn's parts put together.
struct RadialBasisEvidence: EvidenceTopic {
  static let name = "rbf"
  static let summary =
    "a radial basis network of 1,000 centers on MNIST beside scikit-learn's parts"

  private struct Peer: Decodable {
    let version: String
    let error, seconds: Double
  }

  static func run(_ context: EvidenceContext) throws {
    let (train, test) = try context.mnist()
    let (units, rounds, factor, ridge) = (1000, 8, 1.5, 0.001)
    let network = RadialBasisNetwork(units: units, scaling: .bytes) {
      ($0.rounds, $0.widthFactor, $0.ridge) = (rounds, factor, ridge)
    }
    context.say(
      "\(units) centers by k-means (k-means++ among 5,000 rows, at most \(rounds) rounds), widths \(factor) "
        + "times the root of the mean squared distance to the two nearest other centers, weights by least "
        + "squares with the ridge \(ridge); 60,000 rows learned, 10,000 tested. The peer is KMeans and Ridge "
        + "of scikit-learn with NumPy between them, in Float32 and in Float64, and random numbers of its "
        + "own. Seconds are those of the fit.")
    var lines: [[String]] = []
    for seed in context.seeds(3) {
      let (fitted, seconds) = try timed { try network.fit(train, seed: seed) }
      let accuracy = try fitted.figures(on: test).first { $0.name == "accuracy" }?.value
      var cells = ["\(seed)", percent(accuracy.map { 1 - $0 }), figure(seconds, 1)]
      for type in ["float32", "float64"] {
        let peer: Peer? = try context.peer(
          "rbf.py",
          [context.mnistFolder, "\(units)", "\(rounds)", "\(factor)", "\(ridge)", "\(seed)", type])
        cells += [percent(peer?.error), figure(peer?.seconds, 1)]
      }
      lines.append(cells)
    }
    context.table(
      [
        "seed", "error", "seconds", "scikit-learn, Float32", "seconds", "scikit-learn, Float64",
        "seconds",
      ], lines)
  }
}
