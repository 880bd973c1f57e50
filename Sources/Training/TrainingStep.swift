import Datasets
import Execution
import GraphIR
import Layers
import Tensors

/// A compiled training step for batches of one size: forward, loss, backward, update.
///
/// ``Trainer/step(batch:input:target:threads:)`` makes one for a training loop of your own; a run
/// of ``Trainer/fit(_:validation:_:)`` uses it too.
public final class TrainingStep {
  /// What runs, and the parameters.
  public let executor: Executor
  /// The names of the inputs that belong to the update alone.
  package static let updateInputs: Set<String> = [
    StepProgram.Name.learningRate, StepProgram.Name.step,
  ]
  /// The name of the rows' input.
  package static let rowsInput = StepProgram.Name.input
  /// The learning rate of the last step.
  public var rate: Double { rateInput.pointee }

  private let features: UnsafeMutableRawBufferPointer
  private let targets: UnsafeMutableRawBufferPointer
  /// What can copy a batch's rows itself.
  private let picker: ColumnStep?
  private let rateInput: UnsafeMutablePointer<Double>
  private let stepInput: UnsafeMutablePointer<Double>
  private let randomKey: UnsafeMutablePointer<UInt32>?
  private let loss: UnsafeRawPointer
  private let precision: ScalarType

  init(
    _ traced: StepProgram.Traced, _ plan: Plan, rows: Int, variables: VariableStore,
    pool: ThreadPool?, threads: Int?
  ) throws {
    try traced.setStartingStates(in: variables)
    executor = try Executor(plan, variables: variables, pool: pool, threads: threads)
    features = try executor.withInput(StepProgram.Name.input) { $0 }
    picker = executor.columnStep(reading: StepProgram.Name.input)
    targets = try executor.withInput(StepProgram.Name.target) { $0 }
    rateInput = try Self.address(executor, StepProgram.Name.learningRate)
    stepInput = try Self.address(executor, StepProgram.Name.step)
    let isRandom = traced.graph.inputs.contains { $0.name == Scope.randomKeyName }
    randomKey = isRandom ? try Self.address(executor, Scope.randomKeyName) : nil
    let bytes = try executor.outputBytes(StepProgram.Name.loss)
    guard let base = bytes.baseAddress else {
      throw TrainingError.data("the loss has no elements")
    }
    loss = base
    precision = bytes.count == 4 ? .float32 : .float64
  }

  private static func address<T>(_ executor: Executor, _ name: String) throws
    -> UnsafeMutablePointer<T>
  {
    try executor.withInput(name) { bytes in
      guard let base = bytes.baseAddress, bytes.count >= MemoryLayout<T>.size else {
        throw TrainingError.data("\(name) has no elements")
      }
      return base.assumingMemoryBound(to: T.self)
    }
  }

  /// Sets a batch. Floating-point numbers are rounded to the step's precision; nothing is scaled.
  ///
  /// - Throws: `ExecutionError` where the shapes are not those that the step was compiled for.
  public func set(_ batch: Batch) throws {
    func fitted(_ tensor: Tensor) -> Tensor {
      tensor.scalarType.isFloatingPoint ? tensor.cast(to: precision) : tensor
    }
    try executor.setInput(StepProgram.Name.input, fitted(batch.inputs))
    try executor.setInput(StepProgram.Name.target, fitted(batch.targets))
  }

  /// Runs the step on a batch's rows, which are copied to where it reads them, and has those of the
  /// batch to come fetched; returns the loss before its update.
  ///
  /// - Parameter begin: Called before the step begins: after the rows were copied, unless the step does
  ///   that itself.
  func run(
    on features: FeatureRows, targets: Tensor, rows: ArraySlice<Int>, next: ArraySlice<Int>,
    begin: () -> Void
  ) -> Double {
    executor.pool.gather(rows, next: next, of: targets, into: self.targets)
    func pick(then step: ColumnStep? = nil) {
      features.gather(rows, next: next, into: self.features, by: executor.pool, then: step)
    }
    if let picker {
      begin()
      executor.run(picker) { pick(then: picker) }
      return lossOfRun
    }
    pick()
    begin()
    return run()
  }

  /// Sets what changes from step to step: the learning rate, the step's number (from 0), and with
  /// it the random numbers.
  public func set(rate: Double, step: Int, seed: UInt64 = 0) {
    rateInput.pointee = rate
    stepInput.pointee = Double(step + 1)
    if let randomKey {
      randomKey[0] = UInt32(truncatingIfNeeded: seed)
      randomKey[1] = UInt32(truncatingIfNeeded: seed >> 32)
      randomKey[2] = UInt32(truncatingIfNeeded: step)
      randomKey[3] = UInt32(truncatingIfNeeded: step >> 32)
    }
  }

  /// Runs the step on the batch that is set, and returns the loss before its update.
  @discardableResult
  public func run() -> Double {
    executor.run()
    return lossOfRun
  }

  private var lossOfRun: Double {
    precision == .float32 ? Double(loss.load(as: Float.self)) : loss.load(as: Double.self)
  }
}

extension Trainer {
  /// A compiled training step, with initial parameters, for a training loop of your own.
  ///
  /// - Parameters:
  ///   - batch: Rows of a batch.
  ///   - input: The shape of one row.
  ///   - target: The type of one row's target: `TensorType([], .int32)` for a class number.
  ///   - threads: Threads to use at most; all processors by default.
  /// - Throws: ``TrainingError`` where a setting makes no sense, or the rule moves all weights at
  ///   once; `GraphError` where the network does not fit its input or target.
  public func step(batch: Int, input: Shape, target: TensorType, threads: Int? = nil) throws
    -> TrainingStep
  {
    try options.validate()
    let optimizer = try Optimizers.batchwise(optimizer)
    try optimizer.check()
    let program = program(input, target)
    let variables = VariableStore()
    try setInitialParameters(variables, input: input)
    returnFreeMemory()
    let traced = try program.training(batch: batch)
    let step = try TrainingStep(
      traced, Plan(traced.graph), rows: batch, variables: variables, pool: nil, threads: threads)
    step.set(rate: optimizer.learningRate, step: 0, seed: options.seed)
    return step
  }

  private func setInitialParameters(_ variables: VariableStore, input: Shape) throws {
    let parameters = try model.initialParameters(
      input: input, type: options.precision, seed: options.seed)
    for (name, tensor) in parameters { try variables.set(name, tensor) }
  }
}
