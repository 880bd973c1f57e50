import Formulas
import GraphIR
import Layers
import Tensors
import Training

/// What the cells of a step are called, in the notation of the texts: net_h1, out_o2, w5.
final class Naming {
  private let step: StepGraph
  let map: NetworkMap
  /// What is known already, of cells without a name too.
  private var cells: [Cell: Label?] = [:]
  let declarations: [String: (declaration: ParameterDeclaration, layer: Int)]
  /// Whether weights are numbered through.
  let isNumbered: Bool
  /// The numbers of the first weight and bias of each parameter.
  var firstNumbers: [String: Int] = [:]
  private let names: [Node.ID: String]
  private let gradients: [Node.ID: String]
  /// Where each neuron stands, by its cells.
  private var neurons: [Cell: (neuron: Neuron, isNet: Bool)] = [:]
  /// The letters of the gates of recurrent layers, by their paths.
  let gates: [String: [String]]
  /// Parameters that others of the same layer share their letter and form with.
  var shared: Set<String> = []

  /// The most parameters that are numbered through unless told otherwise; larger networks name a weight by the
  /// neurons at its ends.
  static let mostNumbers = 40

  init(_ step: StepGraph, _ map: NetworkMap) {
    self.step = step
    self.map = map
    names = Dictionary(uniqueKeysWithValues: step.parameters.map { ($1, $0) })
    gates = Dictionary(
      step.calls.compactMap { call in
        (call.layer as? any RecurrentLayer).map { (call.path, $0.gates) }
      }.filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first })
    gradients = Dictionary(
      step.parameterGradients.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    declarations = Dictionary(
      step.declarations.map { ($0.name, ($0, (map.layer(at: $0.layer) ?? 0) + 1)) },
      uniquingKeysWith: { first, _ in first })
    let parameters = step.problem.parameters
    let isPlain = step.declarations.allSatisfy {
      $0.name.hasSuffix(".weight") && $0.type.shape.rank == 2
        || $0.name.hasSuffix(".bias") && $0.type.shape.rank == 1
    }
    isNumbered =
      isPlain
      && (step.problem.names.map { $0 == .numbered }
        ?? (parameters.elementCount <= Self.mostNumbers))
    var (weights, biases) = (1, 1)
    for declaration in step.declarations {
      let count = declaration.type.shape.count
      firstNumbers[declaration.name] = declaration.isWeight ? weights : biases
      if declaration.isWeight { weights += count } else { biases += count }
    }
    let forms = Dictionary(grouping: step.declarations) { declaration in
      let own = declaration.name.split(separator: ".").last.map(String.init) ?? ""
      let layer = (map.layer(at: declaration.layer) ?? 0) + 1
      return "\(own) \(layer) \(declaration.type.shape.rank)"
    }
    shared = Set(forms.values.filter { $0.count > 1 }.joined().map(\.name))
    nameNeurons()
    nameTargets()
  }

  /// The name of a cell.
  func label(_ cell: Cell) -> Label? {
    if let known = cells[cell] { return known }
    let label =
      cell.node == step.input
      ? input(cell)
      : neurons[cell].map(neuron) ?? names[cell.node].flatMap { parameter($0, cell.element) }
        ?? rule(cell)
    cells[cell] = .some(label)
    switch label?.kind {
    case .weight?: label.map { weights.formUnion([$0.symbol, $0.symbol.updated]) }
    case .bias?: label.map { biases.formUnion([$0.symbol, $0.symbol.updated]) }
    default: break
    }
    return label
  }

  /// Whether a cell has a name; cheaper than the name.
  func isNamed(_ cell: Cell) -> Bool {
    if cell.node == step.input || names[cell.node] != nil || neurons[cell] != nil { return true }
    return label(cell) != nil
  }

  /// Gives a cell a name.
  func name(_ cell: Cell, _ label: Label) { cells[cell] = label }

  /// Whether a formula is the symbol of a weight, before or after the update.
  func isWeight(_ formula: Formula) -> Bool { weights.contains(formula) }

  /// Whether a formula is the symbol of a bias, before or after the update.
  func isBias(_ formula: Formula) -> Bool { biases.contains(formula) }

  private var weights: Set<Formula> = []
  private var biases: Set<Formula> = []

  // MARK: Neurons

