/// Why a file could not be read or written: which file, which entry in it, and what was wrong.
///
/// `model.safetensors: entry "hidden.weight": unknown dtype "F5"; expected one of F16, F32, …`
public struct InterchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path, or what stands for it where the bytes did not come from a file.
  public let source: String
  /// The entry inside the file, where the trouble lies in one.
  public let entry: String?
  /// What was found and what was expected.
  public let problem: String

  public init(source: String, entry: String? = nil, problem: String) {
    self.source = source
    self.entry = entry
    self.problem = problem
  }

  /// The file, the entry and the problem in one line.
  public var description: String {
    let place = source.isEmpty ? "(empty path)" : source
    guard let entry else { return "\(place): \(problem)" }
    return "\(place): entry \(quoted(entry)): \(problem)"
  }
}

/// Text from a file, made fit to stand in an error: in quotes, control characters escaped, and
/// no longer than 80 characters.
func quoted(_ text: String) -> String {
  // Scalars, not characters: one character can carry any number of combining marks.
  let scalars = text.unicodeScalars
  if scalars.count <= 80 { return text.debugDescription }
  return (String(String.UnicodeScalarView(scalars.prefix(77))) + "…").debugDescription
}
