/// Removes the weights whose removal costs least by the diagonal of the Hessian, and leaves the others
/// as they are.
///
/// s = ½ hₖₖ wₖ², with hₖₖ = ∂²E/∂wₖ². It takes the network to be at a minimum of E, where the gradient
/// is nothing, and leaves out what two weights cost together; so the paper removes some weights, trains
/// on, and looks again.
///
/// The diagonal is that of the outer products Σ x xᵀ (see
/// ``LossCurvature/forEachOuterFactor(at:_:)``), the paper's Levenberg–Marquardt approximation: it is
/// never negative, and costs a backward pass for each row and output. Or it is exact, by one product
/// with the Hessian for each weight: away from a minimum some hₖₖ are negative then, and their weights
/// go first, however large they are.
///
/// Source: Y. Le Cun, J. Denker, S. Solla, "Optimal brain damage", Advances in Neural Information
/// Processing Systems 2 (1990), 598–605.
public struct OptimalBrainDamage: PruningRule {
  public static let kind = "damage"
  public static let standard = OptimalBrainDamage()

  /// How second derivatives are had.
  public enum Curvature: String, Codable, Hashable, Sendable, CaseIterable {
    /// ∂²E/∂wₖ² itself.
    case exact
    /// Without the part that vanishes where the outputs fit their targets.
    case outerProducts
  }

  public var curvature: Curvature

  public init(curvature: Curvature = .outerProducts) { self.curvature = curvature }

  public var description: String { "\(Self.kind)(\(curvature.rawValue))" }

  public func removal(of count: Int, from state: PruningState, _ curvature: LossCurvature) throws
    -> PruningRemoval
  {
    let diagonal = try diagonal(state, curvature)
    return lowest(count, of: state) { place in
      0.5 * diagonal[place] * state.weights[place] * state.weights[place]
    }
  }

  private func diagonal(_ state: PruningState, _ curvature: LossCurvature) throws -> [Double] {
    switch self.curvature {
    case .exact: return try curvature.hessianDiagonal(at: state.weights, kept: state.kept)
    case .outerProducts:
      var diagonal = [Double](repeating: 0, count: state.weights.count)
      try curvature.forEachOuterFactor(at: state.weights) { factor in
        for place in diagonal.indices { diagonal[place] += factor[place] * factor[place] }
      }
      return diagonal
    }
  }
}
