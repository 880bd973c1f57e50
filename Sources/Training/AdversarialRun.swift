import Datasets
import Execution
import GraphIR
import Layers
import Tensors

/// One run of an adversarial trainer.
final class AdversarialRun {
  private let trainer: AdversarialTrainer
  private let features: FeatureRows
  private let declared: AdversarialProgram.Declared
  private let discriminatorStep: AdversarialStep
  private let generatorStep: AdversarialStep
  private let variables = VariableStore()
  private let stateNames: [String]
  private var model: AdversarialModel
  private let batch: Int

  private var options: AdversarialOptions { trainer.options }

  init(
    _ trainer: AdversarialTrainer, _ rows: Tensor, resuming: AdversarialModel?, threads: Int?
  ) throws {
    try trainer.options.validate()
    try trainer.generatorOptimizer.check()
    try trainer.discriminatorOptimizer.check()
    guard (1...(1 << 31)).contains(trainer.latent) else {
      throw TrainingError.setting(
        name: "latent", found: "\(trainer.latent)", expected: "1 or more numbers")
    }
    guard rows.shape.rank >= 2, rows.shape.count > 0 else {
      throw TrainingError.data(
        "the rows have shape \(rows.shape); expected [rows, features], or more axes, and 1 row or "
          + "more")
    }
    let options = trainer.options
    self.trainer = trainer
    let scaling = try Scaling.learn(options.scaling, from: rows)
    features = try FeatureRows(rows, scaling: scaling, precision: options.precision)
    batch = min(options.batchSize, rows.shape[0])
    let rowShape = Shape(Array(rows.shape.dimensions.dropFirst()))
    let program = AdversarialProgram(
      generator: trainer.generator, discriminator: trainer.discriminator, latent: trainer.latent,
      rowShape: rowShape, precision: options.precision)
    declared = try program.declarations()

    let discriminator = try program.discriminatorStep(
      batch: batch, optimizer: trainer.discriminatorOptimizer,
      labelSmoothing: options.labelSmoothing)
    let generator = try program.generatorStep(
      batch: batch, optimizer: trainer.generatorOptimizer)
    discriminatorStep = try AdversarialStep(
      discriminator, variables: variables, pool: nil, threads: threads,
      rate: trainer.discriminatorOptimizer.learningRate)
    generatorStep = try AdversarialStep(
      generator, variables: variables, pool: discriminatorStep.executor.pool, threads: threads,
      rate: trainer.generatorOptimizer.learningRate)
    stateNames = (discriminator.states + generator.states).map(\.name)

    model = AdversarialModel(
      generator: trainer.generator, discriminator: trainer.discriminator,
      parameters: ParameterSet(), latent: trainer.latent, rowShape: rowShape,
      precision: options.precision, scaling: scaling)
    var fingerprint = Fingerprint()
    features.withUnsafeBytes { fingerprint.add(features.shape, $0) }
    model.settings = try Self.settings(trainer, fingerprint: fingerprint.value)
    if let resuming {
      try resume(resuming)
    } else {
      for declaration in declared.all {
        var random = RandomStream(seed: options.seed, name: "initial/" + declaration.name)
        try variables.set(
          declaration.name,
          declaration.initializer.tensor(
            shape: declaration.type.shape, type: declaration.type.scalarType, random: &random))
      }
    }
  }

  private func resume(_ resumed: AdversarialModel) throws {
    for (name, value) in model.settings.sorted(by: { $0.key < $1.key })
    where resumed.settings[name] != value {
      throw TrainingError.otherRun(
        setting: name, found: value, expected: resumed.settings[name] ?? "none")
    }
    try resumed.parameters.check(against: declared.all)
    for (name, tensor) in resumed.parameters { try variables.set(name, tensor) }
    for name in stateNames {
      guard let state = resumed.states[name] else {
        throw TrainingError.data("the checkpoint lacks the optimizer's \(name)")
      }
      try variables.set(name, state)
    }
    model.history = resumed.history
  }

