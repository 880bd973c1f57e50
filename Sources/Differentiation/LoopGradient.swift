import GraphIR
import Tensors

/// What reaches a loop's inputs: backpropagation through time, as a loop in the other direction.
///
/// A step of it differentiates a step of the body. Of the forward steps it is given what it needs:
/// the carried values and, unless the body is to be computed again, the values in between, which the
/// loop then keeps as further outputs. Where a fixed value's gradient is a product of two factors
/// summed over the steps, such as a weight's, the factors of all steps are kept and multiplied once,
/// as matrices of all steps; other gradients of fixed values, and all where the body is to be computed
/// again, are added up step by step.
///
/// Source: P. Werbos, "Backpropagation through time: what it does and how to do it", Proceedings of
/// the IEEE 78 (1990), doi:10.1109/5.58337. Computing again: A. Griewank, "Achieving logarithmic
/// growth of temporal and spatial complexity in reverse automatic differentiation", Optimization
/// Methods and Software 1 (1992), doi:10.1080/10556789208805505.
///
/// - Parameters:
///   - loop: The loop.
///   - inputs: Its inputs.
///   - upstream: What reaches its results.
///   - needed: For each input, whether its gradient is wanted.
/// - Returns: What reaches each input; nil where nothing does, or it is not wanted.
func loopGradients(
  _ loop: Loop, _ inputs: [Expression], upstream: [Part: Expression], needed: [Bool]
) -> [Expression?] {
  guard !upstream.isEmpty else { return inputs.map { _ in nil } }
  let writer = LoopGradientWriter(loop, inputs, upstream: upstream, needed: needed)
  return writer.write()
}

private struct LoopGradientWriter {
  private let loop: Loop
  private let inputs: [Expression]
  private let upstream: [Part: Expression]
  private let needed: [Bool]
  private let outer: GraphBuilder
  /// The body's own nodes under their own numbers, and behind them those of its gradient.
  private let draft = GraphBuilder()
  private let bodyCount: Int
  private let givenCount: Int

  /// A gradient of a fixed value that is computed from all steps at once.
  private enum Whole {
    /// Σ over the steps of Aᵀ B.
    case product(Node.ID, Node.ID)
    /// Added up step by step, in this variable.
    case sum(String)
  }

  init(_ loop: Loop, _ inputs: [Expression], upstream: [Part: Expression], needed: [Bool]) {
    self.loop = loop
    self.inputs = inputs
    self.upstream = upstream
    self.needed = needed
    outer = inputs[0].builder
    bodyCount = loop.body.graph.nodes.count
    givenCount = loop.body.graph.inputs.count
  }

  func write() -> [Expression?] {
    let body = loop.body.graph
    for node in body.nodes { copy(node) }
    let given = body.nodes.filter { if case .input = $0.content { true } else { false } }
    let carried = body.nodes.filter { if case .variable = $0.content { true } else { false } }
    let own = { (id: Node.ID) in Expression(builder: draft, id: id) }

    // What reaches a step: its outputs' part, and what the step behind it carries back.
    var seeds: [(value: Expression, upstream: Expression)] = []
    var sequences: [String: Expression] = [:]
    for (index, (output, part)) in zip(body.outputs, loop.outputs).enumerated() {
      guard let gradient = upstream[part] else { continue }
      let name = "upstream \(index)"
      sequences[name] = gradient
      seeds.append((own(output.node), draft.input(name, body.nodes[output.node].type)))
    }
    let slopes = carried.map { draft.variable("slope \($0.id)", $0.type) }
    for (variable, slope) in zip(carried, slopes) {
      let next = body.updates.first { $0.variable == variable.id }?.value ?? variable.id
      seeds.append((own(next), slope))
    }
    let wanted = zip(given, needed).filter { $0.1 }.map { $0.0 }
    let reached = gradients(from: seeds, withRespectTo: (carried + wanted).map { own($0.id) })
    for (slope, gradient) in zip(slopes, reached) {
      draft.update(slope, with: gradient ?? zeros(slope.type, in: draft))
    }

    // What comes of it: slices' gradients are outputs, fixed values' come of all steps.
    var results: [(name: String, node: Node.ID)] = []
    var wholes: [Node.ID: [Whole]] = [:]
    let isSliced = Dictionary(uniqueKeysWithValues: zip(given.map(\.id), loop.body.isSliced))
    for (node, gradient) in zip(wanted, reached.dropFirst(carried.count)) {
      guard let gradient else { continue }
      if isSliced[node.id] == true {
        results.append(("of \(node.id)", gradient.id))
        continue
      }
      for term in terms(of: gradient.id) {
        if !loop.body.recomputes, let (a, b) = factors(of: term) {
          wholes[node.id, default: []].append(.product(a, b))
        } else {
          let sum = draft.variable("sum \(term)", node.type)
          draft.update(sum, with: sum + own(term))
          wholes[node.id, default: []].append(.sum("sum \(term)"))
        }
      }
    }
    return assemble(
      given, carried, wanted, results: results, wholes: wholes, sequences: sequences)
  }