  /// `h` for the neurons of the only hidden layer, `h2.` for those of the second of several, `o` for
  /// the last layer's, `i` for the inputs.
  func letter(_ layer: Int) -> String {
    if layer == 0 { return "i" }
    if layer == map.layers.count { return "o" }
    return map.layers.count == 2 ? "h" : "h\(layer)."
  }

  /// A neuron or an input: `h3` by its number from 1, `h[4,0,2]` by its place from 0 where the layer's
  /// output is an image.
  func unit(_ layer: Int, _ unit: Int) -> String {
    Self.unit(letter(layer), unit, sizes(layer))
  }

  static func unit(_ letter: String, _ unit: Int, _ sizes: [Int]) -> String {
    guard sizes.count > 1 else { return "\(letter)\(unit)" }
    return stem(letter) + place(Shape(sizes).position(of: unit - 1))
  }

  /// The layer's name in front of places: `h2`.
  func stem(_ layer: Int) -> String { Self.stem(letter(layer)) }

  /// The letter in front of places.
  static func stem(_ letter: String) -> String {
    letter.hasSuffix(".") ? String(letter.dropLast()) : letter
  }

  /// `[4,0,2]`.
  static func place(_ position: [Int]) -> String {
    "[\(position.map(String.init).joined(separator: ","))]"
  }

  /// The sizes of a layer's output, or of the input.
  func sizes(_ layer: Int) -> [Int] {
    if layer == 0 { return map.inputSizes }
    return map.layers.indices.contains(layer - 1) ? map.layers[layer - 1].sizes : []
  }

  /// `(2)` for the second of several examples or time steps, `(2,3)` for both.
  static func suffix(_ place: Quantity.Place) -> String? {
    let parts = [place.example, place.time].compactMap { $0.map(String.init) }
    return parts.isEmpty ? nil : "(\(parts.joined(separator: ",")))"
  }

  static func label(
    _ head: String, _ lower: String?, at place: Quantity.Place, _ kind: Quantity.Kind
  ) -> Label {
    let suffix = suffix(place)
    return Label(
      name: (lower.map { head + "_" + $0 } ?? head) + (suffix ?? ""),
      symbol: .symbol(head, subscript: lower, superscript: suffix), kind: kind, place: place)
  }

  func neuron(_ head: String, _ place: Quantity.Place, _ kind: Quantity.Kind) -> Label {
    Self.label(head, unit(place), at: place, kind)
  }

  /// A neuron; one of a part of its layer by its place from 0: `lstm.layer2[3]`.
  private func unit(_ place: Quantity.Place) -> String {
    place.inner.map { $0 + Self.place([place.unit - 1]) } ?? unit(place.layer, place.unit)
  }

  /// The neuron that a value is inside of; of values of which there is not one for each neuron, such as
  /// attention's scores, the place from 0: `h[0,2]` for the first head and the third step.
  private func unit(_ neuron: Neuron) -> String {
    let place = neuron.place
    guard !neuron.sizes.isEmpty, place.inner == nil else { return unit(place) }
    return stem(place.layer) + Self.place(Shape(neuron.sizes).position(of: place.unit - 1))
  }

  /// The net input or the output of a neuron, or of a gate: `net_h1`, `net_f,h1`, `f_h1`.
  private func neuron(_ found: (neuron: Neuron, isNet: Bool)) -> Label {
    let (neuron, place) = (found.neuron, found.neuron.place)
    guard let letter = neuron.letter else {
      return self.neuron(
        found.isNet ? "net" : "out", place, found.isNet ? .netInput : .activation)
    }
    return found.isNet
      ? Self.label("net", "\(letter),\(unit(neuron))", at: place, .netInput)
      : Self.label(letter, unit(neuron), at: place, .inner)
  }

  /// The error term of a neuron, or of a gate: `delta_h1`, `delta_f,h1`.
  func delta(_ neuron: Neuron) -> Label {
    let lower = (neuron.letter.map { $0 + "," } ?? "") + unit(neuron)
    let label = Self.label("δ", lower, at: neuron.place, .delta)
    return Label(
      name: label.name.replacing("δ", with: "delta"), symbol: label.symbol, kind: .delta,
      place: neuron.place)
  }

