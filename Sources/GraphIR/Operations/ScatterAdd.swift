import Formulas
import Tensors

/// Slices added up at the places along an axis that a vector of indices names.
///
/// y[…, i, …] = Σ x[…, j, …] over all j with indices_j = i; an index that lies outside adds
/// nothing. The gradient is read back at the same places (``Gather``).
public struct ScatterAdd: Operation {
  public static let name = "scatterAdd"

  /// The axis along which the slices are placed.
  public let axis: Int
  /// The result's size along that axis.
  public let size: Int

  public init(axis: Int, size: Int) {
    self.axis = axis
    self.size = size
  }

  public var attributes: String { "axis \(axis), size \(size)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (x, indices) = try inputs.pair()
    try x.expectFloatingPoint()
    try x.shape.expectAxis(axis)
    guard indices.scalarType == .int32, indices.shape == [x.shape[axis]] else {
      throw TypeError("expects int32 [\(x.shape[axis])] as indices, found \(indices)")
    }
    guard size >= 0 else { throw TypeError("expects a size of 0 or more, found \(size)") }
    var shape = x.shape
    shape[axis] = size
    return TensorType(shape, x.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    let inner = shape.strides[axis]
    let indices = inputs[1].integers
    func scattered<T: RealScalar>(_ values: [T]) -> [T] {
      var result = [T](repeating: 0, count: shape.count)
      for (offset, value) in values.enumerated() {
        let (block, place) = offset.quotientAndRemainder(dividingBy: inner * indices.count)
        let index = indices[place / inner]
        guard (0..<size).contains(index) else { continue }
        result[(block * size + index) * inner + place % inner] += value
      }
      return result
    }
    switch inputs[0].storage {
    case .float32(let values): return Tensor(scattered(values), shape: shape)
    case .float64(let values): return Tensor(scattered(values), shape: shape)
    case .int32: preconditionFailure("scatterAdd is not defined for integers")
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream.gathered(inputs[1], axis: axis), nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("scatter", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1, nil] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let inner = inputs[0].shape.strides[axis]
    let (block, place) = index.quotientAndRemainder(dividingBy: size * inner)
    let (target, rest) = place.quotientAndRemainder(dividingBy: inner)
    let indices = inputs[1].integers
    let sources = indices.indices.filter { indices[$0] == target }.map { slice in
      ElementRule.Source(input: 0, element: (block * indices.count + slice) * inner + rest)
    }
    return .sum(of: sources)
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { inputs[0].shape.count }

  public static var samples: [Sample] {
    let indices = Tensor([2, 0, 2, 1] as [Int32])
    return [
      Sample(ScatterAdd(axis: 0, size: 3), [.numbers([4]), indices]),
      Sample(ScatterAdd(axis: 0, size: 5), [.numbers([4, 2]), indices]),
      Sample(ScatterAdd(axis: 1, size: 3), [.numbers([2, 4, 2]), indices]),
      Sample(ScatterAdd(axis: 0, size: 2), [.numbers([3, 2]), Tensor([1, 5, -1] as [Int32])]),
    ]
  }
}
