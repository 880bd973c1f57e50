import Foundation
import Testing

/// The classic networks by the command.
@Suite struct ClassicNetworkRuns {
  @Test func areListedWithTheirSettings() throws {
    let tool = try Tool()
    let list = try tool("classic list")
    #expect(list.status == 0 && list.lines.count > 15)
    #expect(list.output.contains("self-organizing-map, som"))
    #expect(try tool("classic list --json").objects().count == list.lines.count)
    let settings = try tool("classic list som")
    #expect(settings.output.contains("rows of units") && settings.output.contains("rectangular"))
  }

  @Test func exclusiveOrIsRefusedWithItsReason() throws {
    let outcome = try Tool()("classic perceptron xor")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("not linearly separable"))
    #expect(outcome.errors.contains("100 epochs ended with mistakes"))
  }

  @Test func areSavedUsedAndReportedOn() throws {
    let tool = try Tool()
    let fitted = try tool(
      "classic fit lvq iris --set epochs=20 --test 0.3 --json --output l.safetensors --report l.html"
    )
    #expect(fitted.status == 0, "\(fitted.errors)")
    let figures = try fitted.objects().filter { $0["event"] as? String == "figures" }
    #expect(figures.map { $0["part"] as? String } == ["train", "test"])
    #expect(try #require(figures.last?["accuracy"] as? Double) > 0.8)
    let predicted = try tool("classic predict l.safetensors iris")
    #expect(predicted.lines.count == 151 && predicted.lines[1].hasSuffix("setosa"))
    let again = try tool("classic fit lvq iris --output l.safetensors")
    #expect(again.status == 1 && again.errors.contains("nothing is overwritten"))
    #expect(try tool("classic predict l.safetensors digits").status == 1)
  }

  @Test func theColumnThatIsNoFeatureIsNamed() throws {
    let tool = try Tool()
    try tool.file("t.csv", "a,b,c\n1,2,3\n2,3,4\n3,1,5\n4,4,4\n")
    let fitted = try tool("classic som t.csv --set rows=2 --set columns=2")
    #expect(fitted.errors.contains("the last column, \"c\", is taken as the answer"))
    let told = try tool("classic som t.csv --set rows=2 --set columns=2 --target a")
    #expect(told.status == 0 && !told.errors.contains("is taken as the answer"))
  }

  @Test func allColumnsAreFeaturesWhereNoneIsTheAnswer() throws {
    let tool = try Tool()
    try tool.file("t.csv", "a,b,c\n1,2,3\n2,3,4\n3,1,5\n4,4,4\n")
    let fitted = try tool(
      "classic som t.csv --set rows=2 --set columns=2 --target none --output m.safetensors")
    #expect(fitted.status == 0, "\(fitted.errors)")
    #expect(!fitted.errors.contains("is taken as the answer"))
    #expect(fitted.output.contains("quantization error"))
    #expect(try tool("classic predict m.safetensors t.csv").lines.count == 5)
    try tool.file("other.csv", "a,b\n1,2\n2,3\n")
    let other = try tool("classic predict m.safetensors other.csv")
    #expect(other.status == 1 && other.errors.contains("expected a column \"c\""))
    // Without names columns are counted.
    try tool.file("plain.csv", "1,2,3\n2,3,4\n3,1,5\n4,4,4\n")
    #expect(
      try tool("classic som plain.csv --set rows=2 --set columns=2 --target none -o p.safetensors")
        .status == 0)
    try tool.file("narrow.csv", "1,2\n2,3\n")
    let narrow = try tool("classic predict p.safetensors narrow.csv")
    #expect(narrow.status == 1 && narrow.errors.contains("found 2 columns; expected 3"))
    let answers = try tool("classic perceptron t.csv --target none")
    #expect(answers.status == 1 && answers.errors.contains("perceptron expects a class"))
  }

  @Test(arguments: [
    ("classic perceptrn iris", "there is no network \"perceptrn\"; the nearest is perceptron"),
    ("classic som iris --set rowz=3", "has no setting \"rowz\"; the nearest is rows"),
    ("classic som iris --set rows", "--set: found \"rows\", expected a setting and a value"),
    ("classic som iris --set rows=many", "rows: found \"many\", expected a number"),
    ("classic som iris --set rows=0", "rows is 0, expected"),
    ("classic som iris --ignore a", "iris is no table; --ignore cannot be used"),
    ("classic som iris --test 1", "--test: found 1, expected 0 to below 1"),
  ])
  func wrongUsageIsNamed(line: String, message: String) throws {
    let outcome = try Tool()(line)
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("classic art1 iris", "iris, row 1, sepal length: found 5.1, art1 expects 0 or 1"),
    ("classic perceptron sine", "expects a class for each row"),
    ("classic predict missing.safetensors iris", "missing.safetensors"),
  ])
  func badDataAreNamed(line: String, message: String) throws {
    let outcome = try Tool()(line)
    #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
