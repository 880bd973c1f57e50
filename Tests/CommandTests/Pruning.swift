import Foundation
import Testing

/// `backprop prune`.
@Suite struct Pruning {
  private func iris() throws -> Tool {
    let tool = try Tool()
    let line = "train iris --hidden 8 --epochs 60 --optimizer rprop --output m.safetensors"
    #expect(try tool(line + " --quiet").status == 0)
    return tool
  }

  @Test func savesWhatIsLeft() throws {
    let tool = try iris()
    let run = try tool(
      "prune m.safetensors iris --remove 50% --output s.safetensors --report p.html --json")
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    let result = try #require(try run.objects().last)
    #expect(result["weights"] as? Int == 56 && result["removed"] as? Int == 28)
    let (before, after) = (
      (result["accuracyBefore"] as? NSNumber)?.doubleValue ?? 0,
      (result["accuracyAfter"] as? NSNumber)?.doubleValue ?? 0
    )
    #expect(before > 0.95 && after > 0.9)
    #expect((result["steps"] as? [Any])?.count == 28)
    let information = try tool("info s.safetensors")
    #expect(information.output.contains("28 weights removed"))
    // Training on leaves them at 0, and the file says so.
    let more = "train iris --hidden 8 --epochs 5 --initial s.safetensors --output t.safetensors"
    #expect(try tool(more + " --quiet").status == 0)
    #expect(try tool("info t.safetensors").output.contains("28 weights removed"))
    let again = try tool("prune s.safetensors iris --by damage --remove 4 --retrain 3")
    #expect(again.status == 0 && again.output.contains("4 weights removed, 32 weights in all"))
  }

  @Test func refusesWhatMakesNoSense() throws {
    let tool = try iris()
    for (options, words) in [
      ("--remove 0", "--remove: found \"0\""), ("--remove 100%", "--remove: found \"100%\""),
      ("--remove 3 --by axe", "damage, surgeon, magnitude"),
      ("--remove 3 --optimizer lbfgs", "moves all weights at once"),
      ("--remove 3 --learning-rate 1", "--retrain"), ("", "--remove"),
    ] {
      let run = try tool("prune m.safetensors iris \(options)")
      #expect(run.status == 2 && run.errors.contains(words), "\(options): \(run.errors)")
    }
    let many = try tool("prune m.safetensors iris --remove 57")
    #expect(many.status == 1 && many.errors.contains("expected 1 to 56"), "\(many.errors)")
    let same = try tool("prune m.safetensors iris --remove 3 --output m.safetensors")
    #expect(same.status == 1)
  }
}
