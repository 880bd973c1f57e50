import GraphIR
import Layers

extension NetworkMap {
  /// Adds the values inside of layers that the layers said the names of.
  mutating func add(_ parts: [LayerPart], _ reader: GraphReader) {
    var known = Set(layers.flatMap { $0.neurons.map(\.out) })
    for part in parts where part.shape.rank >= 2 && part.shape[0] == examples {
      guard let layer = layer(at: part.layer) else { continue }
      // Of one step, [batch, units], or of all, [batch, steps, …].
      let hasSteps = part.shape.rank > 2
      let sizes = Array(part.shape.dimensions.dropFirst(hasSteps ? 2 : 1))
      let units = sizes.reduce(1, *)
      guard units > 0, !hasSteps || isSequence, part.shape.count <= Self.mostNeurons else {
        continue
      }
      for element in 0..<part.shape.count {
        let out = reader.origin(Cell(node: part.note.node, element: element))
        guard known.insert(out).inserted else { continue }
        let (row, unit) = element.quotientAndRemainder(dividingBy: units)
        let (example, step) =
          hasSteps ? row.quotientAndRemainder(dividingBy: part.shape[1]) : (row, part.note.step)
        let net = part.note.net.map { reader.origin(Cell(node: $0, element: element)) }
        layers[layer].parts.append(
          Neuron(
            place: Quantity.Place(
              layer: layer + 1, unit: unit + 1, example: examples > 1 ? example + 1 : nil,
              time: isSequence ? step.map { $0 + 1 } : nil, inner: part.inner),
            net: net ?? out, out: out, letter: part.note.letter,
            sizes: sizes.count == 1 ? [] : sizes))
      }
    }
  }
}
