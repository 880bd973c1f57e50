extension Claim {
  /// Claims from CSV text: lines of a name and a value, separated by a comma.
  ///
  ///     name,value
  ///     # the forward pass
  ///     net_h1,0.3775
  ///     "hidden.weight[1,2]",0.2
  ///
  /// The first line may be `name,value`. Empty lines, and lines that begin with `#`, are passed
  /// over. A field in quotation marks may hold commas, and a quotation mark as two (RFC 4180, but
  /// no field goes over several lines). Spaces around fields do not count.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - name: What errors call the file.
  /// - Throws: ``WorksheetError`` with the line, where there are not two fields, the value is no
  ///   decimal number, or two claims have one name.
  public static func read(csv text: String, name: String) throws -> [Claim] {
    var (claims, lines) = ([Claim](), [String: Int]())
    var isFirst = true
    let all = WorksheetFile.withoutMark(text).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, content) in all.enumerated() {
      let number = index + 1
      func refused(_ message: String) -> WorksheetError {
        WorksheetError(file: name, line: number, message: message)
      }
      let content = content.trimmed
      if content.isEmpty || content.hasPrefix("#") { continue }
      guard let fields = csvFields(content) else {
        throw refused("found a quotation mark out of place, expected \"name\",value")
      }
      guard fields.count == 2 else {
        throw refused("found \(counted(fields.count, "field")), expected 2: name,value")
      }
      let isHeader = isFirst && fields.map { $0.lowercased() } == ["name", "value"]
      isFirst = false
      if isHeader { continue }
      let quantity = fields[0]
      guard !quantity.isEmpty else { throw refused("the name is missing; expected name,value") }
      guard let value = decimalNumber(fields[1]) else {
        throw refused("\(quantity): \(noNumber(fields[1]))")
      }
      if let line = lines.updateValue(number, forKey: quantity) {
        throw refused("\(quantity) is claimed twice, first in line \(line); expected one claim")
      }
      claims.append(Claim(name: quantity, text: fields[1], value: value, line: number))
    }
    return claims
  }

  /// Claims from a CSV file, as ``read(csv:name:)`` takes them.
  ///
  /// - Throws: ``WorksheetError``, also where the file cannot be read, has more than 10 MB, or is no
  ///   UTF-8.
  public static func read(contentsOf path: String) throws -> [Claim] {
    try read(csv: WorksheetFile.text(at: path), name: path)
  }
}

/// The fields of one line; nil where quotation marks are out of place.
private func csvFields(_ line: String) -> [String]? {
  var fields: [String] = []
  var rest = Substring(line)
  while true {
    rest = rest.drop { $0 == " " || $0 == "\t" }
    guard rest.first == "\"" else {
      let field = rest.prefix { $0 != "," }
      if field.contains("\"") { return nil }
      fields.append(field.trimmed)
      rest = rest[field.endIndex...]
      guard rest.popFirst() != nil else { return fields }
      continue
    }
    var field = ""
    rest.removeFirst()
    while true {
      guard let character = rest.popFirst() else { return nil }
      if character == "\"" {
        guard rest.first == "\"" else { break }
        rest.removeFirst()
      }
      field.append(character)
    }
    fields.append(field.trimmed)
    rest = rest.drop { $0 == " " || $0 == "\t" }
    guard let separator = rest.popFirst() else { return fields }
    if separator != "," { return nil }
  }
}
