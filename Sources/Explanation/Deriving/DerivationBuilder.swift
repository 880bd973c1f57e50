import Execution
import Formulas
import GraphIR
import Layers
import Tensors
import Training

/// Writes the quantities of a step, each after those that it is made of, as they are asked for.
///
/// What a number is made of is read from the graph; this only decides what is a quantity, and under
/// which heading it stands.
final class DerivationBuilder {
  let step: StepGraph
  let map: NetworkMap
  let naming: Naming
  /// The run before the update.
  let before: GraphReader
  /// The element of each output neuron in the network's output.
  let outputElements: [Quantity.Place: Int]
  /// The terms that E is a sum of.
  let errors: ErrorTerms
  /// What finds the neurons' cells that are directly made of a cell, and what it found.
  private let users: CellUsers
  private var known: [Cell: [Cell]] = [:]
  /// The neurons, layer and unit, that a derivation of a large network is about.
  var focus: Set<[Int]> = []
  /// How many parameters were asked for.
  var asked = 0
  /// Whether all is derived, whatever its size.
  var isWhole = false
  /// Where the neurons and the values inside of them stand (`NetworkMap.Layer/neuron(_:)`).
  let neuronPlaces: [Cell: (layer: Int, neuron: Int)]

  private var quantities: [Quantity] = []
  private var keys: [SectionKey] = []
  private var places: [String: Int] = [:]
  /// The quantities' names by what formulas write for them.
  private(set) var names: [Formula: String] = [:]

  /// Where a quantity stands.
  struct SectionKey: Hashable {
    let kind: Derivation.Section.Kind
    let layer: Int?
  }

  init(_ problem: Problem) throws {
    try problem.check()
    var found: (NetworkMap, [Node.ID])?
    step = try StepGraph(problem) { graph, traced in
      let reader = try GraphReader(Trace(graph, problem.forwardValues))
      let map = try NetworkMap(
        calls: traced.calls, parts: traced.parts, problem: problem, reader)
      let nodes = Set(
        map.layers.flatMap { ($0.neurons + $0.parts).flatMap { [$0.net.node, $0.out.node] } })
      found = (map, nodes.sorted())
      return nodes.sorted()
    }
    guard let found else { throw ExplanationError("the network could not be read") }
    map = found.0
    before = try GraphReader(Trace(step.graph, step.values()))
    naming = Naming(step, map)
    outputElements = Dictionary(
      (map.layers.last?.neurons ?? []).enumerated().map { ($0.element.place, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    errors = ErrorTerms(step, map, before, naming)
    var places: [Cell: (layer: Int, neuron: Int)] = [:]
    for (index, layer) in map.layers.enumerated() {
      for (place, neuron) in (layer.neurons + layer.parts).enumerated() {
        for cell in neuron.isLinear ? [neuron.net] : [neuron.net, neuron.out] {
          places[cell] = (index, place)
        }
      }
    }
    neuronPlaces = places
    users = CellUsers(before, neurons: Set(places.keys.map(\.node))) { places[$0] != nil }
    connect(before) { $1 }
    errors.findLeaves(before)
  }

  /// Gives a reader the names of this step.
  func connect(_ reader: GraphReader, _ change: @escaping (Cell, Label) -> Label) {
    let naming = naming
    reader.label = { cell in naming.label(cell).map { change(cell, $0) } }
    reader.isNamed = { naming.isNamed($0) }
    reader.arrange = { formula in
      formula.arranged(
        weights: { naming.isWeight($0) }, biases: { naming.isBias($0) }
      ).simplified()
    }
  }

  // MARK: Quantities

  func has(_ name: String) -> Bool { places[name] != nil }

  func quantity(_ name: String) -> Quantity? { places[name].map { quantities[$0] } }

  /// Adds a quantity, unless there is one of its name; `forms` are read only then.
  @discardableResult
  func add(
    _ label: Label, value: @autoclosure () -> Double?, in kind: Derivation.Section.Kind,
    layer: Int? = nil, forms: () -> [Formula] = { [] }
  ) -> Formula {
    guard places[label.name] == nil else { return label.symbol }
    var forms = forms()
    // Equal forms in a row say nothing new.
    forms = forms.enumerated().filter { $0.offset == 0 || forms[$0.offset - 1] != $0.element }
      .map(\.element)
    let uses = forms.last?.occurring(names) ?? []
    let computed = value() ?? forms.last.flatMap { evaluate($0, uses) } ?? .nan
    let quantity = Quantity(
      name: label.name, symbol: label.symbol, value: computed, kind: label.kind,
      place: label.place, forms: forms, uses: uses)
    places[label.name] = quantities.count
    quantities.append(quantity)
    keys.append(SectionKey(kind: kind, layer: layer))
    names[label.symbol] = label.name
    return label.symbol
  }

  private func evaluate(_ formula: Formula, _ uses: [String]) -> Double? {
    var values: [Formula: Formula] = [:]
    for quantity in uses.compactMap({ self.quantity($0) }) {
      values[quantity.symbol] = .number(quantity.value)
    }
    return formula.substituting(values).evaluate()
  }

  // MARK: What is made of a cell

  /// The neurons' cells that are directly made of a cell of a neuron or a parameter, first to last; of
  /// a parameter's, net inputs alone.
  func consumers(of cell: Cell) -> [Cell] {
    if let found = known[cell] { return found }
    let isParameter = step.parameterName(of: cell.node) != nil
    let found = users.neurons(after: cell).compactMap { cell -> (rank: [Int], cell: Cell)? in
      guard let place = neuronPlaces[cell] else { return nil }
      let isNet = map.layers[place.layer].neuron(place.neuron).net == cell
      return isParameter && !isNet ? nil : ([place.layer, place.neuron, isNet ? 0 : 1], cell)
    }
    let sorted = found.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.cell)
    known[cell] = sorted
    return sorted
  }

  /// The derivation of what was asked for.
  func derivation(proofs: [Derivation.Proof]) -> Derivation {
    let order: [Derivation.Section.Kind] = [
      .given, .forward, .error, .backward, .update, .after,
    ]
    var members: [SectionKey: [Quantity]] = [:]
    for (quantity, key) in zip(quantities, keys) { members[key, default: []].append(quantity) }
    // Backward, the last layer comes first; where updates take effect at once, they come between.
    let isSequential = step.problem.order == .sequential
    func rank(_ key: SectionKey) -> [Int] {
      let place = order.firstIndex(of: key.kind) ?? order.count
      let layer = key.layer ?? Int(Int32.max)
      switch key.kind {
      case .backward: return [3, -layer, place]
      case .update where isSequential: return [3, -layer, place]
      default: return [place, layer, place]
      }
    }
    let sorted = members.keys.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
    return Derivation(
      quantities: sorted.flatMap { members[$0] ?? [] },
      sections: sorted.map { key in
        Derivation.Section(
          kind: key.kind, layer: key.layer, quantities: (members[key] ?? []).map(\.name))
      }, proofs: proofs, holdsValues: step.holdsValues)
  }
}
