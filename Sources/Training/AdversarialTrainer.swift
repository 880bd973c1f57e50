import Datasets
import Layers
import Tensors

/// Trains two networks against each other: a generator, which turns noise into rows like those of a
/// data set, and a discriminator, which tells the set's own rows from the generator's.
///
/// With z standard normal noise, G(z) the generator's rows, and D the discriminator's one output (a
/// logit, without an activation), each step makes small, in turn,
///
/// E_D = mean ln(1 + e^(−D(x))) + mean ln(1 + e^(D(G(z)))) by the discriminator's parameters,
/// E_G = mean ln(1 + e^(−D(G(z)))) by the generator's:
///
/// the cross-entropies of *real* and *made*, with the generator's loss in the form that does not
/// saturate. Both steps are graphs compiled once.
///
/// ```swift
/// let trainer = AdversarialTrainer(
///   generator: Sequential {
///     Dense(units: 16, activation: .tanh)
///     Dense(units: 1)
///   },
///   discriminator: Sequential {
///     Dense(units: 16, activation: .leakyReLU)
///     Dense(units: 1)
///   }, latent: 2)
/// let model = try trainer.fit(rows)          // rows: [count, 1]
/// let made = try model.samples(1000, seed: 1)
/// ```
///
/// Source: I. Goodfellow et al., "Generative adversarial nets", NIPS 2014, arXiv:1406.2661; the
/// smoothing: T. Salimans et al., "Improved techniques for training GANs", NIPS 2016,
/// arXiv:1606.03498.
public struct AdversarialTrainer: Sendable {
  /// From [batch, latent] to [batch] + the shape of a row.
  public var generator: any Layer
  /// From [batch] + the shape of a row to [batch, 1].
  public var discriminator: any Layer
  /// How the generator's parameters are updated.
  public var generatorOptimizer: any Optimizer
  /// How the discriminator's parameters are updated.
  public var discriminatorOptimizer: any Optimizer
  /// The normal numbers that a row is made from.
  public var latent: Int
  /// All other settings.
  public var options: AdversarialOptions

  /// - Parameters:
  ///   - generator: From [batch, latent] to rows.
  ///   - discriminator: From rows to [batch, 1].
  ///   - latent: The normal numbers that a row is made from.
  ///   - generatorOptimizer: Adam with rate 0.0002 and β₁ = 0.5 unless told otherwise, as is usual.
  ///   - discriminatorOptimizer: The same.
  ///   - options: All other settings.
  public init(
    generator: any Layer, discriminator: any Layer, latent: Int,
    generatorOptimizer: any Optimizer = Adam(learningRate: 2e-4, beta1: 0.5),
    discriminatorOptimizer: any Optimizer = Adam(learningRate: 2e-4, beta1: 0.5),
    _ options: AdversarialOptions = AdversarialOptions()
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.latent = latent
    self.generatorOptimizer = generatorOptimizer
    self.discriminatorOptimizer = discriminatorOptimizer
    self.options = options
  }

  /// Trains on rows.
  ///
  /// Batches that are not full are left out, so every step has the same size.
  ///
  /// - Parameters:
  ///   - rows: What the generator shall learn to make: [count] + the shape of a row.
  ///   - resuming: A model whose run is to be continued, up to ``AdversarialOptions/epochs``; the
  ///     other settings and the rows must be the same, and so are the bits of the result.
  ///   - checkpointPath: Where to save both networks after each epoch; nil saves nothing.
  ///   - threads: Threads to use at most; all processors by default.
  ///   - observe: Told what each epoch came to.
  /// - Throws: ``TrainingError`` where a setting makes no sense, the rows do not fit or the run
  ///   diverges; `GraphError` where the networks do not fit each other; `InterchangeError` where the
  ///   checkpoint cannot be written.
  public func fit(
    _ rows: Tensor, resuming: AdversarialModel? = nil, checkpointPath: String? = nil,
    threads: Int? = nil, observe: (AdversarialRecord) -> Void = { _ in }
  ) throws -> AdversarialModel {
    let run = try AdversarialRun(self, rows, resuming: resuming, threads: threads)
    return try run.run(checkpointPath: checkpointPath, observe: observe)
  }
}

/// The settings of an adversarial run that are neither the networks nor the data.
public struct AdversarialOptions: Codable, Hashable, Sendable {
  /// How many times every row is seen by the discriminator.
  public var epochs: Int
  /// Rows of one step, and as many made ones.
  public var batchSize: Int
  /// Steps of the discriminator for each one of the generator.
  public var discriminatorSteps: Int
  /// How much less than 1 the discriminator's target for real rows is, 0 to 1.
  public var labelSmoothing: Double
  /// How rows are scaled; what is made is scaled back.
  public var scaling: Scaling.Kind
  /// The type that the networks compute in.
  public var precision: ScalarType
  /// Where all random numbers start: initial parameters, orders, noise.
  public var seed: UInt64

  public init(
    epochs: Int = 20, batchSize: Int = 64, discriminatorSteps: Int = 1, labelSmoothing: Double = 0,
    scaling: Scaling.Kind = .none, precision: ScalarType = .float32, seed: UInt64 = 0
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.discriminatorSteps = discriminatorSteps
    self.labelSmoothing = labelSmoothing
    self.scaling = scaling
    self.precision = precision
    self.seed = seed
  }

  /// - Throws: ``TrainingError`` where a setting makes no sense.
  func validate() throws {
    func check(_ condition: Bool, _ setting: String, _ found: String, _ expected: String) throws {
      guard condition else {
        throw TrainingError.setting(name: setting, found: found, expected: expected)
      }
    }
    try check((0...1_000_000_000).contains(epochs), "epochs", "\(epochs)", "0 to 1,000,000,000")
    try check(batchSize >= 1, "batch size", "\(batchSize)", "1 or more rows")
    try check(
      discriminatorSteps >= 1, "discriminator steps", "\(discriminatorSteps)", "1 or more")
    try check(
      labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing", "\(labelSmoothing)",
      "at least 0 and less than 1")
    try check(precision.isFloatingPoint, "precision", "\(precision)", "float32 or float64")
  }
}

/// What one epoch of an adversarial run came to.
public struct AdversarialRecord: Codable, Hashable, Sendable {
  /// The epoch's number, from 1.
  public var epoch: Int
  /// E_D, averaged over its steps; 2 ln 2 where it cannot tell anything.
  public var discriminatorLoss: Double
  /// E_G, averaged over its steps; ln 2 where the discriminator cannot tell anything. Zero in an
  /// epoch without a step of the generator.
  public var generatorLoss: Double
}
