import Datasets
import Layers
import Tensors
import Training

/// Sigmoid layers that were trained one after another, each on what the one below says of its rows.
struct LayerStack: Sendable {
  /// One layer: up by h = σ(v W + c), down by v = σ(h Wᵀ + b), or without σ.
  struct Level: Sendable {
    /// W, [below, above].
    var weights: Tensor
    /// b, [below].
    var visibleBias: Tensor
    /// c, [above].
    var hiddenBias: Tensor
    /// Whether the way down has no σ.
    var isLinearBelow = false
  }

  var levels: [Level] = []

  /// What the highest layer says of rows.
  func outputs(_ rows: Tensor) throws -> Tensor {
    try levels.reduce(rows) {
      try sigmoidOutputs($0, weights: $1.weights, bias: $1.hiddenBias)
    }
  }

  /// Rows as they come back from the highest layer.
  func reconstructions(_ rows: Tensor) throws -> Matrix {
    let top = try outputs(rows)
    var found = Matrix(rows: top.shape[0], columns: top.shape[1], top.doubles)
    for level in levels.reversed() {
      let weights = Matrix(
        rows: level.weights.shape[0], columns: level.weights.shape[1], level.weights.doubles)
      let nets = found.times(weights, otherTransposed: true).adding(level.visibleBias.doubles)
      found = level.isLinearBelow ? nets : nets.mapped(logistic)
    }
    return found
  }

  /// What each unit of a layer looks for in rows: the product of the weights up to it, a row each.
  func filters(_ count: Int) -> Matrix {
    let matrices = levels.prefix(count).map {
      Matrix(rows: $0.weights.shape[0], columns: $0.weights.shape[1], $0.weights.doubles)
    }
    guard var product = matrices.first else { return Matrix(rows: 0, columns: 0) }
    for matrix in matrices.dropFirst() { product = product.times(matrix) }
    return product.transposed
  }

  var tensors: [(name: String, tensor: Tensor)] {
    levels.enumerated().flatMap { number, level in
      [
        ("level\(number + 1).weights", level.weights),
        ("level\(number + 1).visible.bias", level.visibleBias.asRow),
        ("level\(number + 1).hidden.bias", level.hiddenBias.asRow),
      ]
    }
  }

  /// From a file.
  ///
  /// - Parameter sizes: The numbers in a row, and the units of each layer.
  /// - Throws: `TrainingError` where a tensor is missing or has another shape.
  init(
    _ tensors: [String: Tensor], sizes: [Int], precision: ScalarType, isLinearBelow: Bool = false
  ) throws {
    for number in 1..<max(sizes.count, 1) {
      func values(_ name: String, _ rows: Int, _ columns: Int, _ shape: Shape) throws -> Tensor {
        try tensors.matrix("level\(number).\(name)", rows, columns).tensor.reshaped(shape)
          .cast(to: precision)
      }
      let (below, above) = (sizes[number - 1], sizes[number])
      levels.append(
        Level(
          weights: try values("weights", below, above, [below, above]),
          visibleBias: try values("visible.bias", 1, below, [below]),
          hiddenBias: try values("hidden.bias", 1, above, [above]),
          isLinearBelow: isLinearBelow && number == 1))
    }
  }

  init() {}
}

extension Tensor {
  /// A vector as a matrix of one row.
  fileprivate var asRow: Tensor { reshaped([1, count]) }
}

/// A stack of layers as a classifier: its weights are where ordinary backpropagation begins.
struct FineTuning {
  let layers: [Int]
  let epochs: Int
  let learningRate: Double
  let batchSize: Int
  let precision: ScalarType

  /// Sigmoid layers, and one output for each class.
  func model(classes: Int) -> Sequential {
    Sequential(
      layers.enumerated().map {
        Dense(units: $1, activation: .sigmoid, name: "layer\($0 + 1)") as any Layer
      } + [Dense(units: classes, name: "output")])
  }

  private func trainer(classes: Int, seed: UInt64) -> Trainer {
    Trainer(
      model(classes: classes), loss: CrossEntropy(), optimizer: Adam(learningRate: learningRate),
      TrainingOptions(
        epochs: epochs, batchSize: batchSize, schedule: CosineSchedule(),
        scaling: Scaling.Kind.none,
        precision: precision, seed: seed))
  }

  /// Learns classes.
  ///
  /// - Parameters:
  ///   - stack: Where it begins; without levels it begins at random numbers.
  ///   - rows: Scaled rows, [rows, columns].
  ///   - labels: The class of each, and the classes' names.
  ///   - observe: Told of each epoch and its loss.
  /// - Throws: as `Trainer`.
  func run(
    _ stack: LayerStack, _ rows: Tensor, _ labels: (labels: [Int], names: [String]), seed: UInt64,
    observe: (Int, Double) -> Void
  ) throws -> ParameterSet {
    let data = Dataset(
      name: "rows", features: rows,
      targets: .classes(Tensor(labels.labels.map { Int32($0) }), names: labels.names),
      suggestedScaling: .none)
    let trainer = trainer(classes: labels.names.count, seed: seed)
    var initial = try trainer.model.initialParameters(
      input: data.inputShape, type: precision, seed: seed)
    for (number, level) in stack.levels.enumerated() {
      initial["layer\(number + 1).weight"] = level.weights
      initial["layer\(number + 1).bias"] = level.hiddenBias
    }
    return try withoutActuallyEscaping(observe) { observe in
      let observer = Observer(tell: observe)
      let setup = TrainingSetup(
        initial: initial,
        observe: { event in
          if case .epoch(let record, _) = event { observer.tell(record.epoch, record.trainingLoss) }
        })
      return try trainer.fit(data, setup).model.parameters
    }
  }

  /// The probability of each class, [rows, classes].
  func probabilities(_ rows: Tensor, _ parameters: ParameterSet, names: [String]) throws -> Tensor {
    try TrainedModel(
      model: model(classes: names.count), loss: CrossEntropy(), parameters: parameters,
      inputShape: [rows.shape[1]], precision: precision, outputs: .classes(names)
    ).predict(rows)
  }

  /// The parameters as a file holds them.
  static func tensors(_ parameters: ParameterSet) -> [(name: String, tensor: Tensor)] {
    parameters.map {
      ("network.\($0.name)", $0.tensor.shape.rank == 1 ? $0.tensor.asRow : $0.tensor)
    }
  }

  /// The parameters of a file.
  ///
  /// - Throws: `TrainingError` where one is missing or has another shape.
  func parameters(_ tensors: [String: Tensor], columns: Int, classes: Int) throws -> ParameterSet {
    var parameters = ParameterSet()
    let sizes = [columns] + layers + [classes]
    for number in 1..<sizes.count {
      let name = number < sizes.count - 1 ? "layer\(number)" : "output"
      let (below, above) = (sizes[number - 1], sizes[number])
      parameters["\(name).weight"] =
        try tensors.matrix("network.\(name).weight", below, above).tensor.cast(to: precision)
      parameters["\(name).bias"] =
        try tensors.matrix("network.\(name).bias", 1, above).tensor.reshaped([above])
        .cast(to: precision)
    }
    return parameters
  }

  /// What is called while the trainer runs, by the thread that waits for it.
  private struct Observer: @unchecked Sendable {
    let tell: (Int, Double) -> Void
  }
}
