/// Any optimizer, as a value that can be stored, compared and saved.
///
/// Saved as the optimizer's settings beside its kind:
/// `{"kind": "momentum", "learningRate": 0.01, "momentum": 0.9, "weightDecay": 0}`.
public struct OptimizerBox: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The optimizer.
  public var optimizer: any Optimizer

  /// A box around an optimizer.
  public init(_ optimizer: any Optimizer) { self.optimizer = optimizer }

  /// Its kind: `momentum`.
  public var kind: String { type(of: optimizer).kind }

  /// Its description.
  public var description: String { optimizer.description }

  public static func == (a: OptimizerBox, b: OptimizerBox) -> Bool {
    AnyHashable(a.optimizer) == AnyHashable(b.optimizer)
  }

  public func hash(into hasher: inout Hasher) { optimizer.hash(into: &hasher) }

  private enum Key: String, CodingKey { case kind }

  /// Reads an optimizer.
  ///
  /// - Throws: `DecodingError` where the kind is not known or a setting is missing or senseless.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let kind = try container.decode(String.self, forKey: .kind)
    guard let type = Optimizers.all.first(where: { $0.kind == kind }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "found the optimizer \"\(kind.prefix(40))\"; expected one of "
          + Optimizers.kinds.joined(separator: ", "))
    }
    optimizer = try type.init(from: decoder)
    do {
      try optimizer.check()
    } catch let error as TrainingError {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    try optimizer.encode(to: encoder)
  }
}
