import Costs
import Documents
import GraphIR
import Layers
import Tensors
import Testing
import Training

@Suite struct `An estimate` {
  /// A processor whose figures make sums that can be done by hand.
  private let plain = Device(
    name: "plain", title: "a plain one", kind: .gpu, peaks: [.float32: 1e9, .bfloat16: 4e9],
    bandwidth: 1e8, memory: 1e9, startup: 1e-6, efficiency: 1,
    halfSizes: Device.HalfSizes(m: 0, n: 0, k: 0), otherShare: 0.1, sources: ["made up"])

  private let trainer = Trainer(
    Sequential {
      Dense(units: 16, activation: .sigmoid, name: "hidden")
      Dense(units: 10)
    }, loss: CrossEntropy(), optimizer: Adam())

  private func estimate(
    batch: Int = 32, samples: Int = 100, epochs: Int = 3, on device: Device? = nil,
    _ precision: Device.Precision = .float32
  ) throws -> CostEstimate {
    try CostEstimate(
      trainer, input: [784], target: TensorType([], .int32), batch: batch, samples: samples,
      epochs: epochs, on: device ?? plain, precision: precision)
  }

  @Test func `step, epoch and run follow from one another`() throws {
    let found = try estimate()
    #expect(found.stepsPerEpoch == 4)
    #expect(found.epochSeconds == 4 * found.stepSeconds)
    #expect(found.runSeconds == 3 * found.epochSeconds)
    #expect(found.parameters == 12_730)
  }

  @Test func `a pass takes its start and the longer of arithmetic and memory`() throws {
    let found = try estimate()
    for (work, time) in zip(found.work.instructions, found.times) {
      let products = 2 * Double(work.multiplyAdds) / 1e9
      let others = Double(work.otherFlops) / 1e8
      let memory = Double(work.bytes) / 1e8
      #expect(abs(time.seconds - (1e-6 + max(products + others, memory))) < 1e-15)
      let expected: Bound =
        1e-6 >= max(products + others, memory)
        ? .startup : products + others >= memory ? .compute : .memory
      #expect(time.bound == expected)
    }
    #expect(abs(found.times.reduce(0) { $0 + $1.seconds } - found.stepSeconds) < 1e-12)
  }

  @Test func `layers' times and counts add up to the step's`() throws {
    let found = try estimate()
    #expect(found.layers.map(\.path) == ["hidden", "dense2", ""])
    #expect(abs(found.layers.reduce(0) { $0 + $1.total.seconds } - found.stepSeconds) < 1e-12)
    #expect(found.layers.reduce(0) { $0 + $1.total.flops } == found.flops)
    #expect(found.layers[0].parts[.forward]?.multiplyAdds == 32 * 784 * 16)
  }

  @Test func `half the bytes and four times the peak are felt`() throws {
    let (wide, narrow) = (try estimate(), try estimate(.bfloat16))
    #expect(narrow.memoryBytes == wide.memoryBytes / 2)
    #expect(narrow.stepSeconds < wide.stepSeconds)
    #expect(throws: CostError.self) { try estimate(.float16) }
  }

  @Test func `a batch that the memory does not hold is found`() throws {
    var small = plain
    small.memory = 100_000
    let found = try estimate(on: small)
    #expect(!found.fits)
    #expect(found.description.contains("does not fit"))
    #expect(try estimate().fits)
  }

  @Test func `senseless settings are refused in words`() throws {
    for (batch, samples, epochs) in [(0, 1, 1), (1, 0, 1), (1, 1, -1)] {
      #expect(throws: CostError.self) {
        try estimate(batch: batch, samples: samples, epochs: epochs)
      }
    }
    var broken = plain
    broken.bandwidth = -1
    #expect(throws: CostError.self) { try estimate(on: broken) }
  }

  @Test func `a pass of one task has one of the threads`() throws {
    let shared = try Devices.named("epyc-9655")
    #expect(shared.share(of: 1) == 1.0 / 96)
    #expect(shared.share(of: 960) == 1)
    #expect(plain.share(of: 1) == 1)
  }

  @Test(arguments: Language.allCases) func `the working is written in every form`(
    language: Language
  ) throws {
    let document = try estimate().document(language: language)
    let text = TextWriter(width: 100, usesColor: false).write(document)
    // 2 · 32 · 16 · 784 operations of the first product.
    #expect(text.contains("2 · 32 · 16 · 784"))
    #expect(text.contains("802816"))
    #expect(HTMLWriter().write(document).contains("</math>"))
    #expect(MarkdownWriter().write(document).contains("802816"))
    #expect(LaTeXWriter().write(document).contains("802816"))
  }

  @Test func `one layer can be chosen`() throws {
    let text = TextWriter(width: 100, usesColor: false)
      .write(try estimate().document(language: .english, layer: "dense2"))
    #expect(!text.contains("802816"))
    #expect(text.contains("2 · 32 · 10 · 16"))
  }

  @Test func `a sweep has its knee where nine tenths of the best are reached`() throws {
    let sweep = try BatchSweep(
      trainer, input: [784], target: TensorType([], .int32),
      batches: BatchSweep.doublings(from: 1, through: 1000), on: plain)
    #expect(sweep.points.map(\.batch) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000])
    let best = try #require(sweep.points.map(\.throughput).max())
    let knee = try #require(sweep.knee)
    #expect(knee.throughput >= 0.9 * best)
    #expect(
      sweep.points.filter { $0.batch < knee.batch }.allSatisfy { $0.throughput < 0.9 * best })
    #expect(sweep.chart.svg.contains("knee"))
  }

  @Test func `a ring's time is that of two rounds of the gradients`() throws {
    let shared = try DataParallel(
      trainer, input: [784], target: TensorType([], .int32), batch: 64, workers: 4, link: 1e6,
      latency: 1e-3, on: plain)
    let point = try #require(shared.points.last)
    #expect(point.workers == 4 && point.batch == 16)
    // Six rounds of a quarter of 12,730 numbers of four bytes.
    let bytes: Double = 6 * 12_730
    let expected: Double = bytes / 1e6 + 6e-3
    #expect(abs(point.communicationSeconds - expected) < 1e-12)
    #expect(shared.points[0].speedup == 1)
    #expect(throws: CostError.self) {
      try DataParallel(
        trainer, input: [784], target: TensorType([], .int32), batch: 2, workers: 3, link: 1,
        on: plain)
    }
  }
}
