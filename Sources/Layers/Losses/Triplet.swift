import GraphIR
import Tensors

/// The loss of triplets: an example shall lie nearer to one of its own kind than to another, by a
/// margin.
///
/// The output [batch, 3 d] holds an anchor a, a positive p and a negative n:
///
/// E = (1 / batch) Σ max(0, D(a, p) − D(a, n) + m),  D(x, y) = (Σ |x − y + ε|^P)^(1/P), ε = 10⁻⁶
///
/// with the margin m and the norm's power P. With ``swaps``, D(p, n) stands for D(a, n) where it is
/// smaller. The target, [batch] or [batch, 1], is not looked at. Predictions are
/// D(a, n) − D(a, p), more than 0 where the order is right. (PyTorch: `triplet_margin_loss`.)
///
/// Source: F. Schroff, D. Kalenichenko, J. Philbin, "FaceNet", CVPR 2015,
/// doi:10.1109/CVPR.2015.7298682; the swap: V. Balntas et al., BMVC 2016, doi:10.5244/C.30.119.
public struct Triplet: Loss {
  public static let kind = "triplet"

  /// m; 1 unless told otherwise.
  public let margin: Double
  /// P, 1 or more; 2 unless told otherwise.
  public let power: Double
  /// Whether the distance of positive and negative counts too; false unless told otherwise.
  public let swaps: Bool

  public init(margin: Double, power: Double = 2, swaps: Bool = false) {
    self.margin = margin
    self.power = power
    self.swaps = swaps
  }

  public init() { self.init(margin: 1) }

  public var problem: String? {
    if !(margin > 0 && margin.isFinite) { return "margin is \(margin), expected more than 0" }
    return power >= 1 && power.isFinite ? nil : "power is \(power), expected at least 1"
  }

  public var decisionThreshold: Double { 0 }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let parts = parts(of: output, 3, "anchor, positive and negative"),
      rowTarget(target, for: output) != nil
    else { return unknown(beside: output) }
    let near = distance(parts[0], parts[1])
    var far = distance(parts[0], parts[2])
    if swaps { far = minimum(far, distance(parts[1], parts[2])) }
    return relu(near - far + margin).mean()
  }

  public func probabilities(_ output: Expression) -> Expression {
    let parts = shownParts(of: output, 3)
    return distance(parts[0], parts[2]) - distance(parts[0], parts[1])
  }

  private func distance(_ x: Expression, _ y: Expression) -> Expression {
    func sum(_ terms: Expression) -> Expression { terms.sum(axes: [-1], keepingAxes: true) }
    let difference = x - y + 1e-6
    if power == 1 { return sum(abs(difference)) }
    if power == 2 { return sqrt(sum(difference.squared())) }
    return pow(sum(pow(abs(difference), power)), 1 / power)
  }

  public static var samples: [LossSample] {
    let output = Tensor([[1, 2, 0.5, -1, 1.5, 0.75], [0.5, 1, 2, 0.25, -1, 3]])
    return [Triplet(), Triplet(margin: 3, power: 1), Triplet(margin: 2, power: 3, swaps: true)].map
    {
      LossSample($0, output: output, target: Tensor([0.0, 0]))
    }
  }
}

extension Triplet {
  enum CodingKeys: CodingKey, CaseIterable {
    case margin, power, swaps
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      margin: try fields.value(.margin, default: 1), power: try fields.value(.power, default: 2),
      swaps: try fields.value(.swaps, default: false))
  }
}
