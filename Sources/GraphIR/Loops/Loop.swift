import Formulas
import Tensors

/// The same computation in every step, each with what the step before carried over: a recurrent
/// network over a sequence, in a graph that does not grow with its length.
///
/// With carried values c, slices x and fixed values w, step t computes
/// (c₍ₜ₊₁₎, y₍ₜ₎) = body(c₍ₜ₎, x₍ₜ₎, w). The inputs are the body's inputs in its order – a slice as a
/// sequence [steps, …] – and then the first value of each carried one. The result holds, one after
/// another, the last value of each carried one and the y of all steps, [steps, …] each:
/// ``finals`` and ``outputs`` say where.
///
/// It is differentiated by a loop in the other direction, which keeps or computes again what it
/// needs of each step (``LoopBody/recomputes``): `Differentiation` writes it.
public struct Loop: Operation {
  public static let name = "loop"

  /// What each step does.
  public let body: LoopBody
  /// The number of steps.
  public let steps: Int
  /// Whether the last slice comes first.
  public let isReversed: Bool

  package init(_ body: LoopBody, steps: Int, isReversed: Bool) {
    self.body = body
    self.steps = steps
    self.isReversed = isReversed
  }

  public var attributes: String {
    "\(steps) steps of \(body.graph.nodes.count) nodes" + (isReversed ? ", from the last" : "")
  }

  /// The element type of all results.
  var scalarType: ScalarType {
    (body.graph.variables.first?.type ?? body.graph.outputs.first.map { type(of: $0.node) })?
      .scalarType ?? .float32
  }

  private func type(of node: Node.ID) -> TensorType { body.graph.nodes[node].type }

  // MARK: Where the results lie

  /// The last value of each carried one, in the order of the body's variables.
  public var finals: [Part] { Array(parts.prefix(body.graph.variables.count)) }

  /// The values of each of the body's outputs in all steps: [steps, …].
  public var outputs: [Part] { Array(parts.dropFirst(body.graph.variables.count)) }

  /// All results. Each starts on a boundary of 16 elements; those of a body that keeps more outputs
  /// (``LoopBody/origin``) begin with these.
  private var parts: [Part] {
    let shapes =
      body.graph.variables.map(\.type.shape)
      + body.graph.outputs.map { type(of: $0.node).shape.prefixed(by: steps) }
    var start = 0
    return shapes.map { shape in
      defer { start += (shape.count + 15) / 16 * 16 }
      return Part(start: start, shape: shape)
    }
  }

  // MARK: The operation

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (given, carried) = (body.graph.inputs, body.graph.variables)
    try inputs.expect(given.count + carried.count)
    for (index, input) in given.enumerated() {
      let shape = input.type.shape
      let expected = TensorType(
        body.isSliced[index] ? shape.prefixed(by: steps) : shape, input.type.scalarType)
      guard inputs[index] == expected else {
        throw TypeError("expects \(input.name) to be \(expected), found \(inputs[index])")
      }
    }
    for (variable, type) in zip(carried, inputs.dropFirst(given.count)) {
      guard type == variable.type else {
        throw TypeError("expects \(variable.name) to start as \(variable.type), found \(type)")
      }
    }
    let kept = body.graph.outputs.map { self.type(of: $0.node) } + carried.map(\.type)
    guard steps >= 1, !kept.isEmpty else {
      throw TypeError("expects at least 1 step and 1 result, found \(steps) and \(kept.count)")
    }
    if let other = kept.first(where: { $0.scalarType != scalarType }) {
      throw TypeError("expects results of one element type, found \(scalarType) and \(other)")
    }
    for type in kept {
      try TensorType(type.shape.prefixed(by: steps), type.scalarType).expectAddressable()
    }
    let end = parts.last.map { $0.start + $0.shape.count } ?? 0
    return TensorType([end], scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let (given, carried) = (body.graph.inputs, body.graph.variables)
    var values = Dictionary(
      uniqueKeysWithValues: zip(given.map(\.name) + carried.map(\.name), inputs))
    var kept = outputs.map { _ in [Tensor](repeating: Tensor(0), count: steps) }
    for step in isReversed ? Array((0..<steps).reversed()) : Array(0..<steps) {
      for (index, input) in given.enumerated() where body.isSliced[index] {
        let count = input.type.shape.count
        values[input.name] = inputs[index].elements(
          at: step * count..<(step + 1) * count, shape: input.type.shape)
      }
      let computed = body.graph.values { values[$0.leafName] ?? Tensor(0) }
      for (place, output) in body.graph.outputs.enumerated() {
        kept[place][step] = computed[output.node]
      }
      for update in body.graph.updates {
        values[body.graph.nodes[update.variable].leafName] = computed[update.value]
      }
    }
    let results = carried.map { [values[$0.name] ?? Tensor(0)] } + kept
    var all = [Double](repeating: 0, count: resultType(inputs).shape.count)
    for (part, tensors) in zip(parts, results) {
      let numbers = tensors.flatMap(\.doubles)
      all.replaceSubrange(part.start..<part.start + numbers.count, with: numbers)
    }
    return Tensor(all, shape: [all.count], type: scalarType)
  }

  /// Not asked: `Differentiation` has the rule, which needs the whole reverse walk.
  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    inputs.map { _ in nil }
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("loop", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    inputs.map { _ in nil }
  }

  /// - Precondition: Derivations are read from loops that are written out
  ///   (``GraphBuilder/writesLoopsOut``), so that this is never asked.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    preconditionFailure("a loop that is not written out has no derivation")
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    let step = body.graph.nodes.reduce(0) { total, node in
      let flops = node.operation?.flops(
        inputs: node.inputs.map { type(of: $0) }, output: node.type)
      let (sum, overflow) = total.addingReportingOverflow(flops ?? 0)
      return overflow ? .max : sum
    }
    let (flops, overflow) = step.multipliedReportingOverflow(by: steps)
    return overflow ? .max : flops
  }

  public static var samples: [Sample] { [] }
}

extension Shape {
  /// The shape of so many of these; a negative size where they cannot be counted.
  func prefixed(by count: Int) -> Shape { Shape([count] + dimensions) }
}
