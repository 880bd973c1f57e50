import GraphIR

/// A rule by which each parameter follows its own gradient, batch after batch.
///
/// An optimizer writes its update rule as graph, so that the update becomes part of the training
/// step's one program and every number of it can be explained. What it remembers from step to step
/// are states: graph variables of the parameter's type.
///
/// ```swift
/// let optimizer = Adam(learningRate: 0.001)
/// print(optimizer)
/// // adam(learningRate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0)
/// ```
public protocol Optimizer: TrainingRule {
  /// Other names that it is asked for by, each with its settings: those of its forms in the papers.
  static var forms: [(name: String, optimizer: Self)] { get }

  /// η, before a schedule's factor.
  var learningRate: Double { get set }

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
  public var needsFullBatch: Bool { false }

  /// g + λw: the gradient with that of the penalty λ/2 · ‖w‖² added; g itself for λ = 0.
  func decayed(
    _ gradient: Expression, _ parameter: Expression, by weightDecay: Double,
    in scope: OptimizerScope
  ) -> Expression {
    weightDecay == 0 ? gradient : gradient + parameter * scope.constant(weightDecay, "λ")
  }
}
