/// A worksheet, or a list of claims, is written wrongly.
///
/// ```swift
/// do {
///   _ = try Worksheet(yaml: "layers: [2]\ninputs: [1, x]\n", name: "mine.yaml")
/// } catch {
///   print(error)
///   // mine.yaml:2: inputs: number 2: found "x", expected a decimal number such as 0.15
/// }
/// ```
public struct WorksheetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file; nil where none is at fault.
  public let file: String?
  /// The line in the file, from 1; nil where the whole file is meant.
  public let line: Int?
  /// What was found, and what was expected.
  public let message: String

  public init(file: String?, line: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// `FILE:LINE: MESSAGE`.
  public var description: String {
    guard let file else { return message }
    return line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}

/// A text from a file as messages quote it: on one line, and not all of it where it is long.
func quotedInBrief(_ text: String) -> String {
  let line = text.prefix(41).map { $0.isNewline ? " " : String($0) }.joined()
  return text.count > 40 ? "\"\(line.prefix(40))…\"" : "\"\(line)\""
}

/// `1 number`, `2 numbers`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)" + (count == 1 ? "" : "s")
}
