import ArgumentParser
import Backprop

/// `backprop evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Shows how well a trained network does on data.",
    discussion: """
      Prints the loss (without penalties) and the metrics: for classes the accuracy, precision, \
      recall and F1 of each class and the confusion matrix, for values MAE, RMSE and R² in the \
      targets' own units. Columns of a table are found by their names, and encoded and scaled as \
      they were in training; images get the size and the colors of those, texts and time series \
      are divided into rows in the same way. Of a text each character counts, and the loss is given \
      in bits too.

      EXAMPLES
        backprop evaluate digits.safetensors digits
        backprop evaluate houses.safetensors more-houses.csv
        backprop evaluate mnist.safetensors mnist --part train --json
      """)

  @Argument(
    help: ArgumentHelp("A network that \"backprop train\" has saved.", valueName: "model"),
    completion: Completions.model)
  var model: String

  @Argument(
    help: ArgumentHelp("Data with the right answers; see \"backprop --help\".", valueName: "data"),
    completion: Completions.data)
  var data: String

  @OptionGroup(title: "The data") var options: UseOptions

  @Flag(help: "Prints one JSON object.")
  var json = false

  func run() throws {
    let trained = try TrainedModel(contentsOf: model)
    try options.check(data)
    let rows = try ModelRows.read(
      data, for: trained, options.readOptions, part: options.part, needsTargets: true)
    let evaluation = try trained.evaluate(rows, threads: options.threads)
    guard json else {
      Console.shared.line(text(evaluation, trained))
      return
    }
    guard case .object(let members) = try evaluation.json() else { return }
    let names: [(String, JSON)] = [
      ("event", "evaluation"), ("model", .string(model)), ("data", .string(data)),
    ]
    Console.shared.line(JSON.object(names + members).text)
  }

  private func text(_ evaluation: Evaluation, _ trained: TrainedModel) -> String {
    var metrics = evaluation.classification?.description ?? evaluation.regression?.description
    var rows = counted(evaluation.count, "row")
    if let steps = evaluation.steps, let scores = evaluation.classification {
      rows += " of \(counted(steps, "step"))"
      metrics =
        (evaluation.bitsPerStep.map { "\(short($0)) bits a step\n" } ?? "")
        + "accuracy \(fixed(scores.accuracy, 4)) "
        + "(\(scores.correctCount.grouped) of \(scores.count.grouped))"
    }
    let units = trained.targetScaling == .none ? "" : " of scaled targets"
    return "\(data): \(rows)\n"
      + "\(trained.loss.description)\(units) \(short(evaluation.loss))\n" + (metrics ?? "")
  }
}

/// What data are used by a model, and how.
struct UseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The part to use of data that bring a test part, such as MNIST's (default: test).",
      valueName: "train|test"))
  var part: Part?

  @Option(
    help: ArgumentHelp(
      "The target column of a table, for networks that were not trained on one (default: the "
        + "column that is no feature).", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "Whether a table begins with a line of names: auto says so where no cell of the first line "
        + "is a number.", valueName: "auto|yes|no"))
  var header = Header.auto

  @Option(
    help: ArgumentHelp(
      "The file of the targets, for .npy and IDX files (default: by its name beside DATA).",
      valueName: "file"), completion: Completions.data)
  var targets: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads at most, 1 to 256 (default: all processors).", valueName: "number"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 256")
    }
  }

  /// Refuses options that mean nothing for the data.
  func check(_ path: String) throws {
    noteShadowed(path)
    try checkTableOptions(
      [("--target", target != nil), ("--header", header != .auto)], targets: targets, for: [path])
  }

  var readOptions: ReadOptions {
    ReadOptions(target: target, hasHeader: header.isThere, targetsPath: targets)
  }
}
