import Costs
import Execution
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// t = t₀ + max(F / (η P) + Σ (F_e / E + R t_R), B / β) / u, worked by hand.
@Suite struct `Times of passes` {
  /// Figures that are easy to compute with: two threads, 1 TFLOP/s, everything else out of the way.
  private let device = Device(
    name: "plain", title: "plain", kind: .cpu, peaks: [.float32: 1e12], bandwidth: 1e15,
    startup: 1e-6, handoff: 3e-6, threads: 2, efficiency: 1,
    halfSizes: Device.HalfSizes(m: 0, n: 0, k: 0), otherShare: 0.1, sources: ["made up"])

  @Test func `columns are computed a vector at a time`() {
    var device = device
    #expect(device.columns(10, .float32) == 10)
    device.lanes = 16
    #expect([1, 2, 16, 17].map { device.columns($0, .float32) } == [1, 16, 16, 32])
    #expect(device.columns(9, .float64) == 16 && device.columns(8, .float64) == 8)
    #expect(device.efficiency(of: ProductSize(m: 5, n: 12, k: 7)) == 0.75)
    device.halfSizes.n = 16
    #expect(device.efficiency(of: ProductSize(m: 5, n: 16, k: 7)) == 0.5)
  }

  /// Of three tasks two run at once and then one: three quarters of the time's threads work.
  @Test func `the last round leaves threads idle`() {
    #expect([0, 1, 2, 3, 4, 5].map(device.share) == [0.5, 0.5, 1, 0.75, 1, 5.0 / 6])
    var graphics = device
    graphics.threads = nil
    #expect(graphics.share(of: 3) == 1)
  }

  /// A matrix of 8 rows and 4 columns: softmax has 8 · 32 operations and 8 rows.
  @Test func `an operation has a rate of its own and takes time for each row`() throws {
    var device = device
    let flops: Double = 8 * 32
    let usual = try time(of: device) { softmax($0) }
    #expect(abs(usual.others / (2 * flops / 1e11) - 1) < 1e-12)
    device.operations = ["softmax": Device.Rates(rate: 1e9, row: 5e-9)]
    let own = try time(of: device) { softmax($0) }
    #expect(abs(own.others / (2 * (flops / 1e9 + 8 * 5e-9)) - 1) < 1e-12)
    #expect(own.share == 0.5 && own.startup == 1e-6 && own.products == 0)
    // Its operations' order does not matter, and what works element by element has no rows.
    device.operations = ["tanh": Device.Rates(rate: 1e9, row: 5e-9)]
    #expect(try abs(time(of: device) { tanh($0) }.others / (2 * 5 * 32 / 1e9) - 1) < 1e-12)
  }

  /// 4 × 4 × 4 multiply-adds pack their operands, 2 × 2 × 2 do not.
  @Test func `a product packs its operands unless it is tiny`() throws {
    var device = device
    device.packing = 7e-6
    let small = try time(of: device, [4, 4]) { $0.matmul($0.transposed()) }
    #expect(abs(small.startup / 8e-6 - 1) < 1e-12)
    let tiny = try time(of: device, [2, 2]) { $0.matmul($0.transposed()) }
    #expect(tiny.startup == 1e-6)
  }

  /// relu(x xᵀ) of 2 × 2 matrices: two terms of each sum and an operation, or tanh, which has a rate.
  @Test func `short passes take a start and so much for each step`() throws {
    var device = device
    let usual = try time(of: device, [2, 2]) { relu($0.matmul($0.transposed())) }
    #expect(usual.startup == 1e-6)
    device.short = Device.ShortPasses(startup: 1e-9, step: 3e-9, function: 20e-9)
    device.operations = ["tanh": Device.Rates(rate: 1e9, row: 0)]
    let plain = try time(of: device, [2, 2]) { relu($0.matmul($0.transposed())) }
    #expect(abs(plain.seconds / 10e-9 - 1) < 1e-12)
    #expect(plain.startup == 1e-9 && plain.products == 0 && plain.bound == .compute)
    let curved = try time(of: device, [2, 2]) { tanh($0.matmul($0.transposed())) }
    #expect(abs(curved.seconds / 27e-9 - 1) < 1e-12)
    // What is read must be short too, and so must the result: 64 bytes.
    #expect(try abs(time(of: device, [1, 16]) { relu($0) }.seconds / 4e-9 - 1) < 1e-12)
    #expect(try time(of: device, [1, 17]) { relu($0) }.startup == 1e-6)
    #expect(try time(of: device, [17, 1]) { $0.sum(axes: [0]) }.startup == 1e-6)
  }

