import Datasets
import Execution
import GraphIR
import Tensors
import Training

/// How long a training step takes on this machine.
public struct StepTime: Hashable, Sendable {
  /// The median of the times of blocks of steps, in seconds of one step.
  public let median: Double
  /// The least of them.
  public let best: Double

  /// Runs the step on the batch that it has, in blocks of about 2 ms.
  ///
  /// - Parameters:
  ///   - step: The step; its parameters move.
  ///   - seconds: How long to run it, at least.
  public init(of step: TrainingStep, seconds: Double) {
    var number = 0
    let times = blockTimes(block: 0.002, seconds: seconds, least: 5) {
      step.set(rate: step.rate, step: number)
      step.run()
      number += 1
    }
    median = times[times.count / 2]
    best = times[0]
  }

  /// How many runs fit a time, 3 to 1,000.
  public func runs(in seconds: Double) -> Int {
    Int(max(3, min(1000, seconds / max(median, 1e-9))))
  }
}

/// The times of one run, from those of blocks of runs, in ascending order.
///
/// - Parameters:
///   - block: How long a block takes, in seconds, at least.
///   - seconds: How long all of them take, at least.
///   - least: How many blocks there are, at least.
func blockTimes(block: Double, seconds: Double, least: Int, _ run: () -> Void) -> [Double] {
  let clock = ContinuousClock()
  func time(_ count: Int) -> Double {
    let start = clock.now
    for _ in 0..<count { run() }
    return (clock.now - start) / .seconds(1)
  }
  var count = 1
  while time(count) < block { count *= 2 }
  var (times, total): ([Double], Double) = ([], 0)
  while total < seconds || times.count < least {
    let elapsed = time(count)
    total += elapsed
    times.append(elapsed / Double(count))
  }
  return times.sorted()
}

extension Trainer {
  /// A compiled training step with a batch of random rows, to be timed: inputs from 0 to 1, or where
  /// the network looks them up, whole numbers that it knows; targets in turn.
  ///
  /// - Parameters:
  ///   - batch: Rows of the batch.
  ///   - input: The shape of one row.
  ///   - target: The type of one row's target.
  ///   - threads: Threads to use at most; all processors by default.
  /// - Throws: As ``Training/Trainer/step(batch:input:target:threads:)``.
  public func randomStep(batch: Int, input: Shape, target: TensorType, threads: Int? = nil) throws
    -> TrainingStep
  {
    let step = try step(batch: batch, input: input, target: target, threads: threads)
    let rate = step.rate
    let tokens = step.executor.plan.graph.tokens
    var random = RandomStream(seed: 1, name: "bench")
    let shape = Shape([batch] + input.dimensions)
    let inputs = (0..<shape.count).map { _ in
      tokens.map { Float(Int(random.uniform() * Double($0))) } ?? Float(random.uniform())
    }
    let classes = try Int32(max(1, model.outputShape(input: input).dimensions.last ?? 1))
    let targets = Shape([batch] + target.shape.dimensions)
    try step.set(
      Batch(
        inputs: Tensor(inputs, shape: shape),
        targets: target.scalarType == .int32
          ? Tensor((0..<targets.count).map { Int32($0) % classes }, shape: targets)
          : .zeros(targets, type: target.scalarType)))
    step.set(rate: rate, step: 0)
    return step
  }
}

extension Graph {
  /// The entries of the table that the input's numbers are looked up in; nil where there is none.
  fileprivate var tokens: Int? {
    var isInput = [Bool](repeating: false, count: nodes.count)
    for node in nodes {
      switch node.content {
      case .input(let name): isInput[node.id] = name == StepNames.rows
      case .operation(let operation, let inputs):
        if let gather = operation as? Gather, isInput[inputs[1]] {
          return nodes[inputs[0]].type.shape[gather.axis]
        }
        isInput[node.id] =
          (operation is Cast || operation.structure == .view) && inputs.contains { isInput[$0] }
      case .variable, .constant: break
      }
    }
    return nil
  }
}
