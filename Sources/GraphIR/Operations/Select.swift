import Formulas
import Tensors

/// One of two values, element by element, by a condition.
///
/// y = a where c ≠ 0, else b; c, a and b broadcast, and c may have a type of its own.
/// The gradient goes to the value that was taken, none to the condition.
public struct Select: Operation {
  public static let name = "select"

  /// Whether a derivation shows all cases with their conditions, rather than the value that was
  /// taken alone.
  public let showsCases: Bool

  public init(showsCases: Bool = false) { self.showsCases = showsCases }

  public var attributes: String { showsCases ? "cases" : "" }

  public var structure: Structure { .elementwise }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    try inputs.expect(3)
    let (condition, a, b) = (inputs[0], inputs[1], inputs[2])
    guard a.scalarType == b.scalarType else {
      throw TypeError("expects two values of one element type, found \(a) and \(b)")
    }
    guard
      let shape = a.shape.broadcast(with: b.shape).flatMap({ condition.shape.broadcast(with: $0) })
    else {
      throw TypeError(
        "shapes \(condition.shape), \(a.shape) and \(b.shape) do not broadcast to one another")
    }
    return TensorType(shape, a.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    let (condition, a, b) = (inputs[0], inputs[1], inputs[2])
    let takesFirst = StridedOffsets(of: condition.shape, to: shape).map {
      condition.element($0) != 0
    }
    func chosen<T>(_ x: [T], _ y: [T]) -> [T] {
      let offsets = zip(
        StridedOffsets(of: a.shape, to: shape), StridedOffsets(of: b.shape, to: shape))
      return zip(takesFirst, offsets).map { $0 ? x[$1.0] : y[$1.1] }
    }
    switch (a.storage, b.storage) {
    case (.float32(let x), .float32(let y)): return Tensor(chosen(x, y), shape: shape)
    case (.float64(let x), .float64(let y)): return Tensor(chosen(x, y), shape: shape)
    case (.int32(let x), .int32(let y)): return Tensor(chosen(x, y), shape: shape)
    default: preconditionFailure("select: values differ in element type")
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (condition, a, b) = (inputs[0], inputs[1], inputs[2])
    return [
      nil,
      select(condition, upstream, 0).summed(to: a.shape),
      select(condition, 0, upstream).summed(to: b.shape),
    ]
  }

  /// Cases among cases are written as one list.
  public func formula(_ inputs: [Formula]) -> Formula {
    let first = Formula.Branch(inputs[1], if: Self.condition(inputs[0]))
    if case .branches(let others, let otherwise) = inputs[2] {
      return .branches([first] + others, otherwise: otherwise)
    }
    return .branches([first], otherwise: inputs[2])
  }

  /// c ≠ 0; of a comparison, which is 1 where it holds and else 0, the comparison itself.
  private static func condition(_ c: Formula) -> Formula {
    if case .branches(let cases, otherwise: 0) = c, cases.count == 1, cases[0].value == 1 {
      return cases[0].condition
    }
    return .relation(c, .notEqual, 0)
  }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    let (one, zero): (Formula, Formula) = (1, 0)
    let taken = Self.condition(inputs[0])
    return [nil, .piecewise([(one, taken)], zero), .piecewise([(zero, taken)], one)]
  }

  /// The element that was taken; the condition, known here, is no source. All three where the cases
  /// are shown.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let shape = resultType(inputs).shape
    func place(_ input: Int) -> Int { StridedOffsets(of: inputs[input].shape, to: shape)[index] }
    if showsCases {
      return ElementRule(
        sources: (0..<3).map { .init(input: $0, element: place($0)) }, formula: { formula($0) },
        derivatives: { derivatives($0, output: $1) })
    }
    let taken = inputs[0].element(place(0)) != 0 ? 1 : 2
    return .copy(of: .init(input: taken, element: place(taken)))
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { output.shape.count }

  public static var samples: [Sample] {
    let mask = Tensor([1, 0, 2] as [Int32])
    return [
      Sample(Select(), [mask, .numbers([3], seed: 1), .numbers([3], seed: 2)]),
      Sample(Select(), [mask, .numbers([2, 3], seed: 1), .numbers([], seed: 2)]),
      Sample(
        Select(), [Tensor([0, 1] as [Int32], shape: [2, 1]), .numbers([3]), .numbers([2, 1])]),
      Sample(
        Select(showsCases: true), [mask, .numbers([2, 3], seed: 1), .numbers([3], seed: 2)]),
    ]
  }
}

/// `a` where the condition is not 0, else `b`; element by element, after broadcasting.
public func select<T: TensorAlgebra>(_ condition: T, _ a: T, _ b: T) -> T {
  T.apply(Select(), to: [condition, a, b])
}

/// `a` where the condition is not 0, else a number.
public func select<T: TensorAlgebra>(_ condition: T, _ a: T, _ b: Double) -> T {
  select(condition, a, a.constant(b))
}

/// A number where the condition is not 0, else `b`.
public func select<T: TensorAlgebra>(_ condition: T, _ a: Double, _ b: T) -> T {
  select(condition, b.constant(a), b)
}
