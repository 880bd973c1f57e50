import Execution
import GraphIR
import Layers
import Tensors

/// A model's summary with the time that each layer's forward pass takes on a device.
public struct TimedSummary: Hashable, Sendable {
  /// The layers, their output shapes, parameters and floating-point operations.
  public let summary: ModelSummary
  public let device: Device
  public let precision: Device.Precision
  /// Rows of the batch that the times are for.
  public let batch: Int
  /// Seconds of each of the summary's rows, with those of the layers that it is made of.
  ///
  /// They are read from the plan: what it runs in one pass with another layer's work, such as an
  /// activation behind a product, is timed there and takes 0 of its own.
  public let seconds: [Double]
  /// Seconds of the whole forward pass.
  public let totalSeconds: Double
}

extension TimedSummary: CustomStringConvertible {
  /// The summary's table with a column of times, and the totals below.
  public var description: String {
    let rows = "a batch of \(batch.grouped)"
    let times = seconds.map { $0 == 0 ? "–" : QuantityText.seconds($0) }
    return summary.table(adding: ("time", times)) + "\n"
      + summary.totals + "\n"
      + "\(QuantityText.seconds(totalSeconds)) forward for \(rows), as estimated for \(device.title)"
  }
}

extension Layer {
  /// A table of the model's layers with the estimated time of a forward pass, beside output shapes,
  /// parameters and floating-point operations.
  ///
  /// ```swift
  /// let model = Sequential {
  ///   Dense(units: 16, activation: .sigmoid, name: "hidden")
  ///   Dense(units: 10)
  /// }
  /// print(try model.summary(input: [784], on: Devices.named("ryzen-9950x"), batch: 32))
  /// // layer   kind                      output  parameters   FLOPs     time
  /// // hidden  dense, 16 units, sigmoid  [16]        12,560  25,168  15.7 µs
  /// ```
  ///
  /// - Parameters:
  ///   - input: The shape of one example, without the batch axis.
  ///   - device: What it runs on: ``Devices/named(_:among:)``, or ``Devices/here(threads:)`` for this
  ///     machine.
  ///   - batch: Rows of the batch; 32 unless told otherwise.
  ///   - precision: What products are computed in.
  /// - Throws: `GraphError` where the model does not fit the input or itself; ``CostError`` where
  ///   `batch` is less than 1, or the device makes no sense or has no such precision;
  ///   `ExecutionError` where sizes are too large to count.
  public func summary(
    input: Shape, on device: Device, batch: Int = 32, precision: Device.Precision = .float32
  ) throws -> TimedSummary {
    guard batch >= 1 else {
      throw CostError.setting("batch", found: "\(batch)", expected: "1 or more")
    }
    if let problem = device.problem { throw CostError.file("\(device.name): \(problem)") }
    let summary = try summary(input: input)
    let builder = GraphBuilder()
    let type = TensorType(Shape([batch] + input.dimensions), .float32)
    builder.output(
      "output", trace(self, input: builder.input("input", type), training: false).output)
    let work = StepWork(of: try Plan(builder.finish()))
    let roofline = try Roofline(
      device, precision,
      touching: Double(work.memory.plannedTotal) * Double(precision.byteCount) / 4)
    let times = work.instructions.map(roofline.time)
    let layers = LayerCost.all(of: summary, work, times)
    return TimedSummary(
      summary: summary, device: device, precision: precision, batch: batch,
      seconds: zip(summary.rows, layers).map { $1.total.seconds },
      totalSeconds: times.reduce(0) { $0 + $1.seconds })
  }
}
