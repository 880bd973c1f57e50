import GraphIR

/// Leaves out a random part of its input in each training step, so that units do not come to rely
/// on one another.
///
/// In training yᵢ = xᵢ mᵢ / (1 − p), where mᵢ is 0 with probability p (the rate) and else 1, drawn
/// anew for every element and step. The division ("inverted dropout") keeps the expected value, so
/// that outside training y = x. It has no parameters.
///
/// Source: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout: a
/// simple way to prevent neural networks from overfitting", JMLR 15 (2014).
public struct Dropout: Layer {
  public static let kind = "dropout"

  /// p, the part that is left out: 0 ≤ p < 1.
  public let rate: Double
  public let name: String?

  public init(_ rate: Double, name: String? = nil) {
    self.rate = rate
    self.name = name
  }

  public var problem: String? {
    rate >= 0 && rate < 1 ? nil : "rate is \(rate), expected at least 0 and less than 1"
  }

  public var description: String { "dropout, rate \(rate)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.isTraining, rate > 0 else { return input }
    guard input.scalarType == scope.scalarType else {
      scope.fail("dropout: input is \(input.type), expected \(scope.scalarType.rawValue) numbers")
      return input
    }
    let mask = scope.noise(input.shape) .>= rate
    return input * (mask * (1 / (1 - rate)))
  }

  public static var samples: [LayerSample] {
    [LayerSample(Dropout(0.4), input: [5]), LayerSample(Dropout(0), input: [2, 3])]
  }
}

extension Dropout {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case rate, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(try fields.value(.rate), name: try fields.value(ifPresent: .name))
  }
}
