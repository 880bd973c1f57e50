import Formulas
import GraphIR
import Tensors

extension DerivationBuilder {
  /// ∂E/∂y as it is written, E being that of the example at a place.
  func partial(_ place: Quantity.Place?, _ variable: Formula) -> Formula {
    .partial(top(place?.example, firstPass).symbol, variable)
  }

  func partialName(_ place: Quantity.Place?, _ variable: String) -> String {
    "d\(top(place?.example, firstPass).name)/d\(variable)"
  }

  /// The slope of an example's error by a neuron's cell, from the gradient nodes; nil where the
  /// hidden layers see weights that are updated already.
  func slopeValue(_ cell: Cell) -> Double? {
    guard step.problem.order == .simultaneous, let node = step.gradients[cell.node] else {
      return nil
    }
    return before.value(Cell(node: node, element: cell.element)) * Double(map.examples)
  }

  /// ∂cell/∂variable with the weights that the layer at `layer` sees on the way back.
  func localSlope(of cell: Cell, by variable: Cell, seenFrom layer: Int) -> Formula {
    var cells: [Cell] = []
    let slope = before.arrange(before.slope(of: cell, by: variable, through: &cells) ?? 0)
    // Of a neuron whose sum is given as a number, what the slope is made of is not there yet.
    for cell in cells { forward(cell, firstPass) }
    guard step.problem.order == .sequential else { return slope }
    var replaced: [Formula: Formula] = [:]
    for leaf in before.leaves(cell) {
      guard let label = before.label(leaf), let place = label.place, place.layer > layer,
        label.kind == .weight || label.kind == .bias,
        let name = step.parameterName(of: leaf.node), !step.problem.fixed.contains(name),
        !slope.occurring([label.symbol: 0]).isEmpty
      else { continue }
      replaced[label.symbol] = update(name, leaf.element)
    }
    return slope.substituting(replaced)
  }

  // MARK: Errors and neurons

  /// δ = ∂E/∂net of a neuron.
  @discardableResult
  func delta(_ neuron: Neuron) -> Formula {
    let place = neuron.place
    let written = naming.neuron("δ", place, .delta)
    let label = Label(
      name: written.name.replacing("δ", with: "delta"), symbol: written.symbol, kind: .delta,
      place: place)
    guard !has(label.name) else { return label.symbol }
    if isGivenError(place), let value = slopeValue(neuron.net) {
      return add(label, value: value, in: .backward, layer: place.layer)
    }
    forward(neuron, firstPass)
    guard let net = before.label(neuron.net) else { return label.symbol }
    let whole = partial(place, net.symbol)
    let outs = consumers(of: neuron.net)
    if neuron.isLinear, net.kind == .activation {
      let slope = errorSlope(neuron.out, neuron)
      return add(label, value: slopeValue(neuron.net), in: .backward, layer: place.layer) {
        [slope]
      }
    }
    if neuron.isLinear {
      let forms = errorForms(neuron.net, of: neuron)
      return add(label, value: slopeValue(neuron.net), in: .backward, layer: place.layer) {
        [whole] + forms
      }
    }
    let factors = outs.compactMap { out -> Formula? in
      guard let other = self.neuron(at: out) else { return nil }
      return errorSlope(out, other) * activationSlope(of: out, by: neuron)
    }
    return add(label, value: slopeValue(neuron.net), in: .backward, layer: place.layer) {
      [whole, .total(factors)]
    }
  }

  /// ∂out/∂net as a quantity.
  private func activationSlope(of out: Cell, by neuron: Neuron) -> Formula {
    guard let (top, bottom) = labels(out, neuron.net) else { return 0 }
    let label = Label(
      name: "d\(top.name)/d\(bottom.name)", symbol: .partial(top.symbol, bottom.symbol),
      kind: .activationSlope, place: neuron.place)
    return add(label, value: nil, in: .backward, layer: neuron.place.layer) {
      let raw = before.slope(of: out, by: neuron.net) ?? 0
      return [raw.recognizing(shares(of: neuron)), before.arrange(raw)]
    }
  }

  private func labels(_ a: Cell, _ b: Cell) -> (Label, Label)? {
    guard let first = before.label(a), let second = before.label(b) else { return nil }
    return (first, second)
  }

  /// ∂E/∂out as a quantity.
  func errorSlope(_ out: Cell, _ neuron: Neuron) -> Formula {
    guard let own = before.label(out) else { return 0 }
    let place = neuron.place
    let label = Label(
      name: partialName(place, own.name), symbol: partial(place, own.symbol), kind: .errorSlope,
      place: place)
    guard !has(label.name) else { return label.symbol }
    forward(neuron, firstPass)
    let forms = errorForms(out, of: neuron)
    return add(label, value: slopeValue(out), in: .backward, layer: place.layer) { forms }
  }

