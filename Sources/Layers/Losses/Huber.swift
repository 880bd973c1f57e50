import GraphIR

/// The squared error of small errors, the magnitude of large ones.
///
/// With r = t − o: ½ r² where |r| ≤ δ, else δ (|r| − ½ δ); E is the mean over all n elements.
/// ∂E/∂o = −r / n, its magnitude cut off at δ / n.
///
/// Source: P. Huber, "Robust estimation of a location parameter", Ann. Math. Statist. 35 (1964),
/// doi:10.1214/aoms/1177703732.
public struct Huber: Loss {
  public static let kind = "huber"

  /// δ, the error from which on the loss is linear; 1 unless told otherwise.
  public let delta: Double

  public init(delta: Double) { self.delta = delta }

  public init() { self.init(delta: 1) }

  public var problem: String? {
    delta > 0 && delta.isFinite ? nil : "delta is \(delta), expected more than 0"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    // With c = min(|r|, δ) both cases are c (|r| − ½ c).
    let size = abs(target - output)
    let capped = minimum(size, delta)
    return (capped * (size - capped * 0.5)).mean()
  }

  public static var samples: [LossSample] {
    LossSample.forms([Huber(), Huber(delta: 0.4)])
  }
}

extension Huber {
  enum CodingKeys: CodingKey, CaseIterable {
    case delta
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(delta: try fields.value(.delta, default: 1))
  }
}
