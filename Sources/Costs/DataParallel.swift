import GraphIR
import Tensors
import Training

/// Training by several devices, each with a share of the batch, that add their gradients up in a ring.
///
/// With N workers a step takes t(⌈b / N⌉) + t_c, t_c = 2 (N − 1) / N · G / L + 2 (N − 1) ℓ: the G bytes of
/// gradients go around twice in N pieces, over links of L bytes a second with the latency ℓ of each of the
/// 2 (N − 1) rounds. Nothing of it is hidden behind the backward pass.
///
/// Source: P. Patarasuk, X. Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations",
/// Journal of Parallel and Distributed Computing 69 (2009), doi:10.1016/j.jpdc.2008.09.002.
public struct DataParallel: Sendable {
  /// One number of workers.
  public struct Point: Hashable, Sendable {
    public let workers: Int
    /// Rows of each worker.
    public let batch: Int
    public let computeSeconds: Double
    public let communicationSeconds: Double
    /// How many times as fast as one worker.
    public let speedup: Double

    public var stepSeconds: Double { computeSeconds + communicationSeconds }
    /// The speed-up for each worker.
    public var efficiency: Double { speedup / Double(workers) }
  }

  public let points: [Point]

  /// The latency of one round, in seconds, unless told otherwise.
  public static let usualLatency = 5e-6

  /// The number of workers from which on more make the step no faster.
  public var limit: Point? {
    points.min { ($0.stepSeconds, $0.workers) < ($1.stepSeconds, $1.workers) }
  }

  /// - Parameters:
  ///   - batch: Rows of a step, of all workers together.
  ///   - workers: The largest number of workers; powers of two up to it are tried too.
  ///   - link: L, bytes a second of each worker's link.
  ///   - latency: ℓ, in seconds.
  /// - Throws: As ``CostEstimate/init(_:input:target:batch:samples:epochs:on:precision:)``, and where
  ///   there are more workers than rows.
  public init(
    _ trainer: Trainer, input: Shape, target: TensorType, batch: Int, workers: Int, link: Double,
    latency: Double = DataParallel.usualLatency, on device: Device,
    precision: Device.Precision = .float32
  ) throws {
    guard (1...max(1, batch)).contains(workers) else {
      throw CostError.setting(
        "workers", found: "\(workers)", expected: "1 to \(batch), the rows of the batch")
    }
    guard link > 0, link.isFinite else {
      throw CostError.setting("link", found: "\(link)", expected: "more than 0 bytes a second")
    }
    var first: Double?
    points = try BatchSweep.doublings(from: 1, through: workers).map { count in
      let share = (batch - 1) / count + 1
      let estimate = try CostEstimate(
        trainer, input: input, target: target, batch: share, samples: batch, epochs: 1, on: device,
        precision: precision)
      let gradients = Double(estimate.work.memory.gradients) * Double(precision.byteCount) / 4
      let rounds = Double(2 * (count - 1))
      let communication = rounds / Double(count) * gradients / link + rounds * latency
      let whole = estimate.stepSeconds + communication
      let alone = first ?? whole
      first = alone
      return Point(
        workers: count, batch: share, computeSeconds: estimate.stepSeconds,
        communicationSeconds: communication, speedup: alone / whole)
    }
  }
}

extension DataParallel: CustomStringConvertible {
  /// A line a number of workers, and where more do not pay.
  public var description: String {
    let rows = points.map { point in
      [
        point.workers.grouped, point.batch.grouped, QuantityText.seconds(point.computeSeconds),
        QuantityText.seconds(point.communicationSeconds), QuantityText.seconds(point.stepSeconds),
        QuantityText.digits(point.speedup) + "×",
        QuantityText.digits(100 * point.efficiency) + " %",
      ]
    }
    let table = alignedTable(
      [["workers", "rows each", "compute", "all-reduce", "step", "speed-up", "efficiency"]] + rows,
      numbers: [0, 1, 2, 3, 4, 5, 6])
    guard let limit, let last = points.last else { return table }
    return table
      + (limit.workers == last.workers
        ? "\nthe step is still the fastest with \(limit.workers.grouped) workers"
        : "\nmore than \(limit.workers.grouped) workers do not pay")
  }
}
