import Formulas
import GraphIR
import Layers
import Tensors

/// What the cells of a step are called, in the notation of the texts: net_h1, out_o2, w5.
final class Naming {
  private let step: StepGraph
  private let map: NetworkMap
  /// What is known already, of cells without a name too.
  private var cells: [Cell: Label?] = [:]
  private let declarations: [String: (declaration: ParameterDeclaration, layer: Int)]
  /// Whether weights are numbered through.
  private let isNumbered: Bool
  /// The numbers of the first weight and bias of each parameter.
  private var firstNumbers: [String: Int] = [:]
  private let names: [Node.ID: String]
  private let gradients: [Node.ID: String]
  /// Where each neuron stands, by its cells.
  private var neurons: [Cell: (neuron: Neuron, isNet: Bool)] = [:]
  /// Parameters that others of the same layer share their letter and form with.
  private var shared: Set<String> = []

  /// The most parameters that are numbered through unless told otherwise; larger networks name a weight by the
  /// neurons at its ends.
  static let mostNumbers = 40

  init(_ step: StepGraph, _ map: NetworkMap) {
    self.step = step
    self.map = map
    names = Dictionary(uniqueKeysWithValues: step.parameters.map { ($1, $0) })
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
  private static func stem(_ letter: String) -> String {
    letter.hasSuffix(".") ? String(letter.dropLast()) : letter
  }

  /// `[4,0,2]`.
  private static func place(_ position: [Int]) -> String {
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
    Self.label(head, unit(place.layer, place.unit), at: place, kind)
  }

  private func neuron(_ found: (neuron: Neuron, isNet: Bool)) -> Label {
    neuron(
      found.isNet ? "net" : "out", found.neuron.place, found.isNet ? .netInput : .activation)
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

  // MARK: Parameters

  /// The name of an element of a parameter.
  func parameter(_ name: String, _ element: Int) -> Label? {
    guard let (declaration, layer) = declarations[name] else { return nil }
    let shape = declaration.type.shape
    let own = name.split(separator: ".").last.map(String.init) ?? name
    let isWeight = declaration.isWeight
    let columns = shape.rank == 0 ? 1 : shape[-1]
    let (row, unit) = element.quotientAndRemainder(dividingBy: max(1, columns))
    let kind: Quantity.Kind = isWeight ? .weight : .bias
    let isImage = sizes(layer).count > 1
    // What all places of an image share is no single neuron's.
    let place = Quantity.Place(
      layer: layer, unit: isImage || columns == 1 && !isWeight ? 0 : unit + 1)
    if isNumbered, let first = firstNumbers[name] {
      // The texts' order: neuron by neuron, the weights of each in the order of their inputs.
      let rows = shape.rank == 2 ? shape[0] : 1
      let number = isWeight ? first + unit * rows + row : first + element
      let symbol = (isWeight ? "w" : "b") + "\(number)"
      return Label(name: symbol, symbol: .symbol(symbol), kind: kind, place: place)
    }
    let end = "\(letter(layer))\(unit + 1)"
    let lower: String
    switch shape.rank {
    case _ where shared.contains(name):
      let path = name.split(separator: ".").dropLast().joined(separator: ".")
      lower =
        (path.isEmpty ? Self.stem(letter(layer)) : path)
        + Self.place(shape.position(of: element))
    case 1... where isImage:
      lower = Self.stem(letter(layer)) + Self.place(shape.position(of: element))
    case 1 where columns == 1 && map.layers[layer - 1].units > 1: lower = letter(layer)
    case 1: lower = end
    case 2: lower = source(of: own, layer: layer, row: row, rows: shape[0]) + "," + end
    default:
      lower = Self.stem(letter(layer)) + Self.place(shape.position(of: element))
    }
    let head = Self.letter(of: own, follows: isAfterRecurrence(layer))
    return Label(
      name: "\(head)_\(lower)", symbol: .symbol(head, subscript: lower), kind: kind, place: place)
  }

  /// The neuron or input at a weight's far end.
  private func source(of own: String, layer: Int, row: Int, rows: Int) -> String {
    if own == "recurrentWeight" { return "\(letter(layer))\(row + 1)" }
    let width = layer == 1 ? map.features : map.layers[layer - 2].units
    return rows == width ? unit(layer - 1, row + 1) : "\(row + 1)"
  }

  /// Whether a layer comes after a recurrent one.
  private func isAfterRecurrence(_ layer: Int) -> Bool {
    declarations.values.contains {
      $0.layer < layer && $0.declaration.name.hasSuffix(".recurrentWeight")
    }
  }

  /// The texts' letter: u, w and v for the weights into, within and out of a recurrent layer.
  private static func letter(of own: String, follows: Bool) -> String {
    switch own {
    case "weight": follows ? "v" : "w"
    case "bias": "b"
    case "inputWeight": "u"
    case "recurrentWeight": "w"
    default: own
    }
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
