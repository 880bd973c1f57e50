import Backprop

/// A deep belief network with and without pre-training, for few and for many labels.
struct DeepBeliefEvidence: EvidenceTopic {
  static let name = "deep-belief"
  static let summary = "deep belief networks on MNIST with and without pre-training"

  static func run(_ context: EvidenceContext) throws {
    context.say(
      "Layers 500, 500, 1000; contrastive divergence (CD-1) for 15 epochs a layer on all 60,000 rows (rate "
        + "0.1, batches of 100, momentum 0.5, weight decay 0.0002).")
    try PretrainingEvidence.run(context) { labels, isPretrained, plan in
      DeepBeliefNetwork(
        layers: [500, 500, 1000], pretrainingEpochs: isPretrained ? 15 : 0, pretrainingRate: 0.1,
        pretrainingBatchSize: 100, momentum: 0.5, weightDecay: 0.0002, epochs: plan.epochs,
        learningRate: 0.001, batchSize: plan.batch, labeled: labels, scaling: .bytes)
    }
    context.say(
      "Reference: G. Hinton, S. Osindero and Y. Teh (doi:10.1162/neco.2006.18.7.1527) report 1.25 % for a "
        + "deep belief network of 500, 500 and 2000 units, trained as a generative model, and 1.5 % for the "
        + "best backpropagation nets without knowledge of images.")
  }
}

/// Stacked denoising auto-encoders likewise.
struct StackedAutoencoderEvidence: EvidenceTopic {
  static let name = "autoencoder"
  static let summary = "stacked auto-encoders on MNIST with and without pre-training"

  static func run(_ context: EvidenceContext) throws {
    context.say(
      "Layers 500, 500, 1000; denoising auto-encoders (corruption 0.25) for 10 epochs a layer on all 60,000 "
        + "rows (rate 0.1, batches of 100).")
    try PretrainingEvidence.run(context) { labels, isPretrained, plan in
      StackedAutoencoder(
        layers: [500, 500, 1000], corruption: 0.25, pretrainingEpochs: isPretrained ? 10 : 0,
        pretrainingRate: 0.1, pretrainingBatchSize: 100, epochs: plan.epochs, learningRate: 0.001,
        batchSize: plan.batch, labeled: labels, scaling: .bytes)
    }
    context.say(
      "Reference: P. Vincent and others (JMLR 11, 2010, 3371–3408) report 1.28 % on MNIST for three layers of "
        + "denoising auto-encoders.")
  }
}

/// What both do.
private enum PretrainingEvidence {
  /// Passes of fine-tuning and rows of its batches.
  typealias Plan = (epochs: Int, batch: Int)

  private static let plans: [(labels: Int, plan: Plan)] = [
    (100, (100, 10)), (1000, (60, 20)), (60_000, (30, 100)),
  ]

  /// - Parameter network: The network for so many labels, with or without pre-training.
  static func run(
    _ context: EvidenceContext, _ network: (Int, Bool, Plan) -> some ClassicNetwork
  ) throws {
    let (train, test) = try context.mnist()
    context.say(
      "Then Adam (rate 0.001 along a cosine) on the labels of the first rows. Without pre-training the same "
        + "network begins at random numbers. Errors of the 10,000 test rows: mean, least and greatest over "
        + "the seeds \(context.seeds(3).map { "\($0)" }.joined(separator: ", ")).")
    var errors: [[Double]] = []
    for seed in context.seeds(3) {
      for (place, (labels, plan)) in plans.enumerated() {
        for (column, isPretrained) in [true, false].enumerated() {
          let network = network(labels, isPretrained, plan)
          let fitted = try network.fit(train, seed: seed)
          guard
            let accuracy = try fitted.figures(on: test).first(where: { $0.name == "accuracy" })
          else { continue }
          let cell = 2 * place + column
          while errors.count <= cell { errors.append([]) }
          errors[cell].append(100 * (1 - accuracy.value))
          context.progress(
            "seed \(seed), \(labels) labels, \(isPretrained ? "with" : "without") pre-training: "
              + percent(1 - accuracy.value))
          if seed == 0, labels == 60_000 {
            let wanted = isPretrained ? "Layer 1" : "Layer 1, fine-tuned"
            if let picture = try fitted.pictures(with: test).first(where: { $0.title == wanted }) {
              try context.picture(
                isPretrained ? "filters" : "filters-without", picture.chart,
                caption: isPretrained
                  ? "The first layer's weights after pre-training"
                  : "The first layer's weights without pre-training, after backpropagation")
            }
          }
        }
      }
    }
    context.table(
      ["labels", "epochs, batch", "error with, %", "error without, %"],
      plans.enumerated().map { place, item in
        [
          "\(item.labels)", "\(item.plan.epochs), \(item.plan.batch)",
          spread(errors[2 * place], 2), spread(errors[2 * place + 1], 2),
        ]
      })
  }
}
