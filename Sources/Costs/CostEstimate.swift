import Execution
import GraphIR
import Layers
import Tensors
import Training

/// How long a network takes to train on a device, worked out from its graph.
///
/// ```swift
/// let trainer = Trainer(model, loss: CrossEntropy(), optimizer: Adam())
/// let estimate = try CostEstimate(
///   trainer, input: [784], target: TensorType([], .int32), batch: 64, samples: 60_000, epochs: 10,
///   on: Devices.named("h100"))
/// print(estimate.stepSeconds, estimate.runSeconds)
/// ```
public struct CostEstimate: Sendable {
  public let device: Device
  public let precision: Device.Precision
  /// Rows of a batch.
  public let batch: Int
  /// Rows of an epoch.
  public let samples: Int
  public let epochs: Int
  /// The optimizer, in words.
  public let optimizer: String
  /// The numbers in all trained parameters.
  public let parameters: Int
  /// The work of a step.
  public let work: StepWork
  /// The times of the work's instructions, in their order.
  public let times: [InstructionTime]
  /// The layers, each followed by those that it is made of, and at the end what is no layer's.
  public let layers: [LayerCost]
  /// What the device is for this step.
  public let roofline: Roofline

  /// Estimates training.
  ///
  /// - Parameters:
  ///   - trainer: The network, its loss and its optimizer.
  ///   - input: The shape of one row.
  ///   - target: The type of one row's target: `TensorType([], .int32)` for a class number.
  ///   - batch: Rows of a batch.
  ///   - samples: Rows of an epoch.
  ///   - epochs: How often every row is seen.
  ///   - device: What it runs on.
  ///   - precision: What products are computed in; the numbers in memory have its size.
  /// - Throws: ``CostError``; `GraphError` where the network does not fit its input or target;
  ///   `TrainingError` and `ExecutionError` as `Trainer.plan`.
  public init(
    _ trainer: Trainer, input: Shape, target: TensorType, batch: Int, samples: Int, epochs: Int,
    on device: Device, precision: Device.Precision = .float32
  ) throws {
    for (name, value) in [("batch", batch), ("samples", samples), ("epochs", epochs)]
    where value < 1 {
      throw CostError.setting(name, found: "\(value)", expected: "1 or more")
    }
    let plan = try trainer.plan(batch: batch, input: input, target: target)
    try self.init(
      StepWork(of: plan), summary: trainer.model.summary(input: input),
      optimizer: trainer.optimizer.description, batch: batch, samples: samples, epochs: epochs,
      on: device, precision: precision)
  }

  init(
    _ work: StepWork, summary: ModelSummary, optimizer: String, batch: Int, samples: Int,
    epochs: Int,
    on device: Device, precision: Device.Precision
  ) throws {
    if let problem = device.problem { throw CostError.file("\(device.name): \(problem)") }
    let scale = Double(precision.byteCount) / 4
    roofline = try Roofline(
      device, precision, touching: Double(work.memory.plannedTotal) * scale)
    times = work.instructions.map(roofline.time)
    layers = LayerCost.all(of: summary, work, times)
    parameters = summary.parameterCount
    (self.device, self.precision, self.optimizer) = (device, precision, optimizer)
    (self.batch, self.samples, self.epochs, self.work) = (batch, samples, epochs, work)
  }

  /// Seconds of one step.
  public var stepSeconds: Double { times.reduce(0) { $0 + $1.seconds } }
  /// Steps of one epoch, ⌈samples / batch⌉.
  public var stepsPerEpoch: Int { (samples - 1) / batch + 1 }
  /// Seconds of one epoch. The last batch is counted as a full one.
  public var epochSeconds: Double { Double(stepsPerEpoch) * stepSeconds }
  /// Seconds of all epochs.
  public var runSeconds: Double { Double(epochs) * epochSeconds }
  /// Floating-point operations of one step.
  public var flops: Int { WorkPhase.allCases.reduce(0) { $0.sum(work.flops($1)) } }
  /// Rows a second.
  public var throughput: Double { Double(batch) / stepSeconds }

  /// The bytes of memory that the device needs, of numbers in its precision.
  public var memoryBytes: Double {
    Double(device.kind == .cpu ? work.memory.plannedTotal : work.memory.total)
      * Double(precision.byteCount) / 4
  }

  /// Whether the device's memory holds the step; true where its size is not known.
  public var fits: Bool { device.memory.map { memoryBytes <= $0 } ?? true }
}
