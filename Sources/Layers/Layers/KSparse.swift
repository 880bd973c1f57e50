import GraphIR
import Tensors

/// Keeps the k largest activities of each example and sets all others to 0, as in k-sparse
/// auto-encoders.
///
/// yᵢ = xᵢ if fewer than k units of the last axis come before it, else 0; a larger unit comes before
/// a smaller one, and of equal ones the first. The gradient goes to the units that were kept. It acts
/// in training and after it, and has no parameters. All pairs of units are compared, so its work
/// and memory grow with the square of their number.
///
/// Source: A. Makhzani, B. Frey, "k-sparse autoencoders", ICLR 2014, arXiv:1312.5663.
public struct KSparse: Layer {
  public static let kind = "kSparse"

  /// k, the units that are kept.
  public let count: Int
  public let name: String?

  public init(_ count: Int, name: String? = nil) {
    self.count = count
    self.name = name
  }

  public var problem: String? { count >= 1 ? nil : "count is \(count), expected at least 1" }

  public var description: String { "k-sparse, \(count) kept" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 2, shape[-1] >= 1, input.scalarType == scope.scalarType else {
      scope.fail(
        "kSparse: input is \(input.type), expected \(scope.scalarType.rawValue) [batch, …, units]")
      return input
    }
    let units = shape[-1]
    guard count < units else { return input }
    let (width, overflows) = units.multipliedReportingOverflow(by: units)
    guard !overflows, width <= 1 << 24 else {
      scope.fail("kSparse: input has \(units) units, expected at most 4096")
      return input
    }
    let rows = shape.count / units
    let own = input.reshaped([rows, units, 1])
    let other = input.reshaped([rows, 1, units])
    // 1 where j < i: of equal units, the first comes before.
    let isEarlier = input.constant(
      Tensor(
        (0..<width).map { $0 % units < $0 / units ? 1.0 : 0 }, shape: [units, units],
        type: input.scalarType))
    let comesBefore = (other .> own) + (other .== own) * isEarlier
    let place = comesBefore.sum(axes: [-1]).reshaped(shape)
    return input * (place .< Double(count))
  }

  public static var samples: [LayerSample] {
    [LayerSample(KSparse(2), input: [5]), LayerSample(KSparse(1), input: [2, 3])]
  }
}

extension KSparse {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case count, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(try fields.value(.count), name: try fields.value(ifPresent: .name))
  }
}
