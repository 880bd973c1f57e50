import GraphIR
import Tensors

/// The mean of each channel: [batch, …, channels] becomes [batch, channels].
///
/// y = Σ x / n over all axes between batch and channels. Of a sequence with padded steps only the n
/// steps that are there count; one without any gives 0. It has no parameters.
public struct GlobalAveragePooling: Layer {
  public static let kind = "globalAveragePooling"

  public let name: String?

  public init(name: String? = nil) { self.name = name }

  public var description: String { "global average pooling" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard scope.fits(input, kind: Self.kind), shape.dimensions.dropFirst().allSatisfy({ $0 >= 1 })
    else {
      scope.fail(
        "globalAveragePooling: input has shape \(shape), expected at least 1 element to pool")
      return input
    }
    let axes = Array(1..<shape.rank - 1)
    guard shape.rank == 3,
      let mask = scope.mask(
        for: SequenceSizes(batch: shape[0], steps: shape[1], features: shape[2]), kind: Self.kind)
    else {
      return input.mean(axes: axes)
    }
    scope.mask = nil
    let weights = mask.cast(to: input.scalarType).reshaped([shape[0], shape[1], 1])
    return (input * weights).sum(axes: [1]) / maximum(weights.sum(axes: [1]), 1)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(GlobalAveragePooling(), input: [5, 2]),
      LayerSample(GlobalAveragePooling(), input: [2, 3, 2]),
    ]
  }
}

extension GlobalAveragePooling {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(name: try fields.value(ifPresent: .name))
  }
}
