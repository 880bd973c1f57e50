import GraphIR
import Tensors

/// A value inside of a layer that the texts have a name for, such as a gate of a recurrent layer at one
/// step.
public struct LayerPart: Sendable {
  /// Where the layer stands: `encoder.lstm`.
  public let layer: String
  /// Where in it the value's parameters stand, where the layer has several such parts, as one of
  /// several layers or two directions: `encoder.lstm.layer2`; else nil.
  public let inner: String?
  /// The value, and what it is called.
  public let note: ValueNote
  /// The value's shape, [batch, units].
  public let shape: Shape
}
