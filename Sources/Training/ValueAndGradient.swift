import Differentiation
import Execution
import GraphIR
import Tensors

/// The value of a function and its gradient, at a point; no network needed.
///
/// ```swift
/// let (value, slope) = try valueAndGradient(of: { x in (x * x).sum() }, at: Tensor([1.0, 2.0]))
/// print(value, slope)      // 5.0 [2.0, 4.0]
/// ```
///
/// - Parameters:
///   - function: A scalar function, written on expressions.
///   - point: Where to evaluate it.
/// - Returns: f(x), and ∂f/∂x of x's shape.
/// - Throws: `GraphError` where shapes do not fit or the result is no scalar.
public func valueAndGradient(
  of function: (Expression) throws -> Expression, at point: Tensor
) throws -> (value: Tensor, gradient: Tensor) {
  let (value, gradients) = try valueAndGradient(of: { try function($0[0]) }, at: [point])
  return (value, gradients[0])
}

/// The value of a function of several tensors, and its gradient with respect to each.
///
/// ```swift
/// let (value, slopes) = try valueAndGradient(
///   of: { x in (x[0].matmul(x[1])).sum() }, at: [a, b])
/// ```
///
/// - Parameters:
///   - function: A scalar function, written on expressions.
///   - point: The value of each argument.
/// - Returns: f(x), and ∂f/∂xᵢ of each xᵢ's shape.
/// - Throws: `GraphError` where shapes do not fit or the result is no scalar.
public func valueAndGradient(
  of function: ([Expression]) throws -> Expression, at point: [Tensor]
) throws -> (value: Tensor, gradients: [Tensor]) {
  let builder = GraphBuilder()
  let arguments = point.enumerated().map { builder.input("argument \($0)", $1.type) }
  let value = try function(arguments)
  builder.output("value", value)
  for (index, slope) in gradient(of: value, withRespectTo: arguments).enumerated() {
    builder.output("gradient \(index)", slope)
  }
  let executor = try Executor(Plan(builder.finish()), threads: 1)
  for (index, tensor) in point.enumerated() {
    try executor.setInput("argument \(index)", tensor)
  }
  executor.run()
  return (
    try executor.output("value"),
    try point.indices.map { try executor.output("gradient \($0)") }
  )
}
