import GraphIR

extension WorksheetReader {
  /// The numbers of names such as w1, w2, …, in order.
  ///
  /// - Throws: ``WorksheetError`` for a name that is none of these, twice there, or missing.
  func numbered(_ entry: WorksheetEntry, letter: Character, noun: String, count: Int) throws
    -> [Double]
  {
    var values: [Int: Double] = [:]
    for (name, value) in try entry.pairs("numbers by name") {
      guard let number = Self.number(of: name, letter: letter), (1...count).contains(number) else {
        throw entry.at(value).error(
          "there is no \(noun) \(quotedInBrief(name)); "
            + nearestNumbered(name, letter: letter, count: count))
      }
      guard values.updateValue(try value.number(), forKey: number) == nil else {
        throw entry.at(value).error("\(letter)\(number) is given twice, expected once")
      }
    }
    return try (1...count).map { number in
      guard let value = values[number] else {
        throw entry.error(
          "\(letter)\(number) is missing; expected \(range(letter, count)), \(count) in all")
      }
      return value
    }
  }

  /// The number in `w12`, `W12` or `w_12`; nil where a name is none of these.
  static func number(of name: String, letter: Character) -> Int? {
    var rest = name[...]
    guard rest.popFirst()?.lowercased() == String(letter) else { return nil }
    if rest.first == "_" { rest.removeFirst() }
    guard rest.allSatisfy({ $0.isASCII && $0.isNumber }), rest.first != "0" else { return nil }
    return Int(rest)
  }

  /// `w1 to w8`.
  func range(_ letter: Character, _ count: Int) -> String {
    count == 1 ? "\(letter)1" : "\(letter)1 to \(letter)\(count)"
  }

  private func nearestNumbered(_ name: String, letter: Character, count: Int) -> String {
    let all = "expected \(range(letter, count)), \(count) in all"
    // A number past the end is no slip of the pen.
    guard Self.number(of: name, letter: letter) == nil,
      let near = nearest(name, in: (1...min(count, 1000)).map { "\(letter)\($0)" })
    else { return all }
    return "the nearest is \(near)"
  }
}

extension WorksheetEntry {
  /// This place, in the line of a value within it.
  func at(_ value: WorksheetEntry) -> WorksheetEntry {
    WorksheetEntry(node: node, file: file, line: value.line, place: place)
  }
}
