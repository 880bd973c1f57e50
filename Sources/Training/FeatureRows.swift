import Datasets
import Execution
import Tensors

/// The features of many rows, scaled, as batches are picked from them.
///
/// Many rows of bytes – images – stay bytes, and become scaled numbers on their way into a batch: the
/// bits are the same, and a shuffled epoch fetches a quarter of the memory.
enum FeatureRows {
  case numbers(Tensor)
  case bytes(ByteRows)

  /// Below this count the numbers stay in the caches as they are.
  private static let manyNumbers = 1 << 20

  /// - Throws: `DatasetError` where the features do not fit the scaling.
  init(_ features: Tensor, scaling: Scaling, precision: ScalarType) throws {
    if features.count >= Self.manyNumbers, let divisor = scaling.uniformDivisor,
      let rows = ByteRows(features, dividedBy: divisor, type: precision)
    {
      self = .bytes(rows)
    } else {
      self = .numbers(try scaling.apply(to: features).cast(to: precision))
    }
  }

  /// [rows] + the shape of one.
  var shape: Shape {
    switch self {
    case .numbers(let tensor): tensor.shape
    case .bytes(let rows): rows.shape
    }
  }

  /// Writes rows, in the order of their numbers, to the start of `destination`, and has the rows of
  /// the batch to come, `next`, fetched; with a `step` to follow, runs that.
  func gather(
    _ rows: ArraySlice<Int>, next: ArraySlice<Int> = [],
    into destination: UnsafeMutableRawBufferPointer, by pool: ThreadPool,
    then step: ColumnStep? = nil
  ) {
    switch self {
    case .numbers(let tensor):
      pool.gather(rows, next: next, of: tensor, into: destination, then: step)
    case .bytes(let source):
      pool.gather(rows, next: next, of: source, into: destination, then: step)
    }
  }

  /// Runs a plan on neighboring rows as its input: numbers are read where they lie.
  ///
  /// - Throws: `ExecutionError` where the plan has no such input.
  func run(_ executor: Executor, _ input: String, _ rows: Range<Int>) throws {
    switch self {
    case .numbers(let tensor):
      let rowBytes = tensor.type.byteCount / max(1, tensor.shape[0])
      try tensor.withUnsafeBytes { bytes in
        let part = bytes[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes]
        try executor.run(input, at: UnsafeRawBufferPointer(rebasing: part))
      }
    case .bytes:
      try executor.withInput(input) { gather(Array(rows)[...], into: $0, by: executor.pool) }
      executor.run()
    }
  }

  /// The memory that stands for these numbers.
  func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    switch self {
    case .numbers(let tensor): try tensor.withUnsafeBytes(body)
    case .bytes(let rows): try body(rows.buffer)
    }
  }
}

extension Scaling {
  /// What every feature is divided by, where that is all the scaling does.
  fileprivate var uniformDivisor: Double? {
    switch self {
    case .none: 1
    case .divide(let divisor): divisor
    case .standard, .minMax: nil
    }
  }
}
