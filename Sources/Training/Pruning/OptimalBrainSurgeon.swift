/// Removes the weight whose removal costs least once all others have made good for it, and adjusts
/// these at once, so that often no training need follow.
///
/// L_q = w_q² / (2 [H⁻¹]_qq) is what it costs to remove w_q, and δw = −w_q / [H⁻¹]_qq · H⁻¹ e_q what
/// all weights then change by. H is the sum of outer products Σ x xᵀ over rows and outputs, plus α on
/// its diagonal; H⁻¹ begins as I/α and takes in one x after another: H⁻¹ ← H⁻¹ − H⁻¹ x xᵀ H⁻¹ /
/// (1 + xᵀ H⁻¹ x). α is 10⁻⁴ (the paper: 10⁻⁸ to 10⁻⁴; the less it is, the farther the others
/// move where H says nothing). It takes the network to be at a minimum of E.
///
/// H⁻¹ is n × n for n weights: to ``mostWeights`` of them. Where several weights go before it is
/// computed again, it is reduced to the weights that are left, which is exact as long as H is.
///
/// Source: B. Hassibi, D. Stork, "Second order derivatives for network pruning: optimal brain
/// surgeon", Advances in Neural Information Processing Systems 5 (1993), 164–171.
public struct OptimalBrainSurgeon: PruningRule {
  public static let kind = "surgeon"
  public static let standard = OptimalBrainSurgeon()

  /// With more weights, the inverse Hessian would be too large.
  public static let mostWeights = 4000

  /// α.
  public var damping: Double

  public init(damping: Double = 1e-4) { self.damping = damping }

  public var description: String { "\(Self.kind)(damping \(shortText(damping)))" }

  public func check() throws {
    try Hyperparameter("damping", damping, .positive).check(in: Self.kind)
  }

  public func usualStep(removing count: Int, of weights: Int) -> Int {
    weights <= 300 ? 1 : max(1, (count + 49) / 50)
  }

  public func removal(of count: Int, from state: PruningState, _ curvature: LossCurvature) throws
    -> PruningRemoval
  {
    let places = state.kept.indices.filter { state.kept[$0] }
    guard places.count <= Self.mostWeights else {
      throw TrainingError.setting(
        name: "\(Self.kind), the network's weights", found: "\(places.count)",
        expected: "\(Self.mostWeights) at most, for their inverse Hessian; "
          + "\(OptimalBrainDamage.kind) takes more")
    }
    var inverse = InverseHessian(size: places.count, damping: damping)
    try curvature.forEachOuterFactor(at: state.weights) { factor in
      inverse.add(places.map { factor[$0] })
    }

    var weights = places.map { state.weights[$0] }
    let candidates = Set(state.candidates)
    var open = places.indices.filter { candidates.contains(places[$0]) }
    func saliency(_ index: Int) -> Double {
      weights[index] * weights[index] / (2 * inverse[index, index])
    }
    var result = PruningRemoval(
      saliencies: open.map { (places[$0], saliency($0)) }, removed: [], weights: state.weights)
    for _ in 0..<count {
      guard let (at, index) = open.enumerated().min(by: { saliency($0.1) < saliency($1.1) })
      else { break }
      result.removed.append((places[index], saliency(index)))
      let scale = weights[index] / inverse[index, index]
      for other in weights.indices { weights[other] -= scale * inverse[other, index] }
      weights[index] = 0
      inverse.remove(index)
      open.remove(at: at)
    }
    for (index, place) in places.enumerated() { result.weights[place] = weights[index] }
    return result
  }
}
