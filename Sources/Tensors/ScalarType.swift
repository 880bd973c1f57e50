/// The type of a tensor's elements.
public enum ScalarType: String, Hashable, Sendable, Codable, CaseIterable {
  /// IEEE 754 single precision: the type networks are trained in.
  case float32
  /// IEEE 754 double precision: the type derivations and checks are made in.
  case float64
  /// Signed 32-bit integers: class labels, indices and random keys.
  case int32

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    }
  }

  /// Whether gradients flow through values of this type.
  public var isFloatingPoint: Bool { self != .int32 }
}
