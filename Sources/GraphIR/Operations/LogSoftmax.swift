import Formulas
import Tensors

/// The logarithm of the softmax over the last axis.
///
/// y_i = x_i − ln Σ_j e^(x_j), ∂y_i/∂x_j = δ_ij − e^(y_j); so with the upstream gradient g,
/// ∂E/∂x = g − e^y Σ g. The largest score is subtracted first, so nothing overflows.
public struct LogSoftmax: Rowwise {
  public static let name = "logSoftmax"

  public init() {}

  func row<T: RealScalar>(_ x: [T]) -> [T] {
    // Subtracting in two steps keeps the digits that x − (peak + ln Σ) would lose.
    let peak = x.dropFirst().reduce(x[0]) { Maximum().value($0, $1) }
    let sum = x.reduce(T(0)) { $0 + .exp($1 - peak) }
    return x.map { ($0 - peak) - .log(sum) }
  }

  public func gradients(_ inputs: [Expression], output y: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream - exp(y) * upstream.sum(axes: [-1], keepingAxes: true)]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    inputs[0].element - .ln(Formula.sum(of: .exp(.indexed(inputs[0], ["j"])), over: "j"))
  }

  public func derivatives(_ inputs: [Formula], output y: Formula) -> [Formula?] {
    ["δ_ij" - .exp(.indexed(y, ["j"]))]
  }

  func formula(of row: [Formula], at i: Int) -> Formula {
    row[i] - .ln(.total(row.map { .exp($0) }))
  }

  /// 1 − e^(x_i) / Σ for j = i, else −e^(x_j) / Σ.
  func derivatives(of row: [Formula], at i: Int, output y: Formula) -> [Formula?] {
    Softmax.shares(row).enumerated().map { j, share in j == i ? 1 - share : -share }
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 8 * output.shape.count }
}

/// The logarithm of the softmax along the last axis.
public func logSoftmax<T: TensorAlgebra>(_ x: T) -> T { T.apply(LogSoftmax(), to: [x]) }
