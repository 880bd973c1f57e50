import Execution
import Formulas
import GraphIR
import Layers
import Tensors
import Training

/// Writes the matrices of a step, each after those that it is made of.
struct MatrixFormBuilder {
  /// A layer of neurons: one node for the net inputs of all examples, and one for the outputs.
  struct Layer {
    let net: Node.ID
    let out: Node.ID
    let weight: String
    let bias: String?
    let units: Int

    var isLinear: Bool { net == out }
  }

  let problem: Problem
  let step: StepGraph
  let layers: [Layer]
  let examples: Int
  /// The node of the targets in the shape of the outputs.
  let target: Node.ID
  var reader: MatrixReader
  var steps: [MatrixForm.Step] = []
  var numbers: Set<Formula> = []
  /// Whether every formula has the value that the graph computed.
  var isRight = true

  /// - Returns: nil where the network is no sequence of layers of neurons.
  init?(_ problem: Problem) throws {
    try problem.check()
    guard problem.input.shape.rank == 2, problem.order == .simultaneous else { return nil }
    var found: (map: NetworkMap, nets: [Node.ID])?
    step = try StepGraph(problem) { graph, traced in
      let reader = try GraphReader(Trace(graph, problem.forwardValues))
      let map = try NetworkMap(calls: traced.calls, problem: problem, reader)
      let nets = map.layers.compactMap { $0.neurons.first?.net.node }
      found = (map, nets)
      return Set(nets).sorted()
    }
    guard let map = found?.map, !map.isSequence else { return nil }
    var layers: [Layer] = []
    for (index, layer) in map.layers.enumerated() {
      let own = step.declarations.filter { map.layer(at: $0.layer) == index }
      let weights = own.filter { $0.isWeight && $0.type.shape.rank == 2 }
      let biases = own.filter { !$0.isWeight && $0.type.shape.rank == 1 }
      let shape = Shape([map.examples, layer.units])
      guard weights.count == 1, biases.count <= 1, own.count == weights.count + biases.count,
        let first = layer.neurons.first, layer.neurons.count == shape.count,
        step.graph.nodes[first.net.node].type.shape == shape,
        step.graph.nodes[first.out.node].type.shape == shape,
        layer.neurons.enumerated().allSatisfy({ place, neuron in
          neuron.net == Cell(node: first.net.node, element: place)
            && neuron.out == Cell(node: first.out.node, element: place)
        })
      else { return nil }
      layers.append(
        Layer(
          net: first.net.node, out: first.out.node, weight: weights[0].name,
          bias: biases.first?.name, units: layer.units))
    }
    let shape = Shape([map.examples, map.layers.last?.units ?? 0])
    guard Set(layers.map(\.net)).count == layers.count,
      step.declarations.allSatisfy({ map.layer(at: $0.layer) != nil }),
      let target = Self.target(step, shape)
    else { return nil }
    self.problem = problem
    self.layers = layers
    self.target = target
    examples = map.examples
    reader = MatrixReader(try Trace(step.graph, step.values()))
  }

  /// The node of the targets with one number for each output: class numbers as zeros and a one.
  private static func target(_ step: StepGraph, _ shape: Shape) -> Node.ID? {
    var current = step.target
    for node in step.graph.nodes[..<step.total] where node.inputs == [current] {
      if node.operation is Reshape || node.operation is Cast || node.operation is OneHot {
        current = node.id
      }
    }
    return step.graph.nodes[current].type.shape == shape ? current : nil
  }

  // MARK: Names

  static func symbol(_ letter: String, _ layer: Int) -> Formula {
    .symbol(letter, subscript: nil, superscript: "\(layer)")
  }

  /// Whether the loss makes probabilities of the net inputs of the last layer.
  var hasProbabilities: Bool { step.probabilities != nil && layers.last?.isLinear == true }

  func tidying(isBackward: Bool = false) -> MatrixTidying {
    let outputs = layers.last?.units ?? 1
    return MatrixTidying(
      transposition: reader.transposition,
      denominators: [examples, outputs, examples * outputs, 2 * examples * outputs],
      isBackward: isBackward)
  }

