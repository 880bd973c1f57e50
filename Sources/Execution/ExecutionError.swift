import GraphIR

/// A run was asked for something that does not fit its graph.
public enum ExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No value was given for an input or variable.
  case missing(String, TensorType)
  /// A value has another shape or element type.
  case wrongType(String, found: TensorType, expected: TensorType)
  /// The graph has no input, variable or output of this name.
  case unknown(String, known: [String])
  /// The graph needs more memory than can be addressed.
  case tooLarge(String)

  public var description: String {
    switch self {
    case .missing(let name, let type): "\(name): no value was given; expected \(type)"
    case .wrongType(let name, let found, let expected):
      "\(name): found \(found), expected \(expected)"
    case .unknown(let name, let known):
      "\(name): no such value; there are \(known.joined(separator: ", "))"
    case .tooLarge(let what): "\(what): the sizes multiply to more memory than can be addressed"
    }
  }
}
