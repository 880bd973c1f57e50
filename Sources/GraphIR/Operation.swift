import Formulas
import Tensors

/// Everything that is known of one operation on tensors.
///
/// One file in `Operations/` holds one operation: its name, its shape rule, a plain evaluation (the
/// definition that fast kernels answer to), its gradient written in graph operations, its formula
/// and its derivatives' formulas, its cost, and samples for the checks that every operation passes.
/// An operation is a small value that holds only its attributes (axes, a slope); equal operations
/// on equal inputs give equal results, so the plan may share them.
///
/// Most element-wise operations conform to ``UnaryElementwise`` or ``BinaryElementwise``, which ask
/// for less.
public protocol Operation: Hashable, Sendable {
  /// The name that plans and errors print: `sigmoid`.
  static var name: String { get }

  /// The attributes as plans print them, such as `axes 0, 1`; empty where there are none.
  var attributes: String { get }

  /// How the output's elements relate to the inputs': what the plan may do with the operation.
  var structure: Structure { get }

  /// For a view, the input's element that its first one is; 0 unless told otherwise.
  var viewStart: Int { get }

  /// The shape rule: the output's type for inputs of the given types.
  ///
  /// - Throws: ``TypeError`` when the inputs do not fit.
  func outputType(_ inputs: [TensorType]) throws -> TensorType

  /// The plain evaluation: readable, and right for every type that ``outputType(_:)`` allows.
  ///
  /// - Precondition: `outputType` accepts the inputs' types.
  func evaluate(_ inputs: [Tensor]) -> Tensor

  /// The gradient rule: for each input, the gradient that reaches it, as more graph.
  ///
  /// - Parameters:
  ///   - inputs: The operation's inputs.
  ///   - output: Its result.
  ///   - upstream: ∂E/∂output, of the output's shape.
  /// - Returns: ∂E/∂input for each input, of that input's shape; nil where none flows.
  func gradients(_ inputs: [Expression], output: Expression, upstream: Expression) -> [Expression?]

  /// The value's formula, in terms of the inputs' formulas.
  func formula(_ inputs: [Formula]) -> Formula

  /// The derivative with respect to each input, in terms of the inputs and of the output;
  /// nil where the derivative is zero or does not exist.
  func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?]

  /// What one element of the output is made of; derivations are read from it.
  ///
  /// The formula and derivatives above speak of whole tensors; these speak of numbers.
  ///
  /// - Parameters:
  ///   - index: The element's place in the output, in row-major order.
  ///   - inputs: The inputs' values: some operations, such as a gather, choose by them.
  /// - Precondition: `outputType` accepts the inputs' types, and the output has such an element.
  func element(_ index: Int, of inputs: [Tensor]) -> ElementRule

  /// The elements of the output that an input's element is a source of, in ascending order, where
  /// that is cheaper to say than by asking ``element(_:of:)`` of all of them; nil, unless told
  /// otherwise, where it is not.
  ///
  /// - Parameters:
  ///   - source: The element of an input.
  ///   - inputs: The inputs' values.
  /// - Precondition: `outputType` accepts the inputs' types, and the input has such an element.
  func users(of source: ElementRule.Source, in inputs: [Tensor]) -> [Int]?

  /// Floating-point operations that one evaluation takes; a multiply-add counts as two.
  func flops(inputs: [TensorType], output: TensorType) -> Int

  /// The product of matrices that it is, as a convolution is one too; nil unless told otherwise.
  func product(inputs: [TensorType], output: TensorType) -> ProductSize?

  /// An equal, cheaper way to have the result, or nil: the plan asks before it schedules.
  func simplified(_ inputs: [Node]) -> Rewrite?

  /// Inputs on which the shared checks try the operation.
  static var samples: [Sample] { get }
}

extension Operation {
  /// The type of the result for inputs that ``outputType(_:)`` accepts.
  ///
  /// - Precondition: `outputType` accepts the inputs' types.
  public func resultType(_ inputs: [Tensor]) -> TensorType {
    do {
      return try outputType(inputs.map(\.type))
    } catch {
      preconditionFailure("\(description): \(error)")
    }
  }

  public var attributes: String { "" }
  public var structure: Structure { .opaque }
  public var viewStart: Int { 0 }
  public func users(of source: ElementRule.Source, in inputs: [Tensor]) -> [Int]? { nil }
  public func simplified(_ inputs: [Node]) -> Rewrite? { nil }
  public func product(inputs: [TensorType], output: TensorType) -> ProductSize? { nil }

  /// The name with the attributes: `sum(axes 0)`.
  public var description: String {
    attributes.isEmpty ? Self.name : "\(Self.name)(\(attributes))"
  }

  /// The work of one evaluation: its floating-point operations, and the bytes of its inputs and
  /// output.
  public func cost(inputs: [TensorType], output: TensorType) -> Cost {
    Cost(
      flops: flops(inputs: inputs, output: output),
      bytesRead: inputs.reduce(0) { $0 + $1.byteCount }, bytesWritten: output.byteCount)
  }
}

/// How an operation's output elements relate to its inputs' elements.
public enum Structure: Sendable, Hashable {
  /// Each output element depends on the inputs' elements at the same (broadcast) place alone.
  case elementwise
  /// The output is neighboring elements of the input, unchanged and in the same order, from
  /// ``Operation/viewStart`` on: all of them, or a part.
  case view
  /// Anything else.
  case opaque
}

/// The work of an operation.
public struct Cost: Hashable, Sendable {
  /// Floating-point operations; a multiply-add counts as two.
  public var flops: Int
  /// Bytes read from the inputs.
  public var bytesRead: Int
  /// Bytes written to the output.
  public var bytesWritten: Int

  public init(flops: Int, bytesRead: Int, bytesWritten: Int) {
    self.flops = flops
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
  }
}

/// What an operation becomes when the plan simplifies it.
public enum Rewrite: Sendable {
  /// The output equals the node with this number.
  case node(Node.ID)
  /// The output equals another operation over the nodes with these numbers.
  case operation(any Operation, inputs: [Node.ID])
}
