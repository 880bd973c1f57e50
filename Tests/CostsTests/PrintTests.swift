import Costs
import Documents
import GraphIR
import Layers
import Testing
import Training

@Test func prints() throws {
  let model = Sequential {
    Dense(units: 128, activation: .relu, name: "hidden")
    Dense(units: 10)
  }
  let trainer = Trainer(model, loss: CrossEntropy(), optimizer: Adam())
  let estimate = try CostEstimate(
    trainer, input: [784], target: TensorType([], .int32), batch: 64, samples: 60_000, epochs: 10,
    on: Devices.named("ryzen-9950x"))
  print(estimate)
  print(TextWriter(width: 100, usesColor: false).write(estimate.document(language: .chinese)))
  let net = BuiltInNetworks.named("resnet-50")!
  let t = Trainer(net.model, loss: net.loss, optimizer: Momentum())
  print(try CostEstimate(t, input: net.input, target: net.target, batch: 32, samples: net.samples, epochs: 90, on: Devices.named("a100"), precision: .tf32))
  print(try BatchSweep(trainer, input: [784], target: TensorType([], .int32), batches: BatchSweep.doublings(from: 1, through: 1024), on: Devices.named("h100")))
  print(try DataParallel(t, input: net.input, target: net.target, batch: 256, workers: 64, link: 12.5e9, on: Devices.named("a100")))
}
