import GraphIR

/// The magnitude of errors, rounded off where they are small.
///
/// With r = t − o: ½ r² / β where |r| < β, else |r| − ½ β; E is the mean over all n elements. It is
/// Huber's loss with δ = β, divided by β, and for β = 0 the mean absolute error. (PyTorch:
/// `smooth_l1_loss`.)
///
/// Source: R. Girshick, "Fast R-CNN", ICCV 2015, doi:10.1109/ICCV.2015.169.
public struct SmoothL1: Loss {
  public static let kind = "smoothL1"

  /// β, the error from which on the loss is linear; 1 unless told otherwise.
  public let beta: Double

  public init(beta: Double) { self.beta = beta }

  public init() { self.init(beta: 1) }

  public var problem: String? {
    beta >= 0 && beta.isFinite ? nil : "beta is \(beta), expected 0 or more"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let target = fitted(target, to: output) else { return unknown(beside: output) }
    let size = abs(target - output)
    guard beta > 0 else { return size.mean() }
    // With c = min(|r|, β) both cases are c (|r| − ½ c) / β.
    let capped = minimum(size, beta)
    return (capped * (size - capped * 0.5)).mean() * (1 / beta)
  }

  public static var samples: [LossSample] {
    LossSample.forms([SmoothL1(), SmoothL1(beta: 0.4), SmoothL1(beta: 0)])
  }
}

extension SmoothL1 {
  enum CodingKeys: CodingKey, CaseIterable {
    case beta
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(beta: try fields.value(.beta, default: 1))
  }
}
