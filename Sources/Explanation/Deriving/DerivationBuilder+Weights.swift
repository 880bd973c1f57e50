import Formulas
import GraphIR
import Layers

extension DerivationBuilder {
  /// ∂E/∂w of an element of a parameter.
  @discardableResult
  func gradient(_ parameter: String, _ element: Int) -> Formula {
    guard let node = step.parameters[parameter],
      let own = before.label(Cell(node: node, element: element)),
      let label = naming.gradient(parameter, element)
    else { return 0 }
    guard !has(label.name) else { return label.symbol }
    let cell = Cell(node: node, element: element)
    forward(cell, firstPass)
    let nets = uses(of: cell)
    let layer = nets.first?.neuron.place.layer
    let penalty = penaltySlope(cell)
    let value = step.parameterGradients[parameter].map {
      before.value(Cell(node: $0, element: element))
    }
    for next in nets.reversed() { delta(next.neuron) }
    if map.examples == 1, nets.allSatisfy({ $0.neuron.place.time == nil }) {
      let forms =
        nets.count == 1
        ? chain(nets[0], cell, own)
        : sharedForms(nets, own) + [.total(nets.map(contribution))]
      return add(label, value: value, in: .backward, layer: layer) {
        forms.map { form in penalty.map { form + $0 } ?? form }
      }
    }

    // One part for each example and time step.
    var (order, groups): ([Quantity.Place], [Quantity.Place: [Formula]]) = ([], [:])
    for next in nets {
      var place = next.neuron.place
      place.unit = 0
      if groups[place] == nil { order.append(place) }
      groups[place, default: []].append(contribution(next))
    }
    let parts = order.map { place -> Formula in
      let time = place.time.map { "(\($0))" } ?? ""
      let variable = Formula.symbol(
        own.symbol.symbolParts.name, subscript: own.symbol.symbolParts.subscript,
        superscript: place.time.map { "(\($0))" })
      let label = Label(
        name: partialName(place, own.name + time), symbol: partial(place, variable),
        kind: .gradientPart, place: place)
      return add(label, value: nil, in: .backward, layer: layer) { [.total(groups[place] ?? [])] }
    }
    var sum = Formula.total(parts)
    if map.examples > 1 {
      let accumulator = Label(
        name: "Delta_\(own.name)",
        symbol: .symbol(
          "Δ" + own.symbol.symbolParts.name, subscript: own.symbol.symbolParts.subscript),
        kind: .gradientSum,
        place: own.place)
      let symbol = add(accumulator, value: nil, in: .backward, layer: layer) { [sum] }
      sum = (1 / .number(Double(map.examples))) * symbol
    }
    return add(label, value: value, in: .backward, layer: layer) {
      [penalty.map { sum + $0 } ?? sum]
    }
  }

  /// ∂E/∂w of a weight that the neurons at several places of an image share, as a sum over the places p.
  private func sharedForms(_ nets: [Use], _ own: Label) -> [Formula] {
    guard let layer = nets.first?.neuron.place.layer, map.layers[layer - 1].isImage,
      nets.allSatisfy({ $0.neuron.place.layer == layer })
    else { return [] }
    let head = nets[0].neuron.isLinear ? "out" : "net"
    return [
      .big(
        .sum, index: Self.place, from: 1, to: .number(Double(nets.count)),
        body: .symbol("δ", subscript: "p")
          * .partial(.symbol(head, subscript: "p"), own.symbol))
    ]
  }

  /// The letter that runs over the places of an image.
  static let place: Formula = "p"

  /// A neuron that a weight is of, with the cell of its net input and ∂net/∂w.
  private struct Use {
    let cell: Cell
    let neuron: Neuron
    let slope: Formula
  }

  /// The neurons that a weight is of. One with which it multiplies a number that is 0 in every run, as
  /// the state is that a sequence starts from, has no part in its gradient.
  private func uses(of weight: Cell) -> [Use] {
    let all = consumers(of: weight).compactMap { next -> Use? in
      guard let neuron = neuron(at: next) else { return nil }
      let slope = localSlope(of: next, by: weight, seenFrom: neuron.place.layer)
      return Use(cell: next, neuron: neuron, slope: slope)
    }
    let parts = all.filter { $0.slope != 0 }
    return parts.isEmpty ? all : parts
  }

  /// δ · ∂net/∂w.
  private func contribution(_ use: Use) -> Formula {
    let delta = delta(use.neuron)
    return use.slope == 1 ? delta : delta * use.slope
  }

  /// The chain rule for a weight of one neuron, with each factor as a quantity.
  private func chain(_ use: Use, _ weight: Cell, _ own: Label) -> [Formula] {
    let (neuron, net, slope) = (use.neuron, use.cell, use.slope)
    guard let top = before.label(net) else { return [0] }
    let factor = add(
      Label(
        name: "d\(top.name)/d\(own.name)", symbol: .partial(top.symbol, own.symbol),
        kind: .netSlope, place: own.place),
      value: nil, in: .backward, layer: neuron.place.layer
    ) { [slope] }
    let delta = delta(neuron)
    var forms = [delta * factor, slope == 1 ? delta : delta * slope]
    if !neuron.isLinear, consumers(of: neuron.net) == [neuron.out],
      let out = before.label(neuron.out)
    {
      forms.insert(
        partial(neuron.place, out.symbol) * .partial(out.symbol, top.symbol) * factor, at: 0)
    }
    return forms
  }

  /// The part of ∂E/∂w that the penalty adds.
  private func penaltySlope(_ weight: Cell) -> Formula? {
    let terms = (errors.penaltyOf[weight] ?? []).compactMap { index -> Formula? in
      let term = errors.penalty[index]
      guard let slope = before.slope(of: term.cell, by: weight) else { return nil }
      let notation = penaltyNotation()
      switch term.kind {
      case .magnitudes: return notation.magnitudes * slope
      case .other: return before.arrange(.number(term.factor) * slope)
      case .squares:
        // λ/2 · 2 w is λ w.
        guard case .product(let factors) = slope else { return notation.squares * slope }
        return notation.squares * .product(factors.filter { $0 != 2 })
      }
    }
    return terms.isEmpty ? nil : .total(terms)
  }
}
