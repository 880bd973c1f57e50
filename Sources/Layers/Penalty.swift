import GraphIR

/// The penalty on large weights, to be added to a loss (elastic net; with one of the two factors 0,
/// the lasso or weight decay).
///
/// P = l1 · Σ|w| + (l2 / 2) · Σw², ∂P/∂w = l1 · sign(w) + l2 · w.
///
/// - Parameters:
///   - l1: The factor of the magnitudes.
///   - l2: The factor of half the squares.
///   - weights: The weights, such as ``ModelTrace/weights``.
/// - Returns: The scalar P; nil where both factors are 0 or there are no weights.
///
/// Source: H. Zou, T. Hastie, J. R. Statist. Soc. B 67 (2005),
/// doi:10.1111/j.1467-9868.2005.00503.x.
public func penalty(l1: Double, l2: Double, weights: [Expression]) -> Expression? {
  var terms: [Expression] = []
  for weight in weights {
    if l1 != 0 { terms.append(abs(weight).sum() * l1) }
    if l2 != 0 { terms.append(weight.squared().sum() * (l2 / 2)) }
  }
  guard let first = terms.first else { return nil }
  return terms.dropFirst().reduce(first) { $0 + $1 }
}
