/// Any loss, in a form that can be stored and compared.
///
/// It is written as the loss's own fields with its kind: `{"kind": "huber", "delta": 1}`. Reading
/// looks the kind up in ``Losses/all`` and in the decoder's `userInfo[.lossTypes]`, an
/// `[any Loss.Type]` with losses of your own.
public struct LossBox: Sendable {
  /// The loss.
  public let loss: any Loss

  public init(_ loss: any Loss) { self.loss = loss }
}

extension LossBox: Hashable {
  public static func == (a: LossBox, b: LossBox) -> Bool {
    AnyHashable(a.loss) == AnyHashable(b.loss)
  }

  public func hash(into hasher: inout Hasher) { AnyHashable(loss).hash(into: &hasher) }
}

extension LossBox: Codable {
  /// Reads a loss of any known kind.
  ///
  /// - Throws: ``LayerError`` where the kind or a field is unknown, missing or out of range.
  public init(from decoder: any Decoder) throws {
    let own = decoder.userInfo[.lossTypes] as? [any Loss.Type] ?? []
    let type = try decodedKind(
      from: decoder, noun: "loss", in: (Losses.all + own).map { ($0.kind, $0) })
    let loss = try type.init(from: decoder)
    if let problem = loss.problem {
      throw LayerError("\(decoder.location)\(type.kind): \(problem)")
    }
    self.loss = loss
  }

  public func encode(to encoder: any Encoder) throws {
    try encoder.write(kind: type(of: loss).kind)
    try loss.encode(to: encoder)
  }
}

extension LossBox: CustomStringConvertible {
  public var description: String { loss.description }
}
