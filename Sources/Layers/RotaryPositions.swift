import GraphIR
import Tensors

/// The sines and cosines of the angles t · base^(−i / n) for each step t and, within it, each i < n.
func positionWaves(steps: Int, count: Int, base: Double) -> (sines: [Double], cosines: [Double]) {
  let exponents = Tensor((0..<count).map { -Double($0) / Double(count) })
  let rates = Power().evaluate([Tensor(base), exponents]).doubles
  let angles = Tensor((0..<steps).flatMap { step in rates.map { Double(step) * $0 } })
  return (Sine().evaluate([angles]).doubles, Cosine().evaluate([angles]).doubles)
}

/// Positions as rotations: the features of a query or key are turned, two by two, by an angle that
/// grows with the step; so the product of a query and a key depends on how far apart they are.
///
/// With d features, i < d / 2, and the angle θ = t · base^(−2i / d) at step t:
///
/// yᵢ = xᵢ cos θ − xⱼ sin θ,  yⱼ = xⱼ cos θ + xᵢ sin θ,  j = i + d / 2
///
/// (So the pairs are formed in LLaMA; the source pairs neighbors, which is the same but for the
/// order of the features.)
///
/// Source: J. Su et al., "RoFormer: enhanced transformer with rotary position embedding",
/// Neurocomputing 568 (2024), doi:10.1016/j.neucom.2023.127063.
struct RotaryPositions {
  let base: Double

  /// The turned features of x, [batch, steps, heads, features].
  func callAsFunction(_ x: Expression) -> Expression {
    // After an error x may be anything.
    guard x.shape.rank == 4 else { return x }
    let (steps, half) = (x.shape[1], x.shape[3] / 2)
    let waves = positionWaves(steps: steps, count: half, base: base)
    func table(_ values: [Double]) -> Expression {
      x.constant(Tensor(values, shape: [steps, 1, half], type: x.scalarType))
    }
    let (cosines, sines) = (table(waves.cosines), table(waves.sines))
    let (first, second) = (x.slice(axis: 3, to: half), x.slice(axis: 3, from: half))
    return concatenate(
      [first * cosines - second * sines, second * cosines + first * sines], axis: 3)
  }
}
