import Formulas
import GraphIR
import Layers

extension DerivationBuilder {
  /// A run of the step: with the parameters before the update, or after it.
  struct Pass {
    let reader: GraphReader
    /// The heading of its neurons, and of its errors.
    let forward: Derivation.Section.Kind
    let error: Derivation.Section.Kind
    let isAfter: Bool

    /// What the run calls something that the update changes.
    func own(_ label: Label) -> Label { isAfter ? label.updated : label }
  }

  var firstPass: Pass {
    Pass(reader: before, forward: .forward, error: .error, isAfter: false)
  }

  /// A quantity of the forward pass, after those that it is made of.
  func forward(_ cell: Cell, _ pass: Pass) {
    guard let label = pass.reader.label(cell), !has(label.name) else { return }
    let layer = label.place?.layer
    let value = pass.reader.value(cell)
    switch label.kind {
    case .netInput where isGivenAsNumber(cell, label),
      .activation where isGivenAsNumber(cell, label):
      add(label, value: value, in: pass.forward, layer: layer)
    case .netInput, .activation:
      for leaf in pass.reader.leaves(cell) { forward(leaf, pass) }
      add(label, value: value, in: pass.forward, layer: layer) {
        [pass.reader.definition(cell)]
      }
    case .newParameter: break
    default:
      add(label, value: value, in: .given)
    }
  }

  /// Whether a weighted sum is not taken apart, its neuron being none that was asked for.
  private func isGivenAsNumber(_ cell: Cell, _ label: Label) -> Bool {
    guard let place = label.place, let neuron = neuron(at: cell), neuron.net == cell else {
      return false
    }
    return isAside(place)
  }

  func forward(_ neuron: Neuron, _ pass: Pass) {
    forward(neuron.net, pass)
    forward(neuron.out, pass)
    if let probability = probability(of: neuron) { forward(probability, pass) }
  }

  /// The cell of the probability that the loss makes of an output neuron.
  func probability(of neuron: Neuron) -> Cell? {
    guard let node = step.probabilities, let element = outputElements[neuron.place] else {
      return nil
    }
    return Cell(node: node, element: element)
  }

  // MARK: Errors

  func errorLabel(_ place: Quantity.Place, _ pass: Pass) -> Label {
    let unit = naming.unit(place.layer, place.unit)
    return pass.own(Naming.label("E", unit, at: place, .error))
  }

  /// What a derivation differentiates: E_total, or with several examples the error of one of them.
  func top(_ example: Int?, _ pass: Pass) -> Label {
    guard let example else {
      return pass.own(Label(name: "E_total", symbol: "E_total", kind: .totalError))
    }
    let place = Quantity.Place(layer: map.layers.count, unit: 0, example: example)
    return pass.own(Naming.label("E", nil, at: place, .exampleError))
  }

  /// The error of one output.
  func error(_ index: Int, _ pass: Pass) -> Formula {
    let part = errors.parts[index]
    let label = errorLabel(part.place, pass)
    guard !has(label.name) else { return label.symbol }
    for leaf in part.leaves { forward(leaf, pass) }
    let neuron = outputElements[part.place].map { map.layers[map.layers.count - 1].neurons[$0] }
    let probability = neuron.flatMap { self.probability(of: $0) }
    if let neuron, probability != nil { forward(neuron, pass) }
    let value = part.terms.reduce(0) { $0 + $1.factor * pass.reader.value($1.cell) }
    return add(label, value: value, in: pass.error) {
      if let neuron, let probability, let symbol = pass.reader.label(probability)?.symbol,
        let target = target(of: neuron, pass),
        let written = step.problem.loss.formula(
          output: pass.reader.formula(neuron.net), target: target, probability: symbol)
      {
        return [part.scaled(written)]
      }
      return [pass.reader.arrange(combined(part.terms, pass))]
    }
  }

  /// The target of an output neuron.
  func target(of neuron: Neuron, _ pass: Pass) -> Formula? {
    guard let element = outputElements[neuron.place] else { return nil }
    let cell = Cell(node: step.target, element: element)
    guard pass.reader.label(cell) != nil else { return nil }
    forward(cell, pass)
    return pass.reader.formula(cell)
  }

