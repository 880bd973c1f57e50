/// What an estimate could not be made of.
public enum CostError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no device of this name.
  case device(String, nearest: String?, known: [String])
  /// The device's figures do not say how fast it computes in this precision.
  case precision(Device.Precision, device: String, known: [Device.Precision])
  /// A device file is damaged or makes no sense.
  case file(String)
  /// A setting makes no sense.
  case setting(String, found: String, expected: String)

  public var description: String {
    switch self {
    case .device(let name, let nearest, let known):
      "there is no device \"\(name)\"; "
        + (nearest.map { "did you mean \($0)? " } ?? "")
        + "known are \(known.joined(separator: ", "))"
    case .precision(let precision, let device, let known):
      "\(device): no peak is known for \(precision.rawValue); expected one of "
        + known.map(\.rawValue).joined(separator: ", ")
    case .file(let words): words
    case .setting(let name, let found, let expected):
      "\(name): found \(found), expected \(expected)"
    }
  }
}
