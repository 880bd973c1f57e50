import Datasets
import Tensors
import Testing

@Suite("What is said of tables' columns")
struct TableHintTests {
  private func error(_ text: String, _ options: ReadOptions = ReadOptions()) -> String {
    message { try DatasetSource(table: try Table(csv: text, name: "t.csv"), options: options) }
  }

  @Test("decimal commas are named, alone and among numbers, in features and targets")
  func decimalCommas() {
    let hint = "(if they are categories: --categorical 'my x'; to leave them out: --ignore 'my x')"
    #expect(
      error("my x;y\n1,5;1\n-2,25;2\n")
        == "t.csv, line 2, column \"my x\": found \"1,5\", with a decimal comma; "
        + "expected a number with a decimal point \(hint)")
    #expect(
      error("my x;y\n1;1\n2,25;2\n")
        == "t.csv, line 3, column \"my x\": found \"2,25\", with a decimal comma; "
        + "expected a number with a decimal point, as in 1 of the column's 2 cells \(hint)")
    #expect(error("my x;y\n1,5;1\n2,5;2\n", ReadOptions(categorical: ["my x"])) == "no error")
    #expect(
      error("x;y\n1;1,5\n2;2,5\n")
        == "t.csv, line 2, column \"y\": found \"1,5\", with a decimal comma; "
        + "expected a number with a decimal point (if they are classes: --targets classes)")
    // Other texts with commas are categories.
    #expect(error("x;y\na,b;1\n1,5;2\n") == "no error")
  }

  @Test("a decimal comma in a table to predict is named")
  func prediction() throws {
    let encoder = try TableEncoder.learn(from: try Table(csv: "x;y\n1;1\n2;2\n", name: "t"))
    #expect(
      message { try encoder.features(of: try Table(csv: "x;y\n1,5;1\n", name: "new.csv")) }
        == "new.csv, line 2, column \"x\": found \"1,5\", with a decimal comma; "
        + "expected a number with a decimal point")
  }

  @Test("a note tells of categories that number more than half of the rows")
  func manyCategories() throws {
    func notes(_ names: [String]) throws -> [String] {
      let rows = names.enumerated().map { "\($1),\($0)" }.joined(separator: "\n")
      return try TableEncoder.learn(from: try Table(csv: "name,y\n" + rows, name: "t")).notes
    }
    #expect(try notes(["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"]) == [])
    #expect(try notes(["a", "b", "c", "c"]) == [])
    #expect(
      try notes(["a", "a", "b", "b", "c", "c", "d", "d", "e", "f"]) == [
        "column \"name\": 6 categories in 10 training rows; leave it out with --ignore name where "
          + "it names the rows"
      ])
  }
}
