import GraphIR
import Layers
import Tensors

/// A neuron in a run of a graph: where its net input and its output stand.
struct Neuron {
  let place: Quantity.Place
  /// The cell of its net input.
  var net: Cell
  /// The cell of its output; the net input itself where the neuron is linear.
  var out: Cell

  var isLinear: Bool { net == out }
}

/// The layers of neurons that a model's layers make in a run.
struct NetworkMap {
  struct Layer {
    /// The path of the model's layer: `hidden`.
    let path: String
    /// The neurons of all examples and time steps: first all units of the first step of the first
    /// example.
    var neurons: [Neuron]
    let units: Int
    /// The sizes whose product is ``units``: more than one, such as height, width and channels, where
    /// the layer's output is an image.
    let sizes: [Int]

    /// Whether its neurons stand at places of an image.
    var isImage: Bool { sizes.count > 1 }
  }

  /// The layers of neurons, first to last.
  private(set) var layers: [Layer] = []
  /// The number of examples; of time steps, 1 outside sequences; of inputs.
  let examples: Int
  let steps: Int
  let features: Int
  /// The sizes whose product is ``features``: more than one where the input is an image, or becomes one
  /// before any layer of neurons.
  private(set) var inputSizes: [Int]
  let isSequence: Bool

  /// The most neurons that are looked for, over all examples and steps.
  static let mostNeurons = 200_000

  /// - Throws: ``ExplanationError`` where there is no layer of neurons, or too many of them.
  init(calls: [LayerCall], problem: Problem, _ reader: GraphReader) throws {
    let shape = problem.input.shape
    let leaves = calls.indices.filter { index in
      index + 1 == calls.count || calls[index + 1].depth <= calls[index].depth
    }.map { calls[$0] }
    // The second of three axes is time where a layer of neurons keeps it.
    isSequence =
      shape.rank == 3
      && leaves.contains { call in
        call.output.rank == 3 && call.output[1] == shape[1] && call.output.count > 0
          && reader.parts(reader.origin(Cell(node: call.node, element: 0))) != nil
      }
    examples = shape[0]
    steps = isSequence ? shape[1] : 1
    features = examples * steps == 0 ? 0 : shape.count / (examples * steps)
    inputSizes = Array(shape.dimensions.dropFirst(isSequence ? 2 : 1))

    var known: [Cell: (layer: Int, neuron: Int)] = [:]
    for call in leaves where call.output.rank >= 2 && call.output[0] == examples {
      let outputs = call.output
      let hasSteps = isSequence && outputs.rank == 3
      let units = max(1, outputs.count / max(1, examples * (hasSteps ? outputs[1] : 1)))
      guard outputs.count <= Self.mostNeurons else {
        throw ExplanationError(
          "\(call.path): \(outputs.count.grouped) neurons; expected at most "
            + "\(Self.mostNeurons.grouped), over all examples and steps")
      }
      let sizes = Array(outputs.dimensions.dropFirst(hasSteps ? 2 : 1))
      if sizes.count > inputSizes.count, !isSequence, sizes.reduce(1, *) == features,
        Self.isInput(call.node, reader)
      {
        inputSizes = sizes
      }
      var neurons: [Neuron] = []
      for element in 0..<outputs.count {
        let out = reader.origin(Cell(node: call.node, element: element))
        guard let (_, sources) = reader.parts(out), !sources.isEmpty else { break }
        // A layer that changes nothing, as dropout outside training, has no neurons of its own.
        if known[out] != nil { continue }
        let net = Self.netInput(of: out, reader) { known[$0] != nil }
        if let place = known[net ?? out] {
          // An activation of its own follows a linear layer: the neurons are that layer's.
          if net != nil { layers[place.layer].neurons[place.neuron].out = out }
          known[out] = place
          continue
        }
        let (row, unit) = element.quotientAndRemainder(dividingBy: units)
        let (example, time) =
          hasSteps ? row.quotientAndRemainder(dividingBy: outputs[1]) : (row, 0)
        neurons.append(
          Neuron(
            place: Quantity.Place(
              layer: layers.count + 1, unit: unit + 1,
              example: examples > 1 ? example + 1 : nil, time: hasSteps ? time + 1 : nil),
            net: net ?? out, out: out))
      }
      guard !neurons.isEmpty else { continue }
      for (place, neuron) in neurons.enumerated() { known[neuron.out] = (layers.count, place) }
      // The layer is the one that wrote the sum: of a residual block's output it is the block.
      let path = reader.trace.graph.nodes[neurons[0].out.node].path
      layers.append(
        Layer(
          path: path.isEmpty ? call.path : path, neurons: neurons, units: units, sizes: sizes))
    }
    guard !layers.isEmpty else {
      throw ExplanationError("the network has no layer of neurons to explain")
    }
  }

  /// The net input of a neuron with this output: of f(x) it is x, also where f sees a whole row, as
  /// softmax does, or is composed of several operations, as mish is; nil for a sum.
  private static func netInput(
    of out: Cell, _ reader: GraphReader, isNeuron: (Cell) -> Bool
  ) -> Cell? {
    let nodes = reader.trace.graph.nodes
    guard nodes[out.node].operation?.structure == .elementwise else {
      let inputs = nodes[out.node].inputs
      guard inputs.count == 1, nodes[inputs[0]].type.shape == nodes[out.node].type.shape else {
        return nil
      }
      return reader.origin(Cell(node: inputs[0], element: out.element))
    }
    // Opened from the last to the first, all that the layer made of the output's element may come
    // from a single cell; the innermost such cell is the net input.
    var (net, open): (Cell?, Set<Cell>) = (nil, [out])
    while let last = open.max(by: { ($0.node, $0.element) < ($1.node, $1.element) }),
      last == out || !isNeuron(last), nodes[last.node].path == nodes[out.node].path,
      nodes[last.node].operation?.structure == .elementwise, let (_, sources) = reader.parts(last)
    {
      open.remove(last)
      open.formUnion(sources.map(reader.origin).filter { !reader.isConstant($0) })
      guard (1...mostOpen).contains(open.count) else { return net }
      if open.count == 1 { net = open.first }
    }
    return net
  }

  /// Whether a node is the network's input in another shape.
  private static func isInput(_ node: Node.ID, _ reader: GraphReader) -> Bool {
    let nodes = reader.trace.graph.nodes
    var node = node
    while nodes[node].operation?.structure == .view { node = nodes[node].inputs[0] }
    if case .input = nodes[node].content {
      return nodes[node].type.shape.count > 0
    }
    return false
  }

  /// More cells at a time than the parts of any activation.
  private static let mostOpen = 8

  /// The layer's place among the layers that a path stands for: `hidden`, or what is inside of it.
  func layer(at path: String) -> Int? {
    layers.firstIndex { $0.path == path } ?? layers.firstIndex { path.hasPrefix($0.path + ".") }
  }
}

/// Why something cannot be explained.
public struct ExplanationError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
