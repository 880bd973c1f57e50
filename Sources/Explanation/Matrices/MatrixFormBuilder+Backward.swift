import Formulas
import GraphIR
import Layers
import Training

extension MatrixFormBuilder {
  /// δ of a layer, then the gradients of its parameters.
  mutating func addBackward(_ index: Int) {
    let (layer, number) = (layers[index], index + 1)
    guard let slope = step.gradients[layer.net] else {
      isRight = false
      return
    }
    let delta = Self.symbol("δ", number)
    let rows = reader.formula(slope)
    let m = Double(examples)
    reader.name(slope, delta, factor: m)
    let isLast = index == layers.count - 1
    var forms = [
      rows.map { columns(isLast ? recognized($0) : $0, times: m, isBackward: true) }
    ]
    if isLast, let short = shortForm(number), let value = reader.values[delta],
      reader.evaluator.value(short)?.isClose(to: value, within: 1e-12) == true
    {
      forms.append(short)
    }
    add("delta\(number)", delta, forms, in: .backward, layer: number)
    addGradient(layer.weight, Self.symbol("W", number), "W\(number)", number, delta)
    if let bias = layer.bias {
      addGradient(bias, Self.symbol("b", number), "b\(number)", number, delta)
    }
  }

  /// A formula with the probabilities named wherever they, or powers of e that are equal to them,
  /// were computed anew.
  private func recognized(_ rows: Formula) -> Formula {
    guard hasProbabilities, let node = step.probabilities, let layer = layers.last,
      let name = reader.names[node], let net = reader.names[layer.net],
      let definition = reader.formula(node)
    else { return rows }
    var known = [definition: name]
    if reader.trace.graph.nodes[node].operation is Softmax {
      known[.exp(.call(LogSoftmax.name, [net]))] = name
    }
    return rows.substituting(known)
  }

  /// What the slope of the loss comes to for the kind of targets that it is meant for.
  private func shortForm(_ number: Int) -> Formula? {
    guard hasProbabilities, layers.last?.units == 1 || isDistribution else { return nil }
    return problem.loss.slope(
      output: Self.symbol("z", number), target: "y", probability: Self.symbol("a", number))
  }

  /// Whether the targets of each example add up to 1, as those of classes do.
  private var isDistribution: Bool {
    guard let sums = reader.values["y"]?.summed(.units) else { return false }
    return sums.values.allSatisfy { abs($0 - 1) < 1e-12 }
  }

  // MARK: Parameters

  private mutating func addGradient(
    _ parameter: String, _ own: Formula, _ name: String, _ number: Int, _ delta: Formula
  ) {
    guard let node = step.parameterGradients[parameter] else { return }
    // The part that came back from the error, and the penalty's.
    var (data, penalty): ([MatrixTerm], [MatrixTerm]) = ([], [])
    let tidying = tidying(isBackward: true)
    for part in addends(node) {
      guard let rows = reader.formula(part) else {
        isRight = false
        return
      }
      let turned = reader.transposition.transposed(rows)
      let isPenalty =
        turned.occurring([delta: true]).isEmpty && reader.transposition.hasMatrix(turned)
      if isPenalty {
        penalty.append(tidying.term(turned))
      } else {
        data.append(tidying.term(turned))
      }
    }
    var terms = data.map { tidying.formula($0) }
    if examples > 1, data.count == 1, data[0].factors.count == 1,
      case .matrixProduct = data[0].factors[0],
      let value = reader.evaluator.value(data[0].factors[0])
    {
      let sum = Self.symbol("Δ", number)
      reader.name(sum, value)
      add("Delta\(number)", sum, [data[0].factors[0]], in: .backward, layer: number)
      var scaled = data[0]
      scaled.factors = [sum]
      terms = [tidying.formula(scaled)]
    }
    var settings = tidying
    let notation = problem.penaltyNotation
    if problem.l2 != 0 { settings.settings.append((problem.l2, notation.squares)) }
    if problem.l1 != 0 { settings.settings.append((problem.l1, notation.magnitudes)) }
    terms += penalty.map { settings.formula($0) }
    guard let value = MatrixValue(transposing: reader.trace[node]) else { return }
    let symbol = Formula.partial("E", own)
    reader.name(symbol, value)
    if numbers.contains(own) { numbers.insert(symbol) }
    add(
      "dE/d\(name)", symbol, [Formula.total(terms).simplified()], in: .backward, layer: number)
  }

  /// The nodes that a node is the sum of.
  private func addends(_ node: Node.ID) -> [Node.ID] {
    let graph = reader.trace.graph
    guard graph.nodes[node].operation is Add else { return [node] }
    return graph.nodes[node].inputs.flatMap { input in
      graph.nodes[input].type == graph.nodes[node].type ? addends(input) : [input]
    }
  }

  mutating func addUpdates() {
    for (index, layer) in layers.enumerated() {
      let number = index + 1
      for (letter, parameter) in [("W", layer.weight), ("b", layer.bias)] {
        guard let parameter, let update = step.updates.first(where: { $0.parameter == parameter }),
          let slope = step.parameterGradients[parameter]
        else { continue }
        let own = Self.symbol(letter, number)
        reader.name(number: step.learningRate, "η")
        reader.name(slope, .partial("E", own))
        let form = formula(update.value)
        guard let value = MatrixValue(transposing: reader.trace[update.value]) else { continue }
        reader.name(own.updated, value)
        if numbers.contains(own) { numbers.insert(own.updated) }
        add("\(letter)\(number)+", own.updated, [form], in: .update, layer: number)
      }
    }
  }
}
