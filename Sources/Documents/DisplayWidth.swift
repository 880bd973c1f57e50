/// How many columns of a terminal the text takes.
///
/// Combining marks take none, Chinese, Japanese and Korean characters and emoji two, and sequences
/// that only change the color (ESC `[` … `m`) none.
///
/// ```swift
/// displayWidth("v̂ = 净输入")      // 10
/// ```
public func displayWidth(_ text: String) -> Int {
  var width = 0
  var isInSequence = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1B}" {
      isInSequence = true
    } else if isInSequence {
      if scalar == "m" { isInSequence = false }
    } else {
      width += displayWidth(of: scalar)
    }
  }
  return width
}

private func displayWidth(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return scalar.value < 0x20 || scalar.value == 0x7F ? 0 : 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: return 0
  default: return isWide(scalar) ? 2 : 1
  }
}

/// Whether a character fills a square, as those of Chinese text do.
func isWide(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return true
  default: return false
  }
}

extension Character {
  /// Whether it is a character of Chinese text, between which lines may break.
  var isWide: Bool { unicodeScalars.first.map(Documents.isWide) ?? false }
}

extension String {
  /// The text with spaces up to a width in columns.
  func padded(to width: Int, _ alignment: DocumentTable.Alignment = .leading) -> String {
    let room = max(0, width - displayWidth(self))
    switch alignment {
    case .leading: return self + String(repeating: " ", count: room)
    case .trailing: return String(repeating: " ", count: room) + self
    case .center:
      let left = String(repeating: " ", count: room / 2)
      return left + self + String(repeating: " ", count: room - room / 2)
    }
  }
}
