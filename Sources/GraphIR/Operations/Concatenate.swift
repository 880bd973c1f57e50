import Formulas
import Tensors

/// Several values one after the other along an axis.
///
/// Each input receives its own part of the gradient.
public struct Concatenate: Operation {
  public static let name = "concatenate"

  /// The axis along which the inputs follow one another.
  public let axis: Int

  public init(axis: Int) { self.axis = axis }

  public var attributes: String { "axis \(axis)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    guard let first = inputs.first else { throw TypeError("expects at least 1 input, found 0") }
    try first.shape.expectAxis(axis)
    var shape = first.shape
    for other in inputs.dropFirst() {
      guard other.scalarType == first.scalarType, other.shape.rank == first.shape.rank,
        first.shape.dimensions.indices.allSatisfy({
          $0 == axis || other.shape[$0] == first.shape[$0]
        })
      else {
        throw TypeError(
          "expects values that differ along axis \(axis) alone, found \(first) and \(other)")
      }
      shape[axis] += other.shape[axis]
    }
    return TensorType(shape, first.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let type = resultType(inputs)
    let blocks = type.shape.dimensions[..<axis].reduce(1, *)
    let widths = inputs.map { $0.count / Swift.max(blocks, 1) }
    func joined<T>(_ parts: [[T]]) -> [T] {
      (0..<blocks).flatMap { block in
        zip(parts, widths).flatMap { part, width in part[block * width..<(block + 1) * width] }
      }
    }
    switch type.scalarType {
    case .float32: return Tensor(joined(inputs.map(\.floats)), shape: type.shape)
    case .float64: return Tensor(joined(inputs.map(\.doubles)), shape: type.shape)
    case .int32:
      return Tensor(joined(inputs.map { $0.integers.map { Int32($0) } }), shape: type.shape)
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    var start = 0
    return inputs.map { input in
      defer { start += input.shape[axis] }
      return upstream.slice(axis: axis, from: start, to: start + input.shape[axis])
    }
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("concatenate", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    inputs.map { _ in 1 }
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let inner = inputs[0].shape.dimensions[(axis + 1)...].reduce(1, *)
    let widths = inputs.map { $0.shape[axis] * inner }
    let (block, rest) = index.quotientAndRemainder(dividingBy: widths.reduce(0, +))
    var (input, place) = (0, rest)
    while place >= widths[input] {
      place -= widths[input]
      input += 1
    }
    return .copy(of: .init(input: input, element: block * widths[input] + place))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// One value alone is itself.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs.count == 1 ? .node(inputs[0].id) : nil
  }

  public static var samples: [Sample] {
    [
      Sample(Concatenate(axis: 0), [.numbers([2]), .numbers([3], seed: 2)]),
      Sample(
        Concatenate(axis: 1),
        [.numbers([2, 3]), .numbers([2, 1], seed: 2), .numbers([2, 2], seed: 3)]),
      Sample(Concatenate(axis: 1), [.numbers([2, 1, 3]), .numbers([2, 2, 3], seed: 2)]),
    ]
  }
}

/// Several values one after the other along an axis; a negative axis counts from the end.
///
/// - Precondition: `values` is not empty.
public func concatenate<T: TensorAlgebra>(_ values: [T], axis: Int = 0) -> T {
  precondition(!values.isEmpty, "concatenate: expects at least 1 value, found 0")
  return T.apply(Concatenate(axis: values[0].resolved(axis)), to: values)
}
