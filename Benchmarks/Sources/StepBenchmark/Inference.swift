import Backprop

/// Answers lines "batch-ROWS SECONDS" with the time of a prediction for so many rows, or writes the
/// network that all programs use.
///
/// - Parameters:
///   - way: `write`; `predictor`, which takes and gives tensors as a server would; or `executor`,
///     the compiled forward pass alone, its input copied in and its output read in place.
///   - file: The network's safetensors file, with inputs and the outputs that belong to them.
func serveInference(_ way: String, file: String) throws {
  if way == "write" { return try InferenceCase.write(to: file) }
  let subject = try InferenceCase(contentsOf: file)
  var works: [String: () throws -> Void] = [:]
  try answerLines { name, seconds in
    guard let rows = Int(name.split(separator: "-").last ?? "") else {
      throw BenchmarkError("there is no case \(name)")
    }
    let work =
      switch way {
      case "predictor": try works[name] ?? subject.predictor(rows: rows)
      case "executor": try works[name] ?? subject.executor(rows: rows)
      default: throw BenchmarkError("found \"\(way)\", expected write, predictor or executor")
      }
    works[name] = work
    return Answer(name, microseconds: try Stopwatch.medians(seconds: seconds) { try work() })
  }
}

/// 784-128-10, ReLU and softmax, with 1,000 rows of inputs.
private struct InferenceCase {
  private static let architecture = Sequential([
    Dense(units: 128, activation: .relu), Dense(units: 10),
  ])
  private static let names = ["weight1", "bias1", "weight2", "bias2"]
  private static let tolerance = 1e-5

  let model: TrainedModel
  let inputs: Tensor
  let outputs: Tensor

  init(_ parameters: [Tensor], inputs: Tensor, outputs: Tensor) throws {
    let declarations = try Self.architecture.declarations(input: [784])
    model = TrainedModel(
      model: Self.architecture, loss: CrossEntropy(),
      parameters: ParameterSet(zip(declarations.map(\.name), parameters).map { ($0, $1) }),
      inputShape: [784], outputs: .classes((0..<10).map(String.init)))
    self.inputs = inputs
    self.outputs = outputs
  }

  init(contentsOf path: String) throws {
    let file = try SafetensorsFile(contentsOf: path)
    func tensor(_ name: String) throws -> Tensor {
      guard let tensor = file[name] else { throw BenchmarkError("\(path) has no \(name)") }
      return tensor
    }
    try self.init(
      Self.names.map(tensor), inputs: tensor("inputs"), outputs: tensor("outputs"))
  }

  static func write(to path: String) throws {
    let parameters = try architecture.initialParameters(input: [784], seed: 1).map(\.tensor)
    var random = RandomStream(seed: 1, name: "inference")
    let values = (0..<1000 * 784).map { _ in Float(random.uniform()) }
    let inputs = Tensor(values, shape: [1000, 784])
    let subject = try InferenceCase(parameters, inputs: inputs, outputs: inputs)
    let outputs = try subject.model.predict(inputs)
    let tensors = zip(names, parameters) + [("inputs", inputs), ("outputs", outputs)]
    try SafetensorsFile(tensors: tensors.map { (name: $0, tensor: $1) }).write(to: path)
  }

  func predictor(rows: Int) throws -> () throws -> Void {
    let predictor = try Predictor(model)
    let features = first(rows)
    try check(try predictor.predict(features))
    return { _ = try predictor.predict(features) }
  }

  func executor(rows: Int) throws -> () throws -> Void {
    let builder = GraphBuilder()
    let input = builder.input("input", TensorType([rows, 784], .float32))
    builder.output("output", softmax(trace(model.model, input: input, training: false).output))
    let variables = VariableStore()
    for (name, tensor) in model.parameters { try variables.set(name, tensor) }
    let executor = try Executor(Plan(builder.finish()), variables: variables)
    let features = first(rows)
    try executor.setInput("input", features)
    executor.run()
    try check(try executor.output("output"))
    let result = try executor.outputBytes("output")
    return {
      try executor.setInput("input", features)
      executor.run()
      guard result.load(as: Float.self) >= 0 else { throw BenchmarkError("no probability") }
    }
  }

  private func first(_ rows: Int) -> Tensor {
    Tensor(Array(inputs.floats.prefix(rows * 784)), shape: [rows, 784])
  }

  private func check(_ found: Tensor) throws {
    let worst = zip(found.doubles, outputs.doubles).map { abs($0 - $1) }.max() ?? .infinity
    guard worst <= Self.tolerance else {
      throw BenchmarkError("outputs differ by \(worst), expected \(Self.tolerance) at most")
    }
  }
}

private func + (
  left: Zip2Sequence<[String], [Tensor]>, right: [(String, Tensor)]
) -> [(String, Tensor)] { Array(left) + right }
