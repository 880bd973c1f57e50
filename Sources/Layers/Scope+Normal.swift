import GraphIR
import Tensors

extension Scope {
  /// Random numbers of the standard normal distribution, different in each training step.
  ///
  /// ε = √(−2 ln(1 − u)) cos(2 π v), of two uniform numbers u and v in [0, 1); see ``noise(_:)``.
  ///
  /// Source: G. Box, M. Muller, "A note on the generation of random normal deviates", Ann. Math.
  /// Statist. 29 (1958), doi:10.1214/aoms/1177706645.
  public func normalNoise(_ shape: Shape) -> Expression {
    normalNumbers(noise(shape), noise(shape))
  }
}

/// Standard normal numbers, of two uniform ones in [0, 1) each.
package func normalNumbers(_ u: Expression, _ v: Expression) -> Expression {
  sqrt(log(1 - u) * -2) * cos(v * (2 * Double.pi))
}
