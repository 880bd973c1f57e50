import Backprop

/// A variational auto-encoder learns a space of digits, from which new ones can be drawn.
///
/// The encoder gives for each image not a point of 20 numbers but a small cloud, a normal
/// distribution, of which training takes a sample; and the clouds must together look like one
/// standard normal distribution. So what the decoder makes of a standard normal sample is a digit
/// too. Trained is what bounds the evidence: the cross-entropy of the pixels, summed, plus the
/// divergence of the cloud. Both are divided by the 784 pixels here.
///
/// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", ICLR 2014, arXiv:1312.6114.
package struct VariationalAutoEncoder: Example {
  package let name = "vae"
  package let summary = "a variational auto-encoder draws digits of its own"
  package var models: [String: any Layer] { ["vae": model] }

  private static let latent = 20

  private var decoder: Sequential {
    Sequential(name: "decoder") {
      Dense(units: 400, activation: .relu)
      Dense(units: 784)
    }
  }

  private var model: Sequential {
    Sequential {
      Flatten()
      Dense(units: 400, activation: .relu)
      VariationalLatent(units: Self.latent, beta: 1.0 / 784)
      decoder
    }
  }

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let (training, test) = try settings.digits(reducedTo: 4000)
    let trainer = Trainer(
      model, loss: BinaryCrossEntropy(), optimizer: Adam(learningRate: 0.001),
      TrainingOptions(epochs: settings.isReduced ? 4 : 20, batchSize: 128, seed: settings.seed))
    let result = try trainer.fit(training.asTargets(), settings.setup)
    let bound = 784 * (result.report.history.last?.trainingLoss ?? .nan)

    let images = test.first(1000).asTargets()
    let outputs = try result.model.predict(images.features)
    let error = squaredError(images.targets.tensor, outputs)
    try settings.write(
      ImageGrid(
        title: "Digits, and what the mean of their code gives",
        images: besideOneAnother(images.targets.tensor, outputs, count: 10), columns: 10),
      as: "vae-reconstructions")
    try settings.write(
      ImageGrid(
        title: "Digits that never were", images: pictures(try samples(result.model, 60, settings)),
        columns: 10), as: "vae-samples")
    return Outcome(
      "\(bound.rounded(to: 1)) nats bound a training digit's negative log-likelihood; "
        + "mean squared error \(error.rounded(to: 5)) a pixel of test digits",
      ["bound": bound, "error": error])
  }

  /// What the decoder makes of standard normal numbers.
  private func samples(_ model: TrainedModel, _ count: Int, _ settings: Settings) throws -> Tensor {
    let prefix = "decoder."
    let parameters = ParameterSet(
      model.parameters.filter { $0.name.hasPrefix(prefix) }.map {
        (String($0.name.dropFirst(prefix.count)), $0.tensor)
      })
    let generator = TrainedModel(
      model: decoder, loss: model.loss, parameters: parameters, inputShape: [Self.latent],
      outputs: model.outputs)
    var random = RandomStream(seed: settings.seed, name: "samples")
    let codes = (0..<count * Self.latent).map { _ in Float(random.normal()) }
    return try generator.predict(Tensor(codes, shape: [count, Self.latent]))
  }
}
