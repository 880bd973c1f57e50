import Datasets
import Execution
import Foundation
import GraphIR
import Layers
import Tensors

/// One run of a trainer.
final class TrainingRun {
  private let trainer: Trainer
  /// η before the schedule; asked once, since a step allocates nothing.
  private let baseRate: Double?
  let setup: TrainingSetup
  private let program: StepProgram
  private let plans: PlanCache
  private let training: PreparedData
  private let validation: PreparedData?
  let settings: [String: String]
  let declarations: [ParameterDeclaration]
  let stateNames: [String]
  /// What a step leaves to the next one.
  let carried: [(name: String, type: TensorType)]

  let variables = VariableStore()
  private let pool: ThreadPool
  private var steps: [Int: TrainingStep] = [:]
  /// What takes the place of steps where all weights move at once.
  let fullBatch: FullBatchRun?
  private let evaluator: Evaluator

  /// The model without its trained parameters.
  var model: TrainedModel
  var progress = TrainingProgress()
  var best: ParameterSet?
  private var report: TrainingReport

  /// Where the time goes; its reading of the clock is all that a step needs.
  var meter = TrainingMeter()
  private let started: ContinuousClock.Instant
  var lastSaved: ContinuousClock.Instant
  private var lastTold: ContinuousClock.Instant
  /// Rows seen in this process.
  private var rowsSeen = 0

  private var options: TrainingOptions { trainer.options }
  private var batchSize: Int { min(options.batchSize ?? training.count, training.count) }
  /// Rows of an epoch.
  private var epochRows: Int { options.order.rows(of: training.count, size: batchSize) }
  private var batchCount: Int { (epochRows + batchSize - 1) / batchSize }

  // MARK: Beginning

  init(
    _ trainer: Trainer, _ training: Dataset, _ validation: Dataset?, _ setup: TrainingSetup
  ) throws {
    try trainer.options.validate()
    try trainer.optimizer.check()
    started = meter.now
    (lastSaved, lastTold) = (started, started)
    self.trainer = trainer
    baseRate = (trainer.optimizer as? any Optimizer)?.learningRate
    self.setup = setup
    plans = setup.plans ?? PlanCache()
    model = try TrainedModel(untrained: trainer, training, encoder: setup.encoder)
    model.removed = setup.resuming?.removed ?? setup.removed
    self.training = try PreparedData(training, for: model)
    let model = self.model
    self.validation = try validation.map { try PreparedData($0, for: model) }
    program = StepProgram(
      model: trainer.model, loss: trainer.loss, optimizer: trainer.optimizer,
      options: trainer.options, inputShape: model.inputShape, target: self.training.target,
      removed: model.removed)
    settings = try Self.settings(trainer, model, self.training, self.validation)
    if trainer.options.patience != nil, validation == nil {
      throw TrainingError.setting(
        name: "patience", found: "no validation rows", expected: "some, to watch")
    }
    if setup.initial != nil, setup.resuming != nil {
      throw TrainingError.setting(
        name: "starting parameters", found: "some, and a run to resume", expected: "one of the two")
    }

    if let rule = trainer.optimizer as? any FullBatchRule {
      guard model.removed.isEmpty else {
        throw TrainingError.setting(
          name: "optimizer", found: "\(type(of: rule).kind), which moves all weights at once",
          expected: "one that has an update for each weight, for a network with removed weights")
      }
      let run = try FullBatchRun(
        rule, program, self.training, variables: variables, threads: setup.threads, plans: plans)
      declarations = run.objective.declarations
      (stateNames, carried) = ([], [])
      pool = run.objective.pool
      fullBatch = run
    } else {
      let firstBatch = min(trainer.options.batchSize ?? self.training.count, self.training.count)
      let (traced, plan) = try plans.step("step \(firstBatch)") { [program] in
        try program.training(batch: firstBatch)
      }
      declarations = traced.parameters
      stateNames = traced.states.map(\.name)
      carried = traced.carried
      if !carried.isEmpty, trainer.options.order != .streams {
        throw TrainingError.setting(
          name: "the order of the rows", found: trainer.options.order.rawValue,
          expected: "streams: the network carries states from batch to batch")
      }
      let step = try TrainingStep(
        traced, plan, rows: firstBatch, variables: variables, pool: nil, threads: setup.threads)
      pool = step.executor.pool
      steps[firstBatch] = step
      fullBatch = nil
    }
    evaluator = Evaluator(
      program, variables: variables, pool: pool, threads: setup.threads, plans: plans)
    report = try TrainingReport(trainer, model, training: training, validation: validation)
    try start()
    try fullBatch?.begin(from: setup.resuming?.checkpoint?.states)
  }

