import Foundation

/// Any training rule, as a value that can be stored, compared and saved.
///
/// Saved as the rule's settings beside its kind:
/// `{"kind": "momentum", "learningRate": 0.01, "momentum": 0.9, "weightDecay": 0}`.
public struct OptimizerBox: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The rule: an ``Optimizer`` or a ``FullBatchRule``.
  public var optimizer: any TrainingRule

  /// A box around a rule.
  public init(_ optimizer: any TrainingRule) { self.optimizer = optimizer }

  /// Its kind: `momentum`.
  public var kind: String { type(of: optimizer).kind }

  /// Its description.
  public var description: String { optimizer.description }

  public static func == (a: OptimizerBox, b: OptimizerBox) -> Bool {
    AnyHashable(a.optimizer) == AnyHashable(b.optimizer)
  }

  public func hash(into hasher: inout Hasher) { optimizer.hash(into: &hasher) }

  /// The same rule with other values for some of its settings, by the way of its JSON form.
  ///
  /// - Parameter values: The values, by the names of hyperparameters.
  /// - Throws: `DecodingError` where a value makes no sense.
  public func setting(_ values: [String: Double]) throws -> OptimizerBox {
    let data = try JSONEncoder().encode(self)
    guard var object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      return self
    }
    for (name, value) in values { object[name] = value }
    return try JSONDecoder().decode(
      OptimizerBox.self, from: try JSONSerialization.data(withJSONObject: object))
  }

  /// Reads a rule.
  ///
  /// - Throws: `DecodingError` where the kind is not known or a setting is missing or senseless.
  public init(from decoder: any Decoder) throws {
    optimizer = try decodedByKind(
      decoder, noun: "optimizer",
      kinds: Optimizers.all.map { type in
        (
          type.kind,
          { decoder in
            let optimizer = try type.init(from: decoder)
            try optimizer.check()
            return optimizer as any TrainingRule
          }
        )
      })
  }

  public func encode(to encoder: any Encoder) throws {
    try optimizer.encode(asKind: kind, to: encoder)
  }
}
