/// What the texts call a value of a graph: the forget gate f of a recurrent layer's third step.
///
/// Whoever writes a value can say its name, so that nobody who reads the graph has to guess it from the
/// operations around.
public struct ValueNote: Sendable {
  /// The value.
  public let node: Node.ID
  /// The value that it is a function of, element by element: the gate's net input; nil where it is no
  /// function of a single one, as the cell state c = f c + i g.
  public let net: Node.ID?
  /// The texts' letter: `f`, `c`.
  public let letter: String
  /// The step of the loop that it belongs to, from 0; nil outside of loops.
  public let step: Int?
}

extension Expression {
  /// The same value, with what the texts call it. Graphs that write loops out, as derivations do, keep
  /// these notes (`GraphBuilder.notes`); others do not.
  ///
  /// - Parameters:
  ///   - letter: The texts' letter: `f`.
  ///   - net: What it is a function of, element by element; none unless told otherwise.
  @discardableResult
  public func noted(_ letter: String, of net: Expression? = nil) -> Expression {
    builder.note(
      ValueNote(node: id, net: net?.id, letter: letter, step: builder.loopStep))
    return self
  }
}