  /// A node's formula with examples as columns, times a factor.
  func formula(_ node: Node.ID, times factor: Double = 1, isBackward: Bool = false) -> Formula? {
    reader.formula(node).map { columns($0, times: factor, isBackward: isBackward) }
  }

  /// A formula whose rows are examples, turned.
  func columns(_ rows: Formula, times factor: Double = 1, isBackward: Bool = false) -> Formula {
    let turned = reader.transposition.transposed(rows)
    let tidying = tidying(isBackward: isBackward)
    return tidying.tidied(factor == 1 ? turned : .number(factor) * turned).simplified()
  }

  // MARK: Steps

  /// Adds a step of a known value. A step whose formulas are missing or wrong makes the whole void.
  mutating func add(
    _ name: String, _ symbol: Formula, _ forms: [Formula?], in section: Derivation.Section.Kind,
    layer: Int
  ) {
    var kept: [Formula] = []
    for form in forms.compactMap({ $0 }) where kept.last != form { kept.append(form) }
    guard let value = reader.values[symbol], !forms.contains(nil) else {
      isRight = false
      return
    }
    for form in kept {
      let result = reader.evaluator.value(form).flatMap { result in
        // A gradient that is zero throughout is written as one 0.
        MatrixValue.combining([result, value.mapped { _ in 0 }]) { $0[0] }
      }
      if result?.isClose(to: value, within: 1e-9) != true { isRight = false }
    }
    steps.append(
      MatrixForm.Step(
        name: name, symbol: symbol, forms: kept, rows: value.rows, columns: value.columns,
        values: value.values, section: section, layer: layer))
  }

  /// All steps.
  ///
  /// - Returns: Whether there is such a form.
  mutating func build() -> Bool {
    addGiven()
    for layer in layers.indices { addForward(layer) }
    for layer in layers.indices.reversed() { addBackward(layer) }
    if problem.optimizer is SGD { addUpdates() }
    return isRight
  }

  private mutating func addGiven() {
    addGiven(step.input, "a0", Self.symbol("a", 0), 0)
    addGiven(target, "y", "y", layers.count)
    for (index, layer) in layers.enumerated() {
      let number = index + 1
      if let node = step.parameters[layer.weight] {
        addGiven(node, "W\(number)", Self.symbol("W", number), number)
      }
      if let bias = layer.bias, let node = step.parameters[bias] {
        let symbol = Self.symbol("b", number)
        if layer.units > 1, reader.trace[node].count == 1 { numbers.insert(symbol) }
        addGiven(node, "b\(number)", symbol, number)
      }
    }
    if problem.optimizer is SGD { addSetting("eta", "η", problem.optimizer.learningRate) }
    for setting in problem.penaltyNotation.settings {
      addSetting(setting.name, setting.symbol, setting.value)
    }
  }

  private mutating func addGiven(
    _ node: Node.ID, _ name: String, _ symbol: Formula, _ layer: Int
  ) {
    reader.name(node, symbol)
    add(name, symbol, [], in: .given, layer: layer)
  }

  private mutating func addSetting(_ name: String, _ symbol: Formula, _ value: Double) {
    numbers.insert(symbol)
    reader.name(symbol, number: value)
    add(name, symbol, [], in: .given, layer: 0)
  }

  private mutating func addForward(_ index: Int) {
    let (layer, number) = (layers[index], index + 1)
    let (net, out) = (Self.symbol("z", number), Self.symbol("a", number))
    let isLast = index == layers.count - 1
    let sum = formula(layer.net)
    reader.name(layer.net, net)
    add("z\(number)", net, [sum], in: .forward, layer: number)
    if layer.isLinear, !(isLast && hasProbabilities) {
      reader.name(layer.net, out)
      add("a\(number)", out, [net], in: .forward, layer: number)
      return
    }
    let node = isLast && hasProbabilities ? step.probabilities ?? layer.out : layer.out
    let full = formula(node)
    // Texts write σ for the logistic function.
    let isLogistic = reader.trace.graph.nodes[node].operation is Sigmoid
    reader.name(node, out)
    add(
      "a\(number)", out, isLogistic ? [.call("σ", [net]), full] : [full], in: .forward,
      layer: number)
  }
}
