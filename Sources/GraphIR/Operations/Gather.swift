import Formulas
import Tensors

/// The slices along an axis that a vector of indices names, such as rows of an embedding.
///
/// y[…, j, …] = x[…, indices_j, …]; zeros where an index lies outside. The gradient is added up
/// per index (``ScatterAdd``); none flows to the indices.
public struct Gather: Picking {
  public static let name = "gather"

  /// The axis of the input that the indices count along.
  public let axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public var attributes: String { "axis \(axis)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (x, indices) = try inputs.pair()
    try x.shape.expectAxis(axis)
    guard indices.scalarType == .int32, indices.shape.rank == 1 else {
      throw TypeError("expects a vector of int32 indices, found \(indices)")
    }
    var shape = x.shape
    shape[axis] = indices.shape[0]
    return TensorType(shape, x.scalarType)
  }

  func index(_ place: Int, along axis: Int, of inputs: [Tensor]) -> Int? {
    axis == self.axis ? Int(inputs[1].element(place)) : place
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let scatter = ScatterAdd(axis: axis, size: inputs[0].shape[axis])
    return [Expression.apply(scatter, to: [upstream, inputs[1]]), nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .indexed(inputs[0], [inputs[1]]) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1, nil] }
  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  public static var samples: [Sample] {
    let indices = Tensor([2, 0, 2, 1] as [Int32])
    return [
      Sample(Gather(axis: 0), [.numbers([3]), indices]),
      Sample(Gather(axis: 0), [.numbers([3, 2]), indices]),
      Sample(Gather(axis: 1), [.numbers([2, 3, 2]), indices]),
      Sample(Gather(axis: 0), [.numbers([2, 2]), Tensor([1, 5, -1] as [Int32])]),
    ]
  }
}

extension TensorAlgebra {
  /// The slices along an axis that the indices name; indices of several axes put all of these in
  /// the place of that axis.
  ///
  /// - Parameters:
  ///   - indices: Int32 indices, of any shape; where one lies outside, the result is zero.
  ///   - axis: The axis that the indices count along; a negative one counts from the end.
  public func gathered(_ indices: Self, axis: Int = 0) -> Self {
    let axis = resolved(axis)
    let vector = indices.shape.rank == 1 ? indices : indices.reshaped([indices.shape.count])
    let rows = Self.apply(Gather(axis: axis), to: [self, vector])
    guard indices.shape.rank != 1, shape.dimensions.indices.contains(axis) else { return rows }
    return rows.reshaped(
      Shape(
        Array(shape.dimensions[..<axis]) + indices.shape.dimensions
          + Array(shape.dimensions[(axis + 1)...])))
  }
}
