import Datasets
import Tensors

/// The settings of a training run that are neither the network nor the data.
///
/// Two runs with the same settings, data and machine end in the same bits, at any number of
/// threads.
public struct TrainingOptions: Codable, Hashable, Sendable {
  /// How many times every row is seen.
  public var epochs: Int
  /// Rows of one step: 1 for online training, nil for all rows (full batch).
  public var batchSize: Int?
  /// How the learning rate changes over the run.
  public var schedule: ScheduleBox
  /// What is done to large gradients.
  public var clipping: GradientClipping
  /// λ₁ of the penalty λ₁ Σ|w| over the weights (not the biases).
  public var l1: Double
  /// λ₂ of the penalty ½ λ₂ Σw² over the weights (not the biases).
  public var l2: Double
  /// In which order the rows come; in a new random one in every epoch unless told otherwise.
  public var order: RowOrder
  /// Stops after this many epochs without a better validation loss, and takes the best
  /// parameters; nil never stops early.
  public var patience: Int?
  /// Ends the run after an epoch whose training loss is at most this; nil goes on.
  public var goal: Double?
  /// How the features are scaled; nil as suits the data set.
  public var scaling: Scaling.Kind?
  /// How the targets of a regression are scaled; metrics stay in the targets' own units.
  public var targetScaling: Scaling.Kind
  /// The type that the network computes in.
  public var precision: ScalarType
  /// Where all random numbers start: initial parameters, orders, dropout.
  public var seed: UInt64

  public init(
    epochs: Int = 20, batchSize: Int? = 32, schedule: some Schedule = ConstantSchedule(),
    clipping: GradientClipping = .none, l1: Double = 0, l2: Double = 0,
    order: RowOrder = .shuffled, patience: Int? = nil, goal: Double? = nil,
    scaling: Scaling.Kind? = nil,
    targetScaling: Scaling.Kind = .none, precision: ScalarType = .float32, seed: UInt64 = 0
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.schedule = ScheduleBox(schedule)
    self.clipping = clipping
    self.l1 = l1
    self.l2 = l2
    self.order = order
    self.patience = patience
    self.goal = goal
    self.scaling = scaling
    self.targetScaling = targetScaling
    self.precision = precision
    self.seed = seed
  }

  /// Settings for a ``FullBatchRule``: all rows in one batch, and Float64, in which its steps are
  /// decided. An epoch is an iteration of the rule.
  public static func fullBatch(
    epochs: Int = 200, l1: Double = 0, l2: Double = 0, patience: Int? = nil,
    scaling: Scaling.Kind? = nil, targetScaling: Scaling.Kind = .none, seed: UInt64 = 0
  ) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: nil, l1: l1, l2: l2, order: .sequential, patience: patience,
      scaling: scaling, targetScaling: targetScaling, precision: .float64, seed: seed)
  }

  /// More epochs than anybody can wait for, and few enough to count steps with.
  private static let mostEpochs = 1_000_000_000

  /// - Throws: ``TrainingError`` where a setting makes no sense.
  func validate() throws {
    func check(_ condition: Bool, _ setting: String, _ found: String, _ expected: String) throws {
      guard condition else {
        throw TrainingError.setting(name: setting, found: found, expected: expected)
      }
    }
    try schedule.schedule.check()
    try clipping.check()
    try check((0...Self.mostEpochs).contains(epochs), "epochs", "\(epochs)", "0 to 1,000,000,000")
    try check((batchSize ?? 1) >= 1, "batch size", "\(batchSize ?? 0)", "1 or more rows")
    try check(l1 >= 0 && l1.isFinite, "l1", "\(l1)", "0 or more")
    try check(l2 >= 0 && l2.isFinite, "l2", "\(l2)", "0 or more")
    try check((goal ?? 0).isFinite, "goal", (goal ?? 0).plainText, "a finite loss")
    try check((patience ?? 1) >= 1, "patience", "\(patience ?? 0)", "1 or more epochs")
    try check(precision.isFloatingPoint, "precision", "\(precision)", "float32 or float64")
  }
}
