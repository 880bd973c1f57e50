import GraphIR

/// A rule by which a parameter follows its gradient.
///
/// An optimizer is a small immutable description. It writes its update rule as graph, so that the
/// update becomes part of the training step's one program and every number of it can be explained.
/// What it remembers from step to step are states: graph variables of the parameter's type.
///
/// ```swift
/// let optimizer = Adam(learningRate: 0.001)
/// print(optimizer)
/// // adam(learningRate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0)
/// ```
public protocol Optimizer: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The name under which it is saved and asked for: `adam`.
  static var kind: String { get }

  /// The optimizer with its default settings.
  static var standard: Self { get }

  /// Other names that it is asked for by, each with its settings: those of its forms in the papers.
  static var forms: [(name: String, optimizer: Self)] { get }

  /// Whether it compares the gradients of successive steps, and so needs all rows in every step:
  /// between batches gradients differ by the rows that they are of.
  static var needsFullBatch: Bool { get }

  /// η, before a schedule's factor.
  var learningRate: Double { get set }

  /// All numbers that it depends on, the learning rate first.
  var hyperparameters: [Hyperparameter] { get }

  /// The update rule: the parameter's next value, as more graph.
  ///
  /// - Parameters:
  ///   - parameter: w, a floating-point variable.
  ///   - gradient: g = ∂E/∂w, of the parameter's type.
  ///   - scope: The learning rate, the number of the update, and the parameter's states.
  /// - Returns: w after the update, of the parameter's type. States are updated through the scope.
  func update(_ parameter: Expression, gradient: Expression, in scope: OptimizerScope)
    -> Expression
}

extension Optimizer {
  public static var forms: [(name: String, optimizer: Self)] { [] }
  public static var needsFullBatch: Bool { false }

  /// Refuses settings that make no sense, such as a negative learning rate.
  ///
  /// - Throws: ``TrainingError`` for the first such setting.
  public func check() throws {
    for hyperparameter in hyperparameters { try hyperparameter.check(in: Self.kind) }
  }

  /// The kind and its settings: `momentum(learningRate 0.01, momentum 0.9, weightDecay 0)`.
  public var description: String {
    "\(Self.kind)(\(hyperparameters.map(\.text).joined(separator: ", ")))"
  }

  /// g + λw: the gradient with that of the penalty λ/2 · ‖w‖² added; g itself for λ = 0.
  func decayed(
    _ gradient: Expression, _ parameter: Expression, by weightDecay: Double,
    in scope: OptimizerScope
  ) -> Expression {
    weightDecay == 0 ? gradient : gradient + parameter * scope.constant(weightDecay, "λ")
  }
}
