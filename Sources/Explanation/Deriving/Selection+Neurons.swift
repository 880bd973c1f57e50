import GraphIR
import Layers
import Tensors

extension DerivationBuilder {
  /// The neurons, of all examples and time steps, that a text names: `h3`, `conv[4,0,2]`.
  func neurons(_ text: String) throws -> [Neuron] {
    let (layer, unit) = try place(ofNeuron: text)
    return map.layers[layer - 1].neurons.filter { $0.place.unit == unit }
  }

  private func place(ofNeuron text: String) throws -> (layer: Int, unit: Int) {
    if let open = text.firstIndex(of: "["), text.hasSuffix("]"), open > text.startIndex {
      let name = String(text[..<open])
      let stems = map.layers.indices.map { naming.stem($0 + 1) }
      let paths = map.layers.map(\.path)
      guard let index = paths.firstIndex(of: name) ?? stems.firstIndex(of: name) else {
        throw ExplanationError("there is no layer \"\(name)\"; \(suggestion(for: name, in: paths))")
      }
      let shape = Shape(map.layers[index].sizes)
      return (index + 1, try place(text, after: open, name, shape) + 1)
    }
    for (index, layer) in map.layers.enumerated() {
      let letter = naming.letter(index + 1)
      guard text.hasPrefix(letter), let unit = Int(text.dropFirst(letter.count)),
        "\(letter)\(unit)" == text, (1...max(1, layer.units)).contains(unit)
      else { continue }
      return (index + 1, unit)
    }
    let known = map.layers.enumerated().map { index, layer in
      "\(naming.unit(index + 1, 1)) to \(naming.unit(index + 1, layer.units))"
    }
    throw ExplanationError(
      "there is no neuron \"\(text)\"; the network has \(known.joined(separator: ", "))")
  }

  /// The parameters that some neurons are directly made of; of those that all places of an image
  /// share one, the bias where there is one, since the sums of the others are like its sum.
  func parameters(of neurons: [Neuron]) -> [Element] {
    let cells = Set(neurons.flatMap { before.leaves($0.net) })
    let elements = orderedElements { element in
      guard let node = self.step.parameters[element.parameter] else { return false }
      return cells.contains(Cell(node: node, element: element.element))
    }
    guard let place = neurons.first?.place, map.layers[place.layer - 1].isImage else {
      return elements
    }
    let bias = elements.first { naming.parameter($0.parameter, $0.element)?.kind == .bias }
    return (bias ?? elements.first).map { [$0] } ?? []
  }
}
