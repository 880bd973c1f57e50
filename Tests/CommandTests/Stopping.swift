import Foundation
import Testing

/// Runs that are stopped, killed or made to fail: nothing is lost, and nothing is different.
@Suite struct Stopping {
  /// A run with everything that a checkpoint must hold.
  private static let run =
    "train digits --hidden 48,24 --dropout 0.2 --epochs 120 --patience 120 --batch 7 "
    + "--schedule cosine --seed 5 --threads 2 --checkpoint-seconds 0.01 --json"

  /// Starts the run, waits until it says that an epoch is done and that it has saved, and stops it
  /// somewhere in one of the next epochs.
  private func stop(_ tool: Tool, _ line: String, epoch: Int, signal: Int32) throws -> Tool.Outcome
  {
    let running = try tool.start(line.split(separator: " ").map(String.init))
    func isReady() -> Bool {
      let printed = running.printed
      return printed.contains("\"epoch\":\(epoch),") && printed.contains("\"saved\"")
    }
    while running.process.isRunning, !isReady() { usleep(500) }
    kill(running.process.processIdentifier, signal)
    return running.finish()
  }

  @Test func interruptedRunEndsInTheSameBytes() throws {
    let tool = try Tool()
    #expect(try tool(Self.run + " --output whole.safetensors").status == 0)
    let whole = try tool.bytes("whole.safetensors")
    let line = Self.run + " --output part.safetensors --resume"

    // Stopped again and again, by either signal, in the middle of epochs.
    for (epoch, signal) in [(3, SIGINT), (20, SIGTERM), (50, SIGINT)] {
      let outcome = try stop(tool, line, epoch: epoch, signal: signal)
      #expect(outcome.status == 128 + signal, "\(outcome.errors)")
      #expect(try outcome.objects().last?["end"] as? String == "interrupted")
      #expect(try tool("info part.safetensors").output.contains("to be resumed"))
    }
    #expect(try tool(line).status == 0)
    #expect(try tool.bytes("part.safetensors") == whole)
    // A finished run has nothing left to do.
    #expect(try tool(line).status == 0)
    #expect(try tool.bytes("part.safetensors") == whole)
  }

  @Test func killedRunEndsInTheSameBytes() throws {
    let tool = try Tool()
    #expect(try tool(Self.run + " --output whole.safetensors").status == 0)
    let line = Self.run + " --output part.safetensors --resume"
    let outcome = try stop(tool, line, epoch: 30, signal: SIGKILL)
    #expect(outcome.status == SIGKILL)
    #expect(try tool("info part.safetensors").output.contains("to be resumed"))
    #expect(try tool(line).status == 0)
    #expect(try tool.bytes("part.safetensors") == tool.bytes("whole.safetensors"))
  }

  @Test func messagesOfAnInterruptedRun() throws {
    let tool = try Tool()
    func stopped(_ line: String) throws -> Tool.Outcome {
      let running = try tool.start(line.split(separator: " ").map(String.init))
      while !running.printed.contains("epoch 2/"), running.process.isRunning { usleep(1000) }
      kill(running.process.processIdentifier, SIGINT)
      return running.finish()
    }
    let unsaved = try stopped("train digits --epochs 100000")
    #expect(unsaved.status == 130 && unsaved.output.contains("nothing was saved"))
    let saved = try stopped("train digits --epochs 100000 --output model.safetensors")
    #expect(saved.status == 130 && saved.output.contains("--resume goes on from there"))
    #expect(tool.has("model.safetensors"))
  }

  @Test(arguments: ["float32", "float64"])
  func threadsDoNotChangeTheBytes(precision: String) throws {
    let tool = try Tool()
    for threads in 1...3 {
      let line =
        "train digits --hidden 96 --dropout 0.1 --epochs 3 --batch 100 --precision \(precision) "
        + "--threads \(threads) --output \(threads).safetensors --quiet"
      #expect(try tool(line).status == 0)
    }
    #expect(try tool.bytes("1.safetensors") == tool.bytes("2.safetensors"))
    #expect(try tool.bytes("1.safetensors") == tool.bytes("3.safetensors"))
  }

  @Test func divergenceKeepsTheOldCheckpoint() throws {
    let tool = try Tool()
    let line = "train sine --optimizer sgd --hidden none --output model.safetensors --quiet "
    #expect(try tool(line + "--epochs 2").status == 0)
    let before = try tool.bytes("model.safetensors")
    let outcome = try tool(
      line + "--epochs 9 --learning-rate 1e10 --checkpoint-seconds 0 --overwrite --validation 0 "
        + "--batch 200")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("epoch") && outcome.errors.contains("batch 1"))
    #expect(outcome.errors.contains("the loss became"), "\(outcome.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: tool.path("model.safetensors"))).count > 0)
    let info = try tool("info model.safetensors")
    #expect(info.status == 0)

    // In the very first steps nothing has been saved yet: the old file is untouched.
    try before.write(to: URL(fileURLWithPath: tool.path("model.safetensors")))
    let early = try tool(line + "--epochs 9 --learning-rate 1e30 --overwrite")
    #expect(early.status == 1 && early.errors.contains("epoch 1, batch 2"), "\(early.errors)")
    #expect(try tool.bytes("model.safetensors") == before)
  }

  @Test func resumingAnotherRunIsRefused() throws {
    let tool = try Tool()
    #expect(try tool("train iris --epochs 2 --output model.safetensors").status == 0)
    let before = try tool.bytes("model.safetensors")
    for (change, message) in [
      ("--batch 16", "batchSize is 16, the checkpoint was made with 32"),
      ("--hidden 3", "another --hidden"), ("--seed 2", "the data are not those"),
      (
        "--optimizer sgd",
        "the optimizer differs: kind is sgd, the checkpoint was made with adam\n"
      ), ("--loss hinge", "the loss"),
    ] {
      let outcome = try tool("train iris --epochs 3 --output model.safetensors --resume \(change)")
      #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
    }
    #expect(try tool.bytes("model.safetensors") == before)
    let ended = try tool("train iris --epochs 2 --output model.safetensors --resume")
    #expect(ended.status == 0 && ended.output.contains("nothing was left to do"))
    #expect(try tool.bytes("model.safetensors") == before)
    // More epochs are no other run.
    #expect(try tool("train iris --epochs 5 --output model.safetensors --resume").status == 0)
    #expect(try tool("train iris --epochs 5 --output whole.safetensors").status == 0)
    #expect(try tool.bytes("model.safetensors") == tool.bytes("whole.safetensors"))
  }
}