  /// The settings that a resumed run must share, as text. More epochs may be asked for.
  private static func settings(_ trainer: AdversarialTrainer, fingerprint: UInt64) throws
    -> [String: String]
  {
    var options = trainer.options
    options.epochs = 0
    return [
      "the generator": try jsonText(LayerBox(trainer.generator)),
      "the discriminator": try jsonText(LayerBox(trainer.discriminator)),
      "the generator's optimizer": try jsonText(OptimizerBox(trainer.generatorOptimizer)),
      "the discriminator's optimizer": try jsonText(OptimizerBox(trainer.discriminatorOptimizer)),
      "the settings": try jsonText(options),
      "the size of the noise": "\(trainer.latent)",
      "the rows": String(fingerprint, radix: 16),
    ]
  }

  func run(checkpointPath: String?, observe: (AdversarialRecord) -> Void) throws -> AdversarialModel
  {
    while model.history.count < options.epochs {
      let record = try runEpoch(model.history.count)
      model.history.append(record)
      observe(record)
      if let checkpointPath { try snapshot().save(to: checkpointPath) }
    }
    return try snapshot()
  }

  private func runEpoch(_ epoch: Int) throws -> AdversarialRecord {
    let order = BatchOrder(
      count: features.shape[0], size: batch, epoch: epoch, seed: options.seed, shuffle: true,
      dropsLast: true)
    var (discriminatorSum, generatorSum, generatorSteps) = (0.0, 0.0, 0)
    for (place, rows) in order.enumerated() {
      let step = epoch * order.count + place
      try discriminatorStep.executor.withInput(AdversarialProgram.Name.rows) {
        features.gather(rows, into: $0, by: discriminatorStep.executor.pool)
      }
      // The two networks' steps have noise of their own: even and odd numbers.
      discriminatorSum += try run(
        discriminatorStep, number: step, noise: 2 * step, epoch: epoch, place: place)
      guard (step + 1) % options.discriminatorSteps == 0 else { continue }
      generatorSum += try run(
        generatorStep, number: step / options.discriminatorSteps, noise: 2 * step + 1, epoch: epoch,
        place: place)
      generatorSteps += 1
    }
    return AdversarialRecord(
      epoch: epoch + 1, discriminatorLoss: discriminatorSum / Double(max(1, order.count)),
      generatorLoss: generatorSum / Double(max(1, generatorSteps)))
  }

  private func run(
    _ step: AdversarialStep, number: Int, noise: Int, epoch: Int, place: Int
  ) throws -> Double {
    let loss = try step.run(number: number, noise: noise, seed: options.seed)
    guard loss.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, batch: place + 1, loss: loss)
    }
    return loss
  }

  private func snapshot() throws -> AdversarialModel {
    var snapshot = model
    func set(_ names: [String]) -> ParameterSet {
      ParameterSet(names.compactMap { name in variables[name].map { (name, $0) } })
    }
    snapshot.parameters = set(declared.all.map(\.name))
    snapshot.states = set(stateNames)
    if let bad = snapshot.parameters.first(where: { !$0.tensor.isFinite }) {
      throw TrainingError.notFinite(parameter: bad.name, epoch: model.history.count, batch: 0)
    }
    return snapshot
  }
}

/// A compiled step of one of the networks.
private final class AdversarialStep {
  let executor: Executor

  init(
    _ traced: StepProgram.Traced, variables: VariableStore, pool: ThreadPool?, threads: Int?,
    rate: Double
  ) throws {
    try traced.setStartingStates(in: variables)
    executor = try Executor(Plan(traced.graph), variables: variables, pool: pool, threads: threads)
    try executor.setInput(StepProgram.Name.learningRate, Tensor(rate))
  }

  /// Runs the step and returns the loss before its update.
  func run(number: Int, noise: Int, seed: UInt64) throws -> Double {
    try executor.setInput(StepProgram.Name.step, Tensor(Double(number + 1)))
    try executor.setInput(Scope.randomKeyName, randomKey(seed: seed, step: noise))
    executor.run()
    return try executor.output(StepProgram.Name.loss).scalar
  }
}

/// What random numbers are made from: the words of a seed and of a step's number.
func randomKey(seed: UInt64, step: Int) -> Tensor {
  Tensor(
    [seed, seed >> 32, UInt64(step), UInt64(step) >> 32].map {
      Int32(bitPattern: UInt32(truncatingIfNeeded: $0))
    })
}
