import Charts
import GraphIR
import RealModule
import Tensors
import Training

/// Step time and throughput for a range of batch sizes.
public struct BatchSweep: Sendable {
  /// One batch size.
  public struct Point: Hashable, Sendable {
    public let batch: Int
    public let stepSeconds: Double
    /// Rows a second.
    public let throughput: Double
    /// Bytes of memory that the device needs.
    public let memoryBytes: Double
    public let fits: Bool
  }

  public let device: Device
  public let points: [Point]

  /// The share of the best throughput from which larger batches hardly pay.
  public static let kneeShare = 0.9

  /// The smallest batch that has nine tenths of the best throughput, among those that fit.
  public var knee: Point? {
    let fitting = points.filter(\.fits)
    guard let best = fitting.map(\.throughput).max() else { return nil }
    return fitting.first { $0.throughput >= Self.kneeShare * best }
  }

  /// Estimates a step for each batch size.
  ///
  /// - Throws: As ``CostEstimate/init(_:input:target:batch:samples:epochs:on:precision:)``.
  public init(
    _ trainer: Trainer, input: Shape, target: TensorType, batches: [Int], on device: Device,
    precision: Device.Precision = .float32
  ) throws {
    self.device = device
    points = try batches.map { batch in
      let estimate = try CostEstimate(
        trainer, input: input, target: target, batch: batch, samples: batch, epochs: 1, on: device,
        precision: precision)
      return Point(
        batch: batch, stepSeconds: estimate.stepSeconds, throughput: estimate.throughput,
        memoryBytes: estimate.memoryBytes, fits: estimate.fits)
    }
  }

  /// The powers of two from the first to the last, and both ends.
  public static func doublings(from first: Int, through last: Int) -> [Int] {
    var (batches, batch) = ([Int](), first)
    while batch < last {
      batches.append(batch)
      batch = batch.times(2)
    }
    return batches + [last]
  }

  /// Rows a second over the batch size, with the knee marked.
  public var chart: LineChart {
    LineChart(
      title: "\(device.title): throughput by batch size", xLabel: "log₂ of the rows of a batch",
      yLabel: "rows a second",
      series: [Series("", points: points.map { (logarithm($0.batch), $0.throughput) })],
      marks: knee.map { [Mark(x: logarithm($0.batch), label: "knee: \($0.batch)")] } ?? [])
  }

  /// Seconds of a step over the batch size.
  public var timeChart: LineChart {
    LineChart(
      title: "\(device.title): time of a step by batch size", xLabel: "log₂ of the rows of a batch",
      yLabel: "seconds",
      series: [Series("", points: points.map { (logarithm($0.batch), $0.stepSeconds) })],
      logarithmicY: true)
  }

  private func logarithm(_ batch: Int) -> Double { Double.log2(Double(batch)) }
}

extension BatchSweep: CustomStringConvertible {
  /// A line a batch size, and the knee below.
  public var description: String {
    let rows = points.map { point in
      [
        point.batch.grouped, QuantityText.seconds(point.stepSeconds),
        QuantityText.count(point.throughput),
        QuantityText.bytes(point.memoryBytes), point.fits ? "" : "does not fit",
      ]
    }
    let table = alignedTable(
      [["batch", "step", "rows/s", "memory", ""]] + rows, numbers: [0, 1, 2, 3])
    guard let knee else { return table }
    return table + "\nknee: batch \(knee.batch.grouped) has nine tenths of the best throughput"
  }
}
