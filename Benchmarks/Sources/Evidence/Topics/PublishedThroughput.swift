import Backprop

/// How many rows a second others have trained with on one device.
struct PublishedThroughput {
  let network: String
  let device: String
  let precision: Device.Precision
  let batch: Int
  let rowsPerSecond: Double
  let source: String

  func estimate() throws -> CostEstimate {
    guard let known = BuiltInNetworks.named(network) else { throw EvidenceError("no \(network)") }
    return try CostEstimate(
      Trainer(
        known.model, loss: known.loss, optimizer: network == "resnet-50" ? Momentum() : AdamW()),
      input: known.input, target: known.target, batch: batch, samples: known.samples, epochs: 1,
      on: Devices.named(device), precision: precision)
  }

  private static let nvidia =
    "NVIDIA DeepLearningExamples, PyTorch/Classification/ConvNets/resnet50v1.5, training performance "
    + "(pytorch-21.03)"

  static let all = [
    PublishedThroughput(
      network: "resnet-50", device: "a100", precision: .tf32, batch: 256, rowsPerSecond: 938,
      source: nvidia),
    PublishedThroughput(
      network: "resnet-50", device: "a100", precision: .float16, batch: 256, rowsPerSecond: 2470,
      source: nvidia),
    PublishedThroughput(
      network: "resnet-50", device: "v100", precision: .float32, batch: 128, rowsPerSecond: 356,
      source: nvidia + ", 32 GB"),
    PublishedThroughput(
      network: "resnet-50", device: "v100", precision: .float16, batch: 256, rowsPerSecond: 1156,
      source: nvidia + ", 32 GB"),
    PublishedThroughput(
      network: "gpt-2-small", device: "a100", precision: .bfloat16, batch: 44, rowsPerSecond: 66,
      source: "oumi-ai/oumi, pull request 103: about 1.5 steps a second at batch size 44"),
    PublishedThroughput(
      network: "gpt-2-small", device: "rtx-4090", precision: .bfloat16, batch: 12,
      rowsPerSecond: 103,
      source:
        "karpathy/nanoGPT, issue 182: 29 % of 312 TFLOP/s by its own count of 0.857 GFLOPs a token"),
  ]

  /// Why figures are further off than a factor of 1.5.
  static let notes = [
    "GPT-2 on the RTX 4090 was trained with fused attention, which never writes the weights of all pairs of "
      + "tokens to memory; the estimate is of a step that does, as this program's own."
  ]
}
