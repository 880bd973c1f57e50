/// The name in a list that was probably meant by a misspelled one.
///
/// Nearness is Levenshtein's edit distance – how many letters must be put in, left out or replaced
/// – where capitals do not count. O(length²) for each name.
///
/// - Parameters:
///   - name: What was written.
///   - names: The names there are.
/// - Returns: The nearest name (of equally near ones the first), or nil where more than a third of
///   the letters, and more than two, would have to change.
public func nearest(_ name: String, in names: [String]) -> String? {
  let letters = Array(name.lowercased())
  // What is this long is no slip of the pen, and would take long to compare.
  guard letters.count <= 100 else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in names where candidate.utf8.count <= 200 {
    let distance = editDistance(letters, Array(candidate.lowercased()))
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  guard let best, best.distance <= Swift.max(2, letters.count / 3) else { return nil }
  return best.name
}

/// What to say of the names there are, after one that there is not: `the nearest is dense`, or all
/// of them where none is near.
public func suggestion(for name: String, in names: [String]) -> String {
  if let near = nearest(name, in: names) { return "the nearest is \(near)" }
  return names.isEmpty ? "there are none" : "there are " + names.joined(separator: ", ")
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in b.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = Swift.min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
