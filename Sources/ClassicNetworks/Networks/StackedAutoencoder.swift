import Datasets
import GraphIR
import RealModule
import Tensors
import Training

/// Auto-encoders on top of one another, then backpropagation.
///
/// Each layer learns to give back the rows below it: y = σ(x̃ W + c), z = σ(y Wᵀ + b), where x̃ is x with
/// some numbers set to 0 (a denoising auto-encoder; with `corruption` 0 a plain one). The loss of a row
/// is the cross-entropy −Σ xᵢ ln zᵢ + (1 − xᵢ) ln(1 − zᵢ); with δ = z − x and ε = (δ W) y (1 − y),
/// W moves by −η (x̃ᵀ ε + δᵀ y), c by −η ε, b by −η δ, in the mean over a batch. W and c become those of a
/// sigmoid layer; one output for each class is put on top, and the whole is trained by the ordinary
/// trainer (cross-entropy, Adam, a learning rate that falls along a cosine).
///
/// Sources: Y. Bengio, P. Lamblin, D. Popovici, H. Larochelle, "Greedy layer-wise training of deep
/// networks", NIPS 19 (2006); P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio, P.-A. Manzagol, "Stacked
/// denoising autoencoders", JMLR 11 (2010), first as doi:10.1145/1390156.1390294.
public struct StackedAutoencoder: StackSettings {
  public static let kind = "stacked-autoencoder"
  public static let shortNames = ["sae"]
  public static let purpose =
    "classes by layers that auto-encoders begin and backpropagation ends"
  public static let meanings: SettingMeanings = [
    ("layers", "the units of each layer, from the lowest"),
    ("corruption", "the share of numbers that are set to 0 before they are to be given back"),
    ("pretrainingEpochs", "passes over the rows for each auto-encoder; 0: layers begin at random"),
    ("pretrainingRate", "η, the auto-encoders' learning rate"),
    ("pretrainingBatchSize", "rows of an auto-encoder's step"),
    ("epochs", "passes over the rows in fine-tuning; 0: none"),
    ("learningRate", "Adam's learning rate in fine-tuning"),
    ("batchSize", "rows of a step in fine-tuning"),
    ("labeled", "how many rows, from the first, are fine-tuned on; 0: all"),
    ("shuffles", "whether auto-encoders take the rows in a new order in every epoch"),
    ("precision", "what it computes in: float32 or float64"),
    ("scaling", RowScaling.meaning),
  ]

  public var layers: [Int]
  public var corruption: Double
  public var pretrainingEpochs: Int
  public var pretrainingRate: Double
  public var pretrainingBatchSize: Int
  public var epochs: Int
  public var learningRate: Double
  public var batchSize: Int
  public var labeled: Int
  public var shuffles: Bool
  public var precision: ScalarType
  public var scaling: RowScaling

  public init() { self.init(layers: [100, 50]) }

  public init(
    layers: [Int] = [100, 50], corruption: Double = 0.25, pretrainingEpochs: Int = 20,
    pretrainingRate: Double = 0.1, pretrainingBatchSize: Int = 20, epochs: Int = 30,
    learningRate: Double = 0.001, batchSize: Int = 32, labeled: Int = 0, shuffles: Bool = true,
    precision: ScalarType = .float32, scaling: RowScaling = .minMax
  ) {
    (self.layers, self.corruption, self.pretrainingEpochs) = (layers, corruption, pretrainingEpochs)
    (self.pretrainingRate, self.pretrainingBatchSize) = (pretrainingRate, pretrainingBatchSize)
    (self.epochs, self.learningRate, self.batchSize) = (epochs, learningRate, batchSize)
    (self.labeled, self.shuffles, self.precision) = (labeled, shuffles, precision)
    self.scaling = scaling
  }

  public var isLinearBelow: Bool { false }

