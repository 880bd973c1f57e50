import GraphIR

/// Why a worksheet cannot be marked.
public enum MarkingError: Error, Hashable, Sendable {
  /// No quantity has this name; the nearest names there are.
  case unknown(name: String, line: Int?, nearest: [String])
  /// Several quantities could be meant.
  case ambiguous(name: String, line: Int?, quantities: [String])
  /// Two claims are about one quantity.
  case twice(name: String, line: Int?, quantity: String, firstName: String, firstLine: Int?)
  /// The claimed value is no finite number.
  case notFinite(name: String, line: Int?, text: String)
}

extension MarkingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let line, let nearest):
      let hint =
        nearest.isEmpty
        ? "the derivation has no name like it"
        : nearest.count == 1
          ? "the nearest is \(nearest[0])" : "the nearest are \(nearest.joined(separator: ", "))"
      return MarkingError.place(line) + "there is no quantity \"\(name)\"; \(hint)"
    case .ambiguous(let name, let line, let quantities):
      return MarkingError.place(line) + "\"\(name)\" can mean "
        + quantities.prefix(6).joined(separator: ", ") + "; write one of these names"
    case .twice(let name, let line, let quantity, let firstName, let firstLine):
      let first = firstLine.map { " on line \($0)" } ?? ""
      let same = name == firstName ? "" : " as \"\(firstName)\""
      return MarkingError.place(line)
        + "\"\(name)\" is \(quantity), which has a number already\(first)\(same)"
    case .notFinite(let name, let line, let text):
      return MarkingError.place(line) + "\"\(name)\" is \"\(text)\", which is no finite number"
    }
  }

  private static func place(_ line: Int?) -> String { line.map { "line \($0): " } ?? "" }
}
