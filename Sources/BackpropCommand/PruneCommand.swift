import ArgumentParser
import Backprop
import Foundation

/// `backprop prune`.
struct PruneCommand: ParsableCommand, JSONSpeaking {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Takes the weights that matter least out of a network.",
    discussion: """
      By "damage" (optimal brain damage) the weights go that cost least by the Hessian's diagonal, by \
      "surgeon" (optimal brain surgeon) one after another while all others make good for it, by \
      "magnitude" the smallest. DATA are the rows that the network was trained on. Removed weights are \
      0 in the saved network, and "backprop train --initial" leaves them at 0.

      EXAMPLES
        backprop prune iris.safetensors iris --remove 30% --output small.safetensors
        backprop prune iris.safetensors iris --by damage --remove 40 --retrain 20 \\
          --output small.safetensors --report pruning.html
        backprop prune iris.safetensors iris --remove 90% --until-loss 0.1 --output s.safetensors
      """)

  @Argument(
    help: ArgumentHelp("A network that \"backprop train\" has saved.", valueName: "model"),
    completion: Completions.model)
  var model: String

  @Argument(
    help: ArgumentHelp("The rows it was trained on; see \"backprop --help\".", valueName: "data"),
    completion: Completions.data)
  var data: String

  @OptionGroup(title: "The data") var options: UseOptions

  @Option(
    help: ArgumentHelp(
      "What says which weights matter: "
        + PruningRules.all.map { $0.kind }.joined(separator: ", ") + ".", valueName: "rule"),
    completion: .list(PruningRules.all.map { $0.kind }))
  var by = OptimalBrainSurgeon.kind

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many weights go: a number, or a share such as 30%.", valueName: "count")
  )
  var remove: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stops before the loss on the rows is above this (default: never).", valueName: "loss"))
  var untilLoss: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weights that go between two looks at the curvature (default: 1 for the surgeon in a network "
        + "of at most 300, else a fiftieth; a tenth for the others).", valueName: "number"))
  var step: Int?

  @Flag(help: "Removes biases too.")
  var biases = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Trains on for so many epochs after each step (default: 0).", valueName: "epochs"))
  var retrain = 0

  @Option(
    help: ArgumentHelp("The optimizer of that training.", valueName: "name"),
    completion: Completions.optimizers)
  var optimizer = "adam"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Its learning rate (default: the optimizer's own).", valueName: "rate"))
  var learningRate: Double?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where to save the pruned network.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String?

  @Option(
    help: ArgumentHelp("Where to write a page with the course of it.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(help: "Replaces files that exist.")
  var overwrite = false

  @Flag(help: "Prints one JSON object.")
  var json = false

  var speaksJSON: Bool { json }

  func validate() throws {
    guard (0...1_000_000).contains(retrain) else {
      throw ValidationError("--retrain: found \(retrain), expected 0 to 1,000,000 epochs")
    }
    if learningRate != nil, retrain == 0 {
      throw ValidationError("--learning-rate is that of --retrain, which is not given")
    }
    try checkingUsage {
      _ = try PruningRules.named(by)
      _ = try Optimizers.optimizer(named: optimizer, learningRate: learningRate)
      _ = try amount()
    }
  }

  /// `30%`, or `12`.
  private func amount() throws -> PruningPlan.Amount {
    let text = remove.filter { $0 != " " }
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), percent > 0, percent < 100 {
      return .share(percent / 100)
    }
    guard let count = Int(text), count >= 1 else {
      throw UsageError(
        "--remove: found \"\(remove.prefix(40))\", expected a number of weights, 1 or more, or a "
          + "share above 0% and below 100%")
    }
    return .count(count)
  }

  func run() throws {
    for (path, option) in [(output, "--output"), (report, "--report")] {
      guard let path else { continue }
      try OutputFile.check(path, option: option, replaces: overwrite, inputs: [model, data])
    }
    let trained = try TrainedModel(contentsOf: model)
    try options.check(data)
    let rows = try ModelRows.read(
      data, for: trained, options.readOptions, part: options.part, usual: .train,
      needsTargets: true)
    let rule = try Optimizers.optimizer(named: optimizer, learningRate: learningRate)
    let plan = PruningPlan(
      try amount(), largestLoss: untilLoss, step: step, includesBiases: biases,
      retraining: retrain == 0
        ? nil
        : PruningPlan.Retraining(
          epochs: retrain, optimizer: rule, batchSize: rule.needsFullBatch ? nil : 32))
    let (pruned, result) = try trained.pruned(by: PruningRules.named(by), on: rows, plan)
    if let output { try pruned.save(to: output) }
    if let report { try AtomicFile.write(result.page(), to: report, describing: "the report") }
    Console.shared.line(try json ? jsonText(result, pruned) : text(result, pruned))
  }

  private func text(_ result: PruningReport, _ pruned: TrainedModel) -> String {
    var table = [
      ["", "weights", "loss"], ["before", result.candidates.grouped, ""], ["after", "", ""],
    ]
    table[1][2] = short(result.lossBefore)
    table[2][1] = (result.candidates - result.removedCount).grouped
    table[2][2] = short(result.lossAfter)
    if let before = result.accuracyBefore, let after = result.accuracyAfter {
      table[0].append("accuracy")
      table[1].append(fixed(before, 4))
      table[2].append(fixed(after, 4))
    }
    var lines = [
      "\(result.data): \(counted(result.rows, "row")); \(result.rule)", "",
      alignedTable(table, numbers: Set(1...3)), "",
      "\(counted(result.removedCount, "weight")) removed, \(counted(pruned.removed.count, "weight")) "
        + "in all",
    ]
    if let end = result.end { lines.append("stopped: \(end)") }
    lines.append(
      output.map { "model   \($0)" } ?? "not saved; --output FILE.safetensors keeps the network")
    if let report { lines.append("report  \(report)") }
    return lines.joined(separator: "\n")
  }

  private func jsonText(_ result: PruningReport, _ pruned: TrainedModel) throws -> String {
    func saliency(_ entry: PruningReport.Saliency) -> JSON {
      .object([
        ("name", .string(entry.name)), ("weight", .number(entry.weight)),
        ("saliency", .number(entry.saliency)),
      ])
    }
    let steps = result.steps.map { step in
      JSON.object([
        ("left", .integer(step.left)), ("loss", .number(step.loss)),
        ("retrainedLoss", .number(step.retrainedLoss)),
        ("removed", .array(step.removed.map(saliency))),
      ])
    }
    return JSON.object([
      ("event", "result"), ("rule", .string(result.rule)), ("data", .string(result.data)),
      ("rows", .integer(result.rows)), ("weights", .integer(result.candidates)),
      ("removed", .integer(result.removedCount)), ("removedInAll", .integer(pruned.removed.count)),
      ("lossBefore", .number(result.lossBefore)), ("lossAfter", .number(result.lossAfter)),
      ("accuracyBefore", .number(result.accuracyBefore)),
      ("accuracyAfter", .number(result.accuracyAfter)), ("end", .string(result.end)),
      ("steps", .array(steps)), ("output", .string(output)), ("report", .string(report)),
    ]).text
  }
}