  /// Sets parameters and optimizer state to where the run begins.
  private func start() throws {
    if let resumed = setup.resuming {
      try resume(resumed)
      return
    }
    var parameters = try trainer.model.initialParameters(
      input: model.inputShape, type: options.precision, seed: options.seed)
    if let initial = setup.initial?.cast(to: options.precision) {
      try initial.check(against: declarations)
      for (name, tensor) in initial {
        guard let stray = tensor.doubles.first(where: { !$0.isFinite }) else { continue }
        throw TrainingError.setting(
          name: "the starting parameter \(name)", found: stray.plainText,
          expected: "numbers that are finite in \(options.precision.rawValue)")
      }
      parameters = initial
    }
    parameters = model.removed.applied(to: parameters)
    try model.removed.check(against: parameters)
    for (name, tensor) in parameters { try variables.set(name, tensor) }
  }

  private func resume(_ resumed: TrainedModel) throws {
    guard let checkpoint = resumed.checkpoint else {
      throw TrainingError.otherRun(
        setting: "the file", found: "a model without a checkpoint", expected: "a training run")
    }
    for (name, value) in settings.sorted(by: { $0.key < $1.key })
    where checkpoint.settings[name] != value {
      throw TrainingError.otherRun(
        setting: name, found: value, expected: checkpoint.settings[name] ?? "none")
    }
    let parameters = checkpoint.parameters ?? resumed.parameters
    try parameters.check(against: declarations)
    for (name, tensor) in parameters { try variables.set(name, tensor) }
    for name in stateNames {
      guard let state = checkpoint.states[name] else {
        throw TrainingError.data("the checkpoint lacks the optimizer's \(name)")
      }
      try variables.set(name, state)
    }
    progress = checkpoint.progress
    for (name, type) in carried where progress.batch > 0 {
      guard let value = checkpoint.states[name], value.type == type else {
        throw TrainingError.data("the checkpoint lacks what batches leave to one another: \(name)")
      }
      try variables.set(name, value)
    }
    // The settings are equal, and with them the batches of an epoch.
    guard progress.batch <= batchCount,
      progress.step == progress.epoch * batchCount + progress.batch,
      progress.lossRows == min(progress.batch * batchSize, epochRows)
    else {
      throw TrainingError.data(
        "the checkpoint's progress is damaged: found epoch \(progress.epoch), batch "
          + "\(progress.batch), step \(progress.step), \(progress.lossRows) rows; "
          + "expected epochs of \(batchCount) batches with \(epochRows) rows")
    }
    // Patience may be another than before.
    if options.patience == nil { (progress.bestEpoch, progress.bestLoss) = (nil, nil) }
    if progress.bestEpoch != nil { best = resumed.parameters }
    // A finished run goes on where more epochs or more patience are asked for.
    let waited = progress.epoch - (progress.bestEpoch ?? progress.epoch)
    switch progress.end {
    case .completed where progress.epoch < options.epochs: progress.end = nil
    case .stoppedEarly where waited < options.patience ?? .max: progress.end = nil
    default: break
    }
    if progress.end != .converged { progress.endReason = nil }
  }

  // MARK: Running

  func run() throws -> TrainingResult {
    let hasEnded = progress.end != nil
    let start = TrainingStart(
      epochs: options.epochs, finishedEpochs: progress.epoch, stepsPerEpoch: batchCount,
      stepsLeft: hasEnded ? 0 : max(0, options.epochs * batchCount - progress.step),
      rows: training.count, precision: options.precision,
      parameterCount: declarations.trainedCount)
    if let step = steps[batchSize] { setup.observe(.compiled(step.executor.plan, start)) }
    setup.observe(.started(start))
    meter.end(.preparation)
    var isInterrupted = false
    while progress.epoch < options.epochs, progress.end == nil, !isInterrupted {
      isInterrupted = try runEpoch()
    }
    if progress.end == nil, progress.epoch >= options.epochs { progress.end = .completed }
    try checkParameters()
    try save()
    let trained = snapshot()
    let last = try validation.map { try final(trained).evaluate($0, for: trained) }
    meter.end(.validation)
    report.finish(
      trained, progress, validation: last, seconds: seconds(since: started), rowsSeen: rowsSeen,
      meter.times)
    return TrainingResult(model: trained, report: report, wasInterrupted: isInterrupted)
  }

  /// Trains from the current batch to the end of the epoch; true where it was asked to stop.
  private func runEpoch() throws -> Bool {
    let began = meter.now
    let order = options.order.batches(
      training.count, size: batchSize, epoch: progress.epoch, seed: options.seed)
    // The series begin anew with each epoch.
    for (name, type) in carried where progress.batch == 0 {
      try variables.set(name, .zeros(type.shape, type: type.scalarType))
    }
    while progress.batch < order.count {
      let next = progress.batch + 1
      try runBatch(order[progress.batch], next: next < order.count ? order[next] : [])
      tell()
      // An iteration over all rows is told with its epoch: no run stops between the two.
      guard fullBatch == nil else { break }
      if setup.shouldStop() { return true }
      try saveIfDue()
    }
    try finishEpoch(began)
    return fullBatch != nil && progress.end == nil && progress.epoch < options.epochs
      && setup.shouldStop()
  }

