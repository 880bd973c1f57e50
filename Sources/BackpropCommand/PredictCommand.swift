import ArgumentParser
import Backprop

/// `backprop predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Prints what a trained network says of data.",
    discussion: """
      Prints a CSV table with a line for each row, counted from 1. For classes it has the class \
      and its probability (its score, where the network was trained with a loss that defines no \
      probabilities); for values a column for each, in the targets' own units. A table may have \
      the target's column or not.

      EXAMPLES
        backprop predict iris.safetensors flowers.csv
        backprop predict d.safetensors digits --probabilities --output d.csv
        backprop predict houses.safetensors houses.csv --json | head -3
      """)

  @Argument(
    help: ArgumentHelp("A network that \"backprop train\" has saved.", valueName: "model"),
    completion: Completions.model)
  var model: String

  @Argument(
    help: ArgumentHelp(
      "Data with the network's features; see \"backprop --help\".",
      valueName: "data"), completion: Completions.data)
  var data: String

  @Flag(help: "Adds the probability (or score) of every class.")
  var probabilities = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where to write (default: standard output).", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var output: String?

  @Flag(help: "Replaces a file that exists.")
  var overwrite = false

  @Flag(help: "Prints one JSON object a line in place of CSV.")
  var json = false

  @OptionGroup(title: "The data") var options: UseOptions

  func run() throws {
    if let output {
      try OutputFile.check(
        output, option: "--output", replaces: overwrite, inputs: [model, data])
    }
    let trained = try TrainedModel(contentsOf: model)
    try options.check(data)
    let rows = try ModelRows.read(
      data, for: trained, options.readOptions, part: options.part, needsTargets: false)
    let predictions = Predictions(
      try trained.predict(rows.features, threads: options.threads), of: trained,
      withProbabilities: probabilities)
    guard let output else {
      let console = Console.shared
      predictions.lines(asJSON: json) { console.write($0) }
      return
    }
    try AtomicFile.write(to: output, describing: "the predictions") { file in
      var failure: (any Error)?
      predictions.lines(asJSON: json) { text in
        guard failure == nil else { return }
        do { try Array(text.utf8).withUnsafeBytes(file.append) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }
}

/// Predictions as lines of text.
private struct Predictions {
  let outputs: Tensor
  let model: TrainedModel
  let withProbabilities: Bool

  init(_ outputs: Tensor, of model: TrainedModel, withProbabilities: Bool) {
    self.outputs = outputs
    self.model = model
    self.withProbabilities = withProbabilities
  }

  /// `probability`, or `score` where the loss says of no output what its probability is.
  private var scoreName: String {
    model.loss.givesProbabilities ? "probability" : "score"
  }

  /// Hands over all lines, some hundred at a time.
  func lines(asJSON: Bool, to write: (String) -> Void) {
    let names = model.outputs.names
    let isClassification = if case .classes = model.outputs { true } else { false }
    if !asJSON {
      let all = withProbabilities ? names.map { "\(scoreName) of \($0)" } : []
      let header = isClassification ? ["row", "prediction", scoreName] + all : ["row"] + names
      write(header.map(Self.cell).joined(separator: ",") + "\n")
    }
    let classes = isClassification ? model.classes(of: outputs) : []
    let width = outputs.shape[-1]
    let numbers = outputs.scalarType == .float32 ? outputs.floats.map { exact($0) } : nil
    let doubles = outputs.doubles
    func text(_ place: Int) -> String { numbers?[place] ?? exact(doubles[place]) }

    var block = ""
    for row in 0..<outputs.shape[0] {
      let start = row * width
      if isClassification {
        let chosen = classes[row]
        // One output is that of the second of two classes.
        func score(_ index: Int) -> String {
          if width > 1 { return text(start + index) }
          return index == 1 || scoreName == "score"
            ? text(start) : exact(Float(1 - doubles[start]))
        }
        block += line(
          row, names[chosen], score(chosen), withProbabilities ? names.indices.map(score) : [],
          asJSON: asJSON)
      } else {
        let values = (0..<width).map { text(start + $0) }
        block +=
          asJSON
          ? JSON.object([
            ("row", .integer(row + 1)),
            ("prediction", .object(zip(names, values).map { ($0, Self.number($1)) })),
          ]).text : ([String(row + 1)] + values).joined(separator: ",")
      }
      block += "\n"
      if row % 256 == 255 {
        write(block)
        block = ""
      }
    }
    if !block.isEmpty { write(block) }
  }

  private func line(
    _ row: Int, _ name: String, _ score: String, _ all: [String], asJSON: Bool
  ) -> String {
    guard asJSON else {
      return ([String(row + 1), Self.cell(name), score] + all).joined(separator: ",")
    }
    var members: [(String, JSON)] = [
      ("row", .integer(row + 1)), ("prediction", .string(name)), (scoreName, Self.number(score)),
    ]
    if withProbabilities {
      let scores = zip(model.outputs.names, all).map { ($0, Self.number($1)) }
      members.append((scoreName == "score" ? "scores" : "probabilities", .object(scores)))
    }
    return JSON.object(members).text
  }

  /// A number in JSON, in the digits of its own precision.
  private static func number(_ text: String) -> JSON {
    Double(text)?.isFinite == true ? .raw(text) : .null
  }

  /// A cell of a CSV file (RFC 4180).
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { ",;\t\"\r\n".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
