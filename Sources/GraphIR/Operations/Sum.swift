import Formulas
import Tensors

/// The sum over some axes.
///
/// y = Σ x, ∂y/∂x = 1: every element receives the gradient of the sum that it is part of.
public struct Sum: Reduction {
  public static let name = "sum"

  public let axes: [Int]
  public let keepingAxes: Bool

  public init(axes: [Int], keepingAxes: Bool = false) {
    self.axes = axes.sorted()
    self.keepingAxes = keepingAxes
  }

  public func reduce<T: RealScalar>(_ values: [T]) -> T {
    // Long sums of Float32 would lose digits.
    T(values.reduce(0.0) { $0 + Double($1) })
  }

  public func gradient(_ x: Expression, output y: Expression, upstream: Expression) -> Expression? {
    restoringAxes(upstream, to: x.shape).broadcast(to: x.shape)
  }

  /// A pooling's gradient puts every number somewhere within its example and channel, so that the
  /// sum over the places is that of the numbers.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    if let scattered = inputs[0].operation as? MaxPoolGradient,
      (1...scattered.windows.rank).allSatisfy(axes.contains)
    {
      return .operation(self, inputs: [inputs[0].inputs[1]])
    }
    return reshaping(inputs)
  }

  public func formula(_ x: Formula) -> Formula { x.reduced(.sum) }

  public func derivative(_ x: Formula, output y: Formula) -> Formula? { 1 }

  public func formula(of elements: [Formula]) -> Formula { .total(elements) }

  public func derivatives(of elements: [Formula], values: [Double], output y: Formula)
    -> [Formula?]
  {
    elements.map { _ in 1 }
  }
}

extension TensorAlgebra {
  /// The sum over some axes, or over all.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over; negative ones count from the end; nil means all.
  ///   - keepingAxes: Whether the axes stay, with size 1.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    Self.apply(Sum(axes: resolved(axes), keepingAxes: keepingAxes), to: [self])
  }

  /// This value summed over the axes along which `shape` was broadcast to it.
  public func summed(to shape: Shape) -> Self {
    if shape == self.shape { return self }
    let missing = self.shape.rank - shape.rank
    guard missing >= 0 else { return self }
    let axes = self.shape.dimensions.indices.filter {
      $0 < missing || (shape.dimensions[$0 - missing] == 1 && self.shape.dimensions[$0] != 1)
    }
    return sum(axes: axes, keepingAxes: true).reshaped(shape)
  }
}
