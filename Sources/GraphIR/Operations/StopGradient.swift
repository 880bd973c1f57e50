import Formulas
import Tensors

/// The value itself, through which no gradient flows: a constant to the reverse walk.
///
/// y = x, with ∂y/∂x taken as 0.
public struct StopGradient: Operation {
  public static let name = "stopGradient"

  public init() {}

  public var structure: Structure { .view }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType { try inputs.single() }
  public func evaluate(_ inputs: [Tensor]) -> Tensor { inputs[0] }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula { inputs[0] }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    ElementRule(
      sources: [.init(input: 0, element: index)], formula: { $0[0] }, derivatives: { _, _ in [nil] }
    )
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// Plans are made after differentiation, so that nothing is left for it to stop.
  public func simplified(_ inputs: [Node]) -> Rewrite? { .node(inputs[0].id) }

  /// Integers, because the gradient is meant not to be the derivative.
  public static var samples: [Sample] {
    [Sample(StopGradient(), [Tensor([1, 2, 3] as [Int32])])]
  }
}

extension TensorAlgebra {
  /// This value, as a constant to gradients.
  public func stoppingGradient() -> Self { Self.apply(StopGradient(), to: [self]) }
}
