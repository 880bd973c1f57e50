import Tensors

extension ReberGrammar {
  /// The most letters of a string in ``dataset(rows:seed:)``: with few exceptions all that are drawn.
  private var mostLetters: Int { isEmbedded ? 24 : 20 }

  /// The name of the built-in set.
  var name: String { isEmbedded ? "embedded-reber" : "reber" }

  /// Strings to be read letter by letter, with the letters that may come next.
  ///
  /// A row is a string without its last letter, `[steps, 7]`: at each step a 1 for its letter, and zeros
  /// only behind the end (a `Masking` layer tells). The targets, steps · 7 numbers, are at each step 1 for
  /// each letter that may come next – one or two of them –, and zeros behind the end. Strings of more than
  /// 20 letters (embedded 24) are drawn again, so that all sets have as many steps.
  ///
  /// - Throws: `DatasetError` for more than a million rows.
  func dataset(rows: Int, seed: UInt64) throws -> Dataset {
    guard rows <= 1_000_000 else {
      throw DatasetError(
        at: "dataset \"\(name)\"", found: "\(rows) rows", expected: "2 to 1 million")
    }
    var random = RandomStream(seed: seed, name: name)
    let (steps, letters) = (mostLetters - 1, Self.letters)
    var features = [Double](repeating: 0, count: rows * steps * letters.count)
    var targets = features
    for row in 0..<rows {
      let string = string(most: mostLetters, random: &random)
      var end = string.startIndex
      for step in 0..<string.count - 1 {
        let place = (row * steps + step) * letters.count
        let read = string[end]
        end = string.index(after: end)
        let next = successors(of: string[..<end]) ?? []
        for (number, letter) in letters.enumerated() {
          if letter == read { features[place + number] = 1 }
          if next.contains(letter) { targets[place + number] = 1 }
        }
      }
    }
    func names(from first: Int) -> [String] {
      (first..<first + steps).flatMap { step in letters.map { "\($0)\(step)" } }
    }
    return Dataset(
      name: name, features: Tensor(features, shape: [rows, steps, letters.count]),
      targets: .values(
        Tensor(targets, shape: [rows, steps * letters.count]), names: names(from: 2)),
      featureNames: names(from: 1),
      source: "strings of \(isEmbedded ? "the embedded " : "")Reber grammar, "
        + "doi:10.1162/neco.1989.1.3.372, seed \(seed)", suggestedScaling: Scaling.Kind.none)
  }
}
