import Backprop
import Synchronization

/// Shows runs that are made several times, while they go on.
final class SeveralRunsDisplay: Sendable {
  private struct State {
    var ended = 0
    var best: Double?
    var shares: [Int: Double] = [:]
    var lastLive: ContinuousClock.Instant?
  }

  private let voice: TrainingDisplay.Voice
  private let console = Console.shared
  private let count: Int
  private let rows: Int
  private let epochs: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - count: How many runs there will be.
  ///   - rows: The rows that each learns from.
  ///   - epochs: The epochs of each.
  init(voice: TrainingDisplay.Voice, count: Int, rows: Int, epochs: Int) {
    self.voice = voice
    self.rows = rows
    self.count = count
    self.epochs = epochs
  }

  // MARK: Starts

  func observe(_ event: MultiStartEvent) {
    switch event {
    case .began(let start, let seed):
      state.withLock { $0.shares[start] = 0 }
      if voice == .json {
        console.line(
          JSON.object([
            ("event", "startBegan"), ("start", .integer(start)), ("seed", .raw("\(seed)")),
          ]).text)
      }
    case .training(let start, .epoch(let record, let seconds)):
      state.withLock { $0.shares[start] = Double(record.epoch) / Double(max(1, epochs)) }
      if voice == .json {
        console.line(record.json(seconds: seconds, rows: rows, start: start).text)
      }
      live("starts")
    case .training: break
    case .ended(let record, let isBest):
      state.withLock { state in
        state.ended += 1
        state.shares[record.number] = nil
        if isBest { state.best = record.loss }
      }
      show(record, isBest: isBest)
    }
  }

  private func show(_ record: StartRecord, isBest: Bool) {
    switch voice {
    case .json: console.line(record.json(event: "startEnded").text)
    case .terminal, .plain:
      var parts = [
        "start \(record.number)/\(count)", "seed \(record.seed)", counted(record.epochs, "epoch"),
      ]
      if let failure = record.failure { parts.append("failed: \(failure)") }
      if let loss = record.trainingLoss { parts.append("loss \(short(loss))") }
      if let loss = record.validationLoss { parts.append("validation \(short(loss))") }
      if let accuracy = record.accuracy { parts.append("accuracy \(fixed(accuracy, 4))") }
      if isBest { parts.append("the best so far") }
      console.line(parts.joined(separator: "  "))
    case .silent: break
    }
  }

  // MARK: Folds

  func observe(_ event: FoldEvent) {
    guard case .ended(let score, let l2) = event else { return }
    state.withLock { $0.ended += 1 }
    if voice == .json { console.line(score.json(l2: l2).text) } else { live("cross-validation") }
  }

  /// Shows what a cross-validation came to.
  func show(_ result: CrossValidationResult) {
    switch voice {
    case .json: console.line(result.json.text)
    case .terminal, .plain:
      console.line(result.description + "\n")
      if let remark = result.edgeRemark { console.note(remark) }
    case .silent: break
    }
  }

  /// Shows that the runs were stopped before there was anything to keep.
  func interruptedBeforeTraining(signal: Int32) {
    switch voice {
    case .json:
      console.line(
        JSON.object([
          ("event", "result"), ("end", "interrupted"), ("signal", .integer(Int(signal))),
          ("output", .null),
        ]).text)
    case .terminal, .plain:
      console.line("stopped during the cross-validation; nothing was trained to be saved")
    case .silent: break
    }
  }

  /// Shows that several starts were stopped, and which was the best.
  func interrupted(_ result: MultiStartResult, output: String?, signal: Int32) {
    switch voice {
    case .json:
      console.line(
        JSON.object([
          ("event", "result"), ("end", "interrupted"), ("signal", .integer(Int(signal))),
          ("starts", result.spread.json), ("output", .string(output)),
        ]).text)
    case .terminal, .plain:
      let done = result.spread.starts.count { $0.end != nil }
      let place = "stopped after \(done) of \(counted(count, "start"))"
      let best = "the best so far, start \(result.spread.best),"
      console.line(
        result.spread.description + "\n"
          + (output.map { "\(place); \(best) is saved in \($0)" }
            ?? "\(place); \(best) was not saved (there was no --output)"))
    case .silent: break
    }
  }

  /// Rewrites the line of the terminal, ten times a second at most.
  private func live(_ what: String) {
    guard voice == .terminal else { return }
    let text = state.withLock { state -> String? in
      let now = ContinuousClock.now
      if let last = state.lastLive, now - last < .milliseconds(100) { return nil }
      state.lastLive = now
      var parts = ["\(what) \(state.ended)/\(count)"]
      if let best = state.best { parts.append("best \(short(best))") }
      parts += state.shares.sorted { $0.key < $1.key }.prefix(4).map {
        "start \($0.key): \(fixed(100 * $0.value, 0)) %"
      }
      return parts.joined(separator: "  ")
    }
    if let text { console.live(text) }
  }
}
