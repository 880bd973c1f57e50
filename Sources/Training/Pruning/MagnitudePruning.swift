/// Removes the smallest weights: s = |w|. What the other rules are compared with.
///
/// A small weight may matter: its input may be large, or what follows steep.
public struct MagnitudePruning: PruningRule {
  public static let kind = "magnitude"
  public static let standard = MagnitudePruning()

  public init() {}

  public func removal(of count: Int, from state: PruningState, _ curvature: LossCurvature) throws
    -> PruningRemoval
  {
    lowest(count, of: state) { abs(state.weights[$0]) }
  }
}
