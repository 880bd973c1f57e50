import Charts
import Datasets
import Layers
import Tensors
import Training

/// What a stack of layers has learned: the layers, and where there were classes the network that began
/// at them.
struct StackedNetwork: Sendable {
  let kind: String
  let tuning: FineTuning
  let facts: ClassicFacts
  let stack: LayerStack
  let network: ParameterSet?

  var tensors: [(name: String, tensor: Tensor)] {
    stack.tensors + (network.map(FineTuning.tensors) ?? [])
  }

  init(
    kind: String, tuning: FineTuning, facts: ClassicFacts, stack: LayerStack,
    network: ParameterSet?
  ) {
    (self.kind, self.tuning, self.facts) = (kind, tuning, facts)
    (self.stack, self.network) = (stack, network)
  }

  /// Teaches layers, and after them the network.
  ///
  /// - Parameters:
  ///   - data: The rows.
  ///   - facts: Of the rows; curves are added.
  ///   - rows: The same, scaled.
  ///   - labeled: How many rows, from the first, have classes to learn; 0 for all.
  ///   - level: Teaches a layer on rows: its number from 1, the rows, and who is told of each epoch's
  ///     error.
  init(
    kind: String, tuning: FineTuning, data: Dataset, facts: ClassicFacts, rows: Tensor,
    pretrains: Bool, labeled: Int, seed: UInt64, observe: (ClassicProgress) -> Void,
    level: @escaping (Int, Tensor, (Double) -> Void) throws -> LayerStack.Level
  ) throws {
    var facts = facts
    var epoch = 0
    func record(_ name: String, _ value: Double) {
      epoch += 1
      facts.record(name, value)
      observe(ClassicProgress(epoch: epoch, [ClassicFigure(name, value)]))
    }
    var stack = LayerStack()
    var below = rows
    for number in 1...tuning.layers.count where pretrains {
      let found = try level(number, below) { record("layer \(number): reconstruction error", $0) }
      stack.levels.append(found)
      if number < tuning.layers.count {
        below = try sigmoidOutputs(below, weights: found.weights, bias: found.hiddenBias)
      }
    }
    var network: ParameterSet?
    if tuning.epochs > 0, case .classes(_, let names) = data.targets, !names.isEmpty {
      let part = labeled == 0 ? data.count : min(labeled, data.count)
      var taught = data
      if part < data.count { taught = data.rows(Array(0..<part)) }
      let labels = try taught.labels(for: kind)
      network = try tuning.run(
        stack, part < data.count ? rows.rows(Array(0..<part)) : rows, labels, seed: seed
      ) { record("training loss", $1) }
    }
    self.init(kind: kind, tuning: tuning, facts: facts, stack: stack, network: network)
  }

  /// From a file.
  ///
  /// - Throws: `TrainingError` where its tensors do not fit the settings and facts.
  init(
    kind: String, tuning: FineTuning, facts: ClassicFacts, tensors: [String: Tensor],
    isPretrained: Bool, isLinearBelow: Bool
  ) throws {
    let columns = try facts.columns()
    let hasNetwork = tuning.epochs > 0 && !facts.classNames.isEmpty
    self.init(
      kind: kind, tuning: tuning, facts: facts,
      stack: try LayerStack(
        tensors, sizes: isPretrained ? [columns] + tuning.layers : [], precision: tuning.precision,
        isLinearBelow: isLinearBelow),
      network: hasNetwork
        ? try tuning.parameters(tensors, columns: columns, classes: facts.classNames.count) : nil)
  }

  private func scaled(_ rows: Tensor) throws -> Tensor {
    try facts.scaled(rows, for: kind).tensor.cast(to: tuning.precision)
  }

  /// The probability of each class.
  func probabilities(_ rows: Tensor) throws -> Tensor? {
    guard let network, rows.shape[0] > 0 else { return nil }
    return try tuning.probabilities(try scaled(rows), network, names: facts.classNames)
  }

  /// Classes, or what the highest layer says of rows where none were learned.
  func predict(_ rows: Tensor) throws -> ClassicAnswer {
    guard let probabilities = try probabilities(rows) else {
      return .values(try stack.outputs(try scaled(rows)))
    }
    let (values, width) = (probabilities.doubles, facts.classNames.count)
    let classes = stride(from: 0, to: values.count, by: width).map {
      largestPlace(values[$0..<$0 + width])
    }
    return .classes(classes, names: facts.classNames)
  }

  /// How far rows are from what comes back from the highest layer.
  func reconstructionFigures(on data: Dataset) throws -> [ClassicFigure] {
    guard !stack.levels.isEmpty, data.count > 0 else { return [] }
    let rows = try scaled(data.features)
    let matrix = Matrix(rows: rows.shape[0], columns: rows.shape[1], rows.doubles)
    return [
      ClassicFigure("reconstruction error", rootMeanSquare(try stack.reconstructions(rows), matrix))
    ]
  }

  func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let few = try scaled(data.features.rows(Array(0..<min(data.count, 30))))
    var pictures: [ClassicPicture] = []
    for number in stack.levels.indices {
      pictures += filterPictures(
        "Layer \(number + 1)", stack.filters(number + 1), facts: facts,
        caption: number == 0
          ? "The weights of units: white where a pixel turns one on, black where it turns it off."
          : "What units look for in a row: the product of the weights up to them.")
    }
    if let weights = network?["layer1.weight"] {
      let matrix = Matrix(rows: weights.shape[0], columns: weights.shape[1], weights.doubles)
      pictures += filterPictures(
        "Layer 1, fine-tuned", matrix.transposed, facts: facts,
        caption: "The weights of the first layer after backpropagation.")
    }
    if !stack.levels.isEmpty {
      pictures += reconstructionPictures(
        Matrix(rows: few.shape[0], columns: few.shape[1], few.doubles),
        try stack.reconstructions(few), facts: facts)
    }
    return pictures + curvePictures(facts)
  }
}
