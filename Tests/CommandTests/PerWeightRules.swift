import Foundation
import Testing

/// Optimizers that compare the gradients of successive steps.
@Suite struct PerWeightRules {
  private static let line = "train iris --hidden 4 --precision float64 --json"

  @Test(arguments: ["rprop", "rprop+", "rprop-", "irprop+", "quickprop", "delta-bar-delta"])
  func takeAllRowsUnlessToldOtherwise(name: String) throws {
    let tool = try Tool()
    let run = try tool("\(Self.line) --optimizer \(name) --epochs 40")
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    let events = try run.objects()
    let start = events.first { $0["event"] as? String == "start" }
    #expect((start?["stepsPerEpoch"] as? NSNumber)?.intValue == 1)
    let losses = events.compactMap { ($0["loss"] as? NSNumber)?.doubleValue }
    #expect(losses.count == 40)
    #expect(try #require(losses.last) < 0.9 * (try #require(losses.first)))
  }

  @Test func warnOfBatches() throws {
    let tool = try Tool()
    let run = try tool("train iris --optimizer rprop --batch 16 --epochs 2")
    #expect(
      run.status == 0
        && run.errors.contains(
          "rprop compares the gradients of successive steps, which with --batch 16"),
      "\(run.errors)")
    let all = try tool("train iris --optimizer rprop --batch 1000 --epochs 2")
    #expect(all.status == 0 && !all.errors.contains("compares"))
  }

  @Test func goOnToTheBit() throws {
    let tool = try Tool()
    let line = "train iris --hidden 4 --optimizer irprop+ --quiet --output "
    #expect(try tool(line + "whole.safetensors --epochs 20").status == 0)
    #expect(try tool(line + "half.safetensors --epochs 9").status == 0)
    #expect(try tool(line + "half.safetensors --epochs 20 --resume").status == 0)
    #expect(
      try tool("predict whole.safetensors iris").output
        == tool("predict half.safetensors iris").output)
  }
}
