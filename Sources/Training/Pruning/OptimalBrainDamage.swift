/// Removes the weights whose removal costs least by the diagonal of the Hessian, and leaves the others
/// as they are.
///
/// s = ½ hₖₖ wₖ², with hₖₖ = ∂²E/∂wₖ². It takes the network to be at a minimum of E, where the gradient
/// is nothing, and leaves out what two weights cost together; so the paper removes some weights, trains
/// on, and looks again.
///
/// The diagonal is exact unless told otherwise: one product with the Hessian for each weight. By outer
/// products it is that of Σ x xᵀ (see ``LossCurvature/forEachOuterFactor(at:_:)``), which is never
/// negative and costs a backward pass for each row and output: for networks of many weights.
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

  /// How hₖₖ is had; nil is exact up to ``mostExactWeights``, else by outer products.
  public var curvature: Curvature?

  /// With more weights, one product with the Hessian for each would take too long.
  public static let mostExactWeights = 5000

  public init(curvature: Curvature? = nil) { self.curvature = curvature }

  public var description: String { "\(Self.kind)\(curvature.map { "(\($0.rawValue))" } ?? "")" }

  public func removal(of count: Int, from state: PruningState, _ curvature: LossCurvature) throws
    -> PruningRemoval
  {
    let diagonal = try diagonal(state, curvature)
    return lowest(count, of: state) { place in
      0.5 * diagonal[place] * state.weights[place] * state.weights[place]
    }
  }

  private func diagonal(_ state: PruningState, _ curvature: LossCurvature) throws -> [Double] {
    let count = state.weights.count
    switch self.curvature ?? (count <= Self.mostExactWeights ? .exact : .outerProducts) {
    case .exact: return try curvature.hessianDiagonal(at: state.weights, kept: state.kept)
    case .outerProducts:
      var diagonal = [Double](repeating: 0, count: count)
      try curvature.forEachOuterFactor(at: state.weights) { factor in
        for place in diagonal.indices { diagonal[place] += factor[place] * factor[place] }
      }
      return diagonal
    }
  }
}