  private func nameNeurons() {
    let last = map.layers.count
    for layer in map.layers {
      for neuron in layer.neurons {
        let hasProbability = neuron.place.layer == last && step.probabilities != nil
        // The labels are made when they are asked for: an image has thousands of neurons.
        if !neuron.isLinear || hasProbability { neurons[neuron.net] = (neuron, true) }
        if !neuron.isLinear || !hasProbability { neurons[neuron.out] = (neuron, false) }
      }
      for part in layer.parts {
        if !part.isLinear { neurons[part.net] = (part, true) }
        neurons[part.out] = (part, false)
      }
    }
    guard let probabilities = step.probabilities, let outputs = map.layers.last else { return }
    for (element, neuron) in outputs.neurons.enumerated() where neuron.isLinear {
      cells[Cell(node: probabilities, element: element)] =
        self.neuron("out", neuron.place, .activation)
    }
  }

  private func nameTargets() {
    let outputs = map.layers[map.layers.count - 1].neurons
    guard step.problem.target.scalarType.isFloatingPoint,
      step.problem.target.count == outputs.count
    else { return }
    for (element, neuron) in outputs.enumerated() {
      cells[Cell(node: step.target, element: element)] =
        self.neuron("target", neuron.place, .target)
    }
  }

  private func input(_ cell: Cell) -> Label {
    let (row, feature) = cell.element.quotientAndRemainder(dividingBy: max(1, map.features))
    let (example, time) =
      map.isSequence ? row.quotientAndRemainder(dividingBy: map.steps) : (row, 0)
    let place = Quantity.Place(
      layer: 0, unit: feature + 1, example: map.examples > 1 ? example + 1 : nil,
      time: map.isSequence ? time + 1 : nil)
    return Self.label(unit(0, feature + 1), nil, at: place, .input)
  }

  // MARK: The update

  /// The name of ∂E/∂w.
  func gradient(_ parameter: String, _ element: Int) -> Label? {
    self.parameter(parameter, element).map { own in
      Label(
        name: "dE_total/d\(own.name)", symbol: .partial("E_total", own.symbol), kind: .gradient,
        place: own.place)
    }
  }

  /// The name of a value in an optimizer's rule: a setting, or something of each weight.
  private func rule(_ cell: Cell) -> Label? {
    if cell.node == step.learningRate { return Self.setting("η", "eta") }
    if cell.node == step.step { return Self.setting("t", "t") }
    if let name = gradients[cell.node] { return gradient(name, cell.element) }
    if case .variable(OptimizerStates.lastLoss) = step.graph.nodes[cell.node].content {
      return Label(name: "E_last", symbol: .symbol("E", subscript: "last"), kind: .state)
    }
    guard let range = step.updates.first(where: { $0.nodes.contains(cell.node) }) else {
      return nil
    }
    if let variable = range.newStates[cell.node] {
      return state(variable, of: range.parameter, cell.element, .newState)
    }
    guard let formula = step.states.formulas[cell.node] else { return nil }
    if step.graph.nodes[cell.node].constant != nil {
      // Beside the penalty's λ, the optimizer's is another.
      let symbol = formula == "λ" && step.problem.l2 != 0 ? "λ_w" : formula
      return Label(name: symbol.text, symbol: symbol, kind: .setting)
    }
    let isState =
      if case .variable = step.graph.nodes[cell.node].content { true } else { false }
    return state(cell.node, of: range.parameter, cell.element, isState ? .state : .updateStep)
  }

  private static func setting(_ symbol: String, _ name: String) -> Label {
    Label(name: name, symbol: .symbol(symbol), kind: .setting)
  }

  private func state(
    _ node: Node.ID, of parameter: String, _ element: Int, _ kind: Quantity.Kind
  ) -> Label? {
    guard let weight = self.parameter(parameter, element),
      case .symbol(let letter)? = step.states.formulas[node]
    else { return nil }
    let label = Label(
      name: "\(letter.name)_\(weight.name)",
      symbol: .symbol(letter.name, subscript: weight.name.replacing("_", with: "")), kind: kind,
      place: weight.place)
    return kind == .newState
      ? Label(
        name: label.name + "+", symbol: label.symbol.updated, kind: kind, place: label.place)
      : label
  }
}

extension Shape {
  /// The place along each axis, from 0, of an element in row-major order.
  func position(of element: Int) -> [Int] {
    zip(strides, dimensions).map { stride, size in
      size == 0 ? 0 : element / max(1, stride) % size
    }
  }
}
