import ArgumentParser
import Backprop
import Foundation

/// What a run keeps and shows.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to save the network, and while training what is needed to go on (default: nowhere).",
      valueName: "file.safetensors"), completion: Completions.model)
  var output: String?

  @Flag(
    help: """
      Goes on with the run that --output holds, and replaces that file and its reports; starts \
      anew where there is none.
      """)
  var resume = false

  @Flag(help: "Replaces files that exist.")
  var overwrite = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Saves while training at most every so many seconds; 0 after every batch.",
      valueName: "seconds"))
  var checkpointSeconds = 2.0

  @Option(
    help: ArgumentHelp(
      "Writes a report of the run: a page for .html, the same as JSON for .json. May be given "
        + "more than once.", valueName: "file"), completion: .file(extensions: ["html", "json"]))
  var report: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads at most, 1 to 256 (default: all processors).", valueName: "number"))
  var threads: Int?

  @Flag(
    help: """
      Prints one JSON object a line: estimate, start, epoch, saved, comparison, and last result or \
      error.
      """)
  var json = false

  @Flag(name: [.short, .long], help: "Prints nothing but errors (and with --json the JSON).")
  var quiet = false

  func validate() throws {
    if resume, output == nil {
      throw ValidationError("--resume goes on with the run that --output holds; expected --output")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 256")
    }
    if !(checkpointSeconds >= 0 && checkpointSeconds.isFinite) {
      throw ValidationError(
        "--checkpoint-seconds: found \(exact(checkpointSeconds)), expected 0 or more")
    }
    for path in report
    where ![".html", ".htm", ".json"].contains(where: { path.lowercased().hasSuffix($0) }) {
      throw ValidationError("--report: found \"\(path)\", expected a file of .html or .json")
    }
  }

  /// How the run is told of.
  func voice(of console: Console) -> TrainingDisplay.Voice {
    json ? .json : quiet ? .silent : console.isTerminal ? .terminal : .plain
  }

  /// Whether remarks are made.
  func speaks(to console: Console) -> Bool { voice(of: console).isHuman }

  /// Refuses files that could not be written, before any work is done.
  func checkFiles(inputs: [String?]) throws {
    let inputs = inputs.compactMap(\.self)
    try OutputFile.checkDistinct(
      (output.map { [("--output", $0)] } ?? []) + report.map { ("--report", $0) })
    if let output {
      try OutputFile.check(
        output, option: "--output", replaces: overwrite || resume, inputs: inputs)
    }
    for path in report {
      try OutputFile.check(
        path, option: "--report", replaces: overwrite || isResumed,
        inputs: inputs + (output.map { [$0] } ?? []))
    }
  }

  /// Whether there is a run to go on with: a first run of a line with --resume has no files of its
  /// own yet.
  var isResumed: Bool {
    resume && output.map(FileManager.default.fileExists(atPath:)) == true
  }

  /// The model whose run is to be continued.
  func resumedModel() throws -> TrainedModel? {
    guard isResumed, let output else { return nil }
    return try TrainedModel(contentsOf: output)
  }

  /// Writes the reports that were asked for.
  func write(_ value: TrainingReport) throws {
    for path in report { try value.write(to: path) }
  }
}
