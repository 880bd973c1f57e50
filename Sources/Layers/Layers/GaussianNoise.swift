import GraphIR

/// Adds random numbers of the normal distribution to its input in training.
///
/// In training y = x + σ ε, with ε of mean 0 and variance 1, drawn anew for every element and step;
/// outside training y = x. It has no parameters.
///
/// Source: C. M. Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural
/// Computation 7 (1995), doi:10.1162/neco.1995.7.1.108.
public struct GaussianNoise: Layer {
  public static let kind = "gaussianNoise"

  /// σ, 0 or more.
  public let deviation: Double
  public let name: String?

  public init(_ deviation: Double, name: String? = nil) {
    self.deviation = deviation
    self.name = name
  }

  public var problem: String? {
    deviation >= 0 && deviation.isFinite
      ? nil : "deviation is \(deviation), expected a number of 0 or more"
  }

  public var description: String { "gaussian noise, deviation \(deviation)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.scalarType == scope.scalarType else {
      scope.fail(
        "gaussianNoise: input is \(input.type), expected \(scope.scalarType.rawValue) numbers")
      return input
    }
    guard scope.isTraining, deviation > 0 else { return input }
    return input + scope.normalNoise(input.shape) * deviation
  }

  public static var samples: [LayerSample] {
    [LayerSample(GaussianNoise(0.5), input: [4]), LayerSample(GaussianNoise(0), input: [2, 3])]
  }
}

extension GaussianNoise {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case deviation, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.deviation), name: try fields.value(ifPresent: .name))
  }
}
