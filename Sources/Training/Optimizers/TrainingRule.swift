/// A rule by which a network's parameters become better: how training moves them.
///
/// There are two families. An ``Optimizer`` updates each parameter from its own gradient, batch after
/// batch, as part of the training step's graph. A ``FullBatchRule`` moves the vector of all weights at
/// once, over all rows, and may look at several places before it does. A trainer, the report, saved
/// runs and `backprop train --optimizer` take both.
///
/// A rule is a small immutable description. Its coded form holds exactly its
/// ``hyperparameters-swift.property`` and its ``choices-swift.property``, by name.
public protocol TrainingRule: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The name under which it is saved and asked for: `adam`, `levenberg-marquardt`.
  static var kind: String { get }

  /// The rule with its default settings.
  static var standard: Self { get }

  /// Whether it compares what successive steps find, and so needs all rows in every step: between
  /// batches gradients differ by the rows that they are of. False for an ``Optimizer`` unless told
  /// otherwise, true for a ``FullBatchRule``.
  var needsFullBatch: Bool { get }

  /// All numbers that it depends on; an optimizer's learning rate first.
  var hyperparameters: [Hyperparameter] { get }

  /// The settings that are words: `regularization` is `none` or `bayesian`. None unless told
  /// otherwise.
  var choices: [RuleChoice] { get }

  /// Refuses settings that make no sense, such as a negative learning rate; unless told otherwise
  /// those that a hyperparameter does not allow.
  ///
  /// - Throws: ``TrainingError`` for the first such setting.
  func check() throws
}

/// A setting of a training rule that is a word.
public struct RuleChoice: Hashable, Sendable {
  /// Its name, that of the property that holds it.
  public let name: String
  /// The word.
  public let value: String
  /// The words that there are.
  public let allowed: [String]

  /// A choice from its parts.
  public init(_ name: String, _ value: String, _ allowed: [String]) {
    self.name = name
    self.value = value
    self.allowed = allowed
  }
}

extension TrainingRule {
  public var choices: [RuleChoice] { [] }

  public func check() throws { try checkHyperparameters() }

  /// Refuses values that a hyperparameter does not allow.
  ///
  /// - Throws: ``TrainingError`` for the first such value.
  public func checkHyperparameters() throws {
    for hyperparameter in hyperparameters { try hyperparameter.check(in: Self.kind) }
  }

  /// The kind and its settings: `momentum(learningRate 0.01, momentum 0.9, weightDecay 0)`.
  public var description: String {
    let settings = hyperparameters.map(\.text) + choices.map { "\($0.name) \($0.value)" }
    return "\(Self.kind)(\(settings.joined(separator: ", ")))"
  }
}
