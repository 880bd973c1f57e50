import Backprop
import Foundation

/// Two networks play against each other until one of them draws digits.
///
/// The generator makes an image of 64 random numbers; the discriminator tells such images from those
/// of MNIST. Each learns from the other's success. Both are convolutional: the generator's transposed
/// convolutions double the image's sides, the discriminator's convolutions halve them.
///
/// How good the digits are a third network says, which reads MNIST: of good ones it is sure, and all
/// ten occur. exp(mean KL(p(digit | image) ‖ p(digit))) is 1 at worst and 10 at best, as in
/// T. Salimans et al., "Improved techniques for training GANs", arXiv:1606.03498.
///
/// Source: A. Radford, L. Metz, S. Chintala, "Unsupervised representation learning with deep
/// convolutional generative adversarial networks", ICLR 2016, arXiv:1511.06434.
package struct GAN: Example {
  package let name = "gan"
  package let summary = "a generative adversarial network draws digits"
  package var models: [String: any Layer] {
    ["gan-generator": generator, "gan-discriminator": discriminator]
  }

  private var generator: Sequential {
    Sequential {
      Dense(units: 7 * 7 * 64, hasBias: false)
      BatchNormalization()
      Activate(.relu)
      ReshapeTo([7, 7, 64])
      TransposedConvolution(
        channels: 32, kernel: [4, 4], strides: [2], padding: 1, hasBias: false)
      BatchNormalization()
      Activate(.relu)
      TransposedConvolution(
        channels: 1, kernel: [4, 4], strides: [2], padding: 1, activation: .sigmoid)
      ReshapeTo([28, 28])
    }
  }

  private var discriminator: Sequential {
    Sequential {
      ReshapeTo([28, 28, 1])
      Convolution(channels: 32, kernel: [4, 4], strides: [2], padding: 1)
      Activate(.leakyReLU, parameter: 0.2)
      Convolution(channels: 64, kernel: [4, 4], strides: [2], padding: 1)
      Activate(.leakyReLU, parameter: 0.2)
      Flatten()
      Dropout(0.3)
      Dense(units: 1)
    }
  }

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let (training, _) = try settings.digits(reducedTo: 1024)
    let trainer = AdversarialTrainer(
      generator: generator, discriminator: discriminator, latent: 64,
      AdversarialOptions(
        epochs: settings.isReduced ? 10 : 8, batchSize: 64, labelSmoothing: 0.1,
        scaling: .divide(by: 255), seed: settings.seed))
    let model = try trainer.fit(training.features) { [report = settings.report] record in
      report(
        "epoch \(record.epoch): discriminator \(record.discriminatorLoss.rounded(to: 3)), "
          + "generator \(record.generatorLoss.rounded(to: 3))")
    }
    let made = try model.samples(settings.isReduced ? 256 : 2000, seed: settings.seed)
    let shown = Tensor(made.rows(0..<60).floats.map { $0 / 255 }, shape: [60, 784])
    try settings.write(
      ImageGrid(title: "Digits from noise", images: pictures(shown), columns: 10), as: name)

    let reader = try Trainer(
      Sequential {
        Flatten()
        Dense(units: 128, activation: .relu)
        Dense(units: 10)
      }, loss: CrossEntropy(), optimizer: Adam(),
      TrainingOptions(epochs: 5, batchSize: 64, seed: settings.seed)
    ).fit(training).model
    let score = try inceptionScore(reader.predict(made))
    let real = try inceptionScore(reader.predict(training.first(2000).features))
    return Outcome(
      "a network that reads digits gives the made ones a score of \(score.rounded(to: 2)) out of 10 "
        + "(real ones: \(real.rounded(to: 2)))",
      ["score": score, "real": real, "likeness": likeness(made, training.features)])
  }

  /// The correlation of the mean image of some rows with that of others.
  private func likeness(_ a: Tensor, _ b: Tensor) -> Double {
    func centered(_ rows: Tensor) -> [Double] {
      var mean = [Double](repeating: 0, count: 784)
      for (place, value) in rows.doubles.enumerated() { mean[place % 784] += value }
      let middle = mean.reduce(0, +) / 784
      return mean.map { $0 - middle }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (a, b) = (centered(a), centered(b))
    return product(a, b) / max((product(a, a) * product(b, b)).squareRoot(), 1e-300)
  }

  /// exp of the mean divergence of each row of probabilities from their mean.
  private func inceptionScore(_ probabilities: Tensor) -> Double {
    let (count, classes) = (probabilities.shape[0], probabilities.shape[1])
    let p = probabilities.doubles
    let mean = (0..<classes).map { k in
      (0..<count).reduce(0) { $0 + p[$1 * classes + k] } / Double(count)
    }
    let divergence = p.enumerated().reduce(0) { sum, entry in
      let (place, p) = entry
      return p > 0 ? sum + p * log(p / mean[place % classes]) : sum
    }
    return exp(divergence / Double(count))
  }
}
