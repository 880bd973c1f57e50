import Formulas
import Tensors

/// An operation that maps every row along the last axis by itself, such as softmax.
protocol Rowwise: Operation {
  /// The result of one non-empty row, of the same length.
  func row<T: RealScalar>(_ x: [T]) -> [T]

  /// The formula of the i-th element of the result, from those of the row.
  func formula(of row: [Formula], at i: Int) -> Formula

  /// The derivatives of the i-th element of the result with respect to each element of the row.
  func derivatives(of row: [Formula], at i: Int, output y: Formula) -> [Formula?]

  init()
}

extension Rowwise {
  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    guard input.shape.rank > 0 else { throw TypeError("expects at least 1 axis, found \(input)") }
    return input
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    func rows<T: RealScalar>(_ values: [T]) -> [T] {
      stride(from: 0, to: values.count, by: Swift.max(shape[-1], 1)).flatMap { start in
        row(Array(values[start..<start + shape[-1]]))
      }
    }
    switch inputs[0].storage {
    case .float32(let values): return Tensor(rows(values), shape: shape)
    case .float64(let values): return Tensor(rows(values), shape: shape)
    case .int32: preconditionFailure("\(Self.name) is not defined for integers")
    }
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let width = inputs[0].shape[-1]
    let (row, i) = index.quotientAndRemainder(dividingBy: width)
    return ElementRule(
      sources: (0..<width).map { .init(input: 0, element: row * width + $0) },
      formula: { formula(of: $0, at: i) },
      derivatives: { derivatives(of: $0, at: i, output: $1) })
  }

  public static var samples: [Sample] {
    let shapes: [Shape] = [[5], [3, 4], [2, 3, 4], [3, 1]]
    return shapes.map { Sample(Self(), [.numbers($0)]) }
  }
}
