import ArgumentParser
import Backprop

/// `backprop classic fit`, and `backprop classic NAME DATA` without a word between.
struct ClassicFitCommand: ParsableCommand, JSONSpeaking {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fits a classic network to data.",
    discussion: """
      Maps, categories, associative memories and Boltzmann machines learn without answers: \
      "--target \(noTarget)" takes all columns of a table as features.
      """)

  /// What `--target` is told where no column is an answer.
  private static let noTarget = "none"

  @Argument(
    help: ArgumentHelp("A network; see \"backprop classic list\".", valueName: "name"))
  var name: String

  @Argument(
    help: ArgumentHelp("Data to learn from; see \"backprop --help\".", valueName: "data"),
    completion: Completions.data)
  var data: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting, such as epochs=20; \"backprop classic list NAME\" shows them all.",
      valueName: "setting=value"))
  var settings: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where all random numbers start.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the rows to hold back, for figures of rows it has not seen.",
      valueName: "share"))
  var test = 0.0

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where to save the fitted network.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Where to write a page with the figures and pictures.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(help: "Replaces files that exist.")
  var overwrite = false

  @Flag(help: "Prints one JSON object a line.")
  var json = false

  @OptionGroup(title: "The data") var table: TableOptions

  var speaksJSON: Bool { json }

  func validate() throws {
    guard test >= 0, test < 1 else {
      throw ValidationError("--test: found \(exact(test)), expected 0 to below 1")
    }
  }

  func run() throws {
    let pairs = try settings.map { text in
      guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
        throw UsageError("--set: found \"\(text)\", expected a setting and a value: epochs=20")
      }
      return (name: String(text[..<sign]), text: String(text[text.index(after: sign)...]))
    }
    let kind = try checkingUsage { try ClassicNetworks.kind(named: name) }
    for (path, option) in [(output, "--output"), (report, "--report")] {
      guard let path else { continue }
      try OutputFile.check(path, option: option, replaces: overwrite, inputs: [data])
    }
    noteShadowed(data)
    try table.check([data], form: nil)
    var options = table.readOptions
    if options.target == Self.noTarget { (options.target, options.hasTarget) = (nil, false) }
    let source = try Dataset.read(data, options: options)
    if table.target == nil, let target = source.encoder?.target?.name {
      // Many of these networks learn without answers, and would miss a column without a word.
      Console.shared.note(
        "the last column, \"\(target)\", is taken as the answer, no feature; "
          + "--target \(Self.noTarget) takes all columns as features")
    }
    func fit<N: ClassicNetwork>(_ kind: N.Type) throws {
      let network = try checkingUsage { try N(settings: pairs) }
      try run(network, source)
    }
    try fit(kind)
  }

  private func run(_ network: some ClassicNetwork, _ source: DatasetSource) throws {
    var (rows, held) = (source.train, source.test)
    if test > 0 {
      guard held == nil else {
        throw CommandError("\(data): brings a test part of its own; expected no --test")
      }
      let parts = source.train.split(fraction: 1 - test, seed: seed)
      (rows, held) = (parts.0, parts.1)
    }
    let fitted = try network.fit(rows, seed: seed) { show($0) }
    for warning in fitted.warnings { Console.shared.note(warning) }
    try show(fitted.figures(on: rows), of: rows, part: "train")
    if let held { try show(fitted.figures(on: held), of: held, part: "test") }
    for remark in try fitted.remarks(on: rows) {
      Console.shared.line(
        json ? JSON.object([("event", "remark"), ("text", .string(remark))]).text : remark)
    }
    if let output {
      var file = try fitted.file()
      if let encoder = source.encoder {
        file.metadata[ClassicModel.encoderKey] = try JSON.encoded(encoder).text
      }
      try file.write(to: output, describing: "the network")
    }
    if let report {
      let page = HTMLWriter().write(try fitted.report(on: rows, test: held))
      try AtomicFile.write(page, to: report, describing: "the report")
    }
  }

  /// Says how far the fit is.
  private func show(_ progress: ClassicProgress) {
    guard json else { return }
    say("epoch", [("epoch", .integer(progress.epoch))], progress.figures)
  }

  private func show(_ figures: [ClassicFigure], of rows: Dataset, part: String) {
    guard !json else {
      return say("figures", [("part", .string(part)), ("rows", .integer(rows.count))], figures)
    }
    let words = figures.map { "\($0.name) \(short($0.value))" }.joined(separator: ", ")
    Console.shared.line(
      "\(rows.name), \(counted(rows.count, part == "test" ? "test row" : "row"))"
        + (words.isEmpty ? "" : ": \(words)"))
  }

  /// Prints an event with figures as one JSON object.
  private func say(_ event: String, _ members: [(String, JSON)], _ figures: [ClassicFigure]) {
    let named: [(String, JSON)] = figures.map { ($0.name, JSON.number($0.value)) }
    let head: [(String, JSON)] = [("event", .string(event))]
    Console.shared.line(JSON.object(head + members + named).text)
  }
}
