import Datasets
import Execution
import GraphIR
import Layers
import Tensors

/// A compiled training step for batches of one size, with the addresses of what changes.
final class TrainingStep {
  let executor: Executor
  /// The learning rate of the last step.
  private(set) var rate = 0.0

  private let features: UnsafeMutableRawBufferPointer
  private let targets: UnsafeMutableRawBufferPointer
  private let rateInput: UnsafeMutablePointer<Double>
  private let stepInput: UnsafeMutablePointer<Double>
  private let randomKey: UnsafeMutablePointer<UInt32>?
  private let loss: UnsafeRawPointer
  private let lossType: ScalarType

  init(
    _ traced: StepProgram.Traced, rows: Int, variables: VariableStore, pool: ThreadPool?,
    threads: Int?
  ) throws {
    executor = try Executor(
      Plan(traced.graph), variables: variables, pool: pool, threads: threads)
    features = try executor.withInput(StepProgram.Name.input) { $0 }
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
    lossType = bytes.count == 4 ? .float32 : .float64
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

  /// Copies a batch's rows to where the step reads them.
  func set(features: Tensor, targets: Tensor, rows: ArraySlice<Int>) {
    features.gatherRows(rows, into: self.features)
    targets.gatherRows(rows, into: self.targets)
  }

  /// Sets what changes from step to step: the learning rate, the step's number (from 0), and with
  /// it the random numbers.
  func set(rate: Double, step: Int, seed: UInt64) {
    self.rate = rate
    rateInput.pointee = rate
    stepInput.pointee = Double(step + 1)
    if let randomKey {
      randomKey[0] = UInt32(truncatingIfNeeded: seed)
      randomKey[1] = UInt32(truncatingIfNeeded: seed >> 32)
      randomKey[2] = UInt32(truncatingIfNeeded: step)
      randomKey[3] = UInt32(truncatingIfNeeded: step >> 32)
    }
  }

  /// Runs the step and returns its loss.
  func run() -> Double {
    executor.run()
    return lossType == .float32
      ? Double(loss.load(as: Float.self)) : loss.load(as: Double.self)
  }
}