  @Test func `senseless figures are named`() {
    var device = device
    device.short = Device.ShortPasses(startup: 0, step: -1e-9, function: 0)
    #expect(device.problem?.contains("short.step is -1e-09") == true)
    device.short = nil
    device.lanes = 0
    #expect(device.problem?.contains("lanes are 0") == true)
    device.lanes = nil
    device.packing = -1
    #expect(device.problem?.contains("packing") == true)
    device.packing = nil
    device.operations = ["sum": Device.Rates(rate: 0, row: 0)]
    #expect(device.problem?.contains("sum has the rate 0.0") == true)
  }

  @Test func `a fit finds how many columns are computed at once`() throws {
    var made = device
    (made.startup, made.handoff, made.threads) = (1e-8, 0, 1)
    made.lanes = 8
    made.halfSizes = Device.HalfSizes(m: 2, n: 3, k: 10)
    let products = [4, 16, 64].flatMap { m in
      [2, 8, 9, 20, 64].flatMap { n in
        [16, 256].map { k in
          var measured = Calibration.Measured(
            size: ProductSize(m: m, n: n, k: k), tasks: 1, bytes: 0, seconds: 0)
          measured.seconds = made.seconds(of: measured)
          return measured
        }
      }
    }
    var found = made
    (found.lanes, found.halfSizes) = (nil, Device.HalfSizes(m: 4, n: 8, k: 16))
    found.fit(products)
    #expect(found.lanes == 8)
    #expect(abs(found.halfSizes.m / 2 - 1) < 0.05 && abs(found.halfSizes.k / 10 - 1) < 0.05)
  }

  /// The time of a graph's only pass.
  private func time(
    of device: Device, _ sizes: [Int] = [8, 4], _ body: (Expression) -> Expression
  ) throws -> InstructionTime {
    let builder = GraphBuilder()
    builder.output("y", body(builder.input("x", TensorType(Shape(sizes), .float32))))
    let work = try StepWork(of: Plan(builder.finish()))
    #expect(work.instructions.count == 1)
    return try Roofline(device, .float32, touching: 1).time(of: work.instructions[0])
  }
}

@Suite struct `Steps that are measured` {
  @Test(arguments: ["lenet", "lstm"])
  func `have every pass beside its estimate`(name: String) throws {
    let network = try #require(BuiltInNetworks.named(name))
    let trainer = Trainer(network.model, loss: network.loss, optimizer: SGD())
    let estimate = try CostEstimate(
      trainer, input: network.input, target: network.target, batch: 2, samples: 2, epochs: 1,
      on: Devices.named("ryzen-9950x"))
    let measured = try StepMeasurement(
      of: estimate, trainer, input: network.input, target: network.target, duration: 0.01)
    #expect(measured.seconds > 0 && measured.passes.allSatisfy { $0.measured >= 0 })
    func sum(_ parts: [StepMeasurement.Part]) -> Double { parts.reduce(0) { $0 + $1.estimated } }
    #expect(abs(sum(measured.passes) / estimate.stepSeconds - 1) < 1e-12)
    #expect(abs(sum(measured.kinds) / estimate.stepSeconds - 1) < 1e-12)
    let kind = name == "lenet" ? "convolutionInputGradient" : "loop"
    #expect(measured.kinds.contains { $0.title == kind && $0.estimated > 0 })
    let gaps = measured.kinds.map { abs($0.gap) }
    #expect(gaps == gaps.sorted(by: >))
  }

  /// An embedding's rows are looked up: the inputs are whole numbers below 5, and others are not.
  @Test func `read random rows that their network knows`() throws {
    let text = Trainer(
      Sequential {
        Embedding(vocabulary: 5, units: 3)
        Dense(units: 5)
      }, loss: CrossEntropy(), optimizer: SGD())
    func inputs(_ trainer: Trainer, _ shape: Shape, _ target: TensorType) throws -> [Float] {
      let step = try trainer.randomStep(batch: 64, input: shape, target: target)
      return try step.executor.withInput("input") { Array($0.bindMemory(to: Float.self)) }
    }
    let tokens = try inputs(text, [4], TensorType([4], .int32))
    #expect(Set(tokens) == [0, 1, 2, 3, 4])
    let dense = Trainer(Dense(units: 3), loss: CrossEntropy(), optimizer: SGD())
    let numbers = try inputs(dense, [4], TensorType([], .int32))
    #expect(Set(numbers).count > 200 && numbers.allSatisfy { (0..<1).contains($0) })
  }
}
