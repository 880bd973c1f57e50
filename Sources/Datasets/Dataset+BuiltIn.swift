import Tensors

extension Dataset {
  /// The names that `builtIn(_:)` knows.
  public static let builtInNames =
    [
      "digits", "iris", "xor", "encoder-4", "encoder-8", "two-spirals", "moons", "circles", "blobs",
      "sine", "reber", "embedded-reber",
    ] + TimeSeries.builtInNames

  /// Those of ``builtInNames`` that are time series.
  public static let builtInSeriesNames = TimeSeries.builtInNames

  /// A dataset that comes with the library.
  ///
  /// - `digits`: 1,797 handwritten digits of 8×8 pixels 0…16, as rows of 64.
  /// - `iris`: 150 flowers of three species, four lengths in cm.
  /// - `xor`: the four rows of the exclusive or, as numbers to be learned.
  /// - `encoder-4`, `encoder-8`: rows with a single 1, to be given back through a narrow layer.
  /// - `two-spirals`: 194 points on two intertwined spirals.
  /// - `moons`, `circles`, `blobs`, `sine`: generated from a seed; see `Generators`.
  /// - `reber`, `embedded-reber`: strings of a grammar letter by letter, with the letters that may come
  ///   next; see ``ReberGrammar``.
  /// - `sunspots`: yearly mean sunspot numbers of 1700 to 2008, as the rows of a time series.
  /// - `mackey-glass`: 1,000 values (or `rows`) of a chaotic equation, as the rows of a time series.
  /// - `temporal-xor`: 3,000 bits (or `rows`), each third the exclusive or of the two before it, as the
  ///   rows of a time series.
  ///
  /// - Parameters:
  ///   - rows: rows of a generated set, 200 unless told otherwise.
  ///   - noise: the noise of a generated set; each has its own default.
  ///   - seed: the seed of a generated set.
  ///   - series: the windows of a time series.
  /// - Throws: `DatasetError` for an unknown name, fewer than 2 rows, or negative noise.
  public static func builtIn(
    _ name: String, rows: Int? = nil, noise: Double? = nil, seed: UInt64 = 0,
    series: SeriesOptions = SeriesOptions()
  ) throws -> Dataset {
    if let source = try builtInSeries(name, rows: rows, seed: seed, series) { return source.train }
    let rows = rows ?? 200
    guard rows >= 2 && rows <= 100_000_000 else {
      throw DatasetError(
        at: "dataset \"\(name)\"", found: "\(rows) rows", expected: "2 to 100 million")
    }
    if let noise, !(noise >= 0 && noise.isFinite) {
      throw DatasetError(
        at: "dataset \"\(name)\"", found: "noise \(noise)", expected: "0 or a positive number")
    }
    switch name {
    case "digits": return digits
    case "iris": return try iris()
    case "xor": return xor
    case "encoder-4": return encoder(4)
    case "encoder-8": return encoder(8)
    case "two-spirals": return Generators.twoSpirals()
    case "moons": return Generators.moons(rows: rows, noise: noise ?? 0.1, seed: seed)
    case "circles": return Generators.circles(rows: rows, noise: noise ?? 0.05, seed: seed)
    case "blobs": return Generators.blobs(rows: rows, deviation: noise ?? 1, seed: seed)
    case "sine": return Generators.sine(rows: rows, noise: noise ?? 0.1, seed: seed)
    case "reber": return try ReberGrammar().dataset(rows: rows, seed: seed)
    case "embedded-reber":
      return try ReberGrammar(isEmbedded: true).dataset(rows: rows, seed: seed)
    default:
      let hint = nearestName(to: name, in: builtInNames).map { " – \"\($0)\"?" } ?? ""
      throw DatasetError(
        at: "dataset", found: "the unknown name \(quoted(name))",
        expected: "one of \(builtInNames.joined(separator: ", "))\(hint)")
    }
  }

  /// The rows of a built-in time series; nil where there is none of the name.
  static func builtInSeries(
    _ name: String, rows: Int? = nil, seed: UInt64 = 0, _ options: SeriesOptions
  ) throws -> DatasetSource? {
    guard TimeSeries.builtInNames.contains(name) else { return nil }
    if let rows, !(2...100_000_000).contains(rows) {
      throw DatasetError(
        at: "dataset \"\(name)\"", found: "\(rows) values", expected: "2 to 100 million")
    }
    guard let series = TimeSeries.builtIn(name, values: rows, seed: seed) else { return nil }
    guard options.column == nil || options.column == series.column else {
      throw DatasetError(
        at: "dataset \"\(name)\"", found: "the column \(quoted(options.column ?? ""))",
        expected: "\(quoted(series.column)), its only series")
    }
    return try series.source(options)
  }

  /// The UCI digits: pixels 0…16 in Float32, `[1797, 64]`.
  private static var digits: Dataset {
    var pixels: [Float] = []
    var labels: [Int32] = []
    pixels.reserveCapacity(1797 * 64)
    digitsText.withUTF8Buffer { text in
      for line in text.split(separator: UInt8(ascii: "\n")) {
        labels.append(Int32(value(of: line[line.startIndex])))
        for character in line.dropFirst() { pixels.append(Float(value(of: character))) }
      }
    }
    func value(of character: UInt8) -> UInt8 {
      character <= UInt8(ascii: "9")
        ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
    }
    return Dataset(
      name: "digits", features: Tensor(pixels, shape: [labels.count, 64]),
      targets: .classes(Tensor(labels), names: (0..<10).map(String.init)),
      featureNames: (0..<64).map { "pixel_\($0 / 8)_\($0 % 8)" },
      source: "Optical Recognition of Handwritten Digits, UCI 1998, doi:10.24432/C50P49",
      attribution: "E. Alpaydin, C. Kaynak; CC BY 4.0", suggestedScaling: .divide(by: 16))
  }

  /// Fisher's iris: lengths in cm in Float64, `[150, 4]`.
  private static func iris() throws -> Dataset {
    let table = try Table(csv: irisText.description, name: "iris", hasHeader: false)
    var values: [Double] = []
    var labels: [Int32] = []
    for row in 0..<table.rowCount {
      for column in 0..<4 { values.append(table.number(row: row, column: column) ?? 0) }
      labels.append(Int32(table.number(row: row, column: 4) ?? 0))
    }
    return Dataset(
      name: "iris", features: Tensor(values, shape: [labels.count, 4]),
      targets: .classes(Tensor(labels), names: ["setosa", "versicolor", "virginica"]),
      featureNames: ["sepal length", "sepal width", "petal length", "petal width"],
      source: "Iris, R. A. Fisher 1936; UCI 1988, doi:10.24432/C56C76",
      attribution: "R. A. Fisher; CC BY 4.0")
  }

  /// The exclusive or: 1 where exactly one input is 1.
  private static var xor: Dataset {
    Dataset(
      name: "xor", features: Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]),
      targets: .values(Tensor([[0], [1], [1], [0]]), names: ["xor"]),
      featureNames: ["a", "b"], source: "the exclusive or", suggestedScaling: .none)
  }
}
