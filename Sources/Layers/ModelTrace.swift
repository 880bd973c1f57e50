import GraphIR
import Tensors

/// What applying a model to a symbolic input wrote.
public struct ModelTrace {
  /// The model's output.
  public let output: Expression
  /// The parameters that the model asks for, in the order in which it does.
  public let declarations: [ParameterDeclaration]
  /// The parameters' expressions, in the same order.
  public let parameters: [Expression]
  /// The graph's input that random numbers are made from, an Int32 [4] named
  /// ``Scope/randomKeyName``; nil where the model uses none.
  public let randomKey: Expression?
  /// The states that a training step replaces, and by what; empty outside training.
  public let stateUpdates: [(state: Expression, value: Expression)]
  /// What a training step leaves to the next one; empty outside training.
  public let carried: [CarriedValue]
  /// What the layers add to the loss of a training step; nil where they add nothing.
  public let penalty: Expression?
  /// The layers that were applied, in the order in which they began: each layer before its parts.
  public let calls: [LayerCall]
  /// The values inside of layers that the texts have names for, such as gates; known where the graph
  /// writes loops out.
  public let parts: [LayerPart]

  /// The parameters that penalties apply to.
  public var weights: [Expression] {
    zip(declarations, parameters).filter { $0.0.isWeight }.map { $0.1 }
  }
}

/// Applies a model to a symbolic input, in the input's graph.
///
/// What does not fit is recorded by the graph's builder. A model that is applied again in the same
/// graph, for instance to other data, shares its parameters with the first application. The model
/// at the top adds nothing to its parameters' names.
///
/// ```swift
/// let builder = GraphBuilder()
/// let input = builder.input("input", TensorType([32, 784], .float32))
/// let applied = trace(model, input: input, training: true)
/// print(applied.output.shape)      // [32, 10]
/// ```
///
/// - Parameters:
///   - model: The model.
///   - input: Its input, [batch, …].
///   - training: Whether layers such as dropout act.
///   - type: The parameters' element type; unless told otherwise the input's, and float32 where
///     the input is of integers.
public func trace(
  _ model: some Layer, input: Expression, training: Bool, type: ScalarType? = nil
) -> ModelTrace {
  let inputType: ScalarType = input.scalarType.isFloatingPoint ? input.scalarType : .float32
  let collector = ScopeCollector(
    builder: input.builder, scalarType: type ?? inputType, isTraining: training)
  let output = collector.call(model, input, in: Scope(path: "", collector: collector))
  return ModelTrace(
    output: output, declarations: collector.declarations, parameters: collector.parameters,
    randomKey: collector.randomKey, stateUpdates: collector.stateUpdates,
    carried: collector.carried, penalty: collector.penalty, calls: collector.calls,
    parts: collector.parts)
}
