import Backprop
import Synchronization

/// Shows a run while it goes on.
final class TrainingDisplay: Sendable {
  /// How it is shown.
  enum Voice {
    /// A line that is rewritten, and lines that stay.
    case terminal
    /// Plain lines, for a pipe or a file.
    case plain
    /// One JSON object a line.
    case json
    /// Nothing.
    case silent

    /// Whether people read it.
    var isHuman: Bool { self == .terminal || self == .plain }
  }

  /// With more epochs than this, a terminal keeps only every tenth part.
  private static let keptEpochs = 30

  private let voice: Voice
  private let console = Console.shared
  private let rows: Int
  private let epochs: Int
  /// Threads that were asked for.
  private let threads: Int?
  private let state = Mutex(State())

  private struct State {
    var estimate: RunEstimate?
    var validation: Double?
    var lastLive: ContinuousClock.Instant?
  }

  init(voice: Voice, rows: Int, epochs: Int, threads: Int?) {
    self.voice = voice
    self.rows = rows
    self.epochs = epochs
    self.threads = threads
  }

  /// Takes in what happens.
  func observe(_ event: TrainingEvent) {
    if case .compiled(let plan, let start) = event { estimate(plan, start) }
    switch voice {
    case .json: if let json = json(of: event) { console.line(json.text) }
    case .terminal, .plain: show(event)
    case .silent: break
    }
  }

  /// Shows how the run has ended.
  func finish(_ conclusion: Conclusion) {
    var conclusion = conclusion
    conclusion.comparison = comparison(with: conclusion.report)
    switch voice {
    case .json:
      if let comparison = conclusion.comparison { console.line(comparison.json.text) }
      do { console.line(try conclusion.json().text) } catch { console.error(words(of: error)) }
    case .terminal: console.line("\n" + plot(of: conclusion.report) + conclusion.text)
    case .plain: console.line("\n" + conclusion.text)
    case .silent: break
    }
  }

  // MARK: How long it takes

  /// Shorter runs are not worth more than a few words.
  private static let notable = 0.05

  /// Says how long the run will take. Nothing is measured for that, and nothing said of runs whose
  /// numbers are not Float32: machines are not measured for others.
  private func estimate(_ plan: Plan, _ start: TrainingStart) {
    guard voice != .silent, start.stepsLeft > 0 else { return }
    let (device, isMeasured) = Devices.here(threads: threads)
    guard let estimate = try? RunEstimate(of: plan, start, on: device, isMeasured: isMeasured)
    else { return }
    state.withLock { $0.estimate = estimate }
    if voice == .json {
      console.line(estimate.json.text)
    } else {
      let isNotable = estimate.seconds >= Self.notable
      console.line("estimate  \(isNotable ? estimate.description : estimate.short)\n")
    }
  }

  /// What the steps took beside the estimate; nil where there was none, or no step, or where both are
  /// too short for people to care.
  private func comparison(with report: TrainingReport) -> RunComparison? {
    guard let estimate = state.withLock({ $0.estimate }), let times = report.times, times.steps > 0
    else { return nil }
    let comparison = RunComparison(estimate, times, seconds: report.seconds)
    let isNotable = max(comparison.estimatedSeconds, times.stepSeconds) >= Self.notable
    return voice == .json || isNotable ? comparison : nil
  }

  /// Shows that the run was stopped, and how to go on.
  func interrupted(_ result: TrainingResult, output: String?, signal: Int32) {
    let progress = result.model.checkpoint?.progress ?? TrainingProgress()
    switch voice {
    case .json:
      console.line(
        JSON.object([
          ("event", "result"), ("end", "interrupted"), ("signal", .integer(Int(signal))),
          ("epochs", .integer(progress.epoch)), ("batches", .integer(progress.batch)),
          ("steps", .integer(progress.step)), ("seconds", .number(result.report.seconds)),
          ("output", .string(output)),
        ]).text)
    case .terminal, .plain:
      // Rules that move all weights at once stop between epochs.
      let batches = progress.batch > 0 ? ", \(counted(progress.batch, "batch"))" : ""
      let place = "after \(counted(progress.epoch, "epoch"))\(batches)"
      console.line(
        output.map {
          "stopped \(place); saved in \($0); the same command with --resume goes on from there"
        } ?? "stopped \(place); nothing was saved (there was no --output)")
    case .silent: break
    }
  }

  // MARK: For people

  private func show(_ event: TrainingEvent) {
    switch event {
    case .started, .compiled, .saved: break
    case .progressed(let progress):
      guard voice == .terminal else { return }
      let validation = state.withLock { state in
        state.lastLive = .now
        return state.validation
      }
      let share = Double(progress.batch) / Double(max(1, progress.batches))
      live(
        epoch: progress.epoch, share: share, loss: progress.loss, validation: validation,
        rate: progress.rowsPerSecond, left: progress.secondsLeft)
    case .epoch(let record, let seconds):
      state.withLock { $0.validation = record.validationLoss }
      let isKept =
        voice == .plain || epochs <= Self.keptEpochs || record.epoch == epochs
        || record.epoch % max(1, epochs / 10) == 0
      if isKept {
        console.line(line(for: record, seconds: seconds))
      } else if isDue() {
        let rate = Double(rows) / max(seconds, 1e-9)
        live(
          epoch: record.epoch, share: 1, loss: record.trainingLoss,
          validation: record.validationLoss, rate: rate,
          left: Double(epochs - record.epoch) * seconds)
      }
    }
  }

