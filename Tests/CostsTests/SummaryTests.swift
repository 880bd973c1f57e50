import Costs
import GraphIR
import Layers
import Tensors
import Testing
import Training

@Suite struct `A model's summary` {
  private static let dense = Sequential {
    Dense(units: 16, activation: .sigmoid, name: "hidden")
    Dense(units: 10)
  }

  private func flops(_ model: any Layer, _ input: Shape) throws -> (summary: Int, plan: Int) {
    let trainer = Trainer(model, loss: CrossEntropy(), optimizer: SGD())
    let plan = try trainer.forwardPlan(batch: 1, input: input, target: TensorType([], .int32))
    let counted = try #require(try model.summary(input: input).flops)
    return (counted, StepWork(of: plan).flops(.forward))
  }

  @Test(arguments: ["lenet", "lstm", "gpt-2-small"])
  func `counts what the plan of an evaluation counts`(name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let found = try flops(network.model, network.input)
    #expect(found.summary == found.plan)
    // 784-16-10 by hand: multiply-adds as two, biases, and four for a sigmoid.
    let expected = 2 * 784 * 16 + 16 + 4 * 16 + 2 * 16 * 10 + 10
    let dense = try flops(Self.dense, [784])
    #expect(dense.summary == expected && dense.plan == expected)
  }

  /// The plan moves a ReLU behind the pooling that follows it, and so computes it for less.
  @Test(arguments: [
    ("vgg-16", [224 * 224 * 64, 112 * 112 * 128, 56 * 56 * 256, 28 * 28 * 512, 14 * 14 * 512]),
    ("resnet-50", [112 * 112 * 64]),
  ])
  func `counts what a plan saves`(name: String, pooled: [Int]) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let found = try flops(network.model, network.input)
    #expect(found.summary - found.plan == pooled.reduce(0) { $0 + $1 * 3 / 4 })
  }

  /// All but the loss; networks without parts for training alone, which summaries leave out.
  @Test(arguments: ["lenet", "lstm"])
  func `counts layer by layer what an estimate counts forward`(name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let summary = try network.model.summary(input: network.input)
    let estimate = try CostEstimate(
      Trainer(network.model, loss: network.loss, optimizer: SGD()), input: network.input,
      target: network.target, batch: 1, samples: 1, epochs: 1, on: Devices.named("a100"))
    let layers = estimate.layers.dropLast()
    #expect(summary.rows.map(\.path) == layers.map(\.path))
    #expect(summary.rows.map(\.flops) == layers.map { $0.parts[.forward]?.flops ?? 0 })
    let loss = try #require(estimate.layers.last)
    #expect(loss.title == "loss")
    #expect(
      summary.flops.map { $0 + (loss.parts[.forward]?.flops ?? 0) } == estimate.work.flops(.forward)
    )
  }

  // MARK: Times

  /// A processor whose figures make sums that can be done by hand.
  private let plain = Device(
    name: "plain", title: "a plain one", kind: .gpu, peaks: [.float32: 1e9], bandwidth: 1e15,
    startup: 1e-6, efficiency: 1, halfSizes: Device.HalfSizes(m: 0, n: 0, k: 0), otherShare: 1,
    sources: ["made up"])

  /// One pass a layer: 1 µs to start it, and its operations at 1 GFLOP/s.
  @Test func `has times on a device`() throws {
    let found = try Self.dense.summary(input: [784], on: plain, batch: 10)
    let operations: [Double] = [25_168, 330]
    let expected: [Double] = operations.map { 1e-6 + 10 * $0 / 1e9 }
    for (seconds, expected) in zip(found.seconds, expected) {
      #expect(abs(seconds - expected) < 1e-12)
    }
    #expect(abs(found.totalSeconds - expected[0] - expected[1]) < 1e-12)
    #expect(
      found.description == """
        layer   kind                      output  parameters   FLOPs     time
        hidden  dense, 16 units, sigmoid  [16]        12,560  25,168   253 µs
        dense2  dense, 10 units           [10]           170     330  4.30 µs
        12,730 parameters; 25,498 FLOPs forward for one example (a multiply-add counts as two)
        257 µs forward for a batch of 10, as estimated for a plain one
        """)
  }

  @Test func `has the times of parts in those of what they make`() throws {
    let model = Sequential {
      Residual(name: "block") { Dense(units: 2, name: "inner") }
      Activate(.relu)
    }
    let found = try model.summary(input: [2], on: plain)
    #expect(found.summary.rows.map(\.path) == ["block", "block.inner", "activate1"])
    #expect(found.seconds[0] >= found.seconds[1] && found.seconds[1] > 0)
    // The activation is done in the block's pass.
    #expect(found.seconds[2] == 0 && found.description.contains("–\n"))
  }

  @Test func `refuses what no time can be had for`() throws {
    #expect(throws: CostError.self) { try Self.dense.summary(input: [784], on: plain, batch: 0) }
    #expect(throws: CostError.self) {
      try Self.dense.summary(input: [784], on: plain, precision: .float16)
    }
    var broken = plain
    broken.bandwidth = 0
    #expect(throws: CostError.self) { try Self.dense.summary(input: [784], on: broken) }
    #expect(throws: GraphError.self) {
      try Sequential {
        Dense(units: 2)
        ReshapeTo([3])
      }.summary(input: [784], on: plain)
    }
  }
}
