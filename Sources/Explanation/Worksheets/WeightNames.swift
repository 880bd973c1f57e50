/// How the weights and biases of a problem are called.
public enum WeightNames: String, Hashable, Sendable, CaseIterable {
  /// w1, w2, … neuron by neuron through the layers, each neuron's incoming weights in order; b1,
  /// b2, … likewise, or one for each layer where the layer's neurons share it.
  case numbered
  /// By their place: the layer's matrix, with the neuron and its input.
  case byPlace
}
