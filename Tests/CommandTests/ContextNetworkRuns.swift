import Foundation
import Testing

/// Elman's and Jordan's networks from architecture files, on the sets of the texts.
@Suite struct ContextNetworkRuns {
  @Test(arguments: ["elmanNetwork", "jordanNetwork"])
  func aCopiedContextIsTrainedAndExplained(kind: String) throws {
    let tool = try Tool()
    try tool.file(
      "net.json", #"{"kind": "\#(kind)", "hidden": 3, "outputs": 1, "output": "last"}"#)
    let trained = try tool(
      "train temporal-xor --window 4 --model net.json --epochs 2 --output m.safetensors")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(try tool("info m.safetensors").output.contains("\(kind), 3 hidden, 1 output"))
    #expect(try tool("predict m.safetensors temporal-xor").lines.count == 2998)
    let explained = try tool("explain m.safetensors temporal-xor --row 2").output
    #expect(explained.contains("counts as an input"))
    #expect(explained.contains("Every gradient is confirmed"))
  }

  @Test func theLettersThatMayComeNextAreLearned() throws {
    let tool = try Tool()
    try tool.file(
      "net.json",
      #"{"kind": "sequential", "layers": [{"kind": "masking"}, {"kind": "elmanNetwork", "#
        + #""hidden": 8, "outputs": 7, "outputActivation": "linear"}, {"kind": "flatten"}]}"#)
    let trained = try tool(
      "train reber --model net.json --loss binary-cross-entropy --optimizer adam --learning-rate "
        + "0.02 --batch 10 --epochs 20 --json --output m.safetensors")
    let losses = try trained.objects().compactMap { $0["loss"] as? Double }
    #expect(try #require(losses.last) < 0.3 * (try #require(losses.first)), "\(trained.errors)")
  }

  @Test func theEncoderOfTheReadmeGivesItsRowsBack() throws {
    let tool = try Tool()
    let trained = try tool(
      "train encoder-8 --hidden 3 --activation sigmoid --output-activation sigmoid --loss "
        + "halfSquaredError --optimizer momentum --learning-rate 1 --epochs 2000 --json --output "
        + "m.safetensors")
    #expect(trained.status == 0, "\(trained.errors)")
    let rows = try tool("predict m.safetensors encoder-8 --json").objects()
    #expect(rows.count == 8)
    for (number, row) in rows.enumerated() {
      let values = try #require(row["prediction"] as? [String: Double])
      for (name, value) in values { #expect((value > 0.6) == (name == "y\(number + 1)")) }
    }
  }
}
