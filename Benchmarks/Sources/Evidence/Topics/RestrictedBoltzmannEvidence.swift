import Backprop

/// The restricted Boltzmann machine beside scikit-learn's.
struct RestrictedBoltzmannEvidence: EvidenceTopic {
  static let name = "rbm"
  static let summary = "restricted Boltzmann machines beside scikit-learn: weights, and time"

  private struct Same: Decodable {
    let version: String
    let weights, visible, hidden: [Double]
  }

  private struct Time: Decodable {
    let seconds: Double
  }

  static func run(_ context: EvidenceContext) throws {
    let digits = try Dataset.builtIn("digits")
    // Pixels of 0…16; min-max scaling would stretch columns that never are 16.
    let count = 1780
    let pixels = digits.features.doubles.prefix(count * 64).map { $0 / 16 }
    let shares = Dataset(
      name: "digits", features: Tensor(pixels, shape: [count, 64]),
      targets: .values(Tensor.zeros([count, 0], type: .float64), names: []))
    let own = try RestrictedBoltzmannMachine(
      hidden: 64, method: .pcd, epochs: 3, batchSize: 20, learningRate: 0.05, shuffles: false,
      precision: .float64, scaling: .none
    ).fit(shares, seed: 0)
    let peer: Same? = try context.peer("rbm.py", ["same"])
    context.heading("The same steps")
    context.say(
      "Persistent contrastive divergence on the first 1,780 digits, 64 hidden units, batches of 20, 3 epochs, Float64, "
        + "seed 0; BernoulliRBM\(peer.map { " of scikit-learn \($0.version)" } ?? "") is given the same "
        + "random numbers (Philox 4×32-10).")
    context.table(
      ["numbers", "largest difference"],
      [
        ("weights", own.weights, peer?.weights), ("visible biases", own.visibleBias, peer?.visible),
        ("hidden biases", own.hiddenBias, peer?.hidden),
      ].map { name, tensor, other in
        [name, tiny(other.map { largestDifference(tensor.doubles, $0) })]
      })

    let mnist = try context.mnist().train
    context.heading("An epoch of MNIST")
    context.say(
      "PCD with 256 hidden units, Float32 rows for both. Backprop's time has the figures of 500 rows in it."
    )
    var lines: [[String]] = []
    for batch in [100, 10] {
      let machine = RestrictedBoltzmannMachine(
        hidden: 256, method: .pcd, epochs: 3, batchSize: batch, scaling: .bytes)
      // The first epoch's time has the reading and scaling of rows in it.
      let clock = ContinuousClock()
      var ends: [ContinuousClock.Instant] = []
      _ = try machine.fit(mnist, seed: 0) { _ in ends.append(clock.now) }
      let seconds = (ends[2] - ends[0]) / .seconds(2)
      let other: Time? = try context.peer("rbm.py", ["time", context.mnistFolder, "\(batch)"])
      lines.append([
        "\(batch)", figure(seconds, 2), figure(other?.seconds, 2), ratio(seconds, other?.seconds),
      ])
    }
    context.table(["rows of a batch", "Backprop, s", "scikit-learn, s", "times"], lines)
  }
}
