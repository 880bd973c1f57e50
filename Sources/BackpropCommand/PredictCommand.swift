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

      Images bring a column with their files' names. Of a time series a row's number is that of the \
      table's row that is predicted; the last ones lie beyond the table's end. Of a text every step \
      of every row has a line, with the character that is expected next.

      EXAMPLES
        backprop predict iris.safetensors flowers.csv
        backprop predict d.safetensors digits --probabilities --output d.csv
        backprop predict houses.safetensors houses.csv --json | head -3
        backprop predict photos.safetensors new-photos
        backprop predict photos.safetensors cat.png
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
    guard let output else {
      let console = Console.shared
      return try write(rows, of: trained) { console.write($0) }
    }
    try AtomicFile.write(to: output, describing: "the predictions") { file in
      var failure: (any Error)?
      try write(rows, of: trained) { text in
        guard failure == nil else { return }
        do { try Array(text.utf8).withUnsafeBytes(file.append) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// Hands over the predictions of all rows. Those of a text are many, a number for each character
  /// at each step, so they are made a stretch at a time.
  private func write(
    _ rows: Dataset, of trained: TrainedModel, to write: (String) -> Void
  ) throws {
    let predictor = try Predictor(trained, threads: options.threads)
    let size = if case .text = trained.form { 250 } else { max(1, rows.count) }
    for start in stride(from: 0, to: max(1, rows.count), by: size) {
      let part =
        rows.count <= size
        ? rows : rows.rows(Array(start..<min(start + size, rows.count)))
      Predictions(
        try predictor.predict(part.features), for: part, of: trained,
        withProbabilities: probabilities
      ).lines(asJSON: json, hasHeader: start == 0, to: write)
    }
  }
}

/// Predictions as lines of text.
private struct Predictions {
  let outputs: Tensor
  let data: Dataset
  let model: TrainedModel
  let withProbabilities: Bool

  init(_ outputs: Tensor, for data: Dataset, of model: TrainedModel, withProbabilities: Bool) {
    self.outputs = outputs
    self.data = data
    self.model = model
    self.withProbabilities = withProbabilities
  }

  /// `probability`, or `score` where the loss says of no output what its probability is.
  private var scoreName: String {
    model.loss.givesProbabilities ? "probability" : "score"
  }

  /// Hands over all lines, some hundred at a time.
  func lines(asJSON: Bool, hasHeader: Bool, to write: (String) -> Void) {
    let names = model.outputs.names
    let isClassification = if case .classes = model.outputs { true } else { false }
    if !asJSON && hasHeader {
      let all = withProbabilities ? names.map { "\(scoreName) of \($0)" } : []
      let header = places + (isClassification ? ["prediction", scoreName] + all : names)
      write(header.map(csvCell).joined(separator: ",") + "\n")
    }
    let classes = isClassification ? model.classes(of: outputs) : []
    let width = outputs.shape[-1]
    let numbers = outputs.scalarType == .float32 ? outputs.floats.map { exact($0) } : nil
    let doubles = outputs.doubles
    func text(_ place: Int) -> String { numbers?[place] ?? exact(doubles[place]) }

    var block = ""
    for row in 0..<outputs.shape[0] * steps {
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
          ? JSON.object(
            jsonPlace(row) + [
              ("prediction", .object(zip(names, values).map { ($0, Self.number($1)) }))
            ]
          ).text : (place(row) + values).joined(separator: ",")
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
      return (place(row) + [csvCell(name), score] + all).joined(separator: ",")
    }
    var members: [(String, JSON)] =
      jsonPlace(row) + [("prediction", .string(name)), (scoreName, Self.number(score))]
    if withProbabilities {
      let scores = zip(model.outputs.names, all).map { ($0, Self.number($1)) }
      members.append((scoreName == "score" ? "scores" : "probabilities", .object(scores)))
    }
    return JSON.object(members).text
  }

  // MARK: Which row

  /// The predictions of a row: more than one where each step of a sequence has one.
  private var steps: Int {
    guard case .classes = model.outputs else { return 1 }
    return outputs.shape.dimensions.dropFirst().dropLast().reduce(1, *)
  }

  /// The names of the columns that say which row it is.
  private var places: [String] {
    ["row"] + (data.rowNames.isEmpty ? [] : ["file"]) + (steps > 1 ? ["step"] : [])
  }

  /// Which row it is, as cells.
  private func place(_ line: Int) -> [String] {
    let row = line / steps
    return [String(data.number(ofRow: row))]
      + (data.rowNames.isEmpty ? [] : [csvCell(data.rowNames[row])])
      + (steps > 1 ? [String(line % steps + 1)] : [])
  }

  /// Which row it is, as members.
  private func jsonPlace(_ line: Int) -> [(String, JSON)] {
    let row = line / steps
    return [("row", .integer(data.number(ofRow: row)))]
      + (data.rowNames.isEmpty ? [] : [("file", .string(data.rowNames[row]))])
      + (steps > 1 ? [("step", .integer(line % steps + 1))] : [])
  }

  /// A number in JSON, in the digits of its own precision.
  private static func number(_ text: String) -> JSON {
    Double(text)?.isFinite == true ? .raw(text) : .null
  }
}

/// A cell of a CSV file (RFC 4180).
func csvCell(_ text: String) -> String {
  guard text.contains(where: { ",;\t\"\r\n".contains($0) }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