  public var problem: String? {
    if !(0...1_000_000).contains(pretrainingEpochs) {
      return "pretrainingEpochs is \(pretrainingEpochs), expected 0 to 1000000"
    }
    if !(corruption >= 0 && corruption < 1) {
      return "corruption is \(corruption), expected 0 to less than 1"
    }
    if !(pretrainingRate > 0 && pretrainingRate.isFinite) {
      return "pretrainingRate is \(pretrainingRate), expected more than 0"
    }
    if !(1...1 << 20).contains(pretrainingBatchSize) {
      return "pretrainingBatchSize is \(pretrainingBatchSize), expected 1 to \(1 << 20)"
    }
    return tuning.problem(labeled: labeled, pretrainingEpochs: pretrainingEpochs)
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedStackedAutoencoder
  {
    try check()
    let (matrix, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    if let place = matrix.values.firstIndex(where: { !(0...1).contains($0) }) {
      throw TrainingError.data(
        "\(data.name), row \(data.rowNumber(place / matrix.columns)): found "
          + "\(matrix.values[place]) when scaled, \(Self.kind) expects 0 to 1: take scaling min-max"
      )
    }
    let found = try StackedNetwork(
      kind: Self.kind, tuning: tuning, data: data, facts: facts,
      rows: matrix.tensor.cast(to: precision), pretrains: pretrainingEpochs > 0, labeled: labeled,
      seed: seed, observe: observe
    ) { number, rows, tell in
      try autoencoder(rows, units: layers[number - 1], seed: seed &+ UInt64(number - 1), tell)
    }
    return FittedStackedAutoencoder(settings: self, network: found)
  }

  private enum Variable {
    static let weights = "weights"
    static let visibleBias = "visible bias"
    static let hiddenBias = "hidden bias"
  }

  /// Teaches one auto-encoder.
  ///
  /// - Parameter tell: Told of the error after each epoch.
  private func autoencoder(_ rows: Tensor, units: Int, seed: UInt64, _ tell: (Double) -> Void)
    throws -> LayerStack.Level
  {
    let columns = rows.shape[1]
    let step = BatchStep(rows: rows, batchSize: pretrainingBatchSize, seed: seed) { parts in
      write(parts, columns: columns, units: units)
    }
    var random = RandomStream(seed: seed, name: Self.kind)
    let bound = 4 * (6 / Double(columns + units)).squareRoot()
    try step.variables.set(
      Variable.weights,
      Tensor(
        (0..<columns * units).map { _ in random.uniform(-bound, bound) }, shape: [columns, units],
        type: precision))
    let sample = rows.some(500)
    let sampleRows = sample.tensor.cast(to: precision)
    func level() throws -> LayerStack.Level {
      func values(_ name: String) throws -> Tensor {
        guard let tensor = step.variables[name], tensor.isFinite else {
          throw TrainingError.setting(
            name: "pretrainingRate",
            found: "\(pretrainingRate), with which \(name) left all bounds",
            expected: "less")
        }
        return tensor
      }
      return LayerStack.Level(
        weights: try values(Variable.weights), visibleBias: try values(Variable.visibleBias),
        hiddenBias: try values(Variable.hiddenBias))
    }
    var order = Array(0..<rows.shape[0])
    for _ in 0..<pretrainingEpochs {
      if shuffles { order = random.permutation(order.count) }
      try step.epoch(order, rate: pretrainingRate)
      var stack = LayerStack()
      stack.levels = [try level()]
      tell(rootMeanSquare(try stack.reconstructions(sampleRows), sample))
    }
    return try level()
  }

  /// The step of an auto-encoder with tied weights.
  private func write(_ parts: BatchStep.Parts, columns: Int, units: Int) {
    let w = parts.variable(Variable.weights, [columns, units])
    let b = parts.variable(Variable.visibleBias, [columns])
    let c = parts.variable(Variable.hiddenBias, [units])
    let x = parts.rows
    var corrupted = x
    if corruption > 0 {
      let noise = uniformNoise(key: parts.key, shape: x.shape, type: x.scalarType, stream: 0)
      corrupted = x * (noise .>= corruption)
    }
    let y = sigmoid(corrupted.matmul(w) + c)
    let z = sigmoid(y.matmul(w, transposeB: true) + b)
    let below = (z - x) * (1 / Double(parts.batch))
    let above = below.matmul(w) * (y * (1 - y))
    let slope =
      corrupted.matmul(above, transposeA: true) + below.matmul(y, transposeA: true)
    parts.builder.update(w, with: w - slope * parts.rate)
    parts.builder.update(b, with: b - below.sum(axes: [0]) * parts.rate)
    parts.builder.update(c, with: c - above.sum(axes: [0]) * parts.rate)
  }

  public static var samples: [ClassicSample<StackedAutoencoder>] {
    [
      ClassicSample(
        StackedAutoencoder(layers: [4, 3], pretrainingEpochs: 2, epochs: 2), on: stackSample),
      ClassicSample(
        StackedAutoencoder(
          layers: [3], corruption: 0, pretrainingEpochs: 1, epochs: 0, precision: .float64),
        on: stackSample),
    ]
  }
}

/// Stacked auto-encoders that have learned.
public typealias FittedStackedAutoencoder = FittedStack<StackedAutoencoder>
