import Foundation
import Testing

/// Tables that meet networks: which columns are taken, and which options make sense.
@Suite struct TableColumns {
  /// Flowers with their columns in another order, the answers in the middle.
  private static let shuffled = """
    petal width,petal length,species,sepal width,sepal length
    0.2,1.4,setosa,3.5,5.1
    2.5,6.0,virginica,3.3,6.3

    """

  private func iris() throws -> Tool {
    let tool = try Tool()
    let line = "train iris --hidden 16 --epochs 100 --learning-rate 0.01 --output m.safetensors"
    #expect(try tool(line + " --quiet").status == 0)
    return tool
  }

  private func predictions(_ outcome: Tool.Outcome) throws -> [String] {
    try outcome.objects().compactMap { $0["prediction"] as? String }
  }

  @Test func areFoundByName() throws {
    let tool = try iris()
    try tool.file("shuffled.csv", Self.shuffled)
    let predicted = try tool("predict m.safetensors shuffled.csv --json")
    #expect(try predictions(predicted) == ["setosa", "virginica"] && predicted.errors == "")
    let evaluated = try tool("evaluate m.safetensors shuffled.csv")
    #expect(evaluated.output.contains("accuracy 1"), "\(evaluated.errors)\(evaluated.output)")
    let tested = try tool(
      "train iris --hidden 16 --epochs 100 --learning-rate 0.01 --test-data shuffled.csv --json")
    let test = try #require(try tested.objects().last?["test"] as? [String: Any])
    #expect((test["accuracy"] as? NSNumber)?.doubleValue == 1)

    // A column more: it is not the last one that goes.
    try tool.file(
      "id.csv",
      "id,sepal length,sepal width,petal length,petal width\n7,5.1,3.5,1.4,0.2\n8,6.3,3.3,6.0,2.5\n"
    )
    let more = try tool("predict m.safetensors id.csv --json")
    #expect(try predictions(more) == ["setosa", "virginica"])
    // Two columns that could be the answers.
    try tool.file(
      "two.csv",
      "id,kind,sepal length,sepal width,petal length,petal width\n7,setosa,5.1,3.5,1.4,0.2\n")
    let unclear = try tool("evaluate m.safetensors two.csv")
    #expect(unclear.status == 1 && unclear.errors.contains("--target"), "\(unclear.errors)")
    #expect(try tool("evaluate m.safetensors two.csv --target kind").status == 0)
    // A column less.
    try tool.file("less.csv", "id,sepal length,sepal width,petal length\n7,5.1,3.5,1.4\n")
    let less = try tool("predict m.safetensors less.csv")
    #expect(less.status == 1 && less.errors.contains("expected a column \"petal width\""))
  }

  @Test func areTakenInTheirOrderWhereNoNameIsKnown() throws {
    let tool = try iris()
    try tool.file("named.csv", "a,b,c,d\n5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n")
    let named = try tool("predict m.safetensors named.csv --json")
    #expect(try predictions(named) == ["setosa", "virginica"])
    #expect(named.errors.contains("note: named.csv: no column has the name of a feature"))
    try tool.file("many.csv", "a,b,c,d,e,f\n5.1,3.5,1.4,0.2,1,2\n")
    let many = try tool("predict m.safetensors many.csv")
    #expect(many.status == 1 && many.errors.contains("found 6 columns"), "\(many.errors)")
  }

  @Test func targetsAreNotNeededToPredict() throws {
    let tool = try Tool()
    try tool.file("t.csv", "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n")
    #expect(try tool("train t.csv --epochs 1 --output m.safetensors").status == 0)
    try tool.file("new.csv", "a,b,y\n1,2,\n2,1,maybe\n")
    let predicted = try tool("predict m.safetensors new.csv")
    #expect(predicted.status == 0 && predicted.lines.count == 3, "\(predicted.errors)")
    #expect(try tool("evaluate m.safetensors new.csv").status == 1)
    let other = try tool("evaluate m.safetensors t.csv --target a")
    #expect(other.status == 2 && other.errors.contains("has learned the column \"y\""))
  }

  /// A table is told by its contents, whatever its name.
  @Test func areFoundInFilesOfAnyName() throws {
    let tool = try iris()
    try tool.file("table", Self.shuffled)
    let predicted = try tool("predict m.safetensors table --json")
    #expect(try predictions(predicted) == ["setosa", "virginica"])
    try tool.file("iris", Self.shuffled)
    let shadowed = try tool("predict m.safetensors iris --json")
    #expect(try predictions(shadowed).count == 150)
    #expect(shadowed.errors.contains("the file of that name is ./iris"))
    #expect(try predictions(tool("predict m.safetensors ./iris --json")).count == 2)
  }

  @Test(arguments: [
    ("train iris --target species", "iris is no table; --target cannot be used"),
    ("train iris --categorical a", "iris is no table; --categorical cannot be used"),
    ("train iris --ignore a", "iris is no table; --ignore cannot be used"),
    ("train iris --header no", "iris is no table; --header cannot be used"),
    ("train iris --targets t.csv", "iris brings its targets; --targets cannot be used"),
    ("train t.csv --targets t.csv", "t.csv is a table, which holds its targets"),
    ("info iris --target species", "iris is no table; --target cannot be used"),
    ("evaluate m.safetensors iris --target a", "iris is no table; --target cannot be used"),
    ("predict m.safetensors iris --header yes", "iris is no table; --header cannot be used"),
    ("predict m.safetensors iris --part test", "iris has no test part of its own"),
    ("predict m.safetensors t.csv --part train", "t.csv has no test part of its own"),
  ])
  func optionsWithoutMeaning(line: String, message: String) throws {
    let tool = try Tool()
    try tool.file("t.csv", Self.shuffled)
    #expect(try tool("train iris --epochs 1 --output m.safetensors --quiet").status == 0)
    let outcome = try tool(line)
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
