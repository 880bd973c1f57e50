import Foundation
import Testing

/// `backprop train` with rules that move all weights at once.
@Suite struct FullBatchRuns {
  private static let line =
    "train iris --hidden 4 --activation tanh --loss meanSquaredError "
    + "--optimizer levenberg-marquardt --set regularization=bayesian --set mu-limit=1e9 --epochs 12"

  @Test func tellTheirFiguresAndTheirEnd() throws {
    let tool = try Tool()
    let solved = try tool(
      "train xor --hidden 3 --activation tanh --loss meanSquaredError "
        + "--optimizer levenberg-marquardt --seed 1 --json --report r.html")
    #expect(solved.status == 0, "\(solved.errors)")
    let objects = try solved.objects()
    let figures = try #require(objects.first { $0["event"] as? String == "epoch" }?["figures"])
    #expect(Set(try #require(figures as? [String: Any]).keys) == ["mu", "gradient", "evaluations"])
    let result = try #require(objects.last)
    #expect(result["end"] as? String == "converged")
    #expect(result["endReason"] as? String == "the gradient was at most 1e-07")
    #expect(try #require(result["training"] as? [String: Any])["loss"] as? Double ?? 1 < 1e-12)
    let page = String(decoding: try tool.bytes("r.html"), as: UTF8.self)
    #expect(page.contains("nothing was left to do: the gradient was at most 1e-07"))

    let bayesian = try tool(Self.line)
    #expect(bayesian.output.contains("regularization bayesian"))
    #expect(bayesian.output.contains("effective parameters"))
    #expect(bayesian.output.contains("all rows in one batch"))
    #expect(bayesian.output.contains("float64"))
  }

  @Test func goOnToTheSameBytes() throws {
    let tool = try Tool()
    #expect(try tool(Self.line + " --output whole.safetensors").status == 0)
    let part = Self.line.replacingOccurrences(of: "--epochs 12", with: "--epochs 5")
    #expect(try tool(part + " --output part.safetensors").status == 0)
    #expect(try tool(Self.line + " --output part.safetensors --resume").status == 0)
    #expect(try tool.bytes("part.safetensors") == tool.bytes("whole.safetensors"))
    #expect(
      try tool("info part.safetensors --plan").output.contains("loss and gradient of"))
  }

  @Test(arguments: [
    ("--batch 8", "--batch: found 8, expected all"),
    ("--schedule cosine", "--schedule: found cosine, expected none"),
    ("--streams", "--streams: found the flag, expected none"),
    ("--learning-rate 1", "expected none: the rule finds the length of its steps itself"),
    ("--set memory=0", "--set memory: found 0, expected a whole number, 1 or more"),
    ("--set memory", "--set: found \"memory\", expected NAME=VALUE"),
    ("--set beta1=0.5", "has no setting \"beta1\"; expected one of memory, gradientTolerance"),
    ("--clip-norm 1", "--clip-norm: found 1.0, expected none"),
    ("--dropout 0.5", "found random numbers in training (dropout, noise), expected none"),
  ])
  func refuseWhatMeansNothingToThem(option: String, message: String) throws {
    let outcome = try Tool()("train iris --optimizer lbfgs \(option)")
    // What the network holds is no matter of usage.
    #expect(outcome.status == (option.hasPrefix("--dropout") ? 1 : 2))
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