  /// A node of the body, in the draft under the same number: carried values are given there.
  private func copy(_ node: Node) {
    draft.at(path: node.path) {
      switch node.content {
      case .input(let name): _ = draft.input("given " + name, node.type)
      case .variable(let name): _ = draft.input("before " + name, node.type)
      case .constant(let tensor): _ = draft.constant(tensor)
      case .operation(let operation, let inputs):
        _ = draft.apply(operation, to: inputs.map { Expression(builder: draft, id: $0) })
      }
    }
  }

  private func zeros(_ type: TensorType, in builder: GraphBuilder) -> Expression {
    builder.constant(Tensor(0, type: type.scalarType)).broadcast(to: type.shape)
  }

  /// The terms of a sum.
  private func terms(of id: Node.ID) -> [Node.ID] {
    let node = draft.nodes[id]
    guard id >= bodyCount, node.operation is Add,
      node.inputs.allSatisfy({ draft.nodes[$0].type == node.type })
    else { return [id] }
    return node.inputs.flatMap(terms)
  }

  /// A and B, where a term is Aᵀ B of two matrices.
  private func factors(of id: Node.ID) -> (Node.ID, Node.ID)? {
    let node = draft.nodes[id]
    guard let product = node.operation as? MatrixProduct, product.transposeA,
      !product.transposeB, node.type.shape.rank == 2
    else { return nil }
    return (node.inputs[0], node.inputs[1])
  }

  // MARK: The loop

  /// Writes the loop, from the draft's part that is needed.
  private func assemble(
    _ given: [Node], _ carried: [Node], _ wanted: [Node],
    results: [(name: String, node: Node.ID)], wholes: [Node.ID: [Whole]],
    sequences: [String: Expression]
  ) -> [Expression?] {
    let graph: Graph
    do {
      graph = try draft.finish()
    } catch {
      outer.fail("the gradient of a loop: \(error)")
      return inputs.map { _ in nil }
    }
    let factors = Set(
      wholes.values.flatMap { $0 }.flatMap { whole -> [Node.ID] in
        if case .product(let a, let b) = whole { [a, b] } else { [] }
      }
    ).sorted()

    // What the gradient's own nodes need of the forward step.
    var kept: Set<Node.ID> = []
    var used = [Bool](repeating: false, count: graph.nodes.count)
    var waiting = results.map(\.node) + factors + graph.updates.map(\.value)
    while let id = waiting.popLast() {
      guard !used[id] else { continue }
      used[id] = true
      let node = graph.nodes[id]
      if id < bodyCount, let operation = node.operation, operation.structure != .view,
        !loop.body.recomputes
      {
        kept.insert(id)
      } else if id < bodyCount, node.leafName.hasPrefix("before ") {
        kept.insert(id)
      } else {
        waiting += node.inputs
      }
    }
    let order = kept.sorted()
    let forward = Loop(
      loop.body.keeping(order), steps: loop.steps, isReversed: loop.isReversed)
    let values = order.isEmpty ? [] : outer.results(of: forward, inputs).outputs
    let residuals = Dictionary(
      uniqueKeysWithValues: zip(order, values.suffix(order.count)))

    // The part of the draft that is used, with what is kept as slices.
    let inner = GraphBuilder()
    var place: [Node.ID: Expression] = [:]
    var (slicesOf, fixedOf): ([String: Expression], [String: Expression]) = ([:], [:])
    let numbers = Dictionary(uniqueKeysWithValues: zip(given.map(\.id), inputs.indices))
    for node in graph.nodes where used[node.id] || node.leafName.hasPrefix("slope ") {
      place[node.id] = inner.at(path: node.path) {
        if let residual = residuals[node.id] {
          let name = "kept \(node.id)"
          slicesOf[name] = residual
          return inner.input(name, node.type)
        }
        switch node.content {
        case .input(let name):
          if let number = numbers[node.id] {
            if loop.body.isSliced[number] {
              slicesOf[name] = inputs[number]
            } else {
              fixedOf[name] = inputs[number]
            }
          } else {
            slicesOf[name] = sequences[name]
          }
          return inner.input(name, node.type)
        case .variable(let name): return inner.variable(name, node.type)
        case .constant(let tensor): return inner.constant(tensor)
        case .operation(let operation, let sources):
          return inner.apply(operation, to: sources.compactMap { place[$0] })
        }
      }
    }
    for update in graph.updates {
      if let variable = place[update.variable], let value = place[update.value] {
        inner.update(variable, with: value)
      }
    }
    // A factor that the loop is given as slices is there for all steps already.
    let names = Dictionary(
      uniqueKeysWithValues: factors.compactMap { id in
        place[id].map { (id, inner.nodes[$0.id].leafName) }
      })
    let known = Set(results.map(\.node))
    let missing = factors.filter { !known.contains($0) && slicesOf[names[$0] ?? ""] == nil }
    let outputs = results + missing.map { (name: "factor \($0)", node: $0) }
    for output in outputs {
      if let value = place[output.node] { inner.output(output.name, value) }
    }
    return apply(
      inner, slicesOf, fixedOf, given, carried, wanted, results: outputs, wholes: wholes,
      sequence: { slicesOf[names[$0] ?? ""] })
  }

