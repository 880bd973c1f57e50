import Backprop

/// How a run has ended, and what came of it.
struct Conclusion {
  /// The report, test included.
  var report: TrainingReport
  /// How the model does on the rows that it learned from.
  var training: Evaluation
  var parameterCount: Int
  /// Whether the run was one that had ended before.
  var hadEnded = false
  /// Whether the loss is one of scaled targets.
  private var hasScaledTargets: Bool
  /// Where the model lies.
  var output: String?
  /// Where the reports lie.
  var reports: [String] = []
  /// How long the steps took beside what was estimated, where that is worth a line.
  var comparison: RunComparison?

  /// Evaluates the trained model on all parts.
  init(
    _ result: TrainingResult, _ parts: DatasetParts, threads: Int?, output: String?
  ) throws {
    report = result.report
    training = try result.model.evaluate(parts.training, threads: threads)
    if let test = parts.test {
      try report.test(result.model, on: test, threads: threads)
    } else if parts.validation.count > 0 {
      try report.findMistakes(of: result.model, on: parts.validation, threads: threads)
    }
    parameterCount = result.model.parameters.elementCount
    hasScaledTargets = result.model.targetScaling != .none
    self.output = output
  }

  /// The parts with their results, in the order of their use.
  var results: [(name: String, evaluation: Evaluation)] {
    [("training", training), ("validation", report.validationResult), ("test", report.testResult)]
      .compactMap { name, evaluation in evaluation.map { (name, $0) } }
  }

  /// The results as a table, and how long they took.
  var text: String {
    let isClassification = training.classification != nil
    let loss = hasScaledTargets ? "loss of scaled targets" : "loss"
    let isText = training.bitsPerStep != nil
    var rows = [["", "rows", loss] + (isClassification ? ["accuracy"] : ["MAE", "RMSE", "R²"])]
    if isText { rows[0].append("bits a character") }
    for (name, evaluation) in results {
      var row = [name, evaluation.count.grouped, short(evaluation.loss)]
      if let accuracy = evaluation.accuracy { row.append(fixed(accuracy, 4)) }
      if let bits = evaluation.bitsPerStep { row.append(fixed(bits, 4)) }
      if let regression = evaluation.regression {
        row += [
          short(regression.meanAbsoluteError), short(regression.rootMeanSquaredError),
          fixed(regression.rSquared, 4),
        ]
      }
      rows.append(row)
    }
    var facts = [
      counted(report.history.count, "epoch"), counted(report.steps, "step"),
      time(report.seconds), speed(report.rowsPerSecond),
    ]
    if hadEnded { facts = ["nothing was left to do", facts[0], facts[1]] }
    if report.end == .stoppedEarly, !hadEnded { facts[0] += " (stopped early)" }
    if let reason = report.endReason { facts[0] += ", until \(reason)" }
    if let best = report.bestEpoch { facts.append("the model is that of epoch \(best)") }
    var lines = [
      alignedTable(rows, numbers: Set(1...5)), "", facts.joined(separator: ", "),
    ]
    if let comparison { lines.append("estimate  \(comparison)") }
    if let starts = report.starts { lines.append(starts.summary) }
    if let output { lines.append("model   \(output)") }
    lines += reports.map { "report  \($0)" }
    if output == nil { lines.append("not saved; --output FILE.safetensors keeps the network") }
    return lines.joined(separator: "\n")
  }

  /// The last line of the JSON output.
  func json() throws -> JSON {
    var members: [(String, JSON)] = [
      ("event", "result"), ("end", .string(report.end?.rawValue)),
      ("endReason", .string(report.endReason)),
      ("epochs", .integer(report.history.count)), ("steps", .integer(report.steps)),
      ("bestEpoch", .integer(report.bestEpoch)), ("parameters", .integer(parameterCount)),
      ("seconds", .number(report.seconds)), ("samplesPerSecond", .number(report.rowsPerSecond)),
    ]
    if let starts = report.starts { members.append(("starts", starts.json)) }
    if let folds = report.crossValidation { members.append(("l2", .number(folds.best.l2))) }
    for (name, evaluation) in results { members.append((name, try evaluation.json())) }
    members.append(("output", .string(output)))
    members.append(("reports", .strings(reports)))
    return .object(members)
  }
}

extension Evaluation {
  /// The loss and all metrics, flat: the accuracy, or MAE, RMSE and R², first.
  func json() throws -> JSON {
    var members: [(String, JSON)] = [("rows", .integer(count)), ("loss", .number(loss))]
    if let steps { members.append(("steps", .integer(steps))) }
    if let bitsPerStep { members.append(("bitsPerStep", .number(bitsPerStep))) }
    if let classification {
      members += [
        ("accuracy", .number(classification.accuracy)),
        ("macroF1", .number(classification.macroF1)),
        ("classes", .strings(classification.classes)),
        (
          "confusionMatrix",
          .array(classification.confusionMatrix.map { .array($0.map { .integer($0) }) })
        ),
      ]
    }
    if let regression {
      members += [
        ("meanAbsoluteError", .number(regression.meanAbsoluteError)),
        ("rootMeanSquaredError", .number(regression.rootMeanSquaredError)),
        ("rSquared", .number(regression.rSquared)),
      ]
    }
    return .object(members)
  }
}