  /// Σ factor · cell.
  func combined(_ terms: [(factor: Double, cell: Cell)], _ pass: Pass) -> Formula {
    let formulas = terms.map { term -> Formula in
      let formula = pass.reader.formula(term.cell)
      return term.factor == 1
        ? formula : term.factor == -1 ? -formula : Formula.factor(term.factor) * formula
    }
    return formulas.count == 1 ? formulas[0] : .sum(formulas)
  }

  /// E, with all that it is made of.
  @discardableResult
  func totalError(_ pass: Pass) -> Formula {
    let label = top(nil, pass)
    guard !has(label.name) else { return label.symbol }
    let cell = Cell(node: step.total, element: 0)
    guard !errors.parts.isEmpty else {
      for leaf in pass.reader.leaves(cell) { forward(leaf, pass) }
      return add(label, value: pass.reader.value(cell), in: pass.error) {
        [pass.reader.definition(cell)]
      }
    }
    var sums: [Int: [Formula]] = [:]
    for index in errors.parts.indices {
      let symbol = error(index, pass)
      sums[errors.parts[index].place.example ?? 0, default: []].append(symbol)
    }
    var terms: [Formula] = []
    for example in sums.keys.sorted() {
      guard example > 0 else {
        terms += sums[example] ?? []
        continue
      }
      let parts = sums[example] ?? []
      terms.append(
        add(top(example, pass), value: nil, in: pass.error) { [.total(parts)] })
    }
    let penalty = penaltyError(pass)
    return add(label, value: pass.reader.value(cell), in: pass.error) {
      var data = Formula.total(terms)
      if errors.examples > 1 { data = (1 / .number(Double(errors.examples))) * data }
      return [penalty.map { data + $0 } ?? data]
    }
  }

  /// The part of E that is no example's.
  private func penaltyError(_ pass: Pass) -> Formula? {
    guard !errors.penalty.isEmpty else { return nil }
    let label = pass.own(Label(name: "E_penalty", symbol: "E_penalty", kind: .penalty))
    guard !has(label.name) else { return label.symbol }
    for term in errors.penalty {
      for leaf in pass.reader.leaves(term.cell) { forward(leaf, pass) }
    }
    let value = errors.penalty.reduce(0) { $0 + $1.factor * pass.reader.value($1.cell) }
    return add(label, value: value, in: pass.error) {
      let notation = penaltyNotation()
      func sum(_ kind: ErrorTerms.PenaltyTerm.Kind) -> Formula? {
        let terms = errors.penalty.filter { $0.kind == kind }
        return terms.isEmpty ? nil : .total(terms.map { pass.reader.formula($0.cell) })
      }
      var parts: [Formula] = []
      if let sum = sum(.magnitudes) { parts.append(notation.magnitudes * sum) }
      if let sum = sum(.squares) { parts.append(notation.squares.halved * sum) }
      parts += errors.penalty.filter { $0.kind == .other }.map {
        .number($0.factor) * pass.reader.formula($0.cell)
      }
      return [.total(parts)]
    }
  }

  /// What the penalty's factors are written as; their settings become quantities.
  func penaltyNotation() -> (squares: Formula, magnitudes: Formula) {
    let notation = step.problem.penaltyNotation
    for setting in notation.settings {
      add(
        Label(name: setting.name, symbol: setting.symbol, kind: .setting), value: setting.value,
        in: .given)
    }
    return (notation.squares, notation.magnitudes)
  }
}

extension Formula {
  /// λ/2 of λ, λ/(2m) of λ/m.
  fileprivate var halved: Formula {
    if case .quotient(let a, let b) = self { .quotient(a, 2 * b) } else { .quotient(self, 2) }
  }

  /// The sum of some formulas; one alone is itself.
  static func total(_ terms: [Formula]) -> Formula { terms.count == 1 ? terms[0] : .sum(terms) }
}
