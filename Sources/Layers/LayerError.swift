/// A layer, loss or set of parameters is described wrongly.
///
/// (A shape that does not fit while a model is applied is a `GraphError` instead.)
public struct LayerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where, what was found, and what was expected.
  public let description: String

  public init(_ description: String) { self.description = description }
}
