import Costs
import Datasets
import Execution
import GraphIR
import Layers
import Synchronization
import Tensors
import Testing
import Training

@Suite struct `An estimate of a run` {
  /// What a run tells.
  private final class Told: Sendable {
    private let events = Mutex<[TrainingEvent]>([])
    func add(_ event: TrainingEvent) { events.withLock { $0.append(event) } }

    var compiled: (plan: Plan, start: TrainingStart)? {
      events.withLock { events in
        for case .compiled(let plan, let start) in events { return (plan, start) }
        return nil
      }
    }
  }

  private let plain = Device(
    name: "plain", title: "a plain one", kind: .cpu, peaks: [.float32: 1e9], bandwidth: 1e9,
    startup: 1e-6, efficiency: 1, halfSizes: Device.HalfSizes(m: 4, n: 8, k: 16), otherShare: 0.1,
    sources: ["made up"])

  private let flowers: Dataset
  private let model = Sequential {
    Dense(units: 4, activation: .relu)
    Dense(units: 3)
  }

  init() throws { flowers = try Dataset.builtIn("iris") }

  private func fit(
    _ options: TrainingOptions, optimizer: any TrainingRule = SGD(), resuming: TrainedModel? = nil
  ) throws -> (told: Told, result: TrainingResult) {
    let told = Told()
    let trainer = Trainer(model, loss: CrossEntropy(), optimizer: optimizer, options)
    let setup = TrainingSetup(resuming: resuming, observe: { told.add($0) })
    let result = try trainer.fit(
      flowers, validation: options.patience == nil ? nil : flowers, setup)
    return (told, result)
  }

  @Test func `is that of its step, as often as it runs`() throws {
    let (told, _) = try fit(TrainingOptions(epochs: 3, batchSize: 32))
    let (plan, start) = try #require(told.compiled)
    let estimate = try RunEstimate(of: plan, start, on: plain, isMeasured: true)
    let trainer = Trainer(model, loss: CrossEntropy(), optimizer: SGD())
    let whole = try CostEstimate(
      trainer, input: [4], target: TensorType([], .int32), batch: 32, samples: 150, epochs: 3,
      on: plain)
    #expect(estimate.stepSeconds == whole.stepSeconds)
    #expect(estimate.stepsPerEpoch == 5 && estimate.steps == 15 && estimate.epochs == 3)
    #expect(abs(estimate.seconds - whole.runSeconds) < 1e-12)
    let step = QuantityText.seconds(estimate.stepSeconds)
    let all = QuantityText.seconds(estimate.seconds)
    #expect(
      estimate.description
        == "\(step) a step, 5 steps an epoch, \(all) for 3 epochs (this machine as measured)")
    let rough = try RunEstimate(of: plan, start, on: plain, isMeasured: false)
    #expect(
      rough.description
        == "about \(step) a step, 5 steps an epoch, \(all) for 3 epochs (rough; backprop bench "
        + "--calibrate measures this machine)")
  }

  @Test func `counts what is left of a run that goes on`() throws {
    let (_, first) = try fit(TrainingOptions(epochs: 3, batchSize: 50))
    let (told, second) = try fit(
      TrainingOptions(epochs: 5, batchSize: 50), resuming: first.model)
    let (plan, start) = try #require(told.compiled)
    #expect(start.finishedEpochs == 3 && start.stepsLeft == 6)
    let estimate = try RunEstimate(of: plan, start, on: plain, isMeasured: true)
    #expect(estimate.description.contains("for 2 more epochs"))
    // What was done before is neither estimated nor measured again.
    #expect(second.report.steps == 15 && second.report.times?.steps == 6)
    let (after, _) = try fit(TrainingOptions(epochs: 5, batchSize: 50), resuming: second.model)
    #expect(after.compiled?.start.stepsLeft == 0)
  }

  @Test func `is not made where there is no step, or none that machines are measured for`() throws {
    let told = try fit(.fullBatch(epochs: 2), optimizer: LBFGS()).told
    #expect(told.compiled == nil)
    let double = try fit(TrainingOptions(epochs: 1, precision: .float64)).told
    let (plan, start) = try #require(double.compiled)
    #expect(throws: CostError.self) {
      try RunEstimate(of: plan, start, on: plain, isMeasured: true)
    }
  }

  @Test func `is compared step by step where a run stops early`() throws {
    // With a rate of 0 nothing ever becomes better than after the first epoch.
    let (told, result) = try fit(
      TrainingOptions(epochs: 100, batchSize: 50, patience: 2), optimizer: SGD(learningRate: 0))
    let (plan, start) = try #require(told.compiled)
    let estimate = try RunEstimate(of: plan, start, on: plain, isMeasured: true)
    let times = try #require(result.report.times)
    #expect(estimate.steps == 300 && times.steps == 9)
    let comparison = RunComparison(estimate, times, seconds: result.report.seconds)
    #expect(comparison.estimatedSeconds == 9 * estimate.stepSeconds)
    #expect(comparison.description.contains(" for the 9 of 300 steps that ran, which took "))
  }

  @Test func `and what was measured add up`() throws {
    let (_, result) = try fit(TrainingOptions(epochs: 20, batchSize: 10, patience: 20))
    let times = try #require(result.report.times)
    #expect(times.steps == 300)
    let parts = [
      times.stepSeconds, times.feedingSeconds, times.validationSeconds, times.preparationSeconds,
    ]
    #expect(parts.allSatisfy { $0 > 0 } && times.savingSeconds == 0)
    #expect(abs(parts.reduce(0, +) - result.report.seconds) < 1e-9)
  }

  @Test func `and the difference are said in words`() throws {
    let (told, _) = try fit(TrainingOptions(epochs: 2, batchSize: 50))
    let (plan, start) = try #require(told.compiled)
    let estimate = try RunEstimate(of: plan, start, on: plain, isMeasured: true)
    func said(_ ratio: Double, validation: Double = 0) -> String {
      var times = TrainingTimes()
      times.steps = estimate.steps
      times.stepSeconds = ratio * estimate.seconds
      times.validationSeconds = validation * estimate.seconds
      return RunComparison(
        estimate, times, seconds: times.stepSeconds + times.validationSeconds
      ).description
    }
    let seconds = QuantityText.seconds(estimate.seconds)
    #expect(said(1) == "\(seconds) for 6 steps, which took \(seconds) (as long)")
    #expect(said(1.13).hasSuffix("(13 % longer)"))
    #expect(said(0.5).hasSuffix("(50 % less)"))
    #expect(said(3).hasSuffix("(3.00 times as long)"))
    #expect(said(1, validation: 1).hasSuffix("; the run's other \(seconds): validation \(seconds)"))
    #expect(said(1, validation: 0.005).hasSuffix("(as long)"))
  }
}

