import Formulas

/// Every number of a training step, and how each follows from the others.
///
/// The quantities are in an order in which each comes after those that it is made of, so that they
/// are a program: evaluating each one's ``Quantity/formula`` in turn computes the step anew.
public struct Derivation: Sendable {
  /// A part of the derivation: what a reader finds under one heading.
  public struct Section: Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case given, forward, error, backward, update, after
    }

    public let kind: Kind
    /// The layer it is about: 1 for the first layer of neurons; nil where it is about no single one.
    public let layer: Int?
    /// The names of its quantities, in order.
    public let quantities: [String]

    public init(kind: Kind, layer: Int?, quantities: [String]) {
      self.kind = kind
      self.layer = layer
      self.quantities = quantities
    }
  }

  /// A gradient beside the central difference of the loss.
  public struct Proof: Sendable {
    /// The gradient's name.
    public let name: String
    public let gradient: Double
    public let centralDifference: Double
    /// Whether the loss has a corner here, as rectifiers make one, and so no derivative.
    public let isAtCorner: Bool

    public init(
      name: String, gradient: Double, centralDifference: Double, isAtCorner: Bool = false
    ) {
      self.name = name
      self.gradient = gradient
      self.centralDifference = centralDifference
      self.isAtCorner = isAtCorner
    }
  }

  /// All quantities.
  public let quantities: [Quantity]
  public let sections: [Section]
  public let proofs: [Proof]
  /// Whether gradients take values as given that parameters do change, as the copies in context
  /// units: the proofs hold these too.
  public let holdsValues: Bool
  private let places: [String: Int]

  public init(
    quantities: [Quantity], sections: [Section], proofs: [Proof] = [], holdsValues: Bool = false
  ) {
    self.quantities = quantities
    self.sections = sections
    self.proofs = proofs
    self.holdsValues = holdsValues
    places = Dictionary(
      zip(quantities.map(\.name), quantities.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The quantity of this very name.
  public subscript(name: String) -> Quantity? { places[name].map { quantities[$0] } }

  /// The position of a quantity among all, by its very name.
  public func position(of name: String) -> Int? { places[name] }
}