  /// Whether the live line may be rewritten: ten times a second.
  private func isDue() -> Bool {
    state.withLock { state in
      let now = ContinuousClock.now
      if let last = state.lastLive, now - last < .milliseconds(100) { return false }
      state.lastLive = now
      return true
    }
  }

  private func live(
    epoch: Int, share: Double, loss: Double, validation: Double?, rate: Double, left: Double
  ) {
    let line = LiveLine(
      epoch: epoch, epochs: epochs, share: share, loss: loss, validation: validation, rate: rate,
      secondsLeft: left)
    console.live(line.text(width: console.width - 1))
  }

  private func line(for record: EpochRecord, seconds: Double) -> String {
    var parts = ["epoch \(record.epoch)/\(epochs)", "loss \(short(record.trainingLoss))"]
    if let loss = record.validationLoss { parts.append("validation \(short(loss))") }
    if let accuracy = record.validationAccuracy { parts.append("accuracy \(fixed(accuracy, 4))") }
    if let error = record.validationRMSE { parts.append("RMSE \(short(error))") }
    for figure in record.figures ?? [] {
      parts.append("\(inWords(figure.name)) \(short(figure.value))")
    }
    parts.append(speed(Double(rows) / max(seconds, 1e-9)))
    return parts.joined(separator: "  ")
  }

  /// The losses over the epochs, for runs that are long enough to draw.
  private func plot(of report: TrainingReport) -> String {
    guard report.history.count >= 5 else { return "" }
    var series = [
      Series(
        "training",
        points: report.history.map { Point(x: Double($0.epoch), y: $0.trainingLoss) })
    ]
    let watched = report.history.compactMap { record in
      record.validationLoss.map { Point(x: Double(record.epoch), y: $0) }
    }
    if !watched.isEmpty { series.append(Series("validation", points: watched)) }
    return TerminalPlot(
      title: "loss", xLabel: "epoch", series: series, width: min(console.width, 78), height: 8,
      colored: true
    ).text + "\n"
  }

  // MARK: For programs

  private func json(of event: TrainingEvent) -> JSON? {
    switch event {
    case .progressed, .compiled: nil
    case .saved(let path): .object([("event", "saved"), ("output", .string(path))])
    case .started(let start):
      .object([
        ("event", "start"), ("rows", .integer(start.rows)), ("epochs", .integer(start.epochs)),
        ("finishedEpochs", .integer(start.finishedEpochs)),
        ("stepsPerEpoch", .integer(start.stepsPerEpoch)),
        ("parameters", .integer(start.parameterCount)),
      ])
    case .epoch(let record, let seconds): record.json(seconds: seconds, rows: rows)
    }
  }
}

extension EpochRecord {
  /// The epoch as one JSON object; what does not apply to the task is left out.
  func json(seconds: Double, rows: Int, start: Int? = nil) -> JSON {
    .object(
      [
        ("event", "epoch"), ("start", .integer(start)), ("epoch", .integer(epoch)),
        ("loss", .number(trainingLoss)), ("validationLoss", .number(validationLoss)),
        ("validationAccuracy", .number(validationAccuracy)),
        ("validationRMSE", .number(validationRMSE)), ("learningRate", .number(learningRate)),
        ("figures", figures.map { .object($0.map { ($0.name, .number($0.value)) }) } ?? .null),
        ("seconds", .number(seconds)),
        ("samplesPerSecond", .number(Double(rows) / max(seconds, 1e-9))),
      ].filter { member in
        if case .null = member.1 { false } else { true }
      })
  }
}

extension RunEstimate {
  /// The estimate for programs.
  fileprivate var json: JSON {
    .object([
      ("event", "estimate"), ("device", .string(device)), ("isMeasured", .bool(isMeasured)),
      ("stepSeconds", .number(stepSeconds)), ("stepsPerEpoch", .integer(stepsPerEpoch)),
      ("steps", .integer(steps)), ("seconds", .number(seconds)),
    ])
  }
}

extension RunComparison {
  /// The comparison for programs.
  fileprivate var json: JSON {
    .object([
      ("event", "comparison"), ("steps", .integer(times.steps)),
      ("estimatedSeconds", .number(estimatedSeconds)), ("stepSeconds", .number(times.stepSeconds)),
      ("ratio", .number(ratio)), ("feedingSeconds", .number(times.feedingSeconds)),
      ("validationSeconds", .number(times.validationSeconds)),
      ("savingSeconds", .number(times.savingSeconds)),
      ("preparationSeconds", .number(times.preparationSeconds)), ("seconds", .number(seconds)),
    ])
  }
}