  /// What ∂E/∂cell is the sum of: the parts by way of the neurons that the cell feeds, and of the
  /// errors that it enters directly.
  private func errorForms(_ cell: Cell, of neuron: Neuron) -> [Formula] {
    guard let own = before.label(cell) else { return [0] }
    let nets = consumers(of: cell).compactMap { next in
      self.neuron(at: next).map { (cell: next, neuron: $0) }
    }
    let parts = errors.partsOf[cell] ?? []
    if nets.isEmpty { return directForms(parts, cell, own, neuron) }

    let isSplit =
      parts.isEmpty && nets.count > 1 && nets.allSatisfy { ownError(of: $0.neuron) != nil }
    var (written, computed): ([Formula], [Formula]) = ([], [])
    // Backpropagation through time takes the last step first.
    for next in nets.reversed().sorted(by: {
      ($0.neuron.place.time ?? 0) > ($1.neuron.place.time ?? 0)
    }) {
      _ = delta(next.neuron)
    }
    for next in nets {
      let delta = delta(next.neuron)
      let slope = localSlope(of: next.cell, by: cell, seenFrom: neuron.place.layer)
      guard let net = before.label(next.cell) else { continue }
      guard isSplit, let index = ownError(of: next.neuron) else {
        written.append(delta * .partial(net.symbol, own.symbol))
        computed.append(slope == 1 ? delta : delta * slope)
        continue
      }
      let error = error(index, firstPass)
      let name = "d\(errorLabel(errors.parts[index].place, firstPass).name)/d\(own.name)"
      let label = Label(
        name: name, symbol: .partial(error, own.symbol), kind: .errorSlopePart,
        place: neuron.place)
      let part = add(label, value: nil, in: .backward, layer: neuron.place.layer) {
        [
          .partial(error, net.symbol) * .partial(net.symbol, own.symbol), delta * slope,
        ]
      }
      written.append(part)
      computed.append(part)
    }
    let direct = parts.isEmpty ? [] : [directForms(parts, cell, own, neuron).last ?? 0]
    return [.total(written + direct), .total(computed + direct)]
  }

  /// The only error that an output neuron has a part in.
  private func ownError(of neuron: Neuron) -> Int? {
    guard neuron.place.layer == map.layers.count else { return nil }
    let parts = errors.partsOf[neuron.out] ?? []
    guard parts.count == 1, neuron.isLinear || consumers(of: neuron.net) == [neuron.out] else {
      return nil
    }
    return parts[0]
  }

  /// ∂E/∂cell where errors are made of the cell itself.
  private func directForms(_ parts: [Int], _ cell: Cell, _ own: Label, _ neuron: Neuron)
    -> [Formula]
  {
    guard !parts.isEmpty else {
      // E is no sum over the outputs, or does not depend on the cell.
      let whole = errors.parts.isEmpty ? before.slope(of: total, by: cell) : nil
      guard let whole else { return [0] }
      let scaled = errors.examples > 1 ? .number(Double(errors.examples)) * whole : whole
      return [scaled, before.arrange(scaled)]
    }
    let written = parts.map { Formula.partial(error($0, firstPass), own.symbol) }
    let shares = shares(of: neuron)
    let raw = parts.map { index -> Formula in
      let terms = errors.parts[index].terms.compactMap { term -> Formula? in
        let cell = cell
        let slope =
          before.resolved(term.cell) == cell
          ? 1 : before.slope(of: term.cell, by: cell)
        guard let slope else { return nil }
        return term.factor == 1 ? slope : Formula.factor(term.factor) * slope
      }
      return Formula.total(terms).recognizing(shares)
    }
    var forms = [Formula.total(written), .total(raw), before.arrange(.total(raw))]
    let row = errors.parts.filter {
      $0.place.example == neuron.place.example && $0.place.time == neuron.place.time
    }
    if let target = target(of: neuron, firstPass), let probability = probability(of: neuron),
      let symbol = before.label(probability)?.symbol,
      let short = step.problem.loss.slope(
        output: own.symbol, target: target, probability: symbol),
      let part = parts.first.map({ errors.parts[$0] }), parts.count == 1 || isDistribution(row)
    {
      forms.append(part.scaled(short))
    }
    return forms
  }

  /// The cell of E.
  private var total: Cell { Cell(node: step.total, element: 0) }

  /// Whether the targets of an example add up to 1, as those of classes do.
  private func isDistribution(_ row: [ErrorTerms.Part]) -> Bool {
    let sum = row.reduce(0.0) { sum, part in
      guard let element = outputElements[part.place] else { return sum }
      return sum + before.value(Cell(node: step.target, element: element))
    }
    return abs(sum - 1) < 1e-12
  }

  /// The probabilities of an example's outputs, by what they are equal to.
  private func shares(of neuron: Neuron) -> [Formula: Formula] {
    guard let outputs = map.layers.last, step.probabilities != nil,
      neuron.place.layer == map.layers.count
    else { return [:] }
    var result: [Formula: Formula] = [:]
    for other in outputs.neurons
    where other.place.example == neuron.place.example && other.place.time == neuron.place.time {
      guard let cell = probability(of: other), let label = before.label(cell) else { continue }
      result[before.formula(cell, opening: true)] = label.symbol
    }
    return result
  }

  /// The neuron that a cell is the net input or the output of.
  func neuron(at cell: Cell) -> Neuron? {
    neuronPlaces[cell].map { map.layers[$0.layer].neurons[$0.neuron] }
  }
}

extension Formula {
  /// The formula with known values named, such as a probability by what softmax makes it of.
  func recognizing(_ known: [Formula: Formula]) -> Formula {
    known.isEmpty ? self : substituting(known)
  }

  /// The parts of a symbol; of anything else its text.
  var symbolParts: Symbol {
    if case .symbol(let symbol) = self { symbol } else { Symbol(name: text) }
  }
}
