import Datasets
import Tensors

/// A network of the textbooks with a training rule of its own: the settings, as a small value.
///
/// ```swift
/// let iris = try Dataset.builtIn("iris")
/// let map = try SelfOrganizingMap(rows: 8, columns: 8).fit(iris, seed: 1)
/// for figure in try map.figures(on: iris) { print(figure.name, figure.value) }
/// try map.save(to: "map.safetensors")
/// ```
///
/// Settings are read from files and command lines by their names, and saved beside what was learned.
public protocol ClassicNetwork: Codable, Hashable, Sendable {
  /// What ``fit(_:seed:observe:)`` gives.
  associatedtype Fitted: FittedNetwork where Fitted.Settings == Self

  /// The name under which it is saved and asked for: `self-organizing-map`. It never changes.
  static var kind: String { get }

  /// Other names under which it may be asked for: `som`.
  static var shortNames: [String] { get }

  /// What it is for, in a line.
  static var purpose: String { get }

  /// What each setting means, by its name, in the order in which they are listed.
  static var meanings: SettingMeanings { get }

  /// The settings that are taken unless told otherwise.
  init()

  /// What is wrong with the settings, such as `rows is 0, expected at least 1`; nil where nothing is.
  var problem: String? { get }

  /// Learns from rows.
  ///
  /// - Parameters:
  ///   - data: The rows, unscaled, of any shape; each is taken as one row of numbers.
  ///   - seed: Where all its random numbers start: the same seed gives the same bits.
  ///   - observe: Told of each epoch, or what it learns in.
  /// - Throws: `TrainingError` where the settings make no sense or the data do not suit it.
  func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws -> Fitted

  /// Data on which the shared checks try it, with the settings for them.
  static var samples: [ClassicSample<Self>] { get }
}

extension ClassicNetwork {
  public static var shortNames: [String] { [] }
  public var problem: String? { nil }

  /// Learns from rows, and tells nothing on the way.
  public func fit(_ data: Dataset, seed: UInt64) throws -> Fitted {
    try fit(data, seed: seed, observe: { _ in })
  }
}

/// What settings mean, by their names, in the order in which they are listed.
public typealias SettingMeanings = [(setting: String, meaning: String)]

/// What a ``ClassicNetwork`` has learned.
public protocol FittedNetwork: Sendable {
  /// The settings that it was made with.
  associatedtype Settings: ClassicNetwork
  /// What a file holds beside the settings and the numbers: scaling, names, curves.
  associatedtype Facts: Codable

  var settings: Settings { get }
  var facts: Facts { get }
  /// What its user should know of the data or the fit: a constant column, a map larger than the data.
  var warnings: [String] { get }
  /// Its numbers by name, as a file holds them.
  var tensors: [(name: String, tensor: Tensor)] { get }

  /// What it was, from a file.
  ///
  /// - Throws: `TrainingError` where the numbers do not fit the settings and facts; nothing of a file
  ///   is trusted.
  init(settings: Settings, facts: Facts, tensors: [String: Tensor]) throws

  /// Its answers to rows of the data's own units.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  func predict(_ rows: Tensor) throws -> ClassicAnswer

  /// How well it does on data, in numbers with names: `accuracy`, `quantization error`.
  ///
  /// - Throws: `TrainingError` where the data do not suit it.
  func figures(on data: Dataset) throws -> [ClassicFigure]

  /// What else is to be said of it, in sentences: why classes cannot be separated, which categories
  /// there are.
  func remarks(on data: Dataset) throws -> [String]

  /// What it has learned, to be looked at.
  ///
  /// - Parameter data: Rows to draw with it; those that it learned from, as a rule.
  func pictures(with data: Dataset) throws -> [ClassicPicture]
}

extension FittedNetwork {
  public var warnings: [String] { [] }
  public func remarks(on data: Dataset) throws -> [String] { [] }
}

/// Data and settings for the shared checks.
public struct ClassicSample<Network: ClassicNetwork>: Sendable {
  public let network: Network
  public let data: Dataset

  public init(_ network: Network, on data: Dataset) {
    self.network = network
    self.data = data
  }
}
