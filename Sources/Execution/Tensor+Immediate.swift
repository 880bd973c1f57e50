import GraphIR
import Tensors

/// Operations on tensors compute at once, by the same rules and kernels as in networks.
///
/// ```swift
/// let a = Tensor([[1, 2], [3, 4]])
/// print(a.matmul(a))              // [[7.0, 10.0], [15.0, 22.0]]
/// print(tanh(a * 0.5).sum())
/// ```
///
/// Operands that do not fit stop the program with a message that says both shapes, as an index
/// outside an array does; write expressions where shapes come from outside.
extension Tensor: TensorAlgebra {
  public static func apply(_ operation: any Operation, to inputs: [Tensor]) -> Tensor {
    let builder = GraphBuilder()
    let operands = inputs.enumerated().map { builder.input("\($0)", $1.type) }
    builder.output("result", builder.apply(operation, to: operands))
    do {
      let executor = try Executor(Plan(builder.finish()), threads: 1)
      for (index, input) in inputs.enumerated() { try executor.setInput("\(index)", input) }
      executor.run()
      return try executor.output("result")
    } catch {
      preconditionFailure("\(error)")
    }
  }

  public func constant(_ tensor: Tensor) -> Tensor { tensor }
}