  private func apply(
    _ inner: GraphBuilder, _ slices: [String: Expression], _ fixed: [String: Expression],
    _ given: [Node], _ carried: [Node], _ wanted: [Node],
    results: [(name: String, node: Node.ID)], wholes: [Node.ID: [Whole]],
    sequence: (Node.ID) -> Expression?
  ) -> [Expression?] {
    guard let body = try? inner.finish() else {
      outer.fail("the gradient of a loop cannot be written")
      return inputs.map { _ in nil }
    }
    let isSliced = body.inputs.map { slices[$0.name] != nil }
    let starts = body.variables.map { variable -> Expression in
      let place = carried.firstIndex { "slope \($0.id)" == variable.name }
      return place.flatMap { upstream[loop.finals[$0]] } ?? zeros(variable.type, in: outer)
    }
    let backward = Loop(
      LoopBody(body, isSliced: isSliced, recomputes: false), steps: loop.steps,
      isReversed: !loop.isReversed)
    let result = outer.results(
      of: backward, body.inputs.compactMap { slices[$0.name] ?? fixed[$0.name] } + starts)
    let outputs = Dictionary(
      uniqueKeysWithValues: zip(results.map(\.name), result.outputs))
    let outputOf = Dictionary(
      zip(results.map(\.node), result.outputs), uniquingKeysWith: { first, _ in first })
    let finals = Dictionary(uniqueKeysWithValues: zip(body.variables.map(\.name), result.finals))

    func whole(_ part: Whole) -> Expression? {
      switch part {
      case .sum(let name): return finals[name]
      case .product(let a, let b):
        func rows(_ node: Node.ID) -> Expression? {
          (sequence(node) ?? outputOf[node]).map { all in
            all.reshaped([all.shape[0] * all.shape[1], all.shape[2]])
          }
        }
        guard let a = rows(a), let b = rows(b) else { return nil }
        return a.matmul(b, transposeA: true)
      }
    }
    var gradients = [Expression?](repeating: nil, count: inputs.count)
    for (number, node) in given.enumerated() where wanted.contains(where: { $0.id == node.id }) {
      if loop.body.isSliced[number] {
        gradients[number] = outputs["of \(node.id)"]
      } else {
        let parts = (wholes[node.id] ?? []).compactMap(whole)
        gradients[number] = parts.dropFirst().reduce(parts.first) { sum, part in
          sum.map { $0 + part }
        }
      }
    }
    for (index, node) in carried.enumerated() {
      gradients[givenCount + index] = finals["slope \(node.id)"]
    }
    return gradients
  }
}
