import Foundation
import Testing

/// Time series: windows of a table's column or of a built-in set.
@Suite struct TimeSeriesRuns {
  private static let table =
    "month,sold\n" + (0..<120).map { "m\($0),\(1000 + 50 * ($0 % 4))\n" }.joined()

  @Test func areLearnedAndPredictedBeyondTheirEnd() throws {
    let tool = try Tool()
    try tool.file("sales.csv", Self.table)
    let trained = try tool(
      "train sales.csv --series sold --window 4 --horizon 2 --test-from m100 --epochs 200 --hidden "
        + "none --learning-rate 0.02 --json --output m.safetensors")
    let result = try #require(try trained.objects().last, "\(trained.errors)")
    let test = try #require(result["test"] as? [String: Any])
    #expect(test["rows"] as? Int == 20)
    #expect(try #require(test["meanAbsoluteError"] as? Double) < 10)
    let predicted = try tool("predict m.safetensors sales.csv --json").objects()
    // The last two windows' targets are yet to come: rows 121 and 122 of a table with 120.
    #expect(predicted.count == 117 && predicted.first?["row"] as? Int == 6)
    #expect(predicted.last?["row"] as? Int == 122)
    let values = predicted.suffix(2).compactMap {
      ($0["prediction"] as? [String: Any])?["sold"] as? Double
    }
    #expect(abs(values[0] - 1000) < 20 && abs(values[1] - 1050) < 20, "\(values)")
    #expect(try tool("evaluate m.safetensors sales.csv").output.contains("115 rows"))
    #expect(try tool("explain m.safetensors sales.csv --row 1").output.contains("Row 6 of"))
    #expect(try tool("info m.safetensors").output.contains("4 values of \"sold\" in turn"))
    #expect(try tool("info sales.csv --series sold").output.contains("series, target"))
  }

  @Test func builtInOnesTakeWindowsToo() throws {
    let tool = try Tool()
    let trained = try tool(
      "train sunspots --window 9 --test-from 1921 --epochs 60 --json --output m.safetensors")
    let test = try #require(try trained.objects().last?["test"] as? [String: Any])
    #expect(test["rows"] as? Int == 88)
    #expect(try #require(test["rSquared"] as? Double) > 0.5)
    #expect(try tool("predict m.safetensors sunspots").lines.last?.hasPrefix("310,") == true)
    let last = try tool("train mackey-glass --test 0.2 --epochs 1 --json")
    let kept = try #require(try last.objects().last?["test"] as? [String: Any])
    #expect(kept["rows"] as? Int == 198)
  }

  @Test(
    arguments: [
      ("train sales.csv --window 4", 2, "--window is for time series; expected --series"),
      ("train sales.csv --series sold --target sold", 2, "--target cannot be used with --series"),
      ("train iris --window 4", 2, "iris is no table and no time series"),
      ("train sunspots --window 0", 2, "--window: found 0"),
      ("train sunspots --test 0.1 --test-from 1921", 2, "--test-from says which rows"),
      ("train sales.csv --series sodl", 1, "found no column \"sodl\""),
      ("train sales.csv --series month", 1, "line 2, column \"month\": found the text \"m0\""),
      ("train sales.csv --series sold --window 119", 1, "at least 121"),
      ("train sales.csv --series sold --test-from m200", 1, "a cell of the column \"month\""),
    ] as [(String, Int32, String)])
  func wrongOnes(line: String, status: Int32, message: String) throws {
    let tool = try Tool()
    try tool.file("sales.csv", Self.table)
    let outcome = try tool(line)
    #expect(outcome.status == status && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
