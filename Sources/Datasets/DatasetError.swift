/// What is wrong with a data file, a name or a request, in words: where, what was found there,
/// and what was expected instead.
///
/// ```swift
/// print(DatasetError(at: "data.csv, line 3", found: "2 cells", expected: "4 cells"))
/// // data.csv, line 3: found 2 cells; expected 4 cells
/// ```
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file (with its line and column, where it has them) or the request at fault.
  public var location: String
  /// What stands there.
  public var found: String
  /// What should have been there, or what to do about it.
  public var expected: String

  /// An error from its three parts.
  public init(at location: String, found: String, expected: String) {
    self.location = location
    self.found = found
    self.expected = expected
  }

  /// `LOCATION: found FOUND; expected EXPECTED`.
  public var description: String { "\(location): found \(found); expected \(expected)" }
}

/// The name in a list that is nearest to a misspelled one, by Levenshtein's edit distance, or nil
/// where more than a third of its letters (and more than two) would have to change.
func nearestName(to name: String, in names: some Sequence<String>) -> String? {
  let letters = Array(name.lowercased().unicodeScalars)
  // A long text is no slip of the pen, and its distance would be slow to find.
  guard letters.count <= 64 else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in names.prefix(1000) where candidate.utf8.count <= 64 {
    let other = Array(candidate.lowercased().unicodeScalars)
    var row = Array(0...other.count)
    for (i, letter) in letters.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, otherLetter) in other.enumerated() {
        let replaced = diagonal + (letter == otherLetter ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    if row[other.count] < best?.distance ?? .max { best = (candidate, row[other.count]) }
  }
  guard let best, best.distance <= max(2, letters.count / 3) else { return nil }
  return best.name
}

/// A list of names for a message: the first few, and how many more there are.
func shortList(_ names: [String], limit: Int = 12) -> String {
  let shown = names.prefix(limit).map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}

/// A text from a file, shortened for a message.
func quoted(_ text: String) -> String {
  text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
}
