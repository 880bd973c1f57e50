import Datasets
import Tensors
import Training

/// A deep belief network: restricted Boltzmann machines on top of one another, then backpropagation.
///
/// Layer after layer, a restricted Boltzmann machine learns the rows that the layers below make of the
/// data, h = σ(c + Wᵀ v), without any class. Its W and c become those of a sigmoid layer; one output
/// for each class is put on top, and the whole is trained by the ordinary trainer (cross-entropy, Adam,
/// a learning rate that falls along a cosine). Without classes, or with no epochs of fine-tuning, it is
/// the stack alone, and answers with what the highest layer says.
///
/// Sources: G. Hinton, S. Osindero, Y.-W. Teh, "A fast learning algorithm for deep belief nets", Neural
/// Computation 18 (2006), doi:10.1162/neco.2006.18.7.1527; fine-tuning as in G. Hinton,
/// R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313 (2006),
/// doi:10.1126/science.1127647.
public struct DeepBeliefNetwork: StackSettings {
  public static let kind = "deep-belief-network"
  public static let shortNames = ["dbn"]
  public static let purpose =
    "classes by layers that restricted Boltzmann machines begin and backpropagation ends"
  public static let meanings: SettingMeanings = [
    ("layers", "the units of each layer, from the lowest"),
    ("units", "what the lowest machine's rows are: bernoulli or gaussian"),
    ("method", "how machines learn: cd or pcd"),
    ("steps", "k of cd and pcd"),
    ("pretrainingEpochs", "passes over the rows for each machine; 0: layers begin at random"),
    ("pretrainingRate", "the machines' learning rate"),
    ("pretrainingBatchSize", "rows of a machine's step"),
    ("momentum", "the machines' momentum"),
    ("weightDecay", "the machines' weight decay"),
    ("epochs", "passes over the rows in fine-tuning; 0: none"),
    ("learningRate", "Adam's learning rate in fine-tuning"),
    ("batchSize", "rows of a step in fine-tuning"),
    ("labeled", "how many rows, from the first, are fine-tuned on; 0: all"),
    ("precision", "what it computes in: float32 or float64"),
    ("scaling", RowScaling.meaning),
  ]

  public var layers: [Int]
  public var units: RestrictedBoltzmannMachine.Units
  public var method: RestrictedBoltzmannMachine.Method
  public var steps: Int
  public var pretrainingEpochs: Int
  public var pretrainingRate: Double
  public var pretrainingBatchSize: Int
  public var momentum: Double
  public var weightDecay: Double
  public var epochs: Int
  public var learningRate: Double
  public var batchSize: Int
  public var labeled: Int
  public var precision: ScalarType
  public var scaling: RowScaling

  public init() { self.init(layers: [100, 50]) }

  public init(
    layers: [Int] = [100, 50], units: RestrictedBoltzmannMachine.Units = .bernoulli,
    method: RestrictedBoltzmannMachine.Method = .cd, steps: Int = 1, pretrainingEpochs: Int = 20,
    pretrainingRate: Double = 0.05, pretrainingBatchSize: Int = 20, momentum: Double = 0.5,
    weightDecay: Double = 0.0002, epochs: Int = 30, learningRate: Double = 0.001,
    batchSize: Int = 32, labeled: Int = 0, precision: ScalarType = .float32,
    scaling: RowScaling = .minMax
  ) {
    (self.layers, self.units, self.method, self.steps) = (layers, units, method, steps)
    (self.pretrainingEpochs, self.pretrainingRate) = (pretrainingEpochs, pretrainingRate)
    (self.pretrainingBatchSize, self.momentum) = (pretrainingBatchSize, momentum)
    (self.weightDecay, self.epochs, self.learningRate) = (weightDecay, epochs, learningRate)
    (self.batchSize, self.labeled, self.precision) = (batchSize, labeled, precision)
    self.scaling = scaling
  }

