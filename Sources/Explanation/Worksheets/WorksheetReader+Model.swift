import GraphIR
import Layers
import Tensors

extension WorksheetReader {
  /// The loss.
  func loss() throws -> any Loss {
    guard let entry = self["loss"] else { return HalfSquaredError() }
    let text = try entry.text("a loss, such as half-squared-error")
    do {
      return try Losses.named(text)
    } catch {
      let names = Losses.all.map { $0.kind }
      throw entry.error(
        "there is no loss \(quotedInBrief(text)); \(suggestion(for: text, in: names))")
    }
  }

  /// The network: dense and elman layers, by name. Where the loss applies softmax or the logistic
  /// function itself, the last layer is linear.
  func model(_ layers: [LayerPlan], loss: any Loss, biases: WorksheetBiases?) throws -> Sequential {
    var list: [LayerBox] = []
    for (index, layer) in layers.enumerated() {
      var activation = layer.activation ?? (layer.isElman ? .tanh : .sigmoid)
      if index == layers.count - 1, let own = Self.ownActivation(of: loss) {
        try check(layer, with: loss, own: own)
        activation = .linear
      }
      if layer.isElman {
        list.append(
          LayerBox(
            Elman(
              units: layer.units, activation: activation, hasBias: biases != nil, name: layer.name))
        )
      } else {
        list.append(
          LayerBox(
            Dense(
              units: layer.units, activation: activation, hasBias: biases != nil,
              sharesBias: biases?.isShared[index] ?? false, name: layer.name)))
      }
    }
    return Sequential(list)
  }

  /// The function that a loss applies to the net inputs; nil where it applies none.
  private static func ownActivation(of loss: any Loss) -> Activation? {
    switch loss {
    case is CrossEntropy: .softmax
    case is BinaryCrossEntropy: .sigmoid
    default: nil
    }
  }

  private func check(_ layer: LayerPlan, with loss: any Loss, own: Activation) throws {
    let kind = type(of: loss).kind
    if layer.isElman {
      throw layer.entry.error(
        "with the loss \(kind) the last layer must be dense, not elman")
    }
    if let found = layer.activation, found != own, found != .linear {
      let other =
        found == .softmax
        ? "; softmax goes with crossEntropy"
        : found == .sigmoid ? "; sigmoid goes with binaryCrossEntropy" : ""
      throw layer.entry.error(
        "the last layer's activation is \(found.rawValue), expected \(own.rawValue) with the loss "
          + kind + other)
    }
    if loss is CrossEntropy && layer.units < 2 {
      throw layer.entry.error(
        "the last layer has 1 unit, expected 2 or more with the loss \(kind); "
          + "binaryCrossEntropy is for 1")
    }
  }

  /// All weights and biases, in the order in which the model declares them.
  func parameters(_ layers: [LayerPlan], weights: WorksheetWeights, biases: WorksheetBiases?)
    -> ParameterSet
  {
    var parameters = ParameterSet()
    var index = 0
    for matrix in weights.matrices {
      // The biases of a layer come after its last matrix.
      if matrix.layer != index, let biases {
        parameters["\(layers[index].name).bias"] = Tensor(biases.values[index])
      }
      index = matrix.layer
      parameters["\(layers[index].name).\(matrix.parameter)"] = matrix.stored
    }
    if let biases { parameters["\(layers[index].name).bias"] = Tensor(biases.values[index]) }
    return parameters
  }

  /// The parameters that a step leaves as they are: the biases, unless they are trained.
  func fixed(_ layers: [LayerPlan], biases: WorksheetBiases?) throws -> Set<String> {
    let isTrained = try self["train-biases"]?.flag() ?? true
    guard biases != nil, !isTrained else { return [] }
    return Set(layers.map { "\($0.name).bias" })
  }
}
