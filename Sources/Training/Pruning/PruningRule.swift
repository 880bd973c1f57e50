/// A rule that says which weights a trained network can do without.
///
/// ```swift
/// let (pruned, report) = try model.pruned(by: OptimalBrainSurgeon(), on: data, .share(0.3))
/// print(report.lossBefore, report.lossAfter)
/// ```
public protocol PruningRule: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The name under which it is asked for: `surgeon`.
  static var kind: String { get }

  /// The rule with its default settings.
  static var standard: Self { get }

  /// Refuses settings that make no sense.
  ///
  /// - Throws: ``TrainingError``; unless told otherwise never.
  func check() throws

  /// How many weights go between two looks at the curvature, where nobody says.
  ///
  /// - Parameters:
  ///   - count: How many are to go in all.
  ///   - weights: How many numbers the network has.
  func usualStep(removing count: Int, of weights: Int) -> Int

  /// Removes the weights that matter least.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - state: The weights, and which may go.
  ///   - curvature: The loss around them.
  /// - Throws: What the curvature throws; ``TrainingError`` where the network is too large.
  func removal(of count: Int, from state: PruningState, _ curvature: LossCurvature) throws
    -> PruningRemoval
}

extension PruningRule {
  public func check() throws {}

  public var description: String { Self.kind }

  public func usualStep(removing count: Int, of weights: Int) -> Int { max(1, (count + 9) / 10) }

  /// The weights with the lowest saliencies set to 0, all others left alone.
  ///
  /// - Parameter saliency: That of the weight at a place.
  func lowest(_ count: Int, of state: PruningState, saliency: (Int) -> Double) -> PruningRemoval {
    let saliencies = state.candidates.map { (place: $0, value: saliency($0)) }
    var weights = state.weights
    // The sort is stable: of equal ones the first goes.
    let removed = saliencies.sorted { $0.value < $1.value }.prefix(count)
    for (place, _) in removed { weights[place] = 0 }
    return PruningRemoval(saliencies: saliencies, removed: Array(removed), weights: weights)
  }
}

/// A network's weights between two removals, as one list in the order of ``WeightVector``.
public struct PruningState: Sendable {
  public var weights: [Double]
  /// Whether each is still there.
  public var kept: [Bool]
  /// The places of those that may go, ascending.
  public var candidates: [Int]
}

/// What a removal came to.
public struct PruningRemoval: Sendable {
  /// What each candidate's removal was expected to cost, before the first one went.
  public var saliencies: [(place: Int, value: Double)]
  /// The removed weights in order, each with its saliency when it went.
  public var removed: [(place: Int, value: Double)]
  /// All weights after that.
  public var weights: [Double]
}

/// The pruning rules that there are.
public enum PruningRules {
  /// All kinds: a new rule is a file in this folder and a name here.
  public static let all: [any PruningRule.Type] = [
    OptimalBrainDamage.self, OptimalBrainSurgeon.self, MagnitudePruning.self,
  ]

  /// The rule with a name, with its default settings.
  ///
  /// - Throws: ``TrainingError`` for a name that is not known.
  public static func named(_ name: String) throws -> any PruningRule {
    guard let type = all.first(where: { $0.kind == name.lowercased() }) else {
      throw TrainingError.setting(
        name: "pruning rule", found: "\"\(name.prefix(40))\"",
        expected: "one of \(all.map { $0.kind }.joined(separator: ", "))")
    }
    return type.standard
  }
}
