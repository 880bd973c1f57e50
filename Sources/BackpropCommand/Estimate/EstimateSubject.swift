import Backprop
import Foundation

/// A network whose training is estimated.
struct EstimateSubject {
  let name: String
  let trainer: Trainer
  let input: Shape
  let target: TensorType
  /// The rows of the set that it was made for, where that is known.
  let samples: Int?

  /// The network that NETWORK names: a saved model, an architecture file or a built-in one.
  init(named name: String, input: Shape?, optimizer: any Optimizer) throws {
    if FileManager.default.fileExists(atPath: name) {
      if InfoCommand.isModel(name) {
        let model = try TrainedModel(contentsOf: name)
        try self.init(name, model.model, model.loss, input: model.inputShape, optimizer)
        return
      }
      guard let input else {
        throw UsageError(
          "\(name) does not say what its input is; expected --input SHAPE, such as 28x28x1")
      }
      try self.init(name, NetworkOptions.architecture(name), nil, input: input, optimizer)
      return
    }
    guard let known = BuiltInNetworks.named(name) else {
      throw CommandError(
        "\(name): there is no such file or built-in network; "
          + suggestion(for: name, in: BuiltInNetworks.all.map(\.name)))
    }
    self.init(
      name: known.name, trainer: Trainer(known.model, loss: known.loss, optimizer: optimizer),
      input: known.input, target: known.target, samples: known.samples)
  }

  /// Fully connected layers with these units, inputs first.
  init(_ units: [Int], _ activation: Activation, optimizer: any Optimizer) throws {
    let hidden = units.dropFirst().dropLast().map { Dense(units: $0, activation: activation) }
    try self.init(
      units.map(String.init).joined(separator: "-"),
      Sequential(hidden + [Dense(units: units[units.count - 1])]), nil, input: [units[0]], optimizer
    )
  }

  private init(
    name: String, trainer: Trainer, input: Shape, target: TensorType, samples: Int?
  ) {
    (self.name, self.trainer, self.input) = (name, trainer, input)
    (self.target, self.samples) = (target, samples)
  }

  private init(
    _ name: String, _ model: any Layer, _ loss: (any Loss)?, input: Shape,
    _ optimizer: any Optimizer
  ) throws {
    let output = try model.outputShape(input: input)
    let loss = loss ?? (output.dimensions.last ?? 1 > 1 ? CrossEntropy() : MeanSquaredError())
    let isChoice = loss.isClassification && output.dimensions.last ?? 1 > 1
    let target =
      isChoice
      ? TensorType(Shape(Array(output.dimensions.dropLast())), .int32)
      : TensorType(output, .float32)
    self.init(
      name: name, trainer: Trainer(model, loss: loss, optimizer: optimizer), input: input,
      target: target,
      samples: nil)
  }
}
