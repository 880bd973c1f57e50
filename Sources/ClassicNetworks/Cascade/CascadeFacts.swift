import Training

/// What a cascade remembers of its data and of how it grew.
public struct CascadeFacts: Codable, Hashable, Sendable {
  /// A unit's coming in.
  public struct Arrival: Codable, Hashable, Sendable {
    /// The passes over the rows until then.
    public var epoch: Int
    /// How good it was: S divided by Σ E², or for Cascade 2 the share of Σ E² that it took away.
    public var score: Double
  }

  public var data: ClassicFacts
  /// The passes over the rows in which outputs or candidates learned, and those that measured new candidates.
  public var epochs: Int
  /// Whether the outputs became as good as was asked for.
  public var isSolved: Bool
  /// One for each hidden unit.
  public var arrivals: [Arrival]

  init(_ data: ClassicFacts, epochs: Int, isSolved: Bool, arrivals: [Arrival]) {
    (self.data, self.epochs, self.isSolved, self.arrivals) = (data, epochs, isSolved, arrivals)
  }
}
