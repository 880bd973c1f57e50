import Execution
import GraphIR
import Layers
import Tensors

extension StepGraph {
  /// The part that computes E.
  fileprivate var forward: Graph {
    Graph(nodes: Array(graph.nodes[...total]), outputs: [(Name.total, total)], updates: [])
  }

  /// Whether gradients take values as given that parameters do change.
  var holdsValues: Bool { forward.holdsValues }
}

/// The loss of a problem at other parameters. What the gradient takes as given stays as it is at the
/// problem's own.
struct LossFunction {
  private let executor: Executor
  private let problem: Problem
  private let used: [String: TensorType]

  init(_ step: StepGraph) throws {
    let problem = step.problem
    self.problem = problem
    let forward = step.forward
    let used = Dictionary(uniqueKeysWithValues: forward.variables.map { ($0.name, $0.type) })
    self.used = used
    let inputs = [
      StepGraph.Name.input: problem.input, StepGraph.Name.target: problem.target,
    ].filter { name, _ in forward.inputs.contains { $0.name == name } }
    let known = problem.parameters.tensors.filter { used[$0.key] != nil }
    executor = try Executor(
      Plan(forward.holdingValues(inputs: inputs, variables: known)), threads: 1)
    for (name, tensor) in inputs { try executor.setInput(name, tensor) }
  }

  /// E at some parameters.
  func callAsFunction(_ parameters: ParameterSet) throws -> Double {
    for (name, tensor) in parameters where used[name] != nil {
      try executor.variables.set(name, tensor)
    }
    executor.run()
    return try executor.output(StepGraph.Name.total).scalar
  }

  /// A gradient beside the central difference.
  func proof(of gradient: Quantity, _ parameter: String, _ element: Int) throws
    -> Derivation.Proof
  {
    var difference = try centralDifference(parameter, element)
    let bound = 1e-8 * max(1, abs(gradient.value))
    var isAtCorner = false
    if abs(difference - gradient.value) > bound {
      difference = try settledDifference(parameter, element, first: difference)
    }
    if abs(difference - gradient.value) > bound {
      // At a corner, as rectifiers have one, the slopes on both sides differ.
      let slopes = try [-1e-3, 1e-3].map { try sideDifference(parameter, element, $0) }
      isAtCorner = abs(slopes[0] - slopes[1]) > 1e-2 * max(abs(slopes[0]), abs(slopes[1]))
    }
    return Derivation.Proof(
      name: gradient.name, gradient: gradient.value, centralDifference: difference,
      isAtCorner: isAtCorner)
  }

  /// The central difference where one with a smaller step changes it least: a large network has
  /// corners of rectifiers and of maxima near any point, within a step's reach or not.
  private func settledDifference(_ parameter: String, _ element: Int, first: Double) throws
    -> Double
  {
    var (best, change, last) = (first, Double.infinity, first)
    for step in [1e-4, 1e-5, 1e-6] {
      let next = try centralDifference(parameter, element, step: step)
      if abs(next - last) < change { (best, change) = (next, abs(next - last)) }
      last = next
    }
    return best
  }

  /// The slope towards one side: (E(w + s) − E(w)) / s.
  private func sideDifference(_ parameter: String, _ element: Int, _ step: Double) throws -> Double
  {
    guard let tensor = problem.parameters[parameter] else { return .nan }
    var values = tensor.doubles
    values[element] += step
    var parameters = problem.parameters
    let here = try self(parameters)
    parameters[parameter] = Tensor(values, shape: tensor.shape)
    return try (self(parameters) - here) / step
  }

  /// ∂E/∂w by the five-point central difference, whose error is O(h⁴):
  /// (E(w − 2h) − 8 E(w − h) + 8 E(w + h) − E(w + 2h)) / 12h, h = step · max(|w|, 1).
  func centralDifference(_ parameter: String, _ element: Int, step: Double = 1e-3) throws
    -> Double
  {
    guard let tensor = problem.parameters[parameter] else { return .nan }
    var values = tensor.doubles
    let start = values[element]
    let h = step * max(abs(start), 1)
    func error(_ steps: Double) throws -> Double {
      values[element] = start + steps * h
      var parameters = problem.parameters
      parameters[parameter] = Tensor(values, shape: tensor.shape)
      return try self(parameters)
    }
    return try (error(-2) - 8 * error(-1) + 8 * error(1) - error(2)) / (12 * h)
  }
}
