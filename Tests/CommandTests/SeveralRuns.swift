import Foundation
import Testing

/// `backprop train` from several starts, and with cross-validation.
@Suite struct SeveralRuns {
  @Test func startsAreListedAndTheBestIsKept() throws {
    let tool = try Tool()
    let line = "train iris --hidden 4 --epochs 20 --learning-rate 0.02 --seed 5 --starts 4"
    let outcome = try tool(line + " --output best.safetensors --report best.html --threads 2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for number in 1...4 {
      #expect(outcome.output.contains("start \(number)/4  seed \(number + 4)"))
    }
    #expect(outcome.output.contains("4 starts, seeds 5 to 8; the best is kept"))
    #expect(outcome.output.contains("4 starts, validation loss: best "))
    #expect(tool.has("best.safetensors") && tool.has("best.html"))

    let objects = try tool(line + " --json --output again.safetensors --threads 1").objects()
    #expect(objects.count { $0["event"] as? String == "startBegan" } == 4)
    #expect(objects.count { $0["event"] as? String == "epoch" } == 80)
    let ended = objects.filter { $0["event"] as? String == "startEnded" }
    let losses = ended.compactMap { $0["validationLoss"] as? Double }
    let result = try #require(objects.last)
    let starts = try #require(result["starts"] as? [String: Any])
    #expect(starts["bestLoss"] as? Double == losses.min())
    #expect(starts["worstLoss"] as? Double == losses.max())
    let validation = try #require(result["validation"] as? [String: Any])
    #expect(validation["loss"] as? Double == losses.min())
    #expect(try tool.bytes("best.safetensors") == tool.bytes("again.safetensors"))
  }

  @Test func controlCKeepsTheBestSoFar() throws {
    let tool = try Tool()
    let line =
      "train digits --hidden 16 --epochs 40 --starts 500 --threads 1 --output best.safetensors"
    let running = try tool.start(line.split(separator: " ").map(String.init))
    while running.process.isRunning, !running.printed.contains("start 2/500") { usleep(1000) }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = running.finish()
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.output.contains("of 500 starts; the best so far, start "))
    #expect(outcome.output.contains("is saved in best.safetensors"))
    #expect(try tool("evaluate best.safetensors digits").status == 0)
  }

  @Test func theBestPenaltyIsTrainedWith() throws {
    let tool = try Tool()
    let line = "train iris --hidden 4 --epochs 20 --learning-rate 0.02 --seed 5 --folds 3"
    let outcome = try tool(line + " --l2 10,0.001,0.1 --report r.html")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.output.contains("3-fold cross-validation of λ of 3 L2 penalties from 0.001 to 10"))
    #expect(outcome.output.contains("iris: 150 rows to learn from\n"))
    let objects = try tool(line + " --l2 10,0.001,0.1 --json").objects()
    #expect(objects.count { $0["event"] as? String == "fold" } == 9)
    let search = try #require(objects.first { $0["event"] as? String == "crossValidation" })
    let scores = try #require(search["scores"] as? [[String: Any]])
    let best = try #require(
      scores.min { ($0["loss"] as? Double ?? 9) < ($1["loss"] as? Double ?? 9) })
    let l2 = try #require(best["l2"] as? Double)
    #expect(search["l2"] as? Double == l2 && l2 < 10)
    #expect(objects.last?["l2"] as? Double == l2)

    // The run that follows is the plain one with that λ.
    let plain = try tool(
      "train iris --hidden 4 --epochs 20 --learning-rate 0.02 --seed 5 --validation 0 --json --l2 \(l2)"
    )
    let (a, b) = (objects.last?["training"], try plain.objects().last?["training"])
    #expect((a as? NSDictionary) == (b as? NSDictionary) && a != nil)
  }

  @Test func foldsAloneScoreTheSettings() throws {
    let tool = try Tool()
    let outcome = try tool("train iris --hidden 4 --epochs 5 --folds 3")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("3-fold cross-validation of these settings first"))
    #expect(outcome.output.contains("3-fold cross-validation of 150 rows: loss "))
    #expect(try tool("train iris --epochs 2 --l2 auto --starts 2 --json").objects().count > 35)
  }

  @Test(arguments: [
    ("train iris --starts 0", "--starts: found 0, expected 1 to 100,000"),
    ("train iris --folds 1", "--folds: found 1, expected 2 or more"),
    ("train iris --l2 0.1,-1", "--l2: found -1.0, expected 0 or more"),
    ("train iris --l2 much", "several with commas between them, or auto"),
    ("train iris --starts 2 --resume --output m.safetensors", "--resume goes on with one"),
    ("train iris --starts 2 --initial m.safetensors", "--initial gives some"),
  ])
  func isRefused(line: String, message: String) throws {
    let outcome = try Tool()(line)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func tooManyFoldsAreRefused() throws {
    let outcome = try Tool()("train xor --hidden 3 --folds 9")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("expected at least as many as --folds"), "\(outcome.errors)")
  }
}
