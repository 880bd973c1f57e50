import Datasets
import Foundation
import GraphIR
import Layers

extension TrainingReport {
  /// The layers, and the architecture as it is written in a file.
  var networkSection: String {
    func flops(_ count: Int?) -> String { count?.grouped ?? "–" }
    let rows = summary.rows.map { row in
      [
        String(repeating: "\u{2003}", count: max(0, row.depth))
          + (row.path.isEmpty ? "–" : row.path),
        row.layer, row.output.description, row.parameterCount.grouped, flops(row.flops),
      ]
    }
    let table = HTML.table(
      [.text("Layer"), .text("Kind"), .text("Output"), .number("Parameters"), .number("FLOPs")],
      rows, footer: [["In all", "", "", summary.parameterCount.grouped, flops(summary.flops)]])
    let note =
      "For an input of shape \(inputShape). Output shapes and the floating-point operations of the "
      + "forward pass are those of one row; a multiply-add counts as two."
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    // A layer that cannot be encoded has made json() throw, which says why; here it is left out.
    let file = (try? encoder.encode(model)).map { String(decoding: $0, as: UTF8.self) }
    let details = file.map {
      HTML.details("The network as an architecture file", HTML.element("pre", $0))
    }
    return HTML.section("The network", [table, HTML.note(note), details ?? ""])
  }

  /// Every setting and the seed.
  var settingsSection: String {
    let size = options.batchSize
    var rows = [
      ["Loss", fields(of: loss)],
      ["Optimizer", words(optimizer.optimizer)],
    ]
    // A rule that moves all weights at once has neither.
    if optimizer.optimizer is any Optimizer {
      rows += [
        ["Learning rate schedule", options.schedule.description],
        ["Gradient clipping", options.clipping.description],
      ]
    }
    rows += [
      [
        "Epochs",
        options.epochs.grouped + (options.patience == nil ? "" : " at most"),
      ],
      ["Batch size", size.map { ReportText.count($0, "row") } ?? "all rows (full batch)"],
      ["Order of the rows", options.order.words],
      [
        "Early stopping",
        options.patience.map {
          "after \(ReportText.count($0, "epoch")) without a lower validation loss"
        } ?? "none",
      ],
      ["Goal", options.goal.map { "a training loss of \(ReportText.number($0))" } ?? "none"],
      ["L1 penalty", ReportText.number(options.l1)],
      ["L2 penalty", ReportText.number(options.l2)],
      ["Scaling of features", words(scaling, chosen: options.scaling != nil)],
    ]
    if case .values = outputs { rows.append(["Scaling of targets", words(targetScaling)]) }
    rows += [
      ["Precision", options.precision.rawValue],
      ["Seed", String(options.seed)],
    ]
    let table = HTML.table([.text("Setting"), .text("Value")], rows, class: "facts")
    return HTML.section("Settings", [table])
  }

  /// Data sets with their sources, and how the run went.
  var runSection: String {
    let sets =
      [("Training", training)]
      + [("Validation", validation), ("Test", test)].compactMap { role, data in
        data.map { (role, $0) }
      }
    let table = HTML.table(
      [.text("Used for"), .text("Data"), .number("Rows")],
      sets.map { role, data in [role, data.name, data.rows.grouped] }, class: "compact")
    // Parts of one data set have the same source, which is named once.
    var origins: [String] = []
    for (_, data) in sets {
      let words = [data.source, data.attribution].filter { !$0.isEmpty }
      let origin = "\(data.name): \(words.joined(separator: ". "))"
      if !words.isEmpty, !origins.contains(origin) { origins.append(origin) }
    }
    let data = table + origins.map(HTML.note).joined()
    let ending =
      switch end {
      case .completed: "all epochs were done"
      case .stoppedEarly: "stopped early: the validation loss did not become lower any more"
      case .converged: "nothing was left to do" + (endReason.map { ": \($0)" } ?? "")
      case nil: "interrupted before its end"
      }
    let taken = bestEpoch.map { "those of epoch \($0), the best on the validation rows" }
    var facts = [
      ["End of the run", ending], ["Epochs done", history.count.grouped],
      ["Parameters kept", taken ?? "those after the last step"],
      ["Steps", steps.grouped], ["Training time", ReportText.time(seconds)],
      ["Training rows per second", "\(ReportText.rate(rowsPerSecond)), validation included"],
    ]
    let names = outputs.names.prefix(40).joined(separator: ", ")
    let more = outputs.names.count > 40 ? ", … (\(outputs.names.count.grouped))" : ""
    switch outputs {
    case .classes: facts.append(["Classes", names + more])
    case .values: facts.append(["Outputs", names + more])
    }
    return HTML.section(
      "Data and run",
      [
        HTML.part("Data", data),
        HTML.part(
          "Run", HTML.table([.text("Fact"), .text("Value")], facts, class: "facts")),
        HTML.note(
          "The same data, settings and seed on the same machine give the same parameters, bit for "
            + "bit, at any number of threads."),
      ])
  }

  // MARK: Settings in words

  private func words(_ optimizer: any TrainingRule) -> String {
    let settings =
      optimizer.hyperparameters.map {
        "\(ReportText.words($0.name)) \(ReportText.number($0.value))"
      } + optimizer.choices.map { "\(ReportText.words($0.name)) \($0.value)" }
    return ([type(of: optimizer).kind] + settings).joined(separator: ", ")
  }

  private func words(_ scaling: Scaling, chosen: Bool = true) -> String {
    let text =
      switch scaling {
      case .none: "none"
      case .standard(let mean, let deviation):
        "each to mean 0 and deviation 1" + range(mean, deviation, "mean", "deviation")
      case .minMax(let low, let high):
        "each to the range 0 to 1" + range(low, high, "least", "greatest")
      case .divide(let divisor): "divided by \(ReportText.number(divisor))"
      }
    return chosen ? text : text + ", as suits the data"
  }

  /// What was learned from the training rows, where it is a single column.
  private func range(_ first: [Double], _ second: [Double], _ a: String, _ b: String) -> String {
    guard first.count == 1, second.count == 1 else { return ", learned from the training rows" }
    return " (\(a) \(ReportText.number(first[0])), \(b) \(ReportText.number(second[0])))"
  }

  /// A loss with its own settings: `huber, delta 1`.
  private func fields(of loss: LossBox) -> String {
    let kind = ReportText.words(type(of: loss.loss).kind)
    guard let text = try? jsonText(loss),
      let fields = try? JSONDecoder().decode([String: Field].self, from: Foundation.Data(text.utf8))
    else { return kind }
    let settings = fields.filter { $0.key != "kind" }.sorted { $0.key < $1.key }
    return ([kind] + settings.map { "\(ReportText.words($0.key)) \($0.value.text)" })
      .joined(separator: ", ")
  }
}

/// A setting as it is written in a file.
private struct Field: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      text = value ? "yes" : "no"
    } else if let value = try? container.decode(Double.self) {
      text = ReportText.number(value)
    } else if let values = try? container.decode([Double].self) {
      text =
        values.prefix(20).map(ReportText.number).joined(separator: " ")
        + (values.count > 20 ? " …" : "")
    } else {
      text = (try? container.decode(String.self)) ?? "–"
    }
  }
}
