import Backprop

/// The shape of one row: `784`, `28x28x1`.
struct InputShape {
  let shape: Shape

  init(parsing argument: String) throws {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.allSatisfy({ (1...1_000_000_000).contains($0) }) else {
      throw UsageError("expected sizes of 1 or more with x between them, such as 28x28x1")
    }
    shape = Shape(sizes)
  }
}

/// Batch sizes to try: `batch=1..1024`.
struct BatchRange {
  let batches: [Int]

  init(parsing argument: String) throws {
    let text = argument.hasPrefix("batch=") ? argument.dropFirst(6) : argument[...]
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).compactMap { Int($0) }
    guard ends.count == 2, text.contains(".."), ends[0] >= 1, ends[0] <= ends[1],
      ends[1] <= 100_000_000
    else {
      throw UsageError(
        "expected batch=FIRST..LAST with 1 ≤ FIRST ≤ LAST ≤ 100,000,000, such as batch=1..1024")
    }
    batches = BatchSweep.doublings(from: ends[0], through: ends[1])
  }
}

/// The speed of a link: `100Gb`, `25Gb`, `12GB`.
struct LinkSpeed {
  let bytesPerSecond: Double

  static let usual = LinkSpeed(bytesPerSecond: 12.5e9)

  init(bytesPerSecond: Double) { self.bytesPerSecond = bytesPerSecond }

  init(parsing argument: String) throws {
    let units: [(String, Double)] = [
      ("Tb", 1.25e11), ("Gb", 1.25e8), ("Mb", 1.25e5), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6),
    ]
    guard let unit = units.first(where: { argument.hasSuffix($0.0) }),
      let number = Double(argument.dropLast(2)), number > 0, number.isFinite
    else {
      throw UsageError("expected a number with Gb (bits) or GB (bytes) behind it, such as 100Gb")
    }
    bytesPerSecond = number * unit.1
  }
}

/// An amount of money, in whatever the price was in.
func money(_ amount: Double) -> String {
  amount >= 100 ? Int(amount.rounded()).grouped : "\((amount * 100).rounded() / 100)"
}
