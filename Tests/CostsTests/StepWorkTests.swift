import Costs
import GraphIR
import Layers
import Testing
import Training

@Suite struct `The work of well-known networks` {
  /// Parameters and multiply-adds of one row forward, counted elsewhere: LeNet-5 by hand (28·28·6·25 +
  /// 10·10·16·150 + 400·120 + 120·84 + 84·10); VGG-16 and ResNet-50 as torchvision's model pages give
  /// them; the LSTM by hand, 28 steps of 4·128·(28 + 128) and 128·10; GPT-2 as its checkpoint has them.
  static let counted: [String: (parameters: Int, multiplyAdds: Int?)] = [
    "lenet": (61_706, 416_520), "vgg-16": (138_357_544, 15_470_264_320),
    "resnet-50": (25_557_032, 4_089_184_256), "lstm": (81_674, 28 * 4 * 128 * 156 + 1280),
    "gpt-2-small": (124_439_808, nil),
  ]

  @Test(arguments: BuiltInNetworks.all.map(\.name)) func `has the counts of others`(name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let counted = try #require(Self.counted[name])
    let trainer = Trainer(network.model, loss: network.loss, optimizer: SGD())
    #expect(try network.model.parameterCount(input: network.input) == counted.parameters)
    let plan = try trainer.forwardPlan(batch: 1, input: network.input, target: network.target)
    print(name, StepWork(of: plan).multiplyAdds(.forward))
    if let expected = counted.multiplyAdds {
      #expect(StepWork(of: plan).multiplyAdds(.forward) == expected)
    }
  }
}
