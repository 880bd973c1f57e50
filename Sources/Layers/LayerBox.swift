/// Any layer, in a form that can be stored and compared.
///
/// It is written as the layer's own fields with its kind:
/// `{"kind": "dense", "units": 16, "activation": "sigmoid"}`.
///
/// Reading looks the kind up in ``Layers/all`` and in the decoder's
/// `userInfo[.layerTypes]`, an `[any Layer.Type]` with layers of your own.
public struct LayerBox: Sendable {
  /// The layer.
  public let layer: any Layer

  public init(_ layer: any Layer) { self.layer = layer }
}

extension LayerBox: Hashable {
  public static func == (a: LayerBox, b: LayerBox) -> Bool {
    AnyHashable(a.layer) == AnyHashable(b.layer)
  }

  public func hash(into hasher: inout Hasher) { AnyHashable(layer).hash(into: &hasher) }
}

extension LayerBox: Codable {
  /// Reads a layer of any known kind.
  ///
  /// - Throws: ``LayerError`` where the kind or a field is unknown, missing or out of range.
  public init(from decoder: any Decoder) throws {
    let own = decoder.userInfo[.layerTypes] as? [any Layer.Type] ?? []
    let type = try decodedKind(
      from: decoder, noun: "layer", in: (Layers.all + own).map { ($0.kind, $0) })
    let layer = try type.init(from: decoder)
    if let problem = layer.problem {
      throw LayerError("\(decoder.location)\(type.kind): \(problem)")
    }
    self.layer = layer
  }

  public func encode(to encoder: any Encoder) throws {
    try encoder.write(kind: type(of: layer).kind)
    try layer.encode(to: encoder)
  }
}

extension LayerBox: CustomStringConvertible {
  public var description: String { layer.description }
}
