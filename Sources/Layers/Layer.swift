import GraphIR
import Tensors

/// A part of a network, or a whole one: a small immutable description.
///
/// A layer holds no numbers and no sizes of its input. Applied to a symbolic input it writes graph,
/// and declares the parameters that it needs through its ``Scope``; so one description serves any
/// input size and element type, and parameters live outside the model, by name.
///
/// ```swift
/// struct Scale: Layer {
///   static let kind = "scale"
///   var name: String?
///   func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
///     input * scope.parameter("factor", [input.shape[-1]], .ones)
///   }
/// }
/// ```
///
/// A layer made of others applies them by ``Scope/apply(_:to:as:)``. For a layer of your own to be
/// read from an architecture file, list its type under `CodingUserInfoKey.layerTypes`. In a file that
/// imports Foundation too, write `Backprop.Expression`: Foundation has another type of that name.
public protocol Layer: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The name of this kind of layer in architecture files, such as `dense`. It never changes.
  static var kind: String { get }

  /// The name of this layer in its parameters' names, or nil for one made of its kind and a number.
  var name: String? { get }

  /// What is wrong with the description itself, such as `units is 0, expected at least 1`; nil
  /// where nothing is, as unless told otherwise.
  var problem: String? { get }

  /// The layer's output for an input of shape [batch, …].
  ///
  /// What does not fit is recorded by ``Scope/fail(_:)``, never trapped on.
  func callAsFunction(_ input: Expression, in scope: Scope) -> Expression

  /// Uses of this layer on which the shared checks try it; none unless told otherwise.
  static var samples: [LayerSample] { get }
}

extension Layer {
  public var problem: String? { nil }
  public static var samples: [LayerSample] { [] }

  /// One line for summaries: the kind.
  public var description: String { Self.kind }
}

/// One use of a layer, for the checks that run over all of them.
public struct LayerSample: Sendable {
  /// The layer.
  public let layer: any Layer
  /// The shape of its input, without the batch axis.
  public let input: Shape

  public init(_ layer: any Layer, input: Shape) {
    self.layer = layer
    self.input = input
  }
}
