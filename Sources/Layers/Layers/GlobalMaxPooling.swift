import GraphIR
import Tensors

/// The largest number of each channel: [batch, …, channels] becomes [batch, channels].
///
/// y = max x over all axes between batch and channels; the gradient goes to the largest element, in
/// equal parts where there are several. Of a sequence with padded steps only those that are there
/// count; one without any gives 0. It has no parameters.
public struct GlobalMaxPooling: Layer {
  public static let kind = "globalMaxPooling"

  public let name: String?

  public init(name: String? = nil) { self.name = name }

  public var description: String { "global max pooling" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard scope.fits(input, kind: Self.kind), shape.dimensions.dropFirst().allSatisfy({ $0 >= 1 })
    else {
      scope.fail("globalMaxPooling: input has shape \(shape), expected at least 1 element to pool")
      return input
    }
    let axes = Array(1..<shape.rank - 1)
    guard shape.rank == 3,
      let mask = scope.mask(
        for: SequenceSizes(batch: shape[0], steps: shape[1], features: shape[2]), kind: Self.kind)
    else {
      return input.max(axes: axes)
    }
    scope.mask = nil
    let isThere = mask.cast(to: input.scalarType).reshaped([shape[0], shape[1], 1])
    let largest = select(isThere, input, -.infinity).max(axes: axes)
    return select(isThere.sum(axes: [1]), largest, 0)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(GlobalMaxPooling(), input: [5, 2]),
      LayerSample(GlobalMaxPooling(), input: [2, 3, 2]),
    ]
  }
}

extension GlobalMaxPooling {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(name: try fields.value(ifPresent: .name))
  }
}
