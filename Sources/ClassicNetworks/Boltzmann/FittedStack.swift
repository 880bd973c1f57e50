import Datasets
import Tensors
import Training

/// What networks have in common whose layers learn one after another without classes, and then together.
public protocol StackSettings: ClassicNetwork {
  /// The units of each layer, the lowest first.
  var layers: [Int] { get }
  /// Passes over the rows for each layer; 0 has layers begin at random.
  var pretrainingEpochs: Int { get }
  /// Passes over the rows in fine-tuning; 0 for none.
  var epochs: Int { get }
  /// Adam's learning rate in fine-tuning.
  var learningRate: Double { get }
  /// Rows of a step in fine-tuning.
  var batchSize: Int { get }
  /// What it computes in.
  var precision: ScalarType { get }
  /// Whether the lowest layer's rows are any numbers, rather than shares from 0 to 1.
  var isLinearBelow: Bool { get }
}

extension StackSettings {
  var tuning: FineTuning {
    FineTuning(
      layers: layers, epochs: epochs, learningRate: learningRate, batchSize: batchSize,
      precision: precision)
  }
}

/// A stack of layers that has learned, and where there were classes the network that began at them.
public struct FittedStack<Settings: StackSettings>: FittedNetwork {
  public let settings: Settings
  private let network: StackedNetwork

  init(settings: Settings, network: StackedNetwork) {
    (self.settings, self.network) = (settings, network)
  }

  public var facts: ClassicFacts { network.facts }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] { network.tensors }

  public init(settings: Settings, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let network = try StackedNetwork(
      kind: Settings.kind, tuning: settings.tuning, facts: facts, tensors: tensors,
      isPretrained: settings.pretrainingEpochs > 0, isLinearBelow: settings.isLinearBelow)
    self.init(settings: settings, network: network)
  }

  /// Classes; what the highest layer says where none were learned.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer { try network.predict(rows) }

  /// The probability of each class, [rows, classes]; nil where none were learned.
  public func probabilities(_ rows: Tensor) throws -> Tensor? { try network.probabilities(rows) }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let scores = network.network == nil ? [] : try scores(on: data, classNames: facts.classNames)
    return try scores + network.reconstructionFigures(on: data)
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    try network.pictures(with: data)
  }
}
