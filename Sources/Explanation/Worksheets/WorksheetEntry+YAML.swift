import Yams

extension WorksheetEntry {
  /// The most values in a file, each alias counted as what it stands for.
  private static let mostValues = 2_000_000

  /// The document in a YAML text.
  ///
  /// - Throws: ``WorksheetError`` with the line where it is no YAML, holds several documents, or
  ///   asks for more than a worksheet can need.
  static func document(_ yaml: String, name: String) throws -> WorksheetEntry {
    func refused(_ line: Int?, _ message: String) -> WorksheetError {
      WorksheetError(file: name, line: line, message: message)
    }
    let text = WorksheetFile.withoutMark(yaml)
    guard text.utf8.count <= WorksheetFile.mostBytes else {
      throw refused(
        nil, "has \(text.utf8.count) bytes, expected at most \(WorksheetFile.mostBytes)")
    }
    if let problem = YAMLLimits.problem(in: text) { throw refused(problem.line, problem.message) }
    let root: Yams.Node?
    do {
      // Without rules that guess types, every value keeps its digits as they were written.
      root = try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch let error as YamlError {
      let (line, message) = error.inWords
      throw refused(line, message)
    }
    guard let root else { throw refused(nil, "is empty; expected a worksheet") }
    var left = mostValues
    guard count(root, &left) else { throw refused(nil, "has more than \(mostValues) values") }
    return WorksheetEntry(node: root, file: name, line: root.mark?.line ?? 1, place: "")
  }

  /// Takes the values in a node off what is left; false where that is not enough.
  private static func count(_ node: Yams.Node, _ left: inout Int) -> Bool {
    left -= 1
    guard left >= 0 else { return false }
    switch node {
    case .sequence(let sequence): return sequence.allSatisfy { count($0, &left) }
    case .mapping(let mapping):
      return mapping.allSatisfy { count($0.key, &left) && count($0.value, &left) }
    case .scalar, .alias: return true
    }
  }
}

extension YamlError {
  /// The line, and what is wrong there.
  fileprivate var inWords: (line: Int?, message: String) {
    switch self {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let around = context.map { " (\($0.text.trimmed) from line \($0.mark.line))" } ?? ""
      if problem.contains("another document") {
        return (mark.line, "found a second document, expected one")
      }
      return (mark.line, "not valid YAML: \(problem)\(around)")
    case .reader(let problem, let offset, _, let yaml):
      let line = offset.map { yaml.prefix($0).count { $0.isNewline } + 1 }
      return (line, "not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let names, let context):
      let name = names.sorted().first.map(quotedInBrief) ?? "a name"
      return (context.mark.line, "\(name) is given twice, expected once")
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return (nil, "cannot be read as YAML")
    }
  }
}
