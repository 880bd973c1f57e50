/// Breaking paragraphs into lines: at spaces, and between the characters of Chinese text.
enum TextWrapping {
  /// Stands for a space at which no line ends; it is written as a space.
  static let hardSpace: Character = "\u{A0}"

  /// Characters that no line begins with, and those that none ends with.
  private static let closing: Set<Character> = [
    "，", "。", "、", "；", "：", "！", "？", "）", "》", "”", "’", "】", "」", ",", ".", ";", ":",
    "!", "?", ")", "]",
  ]
  private static let opening: Set<Character> = ["（", "《", "“", "‘", "【", "「", "(", "["]

  /// The lines of a paragraph. A word that is wider than a line is cut.
  static func lines(_ text: String, width: Int) -> [String] {
    let limit = max(1, width)
    var lines: [String] = []
    var line = ""
    func finish() {
      while line.last == " " { line.removeLast() }
      lines.append(line)
      line = ""
    }
    for var word in words(text) {
      if displayWidth(line + word.trimmed) > limit, !line.isEmpty { finish() }
      if line.isEmpty, word == " " { continue }
      while displayWidth(word) > limit, word.count > 1 {
        var part = ""
        while let next = word.first, part.isEmpty || displayWidth(part + String(next)) <= limit {
          part.append(word.removeFirst())
        }
        if word.isEmpty || word == " " {
          word = part
          break
        }
        lines.append(part)
      }
      line += word
    }
    if !line.isEmpty || lines.isEmpty { finish() }
    return lines.map { String($0.map { $0 == hardSpace ? " " : $0 }) }
  }

  /// The smallest parts that stay on one line, each with the space after it.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    for character in text {
      if let last = current.last, mayBreak(last, character) {
        words.append(current)
        current = ""
      }
      current.append(character)
    }
    return current.isEmpty ? words : words + [current]
  }

  private static func mayBreak(_ last: Character, _ next: Character) -> Bool {
    if next == " " { return false }
    if last == " " { return true }
    if closing.contains(next) || opening.contains(last) { return false }
    return (last.isWide && last != hardSpace) || next.isWide
  }
}

extension String {
  fileprivate var trimmed: String { last == " " ? String(dropLast()) : self }
}
