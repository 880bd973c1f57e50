import Formulas
import Tensors

/// The axes in another order.
///
/// Axis i of the result is axis p_i of the input. The gradient goes back through the inverse.
public struct Transpose: Operation {
  public static let name = "transpose"

  /// For each axis of the result, the axis of the input that it is.
  public let permutation: [Int]

  public init(_ permutation: [Int]) { self.permutation = permutation }

  public var attributes: String { permutation.map(String.init).joined(separator: ", ") }

  /// Whether it swaps the last two axes and leaves all others: the transpose of matrices.
  public var swapsLastTwo: Bool {
    let rank = permutation.count
    return rank >= 2 && permutation == Array(0..<(rank - 2)) + [rank - 1, rank - 2]
  }

  /// The permutation that undoes this one.
  var inverse: [Int] {
    permutation.indices.sorted { permutation[$0] < permutation[$1] }
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    guard permutation.sorted() == Array(0..<input.shape.rank) else {
      throw TypeError(
        "expects each axis of shape \(input.shape) once, found permutation \(permutation)")
    }
    return TensorType(Shape(permutation.map { input.shape[$0] }), input.scalarType)
  }

  /// The offsets at which an input of the given shape is read.
  private func offsets(_ input: Shape) -> StridedOffsets {
    let strides = input.strides
    return StridedOffsets(
      sizes: permutation.map { input[$0] }, strides: permutation.map { strides[$0] })
  }

  /// The place in an input of the given shape of an element of the result.
  func offset(of index: Int, in input: Shape) -> Int { offsets(input)[index] }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    inputs[0].elements(at: offsets(inputs[0].shape), shape: resultType(inputs).shape)
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .copy(of: .init(input: 0, element: offsets(inputs[0].shape)[index]))
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream.transposed(inverse)]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    swapsLastTwo ? .transposed(inputs[0]) : .call("transpose", inputs)
  }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1] }
  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// The same order is nothing; where axes of size 1 alone move, the elements stay as they are; two
  /// in a row are one; a product writes its rows where they belong.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    let input = inputs[0]
    if permutation == Array(permutation.indices) { return .node(input.id) }
    let long = permutation.filter { input.type.shape[$0] != 1 }
    if long == long.sorted() {
      let shape = Shape(permutation.map { input.type.shape[$0] })
      return .operation(Reshape(shape), inputs: [input.id])
    }
    if let first = input.operation as? Transpose {
      return .operation(
        Transpose(permutation.map { first.permutation[$0] }), inputs: [input.inputs[0]])
    }
    let rank = permutation.count
    if rank > 2, permutation.last == rank - 1,
      let product = input.operation as? ArrangedMatrixProduct, product.orderC.last == rank - 1
    {
      return .operation(
        ArrangedMatrixProduct(
          orderA: product.orderA, orderB: product.orderB,
          orderC: permutation.map { product.orderC[$0] }), inputs: input.inputs)
    }
    return nil
  }

  public static var samples: [Sample] {
    [
      Sample(Transpose([1, 0]), [.numbers([2, 3])]),
      Sample(Transpose([2, 0, 1]), [.numbers([2, 3, 4])]),
      Sample(Transpose([0, 2, 1]), [.numbers([2, 3, 4])]),
      Sample(Transpose([0]), [.numbers([3])]),
    ]
  }
}

extension TensorAlgebra {
  /// The axes in another order; without one the last two are swapped, as of matrices.
  ///
  /// - Parameter permutation: For each axis of the result, the axis of this value that it is.
  public func transposed(_ permutation: [Int]? = nil) -> Self {
    let rank = Swift.max(shape.rank, 2)
    let order = permutation ?? Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    return Self.apply(Transpose(order), to: [self])
  }
}
