import Datasets
import Execution
import GraphIR
import Tensors

/// A step over small batches of rows, compiled once for each size of batch: rows in, variables changed
/// in place.
final class BatchStep {
  /// What a step is written with.
  struct Parts {
    let builder: GraphBuilder
    /// [batch, columns].
    let rows: Expression
    /// The learning rate, a scalar of the rows' type.
    let rate: Expression
    /// What random numbers are made from; another one in each step.
    let key: Expression

    var batch: Int { rows.shape[0] }

    /// A variable of the rows' element type.
    func variable(_ name: String, _ shape: Shape) -> Expression {
      builder.variable(name, TensorType(shape, rows.scalarType))
    }
  }

  let variables = VariableStore()
  private let rows: Tensor
  private let batchSize: Int
  private let seed: UInt64
  private let write: (Parts) -> Void
  private var executors: [Int: Executor] = [:]
  private var step = 0

  /// - Parameters:
  ///   - rows: [rows, columns], Float32 or Float64, which is what the step computes in.
  ///   - batchSize: Rows of a step; the last one of an epoch may have fewer.
  ///   - write: Writes the step, and has it update variables.
  init(rows: Tensor, batchSize: Int, seed: UInt64, write: @escaping (Parts) -> Void) {
    self.rows = rows
    self.batchSize = min(batchSize, rows.shape[0])
    self.seed = seed
    self.write = write
  }

  /// One step for each batch.
  ///
  /// - Parameter order: The rows' places in the order in which they are taken.
  /// - Throws: `GraphError` where the step does not fit its rows.
  func epoch(_ order: [Int], rate: Double) throws {
    for start in stride(from: 0, to: order.count, by: batchSize) {
      try run(order[start..<min(start + batchSize, order.count)], rate: rate)
    }
  }

  private func run(_ batch: ArraySlice<Int>, rate: Double) throws {
    let executor = try executor(batch.count)
    let rowBytes = rows.type.byteCount / rows.shape[0]
    try rows.withUnsafeBytes { source in
      try executor.withInput("rows") { target in
        for (place, row) in batch.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: target[(place * rowBytes)...])
            .copyMemory(
              from: UnsafeRawBufferPointer(rebasing: source[row * rowBytes..<(row + 1) * rowBytes]))
        }
      }
    }
    try executor.setInput("rate", Tensor(rate, type: rows.scalarType))
    try executor.setInput("key", randomKey(seed: seed, step: step))
    executor.run()
    step += 1
  }

  private func executor(_ batch: Int) throws -> Executor {
    if let executor = executors[batch] { return executor }
    let builder = GraphBuilder()
    let type = rows.scalarType
    write(
      Parts(
        builder: builder, rows: builder.input("rows", TensorType([batch, rows.shape[1]], type)),
        rate: builder.input("rate", TensorType(.scalar, type)),
        key: builder.input("key", TensorType([4], .int32))))
    let executor = try Executor(
      Plan(builder.finish()), variables: variables, pool: executors.values.first?.pool)
    executors[batch] = executor
    return executor
  }
}

/// The key from which the random numbers of a step are made.
func randomKey(seed: UInt64, step: Int) -> Tensor {
  Tensor(
    [seed & 0xFFFF_FFFF, seed >> 32, UInt64(step) & 0xFFFF_FFFF, UInt64(step) >> 32].map {
      Int32(truncatingIfNeeded: $0)
    } as [Int32])
}

/// 1 with the given probability, else 0; of numbers that each stream of a key has for itself.
func bernoulli(_ probability: Expression, key: Expression, stream: Int) -> Expression {
  uniformNoise(
    key: key, shape: probability.shape, type: probability.scalarType, stream: UInt32(stream))
    .< probability
}

/// What a layer of sigmoid units says of rows: σ(x W + b).
///
/// - Parameters:
///   - rows: [rows, columns].
///   - weights: [columns, units].
///   - bias: [units].
/// - Throws: `GraphError` where the sizes do not fit.
func sigmoidOutputs(_ rows: Tensor, weights: Tensor, bias: Tensor) throws -> Tensor {
  let (count, units) = (rows.shape[0], weights.shape[1])
  let chunk = min(count, 1000)
  var executors: [Int: Executor] = [:]
  var values: [Float] = []
  var wide: [Double] = []
  let isNarrow = rows.scalarType == .float32
  if isNarrow { values.reserveCapacity(count * units) } else { wide.reserveCapacity(count * units) }
  for start in stride(from: 0, to: count, by: max(chunk, 1)) {
    let part = min(chunk, count - start)
    if executors[part] == nil {
      let builder = GraphBuilder()
      let x = builder.input("x", TensorType([part, rows.shape[1]], rows.scalarType))
      builder.output(
        "y", sigmoid(x.matmul(builder.constant(weights)) + builder.constant(bias)))
      executors[part] = try Executor(Plan(builder.finish()), pool: executors.values.first?.pool)
    }
    guard let executor = executors[part] else { continue }
    try executor.setInput("x", rows.rows(Array(start..<start + part)))
    executor.run()
    let output = try executor.output("y")
    if isNarrow { values += output.floats } else { wide += output.doubles }
  }
  let shape = Shape([count, units])
  return isNarrow ? Tensor(values, shape: shape) : Tensor(wide, shape: shape)
}
