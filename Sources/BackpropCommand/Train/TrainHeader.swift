import Backprop

extension TrainCommand {
  /// What is known before training: data, network and settings.
  func header(
    _ trainer: Trainer, _ parts: DatasetParts, resumed: TrainingProgress?, threads: Int?
  ) throws -> String {
    let (training, options) = (parts.training, trainer.options)
    var rows = [counted(training.count, "row") + " to learn from"]
    if parts.validation.count > 0 { rows.append("\(parts.validation.count.grouped) to watch") }
    if let test = parts.test { rows.append("\(test.count.grouped) to test on") }
    let targets =
      switch training.targets {
      case .classes(_, let names):
        counted(names.count, training.form == nil ? "class" : "character")
          + ": \(listed(training.form?.shown(names) ?? names))"
      case .values(_, let names): counted(names.count, "value") + ": \(listed(names))"
      }
    var lines = [
      ["data", "\(training.name): \(rows.joined(separator: ", "))"],
      ["", "\(counted(training.inputShape.count, "feature")) → \(targets)"],
    ]
    if let form = training.form { lines.append(["", "a row is \(form.words)"]) }
    for note in parts.encoder?.notes ?? [] { lines.append(["", note]) }
    let units = options.targetScaling == .none ? "" : " of scaled targets"
    lines.append(["loss", trainer.loss.description + units + penalties(options)])
    lines.append(["optimizer", trainer.optimizer.description])
    var settings = [
      counted(options.epochs, "epoch"),
      options.batchSize.map { "batches of \($0.grouped)" } ?? "all rows in one batch",
      "seed \(options.seed)", options.precision.rawValue,
    ]
    if options.schedule.schedule.text != "constant" {
      settings.insert("schedule \(options.schedule.schedule.text)", at: 2)
    }
    if options.clipping != .none { settings.append("gradients: \(options.clipping)") }
    if let patience = options.patience { settings.append("patience \(patience)") }
    lines.append(["run", settings.joined(separator: ", ")])
    if let plan = runs.crossValidation(of: trainer, learning.l2),
      case .count(let folds) = plan.folds
    {
      let what =
        plan.l2.count > 1
        ? "λ of \(counted(plan.l2.count, "L2 penalty")) from \(exact(plan.l2[0])) to "
          + "\(exact(plan.l2[plan.l2.count - 1]))" : "these settings"
      lines.append(["", "\(folds)-fold cross-validation of \(what) first"])
    }
    if let starts = runs.starts {
      lines.append([
        "",
        "\(counted(starts, "start")), seeds \(options.seed) to "
          + "\(MultiStart(trainer, starts: starts).seed(ofStart: starts)); the best is kept",
      ])
    }
    lines.append([
      "machine",
      "\(BLAS.shared.description), \(counted(threads ?? ThreadPool.processorCount, "thread"))",
    ])
    if let resumed { lines.append(["resumed", place(of: resumed, options.epochs)]) }
    let summary = try trainer.model.summary(input: training.inputShape)
    return alignedTable(lines) + "\n\n" + summary.description + "\n"
  }

  private func penalties(_ options: TrainingOptions) -> String {
    (options.l1 > 0 ? ", L1 penalty \(exact(options.l1))" : "")
      + (options.l2 > 0 ? ", L2 penalty \(exact(options.l2))" : "")
  }

  /// Where a run goes on.
  private func place(of progress: TrainingProgress, _ epochs: Int) -> String {
    if progress.hadEnded(of: epochs) {
      let reason = progress.end == .stoppedEarly ? "no better validation loss" : progress.endReason
      return "the run had ended" + (reason.map { ": \($0)" } ?? "")
    } else {
      return "after \(counted(progress.epoch, "epoch"))"
        + (progress.batch > 0 ? " and \(counted(progress.batch, "batch"))" : "")
    }
  }
}

extension TrainingProgress {
  /// Whether nothing is left to do of a run of so many epochs.
  func hadEnded(of epochs: Int) -> Bool {
    end == .stoppedEarly || end == .converged || (end == .completed && epoch >= epochs)
  }
}
