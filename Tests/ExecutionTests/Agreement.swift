import Execution
import GraphIR
import Tensors
import Testing

/// Expects a plan of one operation to agree with its plain evaluation: differences of at most
/// `tolerance`, relative where numbers are greater than 1.
func expectAgreement(_ operation: any Operation, _ inputs: [Tensor], tolerance: Double) throws {
  let builder = GraphBuilder()
  let arguments = inputs.enumerated().map { builder.input("\($0)", $1.type) }
  builder.output("y", builder.apply(operation, to: arguments))
  let graph = try builder.finish()
  let executor = try Executor(Plan(graph))
  for (index, input) in inputs.enumerated() { try executor.setInput("\(index)", input) }
  executor.run()
  let found = try executor.output("y")
  let expected = operation.evaluate(inputs)
  #expect(found.type == expected.type, "\(operation.description)")
  for (a, b) in zip(found.doubles, expected.doubles) where !(a.isNaN && b.isNaN) {
    #expect(
      abs(a - b) <= tolerance * max(1, abs(b)),
      "\(operation.description): found \(a), expected \(b)")
  }
}
