import Formulas
import Tensors

/// Probabilities from scores: the softmax over the last axis.
///
/// y_i = e^(x_i) / Σ_j e^(x_j), ∂y_i/∂x_j = y_i (δ_ij − y_j); so with the upstream gradient g,
/// ∂E/∂x = y (g − Σ g y). The largest score is subtracted first, so nothing overflows.
public struct Softmax: Rowwise {
  public static let name = "softmax"

  public init() {}

  func row<T: RealScalar>(_ x: [T]) -> [T] {
    let peak = x.dropFirst().reduce(x[0]) { Maximum().value($0, $1) }
    let powers = x.map { T.exp($0 - peak) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  public func gradients(_ inputs: [Expression], output y: Expression, upstream: Expression)
    -> [Expression?]
  {
    [y * (upstream - (upstream * y).sum(axes: [-1], keepingAxes: true))]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    let sum = Formula.sum(of: .exp(.indexed(inputs[0], ["j"])), over: "j")
    return .exp(inputs[0].element) / sum
  }

  public func derivatives(_ inputs: [Formula], output y: Formula) -> [Formula?] {
    [y.element * ("δ_ij" - .indexed(y, ["j"]))]
  }

  /// e^(x_j) / Σ_k e^(x_k) for each j: what every formula with a softmax in it is written with, so
  /// that a reader can find it there and give it a name.
  static func shares(_ row: [Formula]) -> [Formula] {
    let powers = row.map { Formula.exp($0) }
    let sum = Formula.total(powers)
    return powers.map { $0 / sum }
  }

  func formula(of row: [Formula], at i: Int) -> Formula { Softmax.shares(row)[i] }

  /// y (1 − y) for j = i, else −y e^(x_j) / Σ.
  func derivatives(of row: [Formula], at i: Int, output y: Formula) -> [Formula?] {
    Softmax.shares(row).enumerated().map { j, share in j == i ? y * (1 - y) : -(y * share) }
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 8 * output.shape.count }
}

/// Probabilities from scores: e^x over its sum along the last axis.
public func softmax<T: TensorAlgebra>(_ x: T) -> T { T.apply(Softmax(), to: [x]) }