  private func runBatch(_ rows: ArraySlice<Int>, next: ArraySlice<Int>) throws {
    let loss: Double
    if let fullBatch {
      let iteration = try fullBatch.iterate()
      loss = iteration.loss
      if let reason = iteration.end { (progress.end, progress.endReason) = (.converged, reason) }
    } else {
      let step = try step(rows: rows.count)
      step.set(rate: learningRate() ?? 0, step: progress.step, seed: options.seed)
      loss = step.run(
        on: training.features, targets: training.targets, rows: rows, next: next
      ) { meter.end(.feeding) }
    }
    meter.end(.step)
    guard loss.isFinite else {
      throw TrainingError.diverged(
        epoch: progress.epoch + 1, batch: progress.batch + 1, loss: loss)
    }
    progress.step += 1
    progress.batch += 1
    progress.lossSum += loss * Double(rows.count)
    progress.lossRows += rows.count
    rowsSeen += rows.count
  }

  /// The learning rate of the step to come, or of an earlier one of this epoch; nil for rules that
  /// have none.
  private func learningRate(stepsBack: Int = 0) -> Double? {
    baseRate.map {
      $0
        * options.schedule.factor(
          step: progress.step - stepsBack, of: options.epochs * batchCount,
          epoch: Double(progress.epoch)
            + Double(progress.batch - stepsBack) / Double(batchCount))
    }
  }

  private func step(rows: Int) throws -> TrainingStep {
    if let step = steps[rows] { return step }
    let (traced, plan) = try plans.step("step \(rows)") { try program.training(batch: rows) }
    let step = try TrainingStep(
      traced, plan, rows: rows, variables: variables, pool: pool, threads: setup.threads)
    steps[rows] = step
    return step
  }

  private func finishEpoch(_ began: ContinuousClock.Instant) throws {
    var record = EpochRecord(
      epoch: progress.epoch + 1, learningRate: learningRate(stepsBack: 1),
      trainingLoss: progress.lossSum / Double(max(1, progress.lossRows)))
    if let validation {
      let evaluation = try evaluator.evaluate(validation, for: model)
      guard evaluation.loss.isFinite else {
        throw TrainingError.diverged(
          epoch: progress.epoch + 1, batch: progress.batch, loss: evaluation.loss)
      }
      record.validationLoss = evaluation.loss
      record.validationAccuracy = evaluation.accuracy
      record.validationRMSE = evaluation.regression?.rootMeanSquaredError
      meter.end(.validation)
    }
    if let figures = fullBatch?.figures, !figures.isEmpty { record.figures = figures }
    progress.history.append(record)
    progress.epoch += 1
    (progress.batch, progress.lossSum, progress.lossRows) = (0, 0, 0)
    watch(record)
    setup.observe(.epoch(record, seconds: seconds(since: began)))
    try saveIfDue()
  }

  /// Keeps the best parameters, and ends the run where the goal is reached or they have been the best
  /// for too long.
  private func watch(_ record: EpochRecord) {
    if let goal = options.goal, record.trainingLoss <= goal, progress.end == nil {
      (progress.end, progress.endReason) = (
        .converged, "the training loss was at most \(shortText(goal))"
      )
    }
    guard let patience = options.patience, let loss = record.validationLoss else { return }
    if loss < progress.bestLoss ?? .infinity {
      (progress.bestLoss, progress.bestEpoch) = (loss, record.epoch)
      best = parameters()
    } else if progress.end == nil, record.epoch - (progress.bestEpoch ?? 0) >= patience {
      progress.end = .stoppedEarly
    }
  }

  // MARK: Telling

  /// Reports the progress, ten times a second at most.
  private func tell() {
    guard seconds(since: lastTold) >= 0.1 else { return }
    lastTold = meter.now
    let speed = Double(rowsSeen) / max(1e-9, seconds(since: started))
    let left =
      epochRows * (options.epochs - progress.epoch) - min(progress.lossRows, epochRows)
    setup.observe(
      .progressed(
        BatchProgress(
          epoch: progress.epoch + 1, epochs: options.epochs, batch: progress.batch,
          batches: batchCount, loss: progress.lossSum / Double(max(1, progress.lossRows)),
          rowsPerSecond: speed, secondsLeft: Double(left) / speed)))
  }

  /// The time up to the last step, or whatever ended after it.
  func seconds(since start: ContinuousClock.Instant) -> Double {
    (meter.now - start) / .seconds(1)
  }

  /// An evaluator of the final parameters, which need not be the last.
  private func final(_ trained: TrainedModel) throws -> Evaluator {
    best == nil
      ? evaluator : try Evaluator(trained, threads: setup.threads, plans: plans)
  }
}
