import Tensors

/// One value in a graph: where it comes from, and its type.
public struct Node: Sendable, Identifiable {
  /// A node's number: its place in the graph's list. Inputs come before what uses them.
  public typealias ID = Int

  /// Where a node's value comes from.
  public enum Content: Sendable {
    /// Given anew for every run: a batch, the learning rate.
    case input(String)
    /// Kept between runs, and perhaps updated by them: a parameter, an optimizer's state.
    case variable(String)
    /// The same in every run.
    case constant(Tensor)
    /// Computed from other nodes.
    case operation(any Operation, inputs: [ID])
  }

  /// The node's number.
  public let id: ID
  /// Where its value comes from.
  public let content: Content
  /// Its shape and element type.
  public let type: TensorType
  /// The layer that wrote it, such as `hidden`; empty outside layers.
  public let path: String

  public init(id: ID, content: Content, type: TensorType, path: String) {
    self.id = id
    self.content = content
    self.type = type
    self.path = path
  }

  /// The nodes it is computed from.
  public var inputs: [ID] {
    if case .operation(_, let inputs) = content { inputs } else { [] }
  }

  /// The operation that computes it, if one does.
  public var operation: (any Operation)? {
    if case .operation(let operation, _) = content { operation } else { nil }
  }

  /// The name of an input or variable; empty for other nodes.
  public var leafName: String {
    switch content {
    case .input(let name), .variable(let name): name
    case .constant, .operation: ""
    }
  }

  /// Its tensor, where it is a constant.
  public var constant: Tensor? {
    if case .constant(let tensor) = content { tensor } else { nil }
  }

  /// Whether it is a constant whose elements all equal `value`.
  public func isConstant(_ value: Double) -> Bool {
    guard let constant, constant.count > 0, constant.scalar == value else { return false }
    return constant.count == 1 || constant.doubles.allSatisfy { $0 == value }
  }
}

extension Node {
  /// Whether it is a constant whose elements are all −0.
  var isNegativeZero: Bool {
    isConstant(0) && constant?.doubles.allSatisfy { $0.sign == .minus } == true
  }

  /// Whether a result of broadcasting this node with another still has this node's type.
  public func covers(_ other: Node) -> Bool {
    type.shape.broadcast(with: other.type.shape) == type.shape
      && type.scalarType == other.type.scalarType
  }
}
