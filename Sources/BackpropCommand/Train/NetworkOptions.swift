import ArgumentParser
import Backprop
import Foundation

/// What the network looks like, and what it is to make small.
struct NetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of the hidden layers, with commas between them, or none (default: 64).",
      valueName: "16,16"), transform: HiddenUnits.init(parsing:))
  var hidden: HiddenUnits?

  @Option(
    help: ArgumentHelp(
      "The activation of the hidden layers (default: relu). One of "
        + Activation.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "name"),
    completion: Completions.activations)
  var activation: String?

  @Option(
    help: ArgumentHelp(
      "The activation of the output layer (default: linear; sigmoid where classes are learned "
        + "with a loss of squared or absolute errors). The cross-entropies and hinge take linear "
        + "outputs and need no other.", valueName: "name"),
    completion: Completions.activations)
  var outputActivation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The part of the hidden units that is left out in each step, 0 to below 1 (default: 0).",
      valueName: "rate"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "An architecture to use in place of the four options above: "
        + #"{"kind": "sequential", "layers": [{"kind": "dense", "units": 16}, …]}."#,
      valueName: "file.json"), completion: .file(extensions: ["json"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "What training makes small (default: crossEntropy for classes, meanSquaredError for "
        + "values). One of " + Losses.all.map { $0.kind }.joined(separator: ", ") + ".",
      valueName: "name"), completion: Completions.losses)
  var loss: String?

  @Option(
    help: ArgumentHelp(
      "Parameters to start from, by name, in place of random ones.",
      valueName: "file.safetensors"), completion: Completions.model)
  var initial: String?

  func validate() throws {
    try checkingUsage {
      _ = try activationNamed(activation, "--activation")
      _ = try activationNamed(outputActivation, "--output-activation")
      if let loss { _ = try Losses.named(loss) }
    }
    if let dropout, !(dropout >= 0 && dropout < 1) {
      throw ValidationError("--dropout: found \(exact(dropout)), expected 0 to below 1")
    }
    if model != nil {
      let given = [
        ("--hidden", hidden != nil), ("--activation", activation != nil),
        ("--output-activation", outputActivation != nil), ("--dropout", dropout != nil),
      ]
      if let (name, _) = given.first(where: { $0.1 }) {
        throw ValidationError("--model describes the whole network; \(name) cannot be added")
      }
    }
  }

  private func activationNamed(_ name: String?, _ option: String) throws -> Activation? {
    guard let name else { return nil }
    guard let activation = Activation(named: name) else {
      throw UsageError(
        "\(option): there is no activation \"\(name)\"; "
          + suggestion(for: name, in: Activation.allCases.map(\.rawValue)))
    }
    return activation
  }

  /// The loss that was named, or else the one that suits the targets.
  func loss(for data: Dataset) throws -> any Loss {
    if let loss { return try Losses.named(loss) }
    if case .classes = data.targets { return CrossEntropy() }
    return MeanSquaredError()
  }

  /// Whether a loss was named that is one of classes.
  func namesLossOfClasses() throws -> Bool {
    try loss.map { try Losses.named($0).isClassification } ?? false
  }

  /// The activation of the output layer.
  private func outputActivation(for data: Dataset, _ loss: any Loss) throws -> Activation {
    if let named = try activationNamed(outputActivation, "--output-activation") { return named }
    guard case .classes = data.targets else { return .linear }
    return loss.isClassification ? .linear : .sigmoid
  }

  /// The network: an architecture file's, or one of dense layers.
  func network(for data: Dataset, _ loss: any Loss) throws -> any Layer {
    if let model { return try Self.architecture(model) }
    if case .text(let context, _) = data.form {
      let count = data.classNames.count
      throw UsageError(
        "\(data.name) is a text; expected --model FILE.json, a network that gives outputs of shape "
          + "[\(context), \(count)] for its \(count) characters, such as "
          + #"{"kind": "sequential", "layers": [{"kind": "embedding", "vocabulary": \#(count), "#
          + #""units": 32}, {"kind": "lstm", "units": 128}, {"kind": "dense", "units": \#(count)}]}"#
      )
    }
    let hiddenActivation = try activationNamed(activation, "--activation") ?? .relu
    let units = hidden?.units ?? [64]
    var outputs = data.targets.outputCount
    if loss is BinaryCrossEntropy, data.classNames.count == 2 { outputs = 1 }
    let last = try outputActivation(for: data, loss)
    return Sequential {
      if data.inputShape.rank != 1 { Flatten() }
      for (number, count) in units.enumerated() {
        Dense(
          units: count, activation: hiddenActivation,
          name: units.count == 1 ? "hidden" : "hidden\(number + 1)")
        if let dropout, dropout > 0 { Dropout(dropout) }
      }
      Dense(units: outputs, activation: last, name: "output")
    }
  }

  /// Refuses a network whose parameters, with their gradients and the optimizer's numbers, the
  /// machine cannot hold.
  static func checkSize(_ model: any Layer, for data: Dataset) throws {
    let declarations = try model.declarations(input: data.inputShape)
    let memory = ProcessInfo.processInfo.physicalMemory
    // A parameter in Float32 and its gradient.
    let most = Int(clamping: memory / 8)
    var total = 0
    for declaration in declarations {
      let count = declaration.type.shape.checkedCount ?? .max
      total = total.addingReportingOverflow(count).overflow ? .max : total + count
      guard total <= most else {
        throw CommandError(
          "the network is too large: with \(declaration.name) \(declaration.type.shape) it has more "
            + "than \(most.grouped) parameters, which the \(memory >> 30) GB of this machine cannot "
            + "hold")
      }
    }
  }

  /// Whether outputs are plain numbers, of any size.
  func hasLinearOutput(for data: Dataset, _ loss: any Loss) throws -> Bool {
    if let model { return Self.endsLinear(try Self.architecture(model)) }
    return try outputActivation(for: data, loss) == .linear
  }

  /// Whether a network ends with a dense layer without an activation.
  private static func endsLinear(_ layer: any Layer) -> Bool {
    if let sequence = layer as? Sequential {
      return sequence.layers.last.map { endsLinear($0.layer) } ?? false
    }
    return (layer as? Dense)?.activation == .linear
  }

  /// The network that an architecture file describes.
  static func architecture(_ path: String) throws -> any Layer {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError("\(path): no such file, or not one to read; expected an architecture")
    }
    do {
      return try JSONDecoder().decode(LayerBox.self, from: data).layer
    } catch {
      throw CommandError("\(path): \(words(of: error))")
    }
  }

  /// The starting parameters that were asked for, as the trainer's network expects them.
  ///
  /// - Throws: ``CommandError``, which names the file, where they do not fit or are not finite.
  func initialParameters(for trainer: Trainer, input: Shape) throws -> (
    parameters: ParameterSet, removed: RemovedWeights
  )? {
    guard let initial else { return nil }
    let file = try SafetensorsFile(contentsOf: initial)
    // A model that this program has saved may hold more: the optimizer's state.
    let model = file.metadata["backprop"] == nil ? nil : try TrainedModel(contentsOf: initial)
    let parameters =
      model?.parameters ?? ParameterSet(file.tensors.map { ($0.name, $0.tensor) })
    let type = trainer.options.precision
    let declarations = try trainer.model.declarations(input: input, type: type)
    do {
      try parameters.cast(to: type).check(against: declarations)
    } catch {
      throw CommandError("\(initial): \(words(of: error))")
    }
    for (name, tensor) in parameters {
      guard
        let value = tensor.doubles.first(where: { value in
          !(type == .float32 ? Double(Float(value)) : value).isFinite
        })
      else { continue }
      throw CommandError(
        "\(initial): \(name): found \(value.isNaN ? "nan" : exact(value)); "
          + "expected finite numbers (\(type.rawValue))")
    }
    return (parameters, model?.removed ?? RemovedWeights())
  }
}
