import GraphIR

/// Layers each of which sees the input and what all layers before it gave, side by side.
///
/// y₀ = x, yᵢ = fᵢ([y₀, …, yᵢ₋₁]) and the output is [y₀, …, yₙ], joined along the last axis, the
/// channels. So features are made once and used again, and gradients reach every layer at once. The
/// layers have to keep all axes but the last; they are named as in a ``Sequential``.
///
/// ```swift
/// DenseBlock {
///   Dense(units: 4, activation: .relu)
///   Dense(units: 4, activation: .relu)
/// }
/// ```
///
/// Source: G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger, "Densely connected convolutional
/// networks", CVPR 2017, doi:10.1109/CVPR.2017.243.
public struct DenseBlock: Layer {
  public static let kind = "denseBlock"

  /// The layers, first to last.
  public let layers: [LayerBox]
  public let name: String?

  /// The layers from the lines of a closure.
  public init(name: String? = nil, @LayerListBuilder _ layers: () -> [LayerBox]) {
    self.init(layers(), name: name)
  }

  /// Layers from a list.
  public init(_ layers: [LayerBox], name: String? = nil) {
    self.layers = layers
    self.name = name
  }

  public var description: String {
    "dense block, \(layers.count) layer\(layers.count == 1 ? "" : "s")"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let names = Sequential(layers).layerNames
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      scope.fail("two layers are named \"\(twice)\", expected names that differ")
      return input
    }
    guard input.shape.rank >= 2 else {
      scope.fail("denseBlock: input has shape \(input.shape), expected [batch, …, channels]")
      return input
    }
    var joined = input
    for (name, box) in zip(names, layers) {
      let output = scope.apply(box.layer, to: joined, as: name)
      guard output.scalarType == joined.scalarType, output.shape.rank == joined.shape.rank,
        output.shape.dimensions.dropLast() == joined.shape.dimensions.dropLast()
      else {
        scope.fail(
          "denseBlock: \(name) turns \(joined.type) into \(output.type), "
            + "expected all sizes but the last to stay")
        return input
      }
      joined = concatenate([joined, output], axis: -1)
    }
    return joined
  }

  public static var samples: [LayerSample] {
    let block = DenseBlock {
      Dense(units: 2, activation: .tanh)
      Dense(units: 3, activation: .tanh)
    }
    return [LayerSample(block, input: [3]), LayerSample(block, input: [2, 2])]
  }
}

extension DenseBlock {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case layers, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.layers, as: [LayerBox].self), name: try fields.value(ifPresent: .name))
  }
}
