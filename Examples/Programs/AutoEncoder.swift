import Backprop

/// A convolutional auto-encoder squeezes digits through 32 numbers.
///
/// The target of each image is the image itself. Two convolutions with a stride of 2 make it smaller
/// from layer to layer, a dense layer makes 32 numbers of it; what follows is the way back, with
/// transposed convolutions.
///
/// Source: G. Hinton, R. Salakhutdinov, "Reducing the dimensionality of data with neural networks",
/// Science 313 (2006), doi:10.1126/science.1127647; J. Masci et al., "Stacked convolutional
/// auto-encoders", ICANN 2011, doi:10.1007/978-3-642-21735-7_7.
package struct AutoEncoder: Example {
  package let name = "autoencoder"
  package let summary = "a convolutional auto-encoder squeezes MNIST's digits through 32 numbers"
  package var models: [String: any Layer] { ["autoencoder": model] }

  private var model: Sequential {
    Sequential {
      Sequential(name: "encoder") {
        ReshapeTo([28, 28, 1])
        Convolution(
          channels: 16, kernel: [3, 3], strides: [2], padding: .same, activation: .relu)
        Convolution(
          channels: 32, kernel: [3, 3], strides: [2], padding: .same, activation: .relu)
        Flatten()
        Dense(units: 32)
      }
      Sequential(name: "decoder") {
        Dense(units: 7 * 7 * 32, activation: .relu)
        ReshapeTo([7, 7, 32])
        TransposedConvolution(
          channels: 16, kernel: [4, 4], strides: [2], padding: 1, activation: .relu)
        TransposedConvolution(
          channels: 1, kernel: [4, 4], strides: [2], padding: 1, activation: .sigmoid)
        Flatten()
      }
    }
  }

  package init() {}

  package func run(_ settings: Settings) throws -> Outcome {
    let (training, test) = try settings.digits(reducedTo: 3000)
    let trainer = Trainer(
      model, loss: MeanSquaredError(), optimizer: Adam(learningRate: 0.002),
      TrainingOptions(
        epochs: settings.isReduced ? 12 : 5, batchSize: 64, schedule: CosineSchedule(),
        seed: settings.seed))
    let result = try trainer.fit(training.asTargets(), settings.setup)
    let images = test.asTargets()
    let outputs = try result.model.predict(images.features)
    let error = squaredError(images.targets.tensor, outputs)
    // Beside the variance that there is: what the mean image would leave.
    let share = error / variance(ofColumns: images.targets.tensor)
    try settings.write(
      ImageGrid(
        title: "Digits, and what 32 numbers have kept of them",
        images: besideOneAnother(images.targets.tensor, outputs, count: 10), columns: 10),
      as: name)
    return Outcome(
      "mean squared error \(error.rounded(to: 5)) a pixel of \(test.count) test digits: "
        + "\((1 - share).percent) of their variance is kept",
      ["error": error, "kept": 1 - share])
  }
}

extension Dataset {
  /// Images as their own targets: 784 numbers from 0 to 1.
  func asTargets() -> Dataset {
    let pixels = Tensor(features.floats.map { $0 / 255 }, shape: [count, 784])
    return Dataset(
      name: name, features: features,
      targets: .values(pixels, names: (0..<784).map { "pixel \($0)" }), source: source,
      suggestedScaling: .divide(by: 255))
  }
}

/// The mean of the squared differences.
func squaredError(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.doubles, b.doubles).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)
}

/// The variance of each column, averaged over the columns.
func variance(ofColumns rows: Tensor) -> Double {
  let (count, width) = (rows.shape[0], rows.shape[1])
  var (sums, squares) = ([Double](repeating: 0, count: width), 0.0)
  for (place, value) in rows.doubles.enumerated() {
    sums[place % width] += value
    squares += value * value
  }
  let means = sums.reduce(0) { $0 + $1 * $1 } / Double(count)
  return (squares - means) / Double(rows.count)
}

/// The first images above what was made of them.
func besideOneAnother(_ images: Tensor, _ made: Tensor, count: Int) -> [GrayImage] {
  Array(pictures(images.rows(0..<count))) + Array(pictures(made.rows(0..<count)))
}
