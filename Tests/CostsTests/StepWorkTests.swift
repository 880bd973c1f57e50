import Costs
import Foundation
import GraphIR
import Layers
import Tensors
import Testing
import Training

@Suite struct `The work of a step` {
  /// What PyTorch's counter says; the script beside the file made it.
  struct Counters: Decodable {
    struct Count: Decodable {
      var parameters: Int
      var multiplyAdds: Int
    }
    var counts: [String: Count]

    static func read() throws -> [String: Count] {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "References/counters.json")
      return try JSONDecoder().decode(Counters.self, from: Data(contentsOf: path)).counts
    }
  }

  private func multiplyAdds(_ model: any Layer, _ input: Shape) throws -> Int {
    let trainer = Trainer(model, loss: CrossEntropy(), optimizer: SGD())
    let plan = try trainer.forwardPlan(batch: 1, input: input, target: TensorType([], .int32))
    return StepWork(of: plan).multiplyAdds(.forward)
  }

  @Test(arguments: ["lenet", "vgg-16", "resnet-50"])
  func `convolutional networks have the counts of PyTorch's counter`(name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let expected = try #require(try Counters.read()[name])
    #expect(try network.model.parameterCount(input: network.input) == expected.parameters)
    #expect(try multiplyAdds(network.model, network.input) == expected.multiplyAdds)
  }

  @Test func `a network of dense layers has the published count`() throws {
    let model = Sequential {
      Dense(units: 16, activation: .sigmoid)
      Dense(units: 10)
    }
    let expected = try #require(try Counters.read()["784-16-10"])
    #expect(expected.parameters == 12_730)
    #expect(try model.parameterCount(input: [784]) == expected.parameters)
    #expect(try multiplyAdds(model, [784]) == expected.multiplyAdds)
  }

  /// PyTorch's counter counts nothing within `nn.LSTM`, only the dense layer behind it; by hand: 28
  /// steps of four gates of 128 units that see 28 inputs and 128 units, and the dense layer.
  @Test func `a loop's products are counted in every step`() throws {
    let network = try #require(BuiltInNetworks.named("lstm"))
    let counter = try #require(try Counters.read()["lstm"])
    #expect(counter.multiplyAdds == 128 * 10)
    #expect(try multiplyAdds(network.model, network.input) == 28 * 4 * 128 * (28 + 128) + 128 * 10)
    // PyTorch has a second bias for each of the four gates, which adds nothing.
    #expect(
      try network.model.parameterCount(input: network.input) == counter.parameters - 4 * 128)
  }

  /// PyTorch's counter counts nothing within its attention's fast path; by hand: four products of 64
  /// by 128 with 128 by 128, and for each head scores and weighted sums of 64 by 64 with 32.
  @Test func `attention's products are counted`() throws {
    let counter = try #require(try Counters.read()["attention"])
    #expect(counter.multiplyAdds == 0)
    let expected = 4 * 64 * 128 * 128 + 2 * 4 * 64 * 64 * 32
    #expect(try multiplyAdds(MultiHeadAttention(heads: 4), [64, 128]) == expected)
  }

  /// 12 blocks of 12 · 768² for each of 1,024 tokens with two times 1,024² · 768 for their pairs, and
  /// the scores of 50,257 tokens; the checkpoint's 124,439,808 parameters.
  @Test func `GPT-2 has its checkpoint's parameters and the count by hand`() throws {
    let network = try #require(BuiltInNetworks.named("gpt-2-small"))
    #expect(try network.model.parameterCount(input: network.input) == 124_439_808)
    let trainer = Trainer(network.model, loss: network.loss, optimizer: SGD())
    let plan = try trainer.forwardPlan(batch: 1, input: network.input, target: network.target)
    let blocks = 12 * (1024 * 12 * 768 * 768 + 2 * 1024 * 1024 * 768)
    #expect(StepWork(of: plan).multiplyAdds(.forward) == blocks + 1024 * 768 * 50_257)
  }

  @Test func `the backward pass has twice the products but for the input's gradient`() throws {
    let work = try work(of: [784, 128, 10], batch: 64, SGD())
    let forward = 64 * (784 * 128 + 128 * 10)
    #expect(work.multiplyAdds(.forward) == forward)
    #expect(work.multiplyAdds(.backward) == 2 * forward - 64 * 784 * 128)
    #expect(work.multiplyAdds(.update) == 0)
  }

  @Test func `an optimizer's work and states are the update's`() throws {
    let parameters = 784 * 128 + 128 + 128 * 10 + 10
    let plain = try work(of: [784, 128, 10], batch: 64, SGD())
    #expect(plain.flops(.update) == 2 * parameters)
    #expect(plain.memory.optimizerState == 0)
    let adam = try work(of: [784, 128, 10], batch: 64, Adam())
    #expect(adam.memory.optimizerState == 2 * 4 * parameters)
    #expect(adam.flops(.update) > 8 * parameters)
    #expect(adam.flops(.forward) == plain.flops(.forward))
    #expect(adam.memory.parameters == 4 * parameters)
    #expect(adam.memory.gradients == 4 * parameters)
    // The hidden layer's 64 × 128 activations are kept, the inputs are not counted twice.
    #expect(adam.memory.activations >= 4 * 64 * 128)
    #expect(adam.memory.activations < 4 * 64 * 784)
  }

  private func work(of units: [Int], batch: Int, _ optimizer: any Optimizer) throws -> StepWork {
    let model = Sequential {
      Dense(units: units[1], activation: .relu)
      Dense(units: units[2])
    }
    let trainer = Trainer(model, loss: CrossEntropy(), optimizer: optimizer)
    return StepWork(
      of: try trainer.plan(batch: batch, input: [units[0]], target: TensorType([], .int32)))
  }
}
