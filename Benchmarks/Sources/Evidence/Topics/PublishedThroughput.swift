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
        known.model, loss: known.loss, optimizer: network == "gpt-2-small" ? AdamW() : Momentum()),
      input: known.input, target: known.target, batch: batch, samples: known.samples, epochs: 1,
      on: Devices.named(device), precision: precision)
  }

  private static let lambda =
    "lambdal/lambda-tensorflow-benchmark, tf_cnn_benchmarks with synthetic data, "
  private static let lambdaPyTorch =
    "lambdal/deeplearning-benchmark, NVIDIA's program in PyTorch, synthetic data"
  private static let nvidia =
    "NVIDIA DeepLearningExamples, MxNet/Classification/RN50v1.5, training performance, "
  private static let raschka =
    "rasbt/LLMs-from-scratch, ch05/10_llm-training-speed, tokens a second over 1,024, "
  private static let nanoGPT =
    "karpathy/nanoGPT, pull request 225: 4.62 s for 40 batches of 12, fused attention"

  static let all = [
    row("vgg-16", "v100", .float32, 192, 249.19, lambda + "32 GB"),
    row("vgg-16", "v100", .float16, 384, 455.93, lambda + "32 GB"),
    row("vgg-16", "a100-40gb", .tf32, 224, 503.61, lambda + "TensorFlow 1.15"),
    row("vgg-16", "a100-40gb", .float16, 448, 1189.76, lambda + "TensorFlow 1.15"),
    row("resnet-50", "v100", .float32, 128, 417, nvidia + "20.12, 32 GB"),
    row("resnet-50", "v100", .float16, 256, 1492, nvidia + "20.12, 32 GB"),
    row("resnet-50", "a100", .tf32, 512, 1055.78, nvidia + "22.10"),
    row("resnet-50", "a100", .float16, 512, 3410.52, nvidia + "22.10"),
    row("resnet-50", "rtx-4090", .tf32, 224, 721, lambdaPyTorch),
    row("resnet-50", "h100", .tf32, 640, 1895, lambdaPyTorch),
    row("resnet-50", "h200", .tf32, 1280, 2259, lambdaPyTorch),
    row("gpt-2-small", "a100", .float32, 8, 12.23, raschka + "as first written"),
    row("gpt-2-small", "a100", .tf32, 8, 27.0, raschka + "with tensor cores"),
    row("gpt-2-small", "a100", .bfloat16, 8, 54.0, raschka + "bfloat16, the library's own layers"),
    row("gpt-2-small", "a100", .bfloat16, 8, 89.7, raschka + "bfloat16, fused attention"),
    row("gpt-2-small", "rtx-4090", .bfloat16, 12, 103.9, nanoGPT),
  ]

  private static func row(
    _ network: String, _ device: String, _ precision: Device.Precision, _ batch: Int,
    _ rowsPerSecond: Double, _ source: String
  ) -> PublishedThroughput {
    PublishedThroughput(
      network: network, device: device, precision: precision, batch: batch,
      rowsPerSecond: rowsPerSecond, source: source)
  }

  /// Why figures are further off than a factor of 1.5.
  static let notes = [
    "The figures rest on nothing but data sheets and are meant to be right within a factor of two where "
      + "arithmetic bounds. Those that are off by more than 1.5:",
    "- VGG-16 on the V100 in Float32: the published speed is more than the device's peak allows for the "
      + "multiplications that are counted here (23 of 15.7 TFLOP/s). Its library convolves with 3×3 kernels by "
      + "Winograd's algorithm, which multiplies less.",
    "- ResNet-50 on the H200 (1.50 on the H100): that program reaches 11 and 9 % of the peak, where another one "
      + "reaches 17 % of the A100's. Of the estimate two fifths and a half are bound by memory, whose whole "
      + "bandwidth is granted; what else the program waits for is not published.",
    "- GPT-2 on the A100 with tensor cores (tf32 and bfloat16): the programs run every operation as a pass of its "
      + "own and read and write more than the fused passes that are estimated; where attention is fused, the "
      + "figures meet again.",
    "- GPT-2 on the RTX 4090 was trained with fused attention, which never writes the weights of all pairs of "
      + "tokens to memory; the estimate is of a step that does, as this program's own.",
  ]
}
