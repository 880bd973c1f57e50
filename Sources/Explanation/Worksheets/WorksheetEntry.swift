import GraphIR
import Yams

/// A value in a worksheet, with the place that errors about it name.
struct WorksheetEntry {
  let node: Yams.Node
  let file: String
  let line: Int
  /// The keys on the way to it: `weights: hidden`; empty at the top.
  let place: String

  /// An error about this value.
  func error(_ message: String) -> WorksheetError {
    WorksheetError(
      file: file, line: line, message: place.isEmpty ? message : "\(place): \(message)")
  }

  /// A value within this one.
  private func child(_ node: Yams.Node, _ name: String) -> WorksheetEntry {
    WorksheetEntry(
      node: node, file: file, line: node.mark?.line ?? line,
      place: place.isEmpty ? name : "\(place): \(name)")
  }

  /// The value in words, for errors.
  var found: String {
    switch node {
    case .sequence: "a list"
    case .mapping: "names with values"
    case .scalar(let scalar): isNothing ? "nothing" : quotedInBrief(scalar.string)
    case .alias: "an alias"
    }
  }

  /// Whether nothing stands where a value should.
  var isNothing: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else {
      return false
    }
    return ["", "~", "null"].contains(scalar.string.lowercased())
  }

  var isList: Bool { node.sequence != nil }
  var isMapping: Bool { node.mapping != nil }
  /// Whether it is one word, number or text.
  var isSingle: Bool { node.scalar != nil }
}

// MARK: - Single values

extension WorksheetEntry {
  /// A decimal number, and its digits as they were written.
  func numeral() throws -> (text: String, value: Double) {
    guard case .scalar(let scalar) = node, !isNothing else {
      throw error("found \(found), expected a decimal number such as 0.15")
    }
    let text = scalar.string.trimmed
    guard let value = decimalNumber(text) else { throw error(noNumber(text)) }
    return (text, value)
  }

  /// A decimal number.
  func number() throws -> Double { try numeral().value }

  /// A number that is 0 or more.
  func nonNegative() throws -> Double {
    let (text, value) = try numeral()
    guard value >= 0 else { throw error("found \(text), expected 0 or more") }
    return value
  }

  /// A whole number in a range.
  func whole(in range: ClosedRange<Int>) throws -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard case .scalar(let scalar) = node, !isNothing,
      let value = decimalNumber(scalar.string.trimmed)
    else { throw error("found \(found), expected \(expected)") }
    guard let whole = Int(exactly: value), range.contains(whole) else {
      throw error("found \(scalar.string.trimmed.prefix(40)), expected \(expected)")
    }
    return whole
  }

  /// Yes or no.
  func flag() throws -> Bool {
    switch node.scalar?.string.lowercased() {
    case "yes", "true": return true
    case "no", "false": return false
    default: throw error("found \(found), expected yes or no")
    }
  }

  /// A text that is not empty.
  func text(_ expected: String) throws -> String {
    guard case .scalar(let scalar) = node, !isNothing, !scalar.string.trimmed.isEmpty else {
      throw error("found \(found), expected \(expected)")
    }
    return scalar.string.trimmed
  }
}

// MARK: - Lists and names with values

extension WorksheetEntry {
  /// The values of a list; errors call them by the noun and their number, from 1.
  func list(of noun: String) throws -> [WorksheetEntry] {
    guard case .sequence(let sequence) = node else {
      throw error("found \(found), expected a list of \(noun)s")
    }
    return sequence.enumerated().map { child($1, "\(noun) \($0 + 1)") }
  }

  /// The numbers of a list. One number by itself is a list of one.
  func numbers() throws -> [Double] {
    if isSingle && !isNothing { return [try number()] }
    return try list(of: "number").map { try $0.number() }
  }

  /// Names with values, in order, as they are written but for the spaces around them.
  ///
  /// - Throws: ``WorksheetError`` where a name is given twice.
  func pairs(_ expected: String) throws -> [(name: String, value: WorksheetEntry)] {
    guard case .mapping(let mapping) = node else {
      throw error("found \(found), expected \(expected)")
    }
    var seen = Set<String>()
    return try mapping.map { key, value in
      let line = key.mark?.line ?? line
      func refused(_ message: String) -> WorksheetError {
        WorksheetEntry(node: key, file: file, line: line, place: place).error(message)
      }
      guard case .scalar(let scalar) = key else {
        throw refused("found \(child(key, "").found) as a name, expected a word")
      }
      let name = scalar.string.trimmed
      if name.isEmpty { throw refused("found a value without a name") }
      guard seen.insert(name).inserted else {
        throw refused("\(name) is given twice, expected once")
      }
      return (name, child(value, name))
    }
  }

  /// The values of known names, however these are written (`learning-rate`, `learningRate`).
  ///
  /// - Throws: ``WorksheetError`` with the nearest name for one that is not known, and where one is
  ///   given twice.
  func record(_ known: [String]) throws -> [String: WorksheetEntry] {
    var record: [String: WorksheetEntry] = [:]
    let keys = Dictionary(known.map { ($0.worksheetKey, $0) }, uniquingKeysWith: { a, _ in a })
    for (name, value) in try pairs("names with values: \(known.joined(separator: ", "))") {
      func refused(_ message: String) -> WorksheetError {
        WorksheetEntry(node: value.node, file: file, line: value.line, place: place).error(message)
      }
      guard let key = keys[name.worksheetKey] else {
        throw refused(
          "there is no \(quotedInBrief(name)) here; \(suggestion(for: name, in: known))")
      }
      if record.updateValue(value.named(key, in: self), forKey: key) != nil {
        throw refused("\(key) is given twice, expected once")
      }
    }
    return record
  }

  private func named(_ key: String, in parent: WorksheetEntry) -> WorksheetEntry {
    WorksheetEntry(
      node: node, file: file, line: line,
      place: parent.place.isEmpty ? key : "\(parent.place): \(key)")
  }
}

extension String {
  /// The name without capitals, spaces, hyphens and underscores.
  var worksheetKey: String { lowercased().filter { !" -_".contains($0) } }
}
