import Charts

/// A count and its noun: `1 row`, `150 rows`, `3 classes`, `2 categories`.
func counted(_ number: Int, _ noun: String) -> String {
  var text = noun
  if number != 1 {
    if noun.hasSuffix("y") {
      text = noun.dropLast() + "ies"
    } else {
      text += ["s", "tch"].contains { noun.hasSuffix($0) } ? "es" : "s"
    }
  }
  return number.grouped + " " + text
}

/// A number with four significant digits.
func short(_ number: Double) -> String {
  NumberText.compact(number).replacing("\u{2212}", with: "-")
}

/// A number in as few digits as say it exactly: `0.1`, `10`.
func exact(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A number with so many decimals.
func fixed(_ number: Double, _ decimals: Int) -> String {
  guard number.isFinite else { return short(number) }
  return NumberText.fixed(number, decimals: decimals).replacing("\u{2212}", with: "-")
}

/// Rows a second, in few characters: `1.1 M/s`.
func shortSpeed(_ rowsPerSecond: Double) -> String {
  guard rowsPerSecond.isFinite, rowsPerSecond < 1e15 else { return "– /s" }
  for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where rowsPerSecond >= unit {
    let number = rowsPerSecond / unit
    return "\(fixed(number, number < 10 ? 1 : 0)) \(name)/s"
  }
  return "\(fixed(rowsPerSecond, 0))/s"
}

/// Rows a second.
func speed(_ rowsPerSecond: Double) -> String {
  rowsPerSecond.isFinite && rowsPerSecond < 1e15
    ? "\(Int(rowsPerSecond.rounded()).grouped) samples/s" : "– samples/s"
}

/// A time: `0.42 s`, `1:23`, `2:03:04`.
func time(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
  if seconds < 10 { return "\(fixed(seconds, 2)) s" }
  let whole = Int(seconds.rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 60 { return "\(whole) s" }
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(whole % 60)
}

/// The first few of some names, and how many there are in all.
func listed(_ names: [String], most count: Int = 10) -> String {
  names.count <= count
    ? names.joined(separator: ", ")
    : names.prefix(count).joined(separator: ", ") + ", … (\(names.count) in all)"
}

/// A name from code in words: `effectiveParameters` becomes `effective parameters`.
func inWords(_ name: String) -> String {
  name.reduce(into: "") { words, character in
    words += character.isUppercase ? " \(character.lowercased())" : String(character)
  }
}
