import GraphIR
import Tensors

/// Makes the units before it active seldom or little, as in sparse auto-encoders: it hands its input
/// on unchanged, and adds to the loss of training
///
/// P = (l1 / B) Σ |a| + weight · Σ_u [ρ ln(ρ / ρ̂_u) + (1 − ρ) ln((1 − ρ) / (1 − ρ̂_u))]
///
/// with the activities a, B the examples of the batch, and ρ̂_u the mean activity of unit u (the last
/// axis) over the batch and all other axes. The second part, the divergence of the mean activity from
/// the wanted one, ρ = ``sparsity``, is for activities between 0 and 1, such as a sigmoid's; ρ̂ is kept
/// from 10⁻⁶ to 1 − 10⁻⁶. It has no parameters.
///
/// Source: A. Ng, "Sparse autoencoder", CS294A lecture notes, Stanford 2011; H. Lee, C. Ekanadham,
/// A. Ng, "Sparse deep belief net model for visual area V2", NIPS 2007.
public struct ActivityPenalty: Layer {
  public static let kind = "activityPenalty"

  /// The factor of the magnitudes; 0 unless told otherwise.
  public let l1: Double
  /// ρ, the wanted mean activity, more than 0 and less than 1; nil for none.
  public let sparsity: Double?
  /// The factor of the divergence; 1 unless told otherwise.
  public let weight: Double
  public let name: String?

  public init(l1: Double = 0, sparsity: Double? = nil, weight: Double = 1, name: String? = nil) {
    self.l1 = l1
    self.sparsity = sparsity
    self.weight = weight
    self.name = name
  }

  public var problem: String? {
    if !(l1 >= 0 && l1.isFinite) { return "l1 is \(l1), expected 0 or more" }
    if !(weight >= 0 && weight.isFinite) { return "weight is \(weight), expected 0 or more" }
    guard let sparsity, !(sparsity > 0 && sparsity < 1) else { return nil }
    return "sparsity is \(sparsity), expected more than 0 and less than 1"
  }

  public var description: String {
    "activity penalty" + (l1 > 0 ? ", l1 \(l1)" : "")
      + (sparsity.map { ", sparsity \($0) with weight \(weight)" } ?? "")
  }

  private static let least = 1e-6

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 2, input.scalarType == scope.scalarType else {
      scope.fail(
        "activityPenalty: input is \(input.type), expected \(scope.scalarType.rawValue) "
          + "[batch, …, units]")
      return input
    }
    guard scope.isTraining, shape.count > 0 else { return input }
    if l1 > 0 { scope.penalty(abs(input).sum() * (l1 / Double(shape[0]))) }
    if let sparsity, weight > 0 {
      let mean = input.mean(axes: Array(0..<shape.rank - 1))
      let kept = minimum(maximum(mean, Self.least), 1 - Self.least)
      // The part of the wanted activity alone is computed once, as any constant.
      let wanted = input.constant(sparsity)
      let on = (log(wanted) - log(kept)) * sparsity
      let off = (log(1 - wanted) - log(1 - kept)) * (1 - sparsity)
      scope.penalty((on + off).sum() * weight)
    }
    return input
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(ActivityPenalty(l1: 0.1), input: [4]),
      LayerSample(ActivityPenalty(l1: 0.5, sparsity: 0.1, weight: 2), input: [2, 3]),
    ]
  }
}

extension ActivityPenalty {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case l1, sparsity, weight, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      l1: try fields.value(.l1, default: 0), sparsity: try fields.value(ifPresent: .sparsity),
      weight: try fields.value(.weight, default: 1), name: try fields.value(ifPresent: .name))
  }
}
