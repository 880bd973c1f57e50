import GraphIR
import Tensors

/// What this machine can do at most, measured: the speed of a large matrix product, and of memory.
///
/// ```swift
/// let ceilings = try Ceilings.measured()
/// print(ceilings.product / 1e9, "GFLOP/s")
/// ```
public struct Ceilings: Codable, Hashable, Sendable {
  /// The threads that took part.
  public let threads: Int
  /// Floating-point operations a second of a Float32 product of two square matrices.
  public let product: Double
  /// Bytes a second, read and written, of an element-wise pass over more than the caches hold.
  public let copy: Double

  /// The rows of the product's matrices.
  public static let productSize = 2048
  /// The bytes of the pass's tensor: 256 MiB.
  public static let copyBytes = 1 << 28

  /// Measures this machine: the best of several runs of each kind, after one that warms it up.
  ///
  /// - Parameters:
  ///   - threads: Threads to use; all processors by default.
  ///   - seconds: How long each kind is measured, at least; 1 unless told otherwise.
  public static func measured(threads: Int? = nil, seconds: Double = 1) throws -> Ceilings {
    let size = productSize
    let product = try best(threads, seconds, TensorType([size, size], .float32)) { x in
      x.matmul(x)
    }
    let copy = try best(threads, seconds, TensorType([copyBytes / 4], .float32)) { x in x + 1 }
    return Ceilings(
      threads: product.threads, product: 2 * Double(size * size * size) / product.seconds,
      copy: 2 * Double(copyBytes) / copy.seconds)
  }

  /// The shortest time of a function of one tensor.
  private static func best(
    _ threads: Int?, _ seconds: Double, _ type: TensorType, _ body: (Expression) -> Expression
  ) throws -> (seconds: Double, threads: Int) {
    let builder = GraphBuilder()
    builder.output("y", body(builder.input("x", type)))
    let executor = try Executor(Plan(builder.finish()), threads: threads)
    try executor.setInput("x", Tensor(filledWith: 0.5, shape: type.shape, type: type.scalarType))
    executor.runOnAll()
    let clock = ContinuousClock()
    var (best, total) = (Double.infinity, 0.0)
    while total < seconds {
      let start = clock.now
      executor.runOnAll()
      let time = (clock.now - start) / .seconds(1)
      best = min(best, time)
      total += max(time, 1e-6)
    }
    return (best, executor.pool.threads)
  }
}
