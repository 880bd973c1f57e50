import Formulas
import Tensors

/// An operation that turns the elements along some axes into one number.
public protocol Reduction: Operation {
  /// The axes that are reduced, ascending and non-negative.
  var axes: [Int] { get }
  /// Whether reduced axes stay, with size 1.
  var keepingAxes: Bool { get }

  init(axes: [Int], keepingAxes: Bool)

  /// Whether no elements at all have a result, as a sum has; true unless told otherwise.
  static var allowsEmpty: Bool { get }

  /// The number for a list of elements, in row-major order; not empty unless ``allowsEmpty``.
  func reduce<T: RealScalar>(_ values: [T]) -> T

  /// ∂E/∂x from ∂E/∂y, in graph operations.
  func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression?

  /// The value's formula.
  func formula(_ x: Formula) -> Formula

  /// The derivative with respect to one element.
  func derivative(_ x: Formula, output y: Formula) -> Formula?

  /// The number's formula from those of two or more elements, or of none where that is allowed.
  func formula(of elements: [Formula]) -> Formula

  /// The derivatives with respect to these elements, from their formulas and the number's; their
  /// values say which of them was chosen, where one is.
  func derivatives(of elements: [Formula], values: [Double], output y: Formula) -> [Formula?]
}

extension Reduction {
  public static var allowsEmpty: Bool { true }

  public var attributes: String {
    "axes \(axes.map(String.init).joined(separator: ", "))" + (keepingAxes ? ", kept" : "")
  }

  /// The shape after the reduction.
  ///
  /// - Throws: ``TypeError`` where an axis does not exist or is named twice, or where there are no
  ///   elements to reduce and the operation needs some.
  public func outputShape(_ input: Shape) throws -> Shape {
    for axis in axes { try input.expectAxis(axis) }
    guard Set(axes).count == axes.count else {
      throw TypeError("expects each axis once, found axes \(axes)")
    }
    if !Self.allowsEmpty, let axis = axes.first(where: { input[$0] == 0 }) {
      throw TypeError("expects at least 1 element along axis \(axis), found shape \(input)")
    }
    return Shape(
      input.dimensions.indices.compactMap { axis in
        axes.contains(axis) ? (keepingAxes ? 1 : nil) : input[axis]
      })
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    return TensorType(try outputShape(input.shape), input.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let (x, shape) = (inputs[0], resultType(inputs).shape)
    func reduced<T: RealScalar>(_ values: [T]) -> [T] {
      groups(x.shape).map { offsets in reduce(offsets.map { values[$0] }) }
    }
    switch x.storage {
    case .float32(let values): return Tensor(reduced(values), shape: shape)
    case .float64(let values): return Tensor(reduced(values), shape: shape)
    case .int32: preconditionFailure("\(Self.name) is not defined for integers")
    }
  }

  /// For each output element, the offsets of the input elements that it is made of.
  public func groups(_ shape: Shape) -> [[Int]] {
    let (starts, steps) = offsets(shape)
    let inner = Array(steps)
    return starts.map { start in inner.map { start + $0 } }
  }

  /// Where each group of elements starts, and the offsets from there within a group.
  private func offsets(_ shape: Shape) -> (starts: StridedOffsets, steps: StridedOffsets) {
    let strides = shape.strides
    func offsets(_ axes: [Int]) -> StridedOffsets {
      StridedOffsets(sizes: axes.map { shape[$0] }, strides: axes.map { strides[$0] })
    }
    return (offsets(shape.dimensions.indices.filter { !axes.contains($0) }), offsets(axes))
  }

  /// One element alone is itself.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let (starts, steps) = offsets(inputs[0].shape)
    let start = starts[index]
    let sources = steps.map { ElementRule.Source(input: 0, element: start + $0) }
    if sources.count == 1 { return .copy(of: sources[0]) }
    return ElementRule(
      sources: sources, formula: { formula(of: $0) },
      derivatives: { elements, output in
        let values = sources.map { inputs[0].element($0.element) }
        return derivatives(of: elements, values: values, output: output)
      })
  }

  /// A value of the output's shape with the reduced axes put back, each of size 1.
  public func restoringAxes(_ value: Expression, to input: Shape) -> Expression {
    var shape = input
    for axis in axes { shape[axis] = 1 }
    return value.reshaped(shape)
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [gradient(inputs[0], output: output, upstream: upstream)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { formula(inputs[0]) }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [derivative(inputs[0], output: output)]
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { inputs[0].shape.count }

  /// Of one element, the reductions are that element: only the shape changes.
  public func simplified(_ inputs: [Node]) -> Rewrite? { reshaping(inputs) }

  /// The identity that all reductions have: of one element, they are that element.
  func reshaping(_ inputs: [Node]) -> Rewrite? {
    let input = inputs[0].type.shape
    guard axes.allSatisfy({ input[$0] == 1 }), let shape = try? outputShape(input) else {
      return nil
    }
    return shape == input
      ? .node(inputs[0].id) : .operation(Reshape(shape), inputs: [inputs[0].id])
  }

  public static var samples: [Sample] {
    let cases: [(Shape, [Int], Bool)] = [
      ([5], [0], false), ([3, 4], [0], false), ([3, 4], [1], true), ([2, 3, 4], [0, 2], false),
      ([2, 3, 4], [1], true), ([2, 3], [0, 1], false), ([], [], false),
    ]
    return cases.map { shape, axes, kept in
      Sample(Self(axes: axes, keepingAxes: kept), [.numbers(shape)])
    }
  }
}

extension Formula {
  /// An element of this vector: the i-th.
  var element: Formula { .indexed(self, ["i"]) }

  /// Σ, max … over the elements of this vector.
  func reduced(_ sign: BigOperator) -> Formula {
    .big(sign, index: "i", from: nil, to: nil, body: element)
  }
}

extension TensorAlgebra {
  /// The given axes, ascending and non-negative; all axes for nil. An axis that does not exist is
  /// left as it is, for the shape rule to refuse.
  func resolved(_ axes: [Int]?) -> [Int] {
    guard let axes else { return Array(0..<shape.rank) }
    return axes.map(resolved).sorted()
  }

  /// The given axis, non-negative where there is such an axis; else the shape rule refuses it.
  func resolved(_ axis: Int) -> Int { axis < 0 ? axis + shape.rank : axis }
}
