import Formulas
import Tensors

/// Class labels as vectors: 1 at the label's place, 0 elsewhere.
///
/// y[…, k] = 1 if x[…] = k, else 0; all zeros where a label lies outside 0 to depth − 1. No
/// gradient flows.
public struct OneHot: Operation {
  public static let name = "oneHot"

  /// The number of classes: the size of the new last axis.
  public let depth: Int
  /// The element type of the result.
  public let type: ScalarType

  public init(depth: Int, type: ScalarType = .float32) {
    self.depth = depth
    self.type = type
  }

  public var attributes: String { "depth \(depth), \(type.rawValue)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    guard input.scalarType == .int32 else {
      throw TypeError("expects int32 labels, found \(input)")
    }
    guard depth >= 1 else { throw TypeError("expects a depth of at least 1, found \(depth)") }
    return TensorType(Shape(input.shape.dimensions + [depth]), type)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let values = inputs[0].integers.flatMap { label in
      (0..<depth).map { $0 == label ? 1.0 : 0 }
    }
    return Tensor(values, shape: resultType(inputs).shape, type: type)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    .piecewise([(1, .relation(inputs[0], .equal, "k"))], 0)
  }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil] }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .constant(inputs[0].element(index / depth) == Double(index % depth) ? 1 : 0)
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  public static var samples: [Sample] {
    [
      Sample(OneHot(depth: 3), [Tensor([2, 0, 1] as [Int32])]),
      Sample(OneHot(depth: 2, type: .float64), [Tensor([0, 1, -1, 2] as [Int32], shape: [2, 2])]),
    ]
  }
}

extension TensorAlgebra {
  /// Class labels as vectors along a new last axis: 1 at the label's place, 0 elsewhere.
  public func oneHot(depth: Int, type: ScalarType = .float32) -> Self {
    Self.apply(OneHot(depth: depth, type: type), to: [self])
  }
}