  /// The machine of a layer, from 1.
  func machine(_ number: Int) -> RestrictedBoltzmannMachine {
    RestrictedBoltzmannMachine(
      hidden: number <= layers.count ? layers[number - 1] : 1,
      units: number == 1 ? units : .bernoulli,
      method: method, steps: steps, epochs: max(pretrainingEpochs, 1),
      batchSize: pretrainingBatchSize, learningRate: pretrainingRate, momentum: momentum,
      weightDecay: weightDecay, precision: precision, scaling: number == 1 ? scaling : .none)
  }

  public var isLinearBelow: Bool { units == .gaussian }

  public var problem: String? {
    if pretrainingEpochs < 0 {
      return "pretrainingEpochs is \(pretrainingEpochs), expected 0 or more"
    }
    return tuning.problem(labeled: labeled, pretrainingEpochs: pretrainingEpochs)
      ?? machine(1).problem.map { "in the machines, \($0)" }
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedDeepBeliefNetwork
  {
    try check()
    var (matrix, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    facts.warnings += try machine(1).rangeWarnings(matrix, data)
    let found = try StackedNetwork(
      kind: Self.kind, tuning: tuning, data: data, facts: facts,
      rows: matrix.tensor.cast(to: precision), pretrains: pretrainingEpochs > 0, labeled: labeled,
      seed: seed, observe: observe
    ) { number, rows, tell in
      let machine = machine(number)
      let sample = rows.some(500)
      let energy = try machine.learn(rows, seed: seed &+ UInt64(number - 1)) { _, energy in
        tell(rootMeanSquare(energy.reconstructions(sample), sample))
      }
      return LayerStack.Level(
        weights: energy.weights.tensor.cast(to: precision),
        visibleBias: Tensor(energy.visibleBias).cast(to: precision),
        hiddenBias: Tensor(energy.hiddenBias).cast(to: precision),
        isLinearBelow: machine.units == .gaussian)
    }
    return FittedDeepBeliefNetwork(settings: self, network: found)
  }

  public static var samples: [ClassicSample<DeepBeliefNetwork>] {
    [
      ClassicSample(
        DeepBeliefNetwork(layers: [4, 3], pretrainingEpochs: 2, epochs: 2), on: stackSample),
      ClassicSample(
        DeepBeliefNetwork(
          layers: [3], units: .gaussian, pretrainingEpochs: 1, epochs: 0, scaling: .standard),
        on: stackSample),
    ]
  }
}

/// Rows for the shared checks.
var stackSample: Dataset {
  Dataset(
    name: "rows",
    features: Tensor([
      [0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 1, 0.5], [1, 1, 1, 0], [0, 0.5, 0, 1],
    ]),
    targets: .classes(Tensor([0, 1, 0, 1, 0] as [Int32]), names: ["a", "b"]))
}

extension FineTuning {
  /// What is wrong with the settings.
  func problem(labeled: Int, pretrainingEpochs: Int) -> String? {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
      range.contains(value)
        ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
    }
    if layers.isEmpty { return "layers is empty, expected one or more" }
    if pretrainingEpochs == 0, epochs == 0 {
      return "pretrainingEpochs and epochs are 0, expected one of them to be more"
    }
    if !(learningRate > 0 && learningRate.isFinite) {
      return "learningRate is \(learningRate), expected more than 0"
    }
    if !precision.isFloatingPoint {
      return "precision is \(precision.rawValue), expected float32 or float64"
    }
    return layers.lazy.compactMap { whole("layers", $0, 1...1 << 20) }.first
      ?? whole("layers", layers.count, 1...20) ?? whole("epochs", epochs, 0...1_000_000)
      ?? whole("batchSize", batchSize, 1...1 << 20) ?? whole("labeled", labeled, 0...Int.max)
  }
}

extension Tensor {
  /// So many of the rows at most, evenly spread.
  func some(_ most: Int) -> Matrix {
    let picked = rows(Array(stride(from: 0, to: shape[0], by: Swift.max(1, shape[0] / most))))
    return Matrix(rows: picked.shape[0], columns: picked.shape[1], picked.doubles)
  }
}

/// A deep belief network that has learned.
public typealias FittedDeepBeliefNetwork = FittedStack<DeepBeliefNetwork>
