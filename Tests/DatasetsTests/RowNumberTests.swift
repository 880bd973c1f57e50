import Datasets
import Foundation
import Tensors
import Testing

@Suite("Rows keep their numbers")
struct RowNumberTests {
  @Test("rows of rows have the numbers of the source")
  func rows() throws {
    let iris = try Dataset.builtIn("iris")
    #expect(iris.rowNumbers == nil)
    let part = iris.rows([7, 3, 3, 149])
    #expect(part.rowNumbers == [8, 4, 4, 150])
    #expect(part.rows([3, 0]).rowNumbers == [150, 8])
  }

  /// The features of a part are those that the source has in the rows of these numbers.
  private func check(_ part: Dataset, of whole: Dataset) throws {
    let numbers = try #require(part.rowNumbers)
    #expect(numbers.count == part.count)
    #expect(whole.features.rows(numbers.map { $0 - 1 }) == part.features)
  }

  @Test("parts of a set and of a table know their rows, and share none", arguments: [true, false])
  func parts(isTable: Bool) throws {
    let text = "x,y\n" + (0..<50).map { "\($0),\($0 % 3)" }.joined(separator: "\n")
    let source =
      isTable
      ? try DatasetSource(table: try Table(csv: text, name: "t"))
      : DatasetSource(train: try Dataset.builtIn("iris"))
    let parts = try source.parts(test: 0.2, validation: 0.25, seed: 4)
    let test = try #require(parts.test)
    for part in [parts.training, parts.validation, test] { try check(part, of: source.train) }
    let numbers = [parts.training, parts.validation, test].flatMap { $0.rowNumbers ?? [] }
    #expect(numbers.sorted() == Array(1...source.train.count))

    let halves = try source.validationSplit(fraction: 0.5, seed: 4)
    try check(halves.training, of: source.train)
    try check(halves.validation, of: source.train)
    #expect(halves.validation.name == source.train.name)
    let (first, second) = source.train.split(fraction: 0.5, seed: 1)
    try check(first, of: source.train)
    try check(second, of: source.train)
  }
}
