import Differentiation
import Execution
import Foundation
import GraphIR
import Interchange
import Layers
import Tensors
import Training

/// A tensor that a case leads to, under the name that the file has it by.
typealias Found = (name: String, tensor: Tensor)

/// The cases of one family.
struct LayerReferenceFile {
  let references: [LayerReference]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "References/layers")

  /// The families that have a file.
  static let names = files(in: folder, type: "safetensors")

  /// The families that a script makes files of.
  static let families = files(in: folder.appending(path: "families"), type: "py")
    .filter { $0 != "common" && $0 != "__init__" }

  private static func files(in folder: URL, type: String) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == type }
      .map { $0.deletingPathExtension().lastPathComponent }.sorted()
  }

  init(_ family: String) throws {
    let path = Self.folder.appending(path: "\(family).safetensors").path
    let file = try SafetensorsFile(contentsOf: path)
    let tensors = Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    let cases = Data((file.metadata["cases"] ?? "").utf8)
    // Each line is read on its own, so that one that cannot be read names itself.
    let lines = try JSONSerialization.jsonObject(with: cases) as? [[String: Any]] ?? []
    references = lines.map { LayerReference($0, tensors: tensors) }
  }
}

/// One case: what there is to compute, and PyTorch's answers.
struct LayerReference {
  let name: String
  private let line: [String: Any]
  private let tensors: [String: Tensor]

  init(_ line: [String: Any], tensors: [String: Tensor]) {
    self.line = line
    self.tensors = tensors
    name = line["name"] as? String ?? "a case without a name"
  }

  /// A tensor of the case.
  func tensor(_ tensor: String) throws -> Tensor {
    guard let found = tensors["\(name)/\(tensor)"] else {
      throw LayerReferenceError("the file has no \(tensor)")
    }
    return found
  }

  /// The kinds of its layers, inner ones too.
  var kinds: Set<String> { Self.kinds(in: line["layer"]) }

  private static func kinds(in value: Any?) -> Set<String> {
    switch value {
    case let fields as [String: Any]:
      let inner = fields.values.map { kinds(in: $0) }
      return inner.reduce(Set([fields["kind"] as? String].compactMap { $0 })) { $0.union($1) }
    case let list as [Any]: return list.map { kinds(in: $0) }.reduce([]) { $0.union($1) }
    default: return []
    }
  }

  private func decoded<T: Decodable>(_ field: String, as type: T.Type) throws -> T? {
    guard let value = line[field] else { return nil }
    return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: value))
  }

  /// The tensors whose names begin so, by the rest of their names.
  private func group(_ prefix: String) -> [String: Tensor] {
    let prefix = "\(name)/\(prefix)/"
    return tensors.reduce(into: [:]) { found, entry in
      if entry.key.hasPrefix(prefix) {
        found[String(entry.key.dropFirst(prefix.count))] = entry.value
      }
    }
  }
}

struct LayerReferenceError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

// MARK: - Our answers

extension LayerReference {
  /// The graph so far: the layer's output and the number whose gradient is taken.
  private struct Written {
    let builder: GraphBuilder
    let input: GraphIR.Expression
    let output: GraphIR.Expression
    let value: GraphIR.Expression
    let traced: ModelTrace?
  }

  private func write() throws -> Written {
    let builder = GraphBuilder()
    let input = builder.input("input", try tensor("input").type)
    let layer = try decoded("layer", as: LayerBox.self)?.layer
    let isTraining = line["isTraining"] as? Bool ?? true
    let traced = layer.map { trace($0, input: input, training: isTraining, type: .float64) }
    let output = traced?.output ?? input
    var value: GraphIR.Expression
    if let loss = try decoded("loss", as: LossBox.self)?.loss {
      value = loss(output, target: builder.constant(try tensor("target")))
    } else {
      value = (output * builder.constant(try tensor("coefficients"))).sum()
    }
    if let penalty = traced?.penalty { value = value + penalty }
    let known = Set(group("initial").keys)
    let names = Set(traced?.declarations.map(\.name) ?? [])
    if known != names {
      _ = try builder.finish()  // An error of the layers comes first.
      throw LayerReferenceError("has the numbers \(names.sorted()), not \(known.sorted())")
    }
    return Written(builder: builder, input: input, output: output, value: value, traced: traced)
  }

  /// The trained parameters of a graph.
  private func trained(_ traced: ModelTrace?) -> [(name: String, parameter: GraphIR.Expression)] {
    guard let traced else { return [] }
    return zip(traced.declarations, traced.parameters).filter { $0.0.isTrained }
      .map { ($0.0.name, $0.1) }
  }

  private func executor(_ graph: Graph, _ states: OptimizerStates? = nil) throws -> Executor {
    let variables = VariableStore()
    for (name, tensor) in group("initial") { try variables.set(name, tensor) }
    for (name, tensor) in states?.initialValues ?? [:] { try variables.set(name, tensor) }
    let executor = try Executor(Plan(graph), variables: variables, threads: 1)
    try executor.setInput("input", try tensor("input"))
    if graph.inputs.contains(where: { $0.name == Scope.randomKeyName }) {
      try executor.setInput(Scope.randomKeyName, Tensor([0, 0, 0, 0] as [Int32]))
    }
    return executor
  }

  /// The output, the number whose gradient is taken, and its gradients.
  func computed() throws -> [Found] {
    let written = try write()
    let builder = written.builder
    var variables = trained(written.traced).map { ("gradient/\($0.name)", $0.parameter) }
    if written.input.scalarType.isFloatingPoint {
      variables.append(("inputGradient", written.input))
    }
    let gradients = gradient(of: written.value, withRespectTo: variables.map(\.1))
    builder.output("output", written.output)
    builder.output("value", written.value)
    for ((name, _), gradient) in zip(variables, gradients) { builder.output(name, gradient) }
    let executor = try executor(try builder.finish())
    executor.run()
    return try (["output", "value"] + variables.map(\.0)).map { ($0, try executor.output($0)) }
  }

  /// The parameters and states after five steps of the case's optimizer; none without parameters.
  func trained() throws -> [Found] {
    guard
      let optimizer = try decoded("optimizer", as: OptimizerBox.self)?.optimizer as? any Optimizer
    else {
      return []
    }
    let written = try write()
    let builder = written.builder
    let parameters = trained(written.traced)
    let gradients = gradient(of: written.value, withRespectTo: parameters.map(\.parameter))
    let rate = builder.input("rate", TensorType(.scalar, .float64))
    let step = builder.input("step", TensorType(.scalar, .float64))
    let states = OptimizerStates()
    for ((name, parameter), gradient) in zip(parameters, gradients) {
      let scope = OptimizerScope(
        learningRate: rate, step: step, parameter: parameter, parameterName: name, states: states)
      builder.update(parameter, with: optimizer.update(parameter, gradient: gradient, in: scope))
    }
    for (state, value) in written.traced?.stateUpdates ?? [] { builder.update(state, with: value) }
    builder.output("value", written.value)
    let executor = try executor(try builder.finish(), states)
    try executor.setInput("rate", Tensor(optimizer.learningRate))
    for number in 1...5 {
      try executor.setInput("step", Tensor(Double(number)))
      executor.run()
    }
    return try group("final").keys.sorted().map { name in
      guard let tensor = executor.variables[name] else {
        throw LayerReferenceError("there is no \(name) after the steps")
      }
      return ("final/\(name)", tensor)
    }
  }
}
