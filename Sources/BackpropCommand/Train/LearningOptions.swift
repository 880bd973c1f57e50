import ArgumentParser
import Backprop
import Foundation

/// How the network learns.
struct LearningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The optimizer: one of " + Optimizers.names.joined(separator: ", ") + ".",
      valueName: "name"), completion: Completions.optimizers)
  var optimizer = "adam"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The learning rate (default: the optimizer's own).", valueName: "rate"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The optimizer's momentum, 0 to below 1 (default: the optimizer's own; sgd with momentum "
        + "is the optimizer momentum).", valueName: "factor"))
  var momentum: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The optimizer's weight decay (default: the optimizer's own).", valueName: "factor"))
  var weightDecay: Double?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any other setting of the optimizer by its name, such as beta1=0.8 or regularization=bayesian. "
        + "May be given more than once.", valueName: "name=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "How the learning rate changes: " + Schedules.all.map { $0.usage }.joined(separator: "; ")
        + ".", valueName: "schedule"), completion: .list(Schedules.kinds))
  var schedule = "constant"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows of a step, or all (default: 32; all for optimizers that compare gradients or move all "
        + "weights at once).",
      valueName: "rows"),
    transform: BatchSize.init(parsing:))
  var batch: BatchSize?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many times every row is seen (default: as often as makes "
        + "\(Self.fewestSteps.grouped) steps, "
        + "at least \(Self.defaultEpochs.lowerBound), at most "
        + "\(Self.defaultEpochs.upperBound); \(Self.defaultIterations) for optimizers that move all "
        + "weights at once, whose epochs are iterations).", valueName: "number"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stops after so many epochs without a better validation loss, and keeps the best "
        + "parameters (default: never).", valueName: "epochs"))
  var patience: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stops after an epoch whose training loss is at most this (default: never).",
      valueName: "loss"))
  var goal: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "λ of the penalty λ Σ|w| over the weights, not the biases.", valueName: "factor"))
  var l1 = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "λ of the penalty ½ λ Σw² over the weights, not the biases; auto, or several with commas "
        + "between them, are tried by cross-validation (--folds), and the best is taken (default: 0).",
      valueName: "factor"),
    transform: PenaltyChoice.init(parsing:))
  var l2 = PenaltyChoice.fixed(0)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Scales all gradients down together where their common norm is above this.",
      valueName: "norm"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How features are scaled: none, standard, min-max, or a number to divide by (default: as "
        + "suits the data; standard for tables).", valueName: "kind"),
    completion: .list(["none", "standard", "min-max"]))
  var scaling: String?

  @Option(
    help: ArgumentHelp(
      "How targets that are numbers are scaled; metrics stay in their own units (default: "
        + "standard for tables and time series with linear outputs, else none).", valueName: "kind")
  )
  var scaleTargets: TargetScaling?

  @Flag(help: "Takes the rows in their own order in every epoch.")
  var noShuffle = false

  @Flag(
    help: """
      Takes the rows of a text in order, each place of a batch following its own part of it: for \
      networks whose recurrent layers carry their state from batch to batch.
      """)
  var streams = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where all random numbers start: those of the division of the rows, the initial "
        + "parameters, the order of rows, and dropout (default: 0).", valueName: "number"),
    transform: { text in
      guard let seed = UInt64(text) else {
        throw UsageError("expected a whole number, 0 to \(UInt64.max)")
      }
      return seed
    })
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The numbers that the network computes in (default: float32; float64 for optimizers that move "
        + "all weights at once).", valueName: "type"))
  var precision: Precision?

  func validate() throws {
    func check(_ condition: Bool, _ option: String, _ found: String, _ expected: String) throws {
      guard condition else {
        throw ValidationError("\(option): found \(found), expected \(expected)")
      }
    }
    try check(
      (0...1_000_000_000).contains(epochs ?? 0), "--epochs", "\(epochs ?? 0)", "0 to 1,000,000,000")
    if streams, noShuffle {
      throw ValidationError("--streams and --no-shuffle are different orders of the rows")
    }
    try check((patience ?? 1) >= 1, "--patience", "\(patience ?? 0)", "1 or more epochs")
    try check((goal ?? 0).isFinite, "--goal", "\(goal ?? 0)", "a finite number")
    try check(l1 >= 0 && l1.isFinite, "--l1", "\(l1)", "0 or more")
    if let stray = l2.stray { try check(false, "--l2", "\(stray)", "0 or more") }
    if let scaling {
      try check(
        Scaling.Kind(name: scaling) != nil, "--scaling", "\"\(scaling)\"",
        "none, standard, min-max, or a number to divide by")
    }
    try checkingUsage {
      _ = try makeOptimizer()
      _ = try Schedules.parsed(schedule)
      try clipping.check()
    }
    guard let kind = fullBatchKind else { return }
    let more = ": \(kind) moves all weights at once"
    try check(clipNorm == nil, "--clip-norm", "\(clipNorm ?? 0)", "none" + more)
    try check(
      try Schedules.parsed(schedule).schedule is ConstantSchedule, "--schedule", schedule,
      "none" + more)
    try check(!streams, "--streams", "the flag", "none" + more)
  }

  private var clipping: GradientClipping { clipNorm.map { .norm($0) } ?? .none }

  /// The optimizer, with what was said of it.
  func makeOptimizer() throws -> any TrainingRule {
    let isPlain = optimizer.lowercased() == SGD.kind && momentum != nil
    var box = try Optimizers.named(
      isPlain ? Momentum.kind : optimizer, learningRate: learningRate)
    if let momentum { box = try box.setting("momentum", to: momentum, "--momentum") }
    if let weightDecay { box = try box.setting("weightDecay", to: weightDecay, "--weight-decay") }
    for setting in settings { box = try box.setting(setting) }
    return box.optimizer
  }

  /// Whether the optimizer moves all weights at once. (What was refused has been said before.)
  private var isFullBatch: Bool { fullBatchKind != nil }

  /// The optimizer's name where it moves all weights at once.
  private var fullBatchKind: String? {
    (try? makeOptimizer()).flatMap { $0 is any FullBatchRule ? type(of: $0).kind : nil }
  }

  /// Rows of a step, as they were asked for or as the optimizer needs them; nil for all.
  private func batchSize(for optimizer: (any TrainingRule)?) -> Int? {
    (batch ?? (optimizer?.needsFullBatch == true ? .all : .rows(32))).count
  }

  /// A remark where batches do not suit the optimizer.
  func batchHint(_ optimizer: any TrainingRule, rows: Int) -> String? {
    guard !isFullBatch, optimizer.needsFullBatch, let size = batchSize(for: optimizer), size < rows
    else { return nil }
    return "\(type(of: optimizer).kind) compares the gradients of successive steps, which with "
      + "--batch \(size) are of different rows; --batch all is what it is made for"
  }

  /// A small data set takes many epochs to make enough steps.
  private static let fewestSteps = 2000
  private static let defaultEpochs = 20...500
  private static let defaultIterations = 200

  private func epochs(rows: Int, batchSize: Int?) -> Int {
    if let epochs { return epochs }
    if isFullBatch { return Self.defaultIterations }
    let size = min(batchSize ?? rows, rows)
    let stepsPerEpoch = max(1, (rows + size - 1) / max(1, size))
    let wanted = (Self.fewestSteps + stepsPerEpoch - 1) / stepsPerEpoch
    return min(max(wanted, Self.defaultEpochs.lowerBound), Self.defaultEpochs.upperBound)
  }

  /// All settings but the optimizer's, for so many training rows.
  func trainingOptions(rows: Int, targetScaling: Scaling.Kind) throws -> TrainingOptions {
    let batchSize = batchSize(for: try? makeOptimizer())
    if let kind = fullBatchKind, let batchSize, batchSize < rows {
      throw UsageError(
        "--batch: found \(batchSize), expected all \(rows.grouped) rows: \(kind) moves all weights "
          + "at once")
    }
    let precision = precision ?? (isFullBatch ? .float64 : .float32)
    var options = TrainingOptions(
      epochs: epochs(rows: rows, batchSize: batchSize), batchSize: batchSize, clipping: clipping,
      l1: l1, l2: l2.number,
      order: streams ? .streams : noShuffle ? .sequential : .shuffled, patience: patience,
      goal: goal, scaling: scaling.flatMap { Scaling.Kind(name: $0) },
      targetScaling: scaleTargets?.kind ?? targetScaling, precision: precision.type, seed: seed)
    options.schedule = try Schedules.parsed(schedule)
    return options
  }
}
