import Datasets
import Foundation
import Tensors
import Testing

@Suite("Encoding of tables")
struct TableEncoderTests {
  private let text = """
    size,color,weight,kind
    1,red,10,a
    2,blue,,b
    3,red,30,a
    ?,green,40,b
    """

  private func table(_ text: String) throws -> Table { try Table(csv: text, name: "t.csv") }

  @Test("numbers, missing cells, categories and classes")
  func encoding() throws {
    let table = try table(text)
    let encoder = try TableEncoder.learn(from: table, options: ReadOptions(target: "kind"))
    let data = try encoder.dataset(of: table)
    #expect(data.featureNames == ["size", "color=blue", "color=green", "color=red", "weight"])
    let third = 80.0 / 3
    #expect(
      data.features
        == Tensor([[1, 0, 0, 1, 10], [2, 1, 0, 0, third], [3, 0, 0, 1, 30], [2, 0, 1, 0, 40]]))
    #expect(data.targets == .classes(Tensor([Int32(0), 1, 0, 1]), names: ["a", "b"]))
    #expect(
      encoder.notes == [
        "column \"size\": 1 missing cell filled with the training mean 2",
        "column \"weight\": 1 missing cell filled with the training mean 26.67",
      ])
  }

  @Test("means and categories come from the training rows alone")
  func trainingRowsOnly() throws {
    let table = try table(text)
    let encoder = try TableEncoder.learn(from: table, trainingRows: [0, 1])
    #expect(encoder.featureNames == ["size", "color=blue", "color=red", "weight"])
    #expect(encoder.classNames == ["a", "b"])
    let held = try encoder.features(of: table, rows: [2, 3], unknown: .zeros)
    #expect(held == Tensor([[3, 0, 1, 30], [1.5, 0, 0, 40]]))
    #expect(
      message { try encoder.features(of: table, rows: [3]) }
        == "t.csv, line 5, column \"color\": found the unknown category \"green\"; "
        + "expected one of the training rows' 2: \"blue\", \"red\"")
  }

  @Test("a source holds rows back before it learns")
  func splitSource() throws {
    let rows = (0..<40).map { "\($0),\($0 % 2 == 0 ? "yes" : "no")" }.joined(separator: "\n")
    let source = try DatasetSource(table: try table("x,y\n\(rows)\n?,yes\n"))
    let parts = try source.validationSplit(fraction: 0.25, seed: 3)
    #expect(parts.training.count == 31 && parts.validation.count == 10)
    let encoder = try #require(parts.encoder)
    guard case .number(let mean, _) = encoder.columns[0].kind else {
      Issue.record("x is a column of numbers")
      return
    }
    let all = parts.training.features.doubles + parts.validation.features.doubles
    #expect(Set(all.map { $0.rounded() }).count >= 40)
    // The missing cell holds the mean itself, and so changes nothing of it.
    let training = parts.training.features.doubles
    let filled = training.filter { $0 != mean }
    #expect(abs(filled.reduce(0, +) / Double(filled.count) - mean) < 1e-12)
    #expect(mean != 19.5)
  }

  @Test("an encoder survives its JSON and finds columns by name in any order")
  func prediction() throws {
    let encoder = try TableEncoder.learn(from: try table(text))
    let again = try JSONDecoder().decode(
      TableEncoder.self, from: try JSONEncoder().encode(encoder))
    #expect(again == encoder)
    let other = try table("weight,size,color\n5,6,red\n7,,\n")
    #expect(try again.features(of: other) == Tensor([[6, 0, 0, 1, 5], [2, 0, 0, 0, 7]]))
    #expect(try again.targets(of: other) == nil)
    #expect(try again.dataset(of: other).hasTargets == false)
  }

  @Test("wrong columns at prediction are named")
  func wrongColumns() throws {
    let encoder = try TableEncoder.learn(from: try table(text))
    func error(_ text: String) -> String {
      message { try encoder.features(of: try table(text)) }
    }
    #expect(
      error("size,color\n1,red\n")
        == "t.csv: found the columns \"size\", \"color\"; expected a column \"weight\", "
        + "as in the training data")
    #expect(
      error("size,color,weight,age\n1,red,1,1\n")
        .hasPrefix("t.csv: found the additional column \"age\"; expected only the 3"))
    #expect(
      error("1,red\n")
        == "t.csv: found 2 columns; expected 3 (\"size\", \"color\", \"weight\"), "
        + "or 4 with the target \"kind\"")
    #expect(
      error("size,color,weight\n1,redd,1\n").hasSuffix("\"blue\", \"green\", \"red\" – \"red\"?"))
    #expect(try encoder.features(of: try table("1,red,10\n")) == Tensor([[1, 0, 0, 1, 10]]))
  }

  @Test("a target amid the columns of a table without header may be absent")
  func targetInTheMiddle() throws {
    let encoder = try TableEncoder.learn(
      from: try table("1,9,2\n3,8,4\n"), options: ReadOptions(target: "2"))
    #expect(try encoder.features(of: try table("5,6\n")) == Tensor([[5, 6]]))
    #expect(try encoder.features(of: try table("5,0,6\n")) == Tensor([[5, 6]]))
  }

  @Test("numbers are values, or classes when asked for")
  func numericTargets() throws {
    let table = try table("x,y\n1,10\n2,2\n3,10.0\n")
    #expect(
      try DatasetSource(table: table).train.targets
        == .values(Tensor([[10], [2], [10]]), names: ["y"]))
    #expect(
      try DatasetSource(table: table, options: ReadOptions(targetKind: .classes)).train.targets
        == .classes(Tensor([Int32(1), 0, 1]), names: ["2", "10"]))
  }

  @Test("categories that look like numbers, and columns to leave out")
  func options() throws {
    let table = try table("id,zip,y\na1,100,1\nb2,200,2\nc3,100,3\n")
    let options = ReadOptions(target: "y", categorical: ["zip"], ignored: ["id"])
    let source = try DatasetSource(table: table, options: options)
    #expect(source.train.featureNames == ["zip=100", "zip=200"])
    #expect(source.train.features == Tensor([[1, 0], [0, 1], [1, 0]]))
    #expect(source.encoder?.ignored == ["id"])
  }

  @Test("bad cells are named with line and column")
  func badCells() throws {
    func error(_ text: String, _ options: ReadOptions = ReadOptions()) -> String {
      message { try DatasetSource(table: try table(text), options: options) }
    }
    let mixed = "x,y\n1,0\n2,1\noops,0\n"
    #expect(
      error(mixed)
        == "t.csv, line 4, column \"x\": found the text \"oops\"; expected a number, as in 2 of "
        + "the column's 3 cells (if they are categories: --categorical x; to leave them out: "
        + "--ignore x)")
    #expect(error(mixed, ReadOptions(categorical: ["x"])) == "no error")
    for text in ["nan", "NaN", "inf", "-Infinity", "1e999"] {
      #expect(
        error("x,y\n1,0\n\(text),1\n")
          == "t.csv, line 3, column \"x\": found \"\(text)\"; expected a finite number, "
          + "or an empty cell where it is missing")
    }
    #expect(error("x,y\n1,0\n2,nan\n").hasPrefix("t.csv, line 3, column \"y\": found \"nan\""))
    #expect(
      error("x,y\n1,0\n2,nan\n", ReadOptions(targetKind: .classes))
        .hasPrefix("t.csv, line 3, column \"y\": found \"nan\""))
    #expect(
      error("x,y\n1,0\n2,\n")
        == "t.csv, line 3, column \"y\": found no target; expected a target in every row")
    #expect(
      error("length,y\n1,0\n", ReadOptions(target: "lenght"))
        == "t.csv: found no column \"lenght\"; expected one of \"length\", \"y\" – \"length\"?")
    #expect(
      error("x,y\n1,a\n2,a\n")
        == "t.csv, column \"y\": found only the class \"a\"; expected at least two classes")
    #expect(
      error("x,y\n1,3\n2,3\n", ReadOptions(targetKind: .classes))
        .hasPrefix("t.csv, column \"y\": found only the class \"3\""))
    #expect(
      error("x,y\n1,0.5\n2,3\n", ReadOptions(targetKind: .classes))
        .hasPrefix("t.csv, line 2, column \"y\": found 0.5; expected a whole number"))
    #expect(
      error("x,y\n1,a\n2,b\n", ReadOptions(targetKind: .values))
        == "t.csv, line 2, column \"y\": found the text \"a\"; expected a number")
    #expect(error("x,z,y\n,1,1\n,2,2\n").contains("column \"x\": found nothing but missing cells"))
    #expect(error("y\n1\n2\n").contains("found no column besides the target"))
    let names = (0..<30).map { "name\($0),\($0)" }.joined(separator: "\n")
    #expect(error("n,y\n" + names).contains("found 30 different texts in 30 rows"))
    #expect(error("n,y\n" + names).contains("or --ignore n where they are names"))
    #expect(error("x,y\n1,2\n", ReadOptions(target: "y", ignored: ["y"])).contains("left out"))
  }

  @Test("a CSV file is read by its path")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, "things.csv")
    let source = try Dataset.read(path, options: ReadOptions(target: "kind"))
    #expect(source.train.name == "things.csv" && source.train.count == 4)
    #expect(source.train.features.scalarType == .float64)
    #expect(
      message { try Dataset.read(try folder.write("", "empty.csv")) }.contains("an empty table"))
  }
}