@Suite struct `This machine` {
  private func text(_ fields: [String]) -> String {
    "processor\t: 0\n" + fields.joined(separator: "\n")
      + "\n\nprocessor\t: 1\ncpu MHz\t\t: 1500.0\n"
  }

  @Test func `is known by what the system says of it`() {
    let found = ThisMachine(
      cpuInfo: text([
        "vendor_id\t: AuthenticAMD", "cpu family\t: 26", "model name\t: AMD: Ryzen",
        "cpu MHz\t\t: 4300.000", "siblings\t: 32", "cpu cores\t: 16",
      ]), threads: 32, vectorBits: 512)
    #expect(found.processor == "AMD: Ryzen")
    // Two threads share a core's units; the faster clock is the one that is reached at work.
    #expect(found.parts == Device.Parts(cores: 16, clock: 4.3e9, vectorBits: 512, units: 2))
    let device = found.device
    #expect(device.problem == nil && device.threads == 32)
    let cycles: Double = 16 * 4.3e9
    #expect(device.peak(.float32) == cycles * 64)
    // The same efficiencies are assumed as for processors by their data sheets.
    let listed = Devices.all.first { $0.kind == .cpu }
    #expect(device.efficiency == listed?.efficiency && device.halfSizes == listed?.halfSizes)
    #expect(device.otherShare == listed?.otherShare && device.startup == listed?.startup)
  }

  @Test func `computes long vectors in two halves where it is a Zen 4`() {
    let zen4 = text(["vendor_id : AuthenticAMD", "cpu family : 25"])
    #expect(ThisMachine(cpuInfo: zen4, threads: 1, vectorBits: 512).parts.vectorBits == 256)
    let intel = text(["vendor_id : GenuineIntel", "cpu family : 6"])
    #expect(ThisMachine(cpuInfo: intel, threads: 1, vectorBits: 512).parts.vectorBits == 512)
  }

  @Test(arguments: ["", "no fields", "cpu MHz : fast\nsiblings : 0\ncpu cores : 4"])
  func `has usual parts where the system says nothing`(text: String) {
    let found = ThisMachine(cpuInfo: text, threads: 4, vectorBits: 128)
    #expect(found.parts == Device.Parts(cores: 4, clock: 3e9, vectorBits: 128, units: 2))
    #expect(found.device.problem == nil && !found.processor.isEmpty)
  }

  @Test func `is asked`() {
    let found = ThisMachine(threads: 1)
    #expect(found.device.problem == nil && found.parts.cores == 1)
    #expect([128, 256, 512].contains(found.parts.vectorBits))
    #expect(Devices.here().device.problem == nil)
  }

  @Test func `with fewer threads does its share`() throws {
    let all = try Devices.named("ryzen-9950x")
    let four = all.limited(to: 4)
    #expect(four.threads == 4 && four.bandwidth == all.bandwidth / 4)
    #expect(four.peak(.float32) == all.peak(.float32).map { $0 / 4 })
    // A pass of one task is as fast as on all of them, of which it has one.
    #expect(
      (four.peak(.float32) ?? 0) * four.share(of: 1)
        == (all.peak(.float32) ?? 0) * all.share(of: 1))
    #expect(all.limited(to: 16) == all && all.limited(to: 100) == all)
  }
}
