import Differentiation
import Execution
import GraphIR
import Tensors

/// A function of one number that a graph computes: its values by the operations' own evaluations,
/// its slopes by their own gradient rules.
public struct SampledFunction: Sendable {
  private let graph: Graph

  /// Writes the function's graph.
  ///
  /// - Parameter function: What is done with x, Float64 [1, 1]; of several results the sum is taken.
  /// - Throws: `GraphError` where the function does not fit its argument.
  public init(_ function: (Expression) -> Expression) throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1, 1], .float64))
    let result = function(x)
    let y = result.shape.rank == 0 ? result : result.sum()
    builder.output("y", y)
    builder.output("slope", gradient(of: y, withRespectTo: [x])[0])
    graph = try builder.finish()
  }

  /// The value and the derivative at a number.
  public func callAsFunction(_ x: Double) -> (value: Double, slope: Double) {
    guard let trace = try? Trace(graph, ["x": Tensor([x], shape: [1, 1])]),
      let y = trace["y"], let slope = trace["slope"]
    else { return (.nan, .nan) }
    return (y.scalar, slope.scalar)
  }

  public func value(_ x: Double) -> Double { self(x).value }
  public func slope(_ x: Double) -> Double { self(x).slope }
}
