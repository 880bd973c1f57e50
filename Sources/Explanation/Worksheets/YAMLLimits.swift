/// Refuses YAML that would take more stack or time than a worksheet can need.
///
/// It looks at the text before it is parsed, because nested lists are parsed by recursion, and
/// because an alias of a list of aliases of a list … stands for more values than there is time for.
struct YAMLLimits {
  /// The most levels of lists within lists.
  static let mostLevels = 64
  /// The most columns that list markers and spaces take before a line's first word.
  static let mostColumns = 200
  /// The most aliases (`*name`).
  static let mostAliases = 20
  /// The most bytes of a file with aliases.
  static let mostBytesWithAliases = 100_000

  private let bytes: Substring.UTF8View
  private var line = 1
  private var levels = 0
  private var aliases = 0
  private var firstAlias: Int?
  /// Whether a new value may start here: after a bracket, a comma, a colon, a dash, or a line's end.
  private var mayStart = true

  /// What is wrong with the text, and in which line; nil where nothing is.
  static func problem(in text: String) -> (line: Int, message: String)? {
    var limits = YAMLLimits(bytes: text[...].utf8)
    return limits.problem()
  }

  private init(bytes: Substring.UTF8View) { self.bytes = bytes }

  private mutating func problem() -> (line: Int, message: String)? {
    var rest = bytes
    var (column, isMargin) = (0, true)
    var before = UInt8(ascii: "\n")
    while let byte = rest.popFirst() {
      defer { before = byte }
      if byte == UInt8(ascii: "\n") {
        (line, column, isMargin, mayStart) = (line + 1, 0, true, true)
        continue
      }
      column += 1
      if isMargin {
        isMargin = " -?:\t\r".utf8.contains(byte)
        if column > Self.mostColumns && isMargin {
          return (line, "found a line that starts after column \(Self.mostColumns), expected less")
        }
      }
      let isAfterBlank = before == UInt8(ascii: " ") || before == UInt8(ascii: "\n")
      if byte == UInt8(ascii: "#") && isAfterBlank {
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
        continue
      }
      if let problem = follow(byte, &rest) { return problem }
    }
    guard let firstAlias, bytes.count > Self.mostBytesWithAliases else { return nil }
    return (
      firstAlias,
      "found an alias in a file of \(bytes.count) bytes, expected no aliases in files of more than "
        + "\(Self.mostBytesWithAliases)"
    )
  }

  private mutating func follow(_ byte: UInt8, _ rest: inout Substring.UTF8View)
    -> (line: Int, message: String)?
  {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      if mayStart { skipQuoted(byte, &rest) }
      mayStart = false
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      levels += 1
      mayStart = true
      if levels > Self.mostLevels {
        return (line, "found more than \(Self.mostLevels) levels of lists within lists")
      }
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      levels = max(levels - 1, 0)
      mayStart = false
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "?"):
      mayStart = true
    case UInt8(ascii: "*"):
      guard mayStart, let next = rest.first, !" \r\n,]}".utf8.contains(next) else { break }
      aliases += 1
      firstAlias = firstAlias ?? line
      mayStart = false
      if aliases > Self.mostAliases {
        return (line, "found more than \(Self.mostAliases) aliases (*name)")
      }
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
    default: mayStart = false
    }
    return nil
  }

  private mutating func skipQuoted(_ quote: UInt8, _ rest: inout Substring.UTF8View) {
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
        if rest.popFirst() == UInt8(ascii: "\n") { line += 1 }
      } else if byte == quote {
        return
      }
    }
  }
}
