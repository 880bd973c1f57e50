import Execution
import GraphIR
import Tensors
import Testing

/// A profile is of the plan, and running it computes what a run computes.
@Suite struct ProfileTests {
  @Test func `each instruction is an entry with its work`() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([4, 3], .float32))
    let w = builder.variable("w", TensorType([3, 5], .float32))
    builder.output("y", tanh(x.matmul(w)))
    builder.output("z", x.sum())
    let executor = try Executor(Plan(builder.finish()), threads: 1)
    try executor.setInput("x", Tensor(filledWith: 0.5, shape: [4, 3], type: .float32))
    try executor.variables.set("w", Tensor(filledWith: 0.25, shape: [3, 5], type: .float32))

    let profile = executor.profile(runs: 5)
    #expect(profile.entries.count == executor.plan.instructions.count)
    #expect(profile.entries.reduce(0) { $0 + $1.flops } == executor.plan.flops)
    let product = try #require(profile.entries.first { $0.kind == "matmul" })
    #expect(product.bytes == 4 * (4 * 3 + 3 * 5 + 4 * 5))
    #expect(profile.kinds.reduce(0) { $0 + $1.flops } == executor.plan.flops)
    #expect(profile.entries.allSatisfy { $0.seconds >= 0 })
    let (y, z) = (try executor.output("y"), try executor.output("z"))
    executor.run()
    #expect(try executor.output("y") == y)
    #expect(try executor.output("z") == z)
  }
}
