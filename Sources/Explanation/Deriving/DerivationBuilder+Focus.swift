import GraphIR
import Layers
import Tensors

/// What of a large network is worked out. Of a network of more than 20,000 parameters, and of a layer
/// whose output is an image or a sequence of more than 64 numbers, no reader wants every sum. One way through the
/// network is then shown in full – from the neuron that was asked for, or the place where a shared weight
/// counts most, to the outputs, each time by way of the neuron that the error reaches it through most –
/// and what the others' net inputs and δ are is given as numbers.
extension DerivationBuilder {
  /// The most parameters of a network all of whose sums are taken apart.
  private static let mostTakenApart = 20_000
  /// The largest image or sequence that is derived in full.
  private static let mostPlaces = 64

  /// Whether only the chosen neurons of a layer are worked out.
  private func isShort(_ layer: Int) -> Bool {
    if step.problem.parameters.elementCount > Self.mostTakenApart { return true }
    guard !isWhole, map.layers.indices.contains(layer - 1) else { return false }
    let own = map.layers[layer - 1]
    let isSequence = own.neurons.first?.place.time != nil
    return (own.isImage || isSequence)
      && own.neurons.count / max(1, map.examples) > Self.mostPlaces
  }

  /// Whether a neuron's sum is given as a number: another was chosen, or is the layer's first.
  func isAside(_ place: Quantity.Place) -> Bool {
    guard isShort(place.layer), !focus.contains([place.layer, place.unit]) else { return false }
    return place.unit > 1 || focus.contains { $0[0] == place.layer }
  }

  /// Whether a neuron's δ is given as a number. Those of the outputs are derived in any case.
  func isGivenError(_ place: Quantity.Place) -> Bool {
    place.layer < map.layers.count && isShort(place.layer)
      && !focus.contains([place.layer, place.unit])
  }

  /// The neurons, layer and unit, that a selection is about: those of a chosen weight or neuron, and
  /// those on the way from them to the outputs in layers that are not derived in full.
  func focus(of selection: Selection) throws -> Set<[Int]> {
    switch selection {
    case .all, .overview: return []
    case .neuron(let text):
      let neurons = try neurons(text)
      return way(from: neurons.last, to: Set(neurons.map { [$0.place.layer, $0.place.unit] }))
    case .layer:
      // A layer that is derived in full needs none.
      let neurons = try elements(of: selection).neurons
      guard let layer = neurons.first?.place.layer, isShort(layer),
        let first = neurons.max(by: { error($0) < error($1) })
      else { return [] }
      return way(from: first, to: [[layer, first.place.unit]])
    case .weight:
      guard let element = try elements(of: selection).elements.first,
        let node = step.parameters[element.parameter]
      else { return [] }
      let cell = Cell(node: node, element: element.element)
      guard let most = mostReached(from: cell) else { return [] }
      return way(from: most, to: [[most.place.layer, most.place.unit]])
    }
  }

  /// Of more parameters than a reader wants to see those with the largest gradients, in their order.
  func largest(_ elements: [Element]) -> [Element] {
    guard elements.count > Self.mostShown else { return elements }
    let sizes = elements.map { element in
      step.parameterGradients[element.parameter].map {
        abs(before.value(Cell(node: $0, element: element.element)))
      } ?? 0
    }
    let chosen = sizes.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
    return chosen.prefix(Self.mostChosen).sorted().map { elements[$0] }
  }

  /// How many of them.
  private static let mostChosen = 10

  /// The size of a neuron's δ.
  private func error(_ neuron: Neuron) -> Double { abs(slopeValue(neuron.net) ?? 0) }

  /// The neuron by way of which a cell changes the error most.
  private func mostReached(from cell: Cell) -> Neuron? {
    let neurons = consumers(of: cell).compactMap { net in
      self.neuron(at: net).map { (net: net, neuron: $0) }
    }
    guard neurons.count > 1 else { return neurons.first?.neuron }
    let shares = neurons.map { next in
      let error = error(next.neuron)
      return error == 0 ? 0 : error * abs(before.slopeNumber(of: next.net, by: cell))
    }
    return shares.indices.max { shares[$0] < shares[$1] }.map { neurons[$0].neuron }
  }

  private func way(from first: Neuron?, to start: Set<[Int]>) -> Set<[Int]> {
    guard (1...map.layers.count).contains(where: isShort) else { return start }
    var (result, neuron) = (start, first)
    while let last = neuron, last.place.layer < map.layers.count {
      // A recurrent neuron leads back to its own layer at a later step; the way goes on.
      guard let next = mostReached(from: last.out), next.place.layer > last.place.layer else {
        break
      }
      if isShort(next.place.layer) { result.insert([next.place.layer, next.place.unit]) }
      neuron = next
    }
    return result
  }
}
