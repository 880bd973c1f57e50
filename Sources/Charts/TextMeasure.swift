/// Estimates of how wide text comes out, since nothing here knows a font.
enum TextMeasure {
  /// The width in the unit of the font size.
  static func width(_ text: String, size: Double) -> Double {
    text.reduce(0) { $0 + width($1) } * size
  }

  private static func width(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.value >= 0x2E80 { return 1.05 }
    if "iljtfrI.,:;'|!()[] /\u{A0}".contains(character) { return 0.38 }
    if "mwMW%@—".contains(character) { return 0.9 }
    return character.isUppercase ? 0.7 : 0.61
  }

  /// The text itself if it fits, else its beginning and an ellipsis.
  static func shortened(_ text: String, to limit: Double, size: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var result = ""
    var used = width("…", size: size)
    for character in text {
      used += width(character) * size
      if used > limit { break }
      result.append(character)
    }
    while result.last == " " { result.removeLast() }
    return result + "…"
  }

  /// The text itself if it fits, else its beginning and end around an ellipsis, since names of
  /// a family often differ only at the end.
  static func abbreviated(_ text: String, to limit: Double, size: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    let characters = Array(text)
    var result = "…"
    for kept in stride(from: characters.count - 1, to: 0, by: -1) {
      let tail = kept * 2 / 5
      result = String(characters.prefix(kept - tail)) + "…" + String(characters.suffix(tail))
      if width(result, size: size) <= limit { break }
    }
    return result
  }

  /// The text broken between words into at most `lines` lines, the last one shortened to fit.
  static func wrapped(_ text: String, to limit: Double, size: Double, lines: Int) -> [String] {
    var result: [String] = []
    var words = text.split(separator: " ")[...]
    // A percent sign stays with its number.
    for index in words.indices.dropFirst().reversed() where words[index].hasPrefix("%") {
      let joined = words[index - 1] + "\u{A0}" + words[index]
      words.replaceSubrange(index - 1...index, with: [joined])
    }
    while let first = words.popFirst() {
      var line = String(first)
      let isLast = result.count == lines - 1
      while let next = words.first, isLast || width(line + " " + next, size: size) <= limit {
        line += " " + next
        words.removeFirst()
      }
      result.append(shortened(line, to: limit, size: size))
    }
    return result
  }
}
