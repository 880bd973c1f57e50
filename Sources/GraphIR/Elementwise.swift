import Formulas
import RealModule
import Tensors

/// The floating-point types that plain evaluations are written for: `Float` and `Double`.
public typealias RealScalar = BinaryFloatingPoint & Real

/// An operation that maps every element by itself: `y = f(x)`.
public protocol UnaryElementwise: Operation {
  /// f(x).
  func value<T: RealScalar>(_ x: T) -> T

  /// f(x) of an integer, or nil where the operation is for floating-point numbers only.
  func value(_ x: Int32) -> Int32?

  /// ∂E/∂x from ∂E/∂y, in graph operations; nil where no gradient flows.
  func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression?

  /// f(x) as a formula.
  func formula(_ x: Formula) -> Formula

  /// f′(x) as a formula, in terms of x or of y = f(x); nil where it is zero everywhere.
  func derivative(_ x: Formula, output y: Formula) -> Formula?

  /// Floating-point operations an element.
  var flopsPerElement: Int { get }

  /// The numbers on which the shared checks try the operation.
  static var sampleRange: ClosedRange<Double> { get }

  /// An instance for the shared checks.
  static var sample: Self { get }
}

extension UnaryElementwise {
  public var structure: Structure { .elementwise }
  public static var sampleRange: ClosedRange<Double> { -2...2 }
  public func value(_ x: Int32) -> Int32? { nil }
  public var flopsPerElement: Int { 1 }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    if value(Int32(1)) == nil { try input.expectFloatingPoint() }
    return input
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    switch x.storage {
    case .float32(let values): return Tensor(values.map { value($0) }, shape: x.shape)
    case .float64(let values): return Tensor(values.map { value($0) }, shape: x.shape)
    case .int32(let values): return Tensor(values.map { value($0) ?? 0 }, shape: x.shape)
    }
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

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    ElementRule(
      sources: [.init(input: 0, element: index)], formula: { formula($0) },
      derivatives: { derivatives($0, output: $1) })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    flopsPerElement * output.shape.count
  }

  public static var samples: [Sample] {
    let shapes: [Shape] = [[], [7], [3, 5]]
    return shapes.enumerated().map { index, shape in
      Sample(sample, [.numbers(shape, in: sampleRange, seed: UInt64(index))])
    }
  }
}

/// An operation on two values, element by element, after broadcasting: `y = f(a, b)`.
public protocol BinaryElementwise: Operation {
  /// f(a, b).
  func value<T: RealScalar>(_ a: T, _ b: T) -> T

  /// f(a, b) of integers, or nil where the operation is for floating-point numbers only.
  func value(_ a: Int32, _ b: Int32) -> Int32?

  /// ∂E/∂a and ∂E/∂b from ∂E/∂y, of y's shape, in graph operations; nil where none flows.
  /// (They are summed to the inputs' own shapes afterwards.)
  func gradient(_ a: Expression, _ b: Expression, output y: Expression, upstream: Expression)
    -> (Expression?, Expression?)

  /// f(a, b) as a formula.
  func formula(_ a: Formula, _ b: Formula) -> Formula

  /// ∂f/∂a and ∂f/∂b as formulas.
  func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?)

  /// Floating-point operations an element.
  var flopsPerElement: Int { get }

  /// The numbers on which the shared checks try the operation.
  static var sampleRange: ClosedRange<Double> { get }

  /// An instance for the shared checks.
  static var sample: Self { get }
}

extension BinaryElementwise {
  public var structure: Structure { .elementwise }
  public static var sampleRange: ClosedRange<Double> { -2...2 }
  public func value(_ a: Int32, _ b: Int32) -> Int32? { nil }
  public var flopsPerElement: Int { 1 }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (a, b) = try inputs.pair()
    guard a.scalarType == b.scalarType else {
      throw TypeError("expects two values of one element type, found \(a) and \(b)")
    }
    if value(Int32(1), Int32(1)) == nil { try a.expectFloatingPoint() }
    guard let shape = a.shape.broadcast(with: b.shape) else {
      throw TypeError("shapes \(a.shape) and \(b.shape) do not broadcast to one another")
    }
    return TensorType(shape, a.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let (a, b, shape) = (inputs[0], inputs[1], resultType(inputs).shape)
    let left = StridedOffsets(of: a.shape, to: shape)
    let right = StridedOffsets(of: b.shape, to: shape)
    switch (a.storage, b.storage) {
    case (.float32(let x), .float32(let y)):
      return Tensor(zip(left, right).map { value(x[$0], y[$1]) }, shape: shape)
    case (.float64(let x), .float64(let y)):
      return Tensor(zip(left, right).map { value(x[$0], y[$1]) }, shape: shape)
    case (.int32(let x), .int32(let y)):
      return Tensor(zip(left, right).map { value(x[$0], y[$1]) ?? 0 }, shape: shape)
    default:
      preconditionFailure("\(Self.name): inputs differ in element type")
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (a, b) = gradient(inputs[0], inputs[1], output: output, upstream: upstream)
    return [a?.summed(to: inputs[0].shape), b?.summed(to: inputs[1].shape)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { formula(inputs[0], inputs[1]) }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    let (a, b) = derivative(inputs[0], inputs[1], output: output)
    return [a, b]
  }

  /// The two elements that meet at a place of the output.
  func sources(_ index: Int, of inputs: [Tensor]) -> [ElementRule.Source] {
    guard let shape = inputs[0].shape.broadcast(with: inputs[1].shape) else {
      preconditionFailure("\(Self.name): \(inputs[0].shape) and \(inputs[1].shape) do not fit")
    }
    return inputs.enumerated().map { number, input in
      ElementRule.Source(
        input: number, element: StridedOffsets(of: input.shape, to: shape)[index])
    }
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    ElementRule(
      sources: sources(index, of: inputs), formula: { formula($0) },
      derivatives: { derivatives($0, output: $1) })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    flopsPerElement * output.shape.count
  }

  public static var samples: [Sample] {
    let shapes: [(Shape, Shape)] = [
      ([], []), ([4], [4]), ([3, 5], [5]), ([3, 1], [1, 4]), ([2, 3, 2], []), ([2], [3, 2]),
    ]
    return shapes.enumerated().map { index, shapes in
      Sample(
        sample,
        [
          .numbers(shapes.0, in: sampleRange, seed: UInt64(2 * index)),
          .numbers(shapes.1, in: sampleRange, seed: UInt64(2 * index + 1)),
        ])
    }
  }
}
