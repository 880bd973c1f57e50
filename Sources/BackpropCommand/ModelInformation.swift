import Backprop
import Foundation

/// What is to be said of a trained network.
struct ModelInformation {
  let path: String
  let model: TrainedModel
  /// Rows of a batch, for plans and times.
  let batch: Int
  /// What times are estimated for; nil for none.
  let device: Device?

  init(_ path: String, _ model: TrainedModel, batch: Int, device: Device?) {
    (self.path, self.model, self.batch, self.device) = (path, model, batch, device)
  }

  /// The layers with the times of a batch; nil where there is no device, or none that is known to
  /// compute in the model's precision.
  private func timed() throws -> TimedSummary? {
    let precision: Device.Precision = model.precision == .float64 ? .float64 : .float32
    guard let device, device.peak(precision) != nil else { return nil }
    return try model.model.summary(
      input: model.inputShape, on: device, batch: batch, precision: precision)
  }

  private var progress: TrainingProgress? { model.checkpoint?.progress }

  private var outputs: String {
    switch model.outputs {
    case .classes(let names):
      "\(names.count) classes: \(listed(model.form?.shown(names) ?? names))"
    case .values(let names): counted(names.count, "value") + ": \(listed(names))"
    }
  }

  /// Everything, in words and tables.
  func text() throws -> String {
    var lines = [
      ["network", path],
      ["input", "\(model.inputShape) \(model.precision.rawValue), \(model.scaling.words)"],
    ]
    if !model.featureNames.isEmpty { lines.append(["features", listed(model.featureNames)]) }
    if let form = model.form { lines.append(["rows", form.words]) }
    lines.append(["outputs", outputs])
    if model.targetScaling != .none { lines.append(["targets", model.targetScaling.words]) }
    lines.append(["loss", model.loss.description])
    if let encoder = model.encoder {
      let columns = encoder.columns.map { column in
        switch column.kind {
        case .number: column.name
        case .categories(let names): "\(column.name) (\(counted(names.count, "category")))"
        }
      }
      lines.append(["columns", listed(columns) + (encoder.target.map { " → \($0.name)" } ?? "")])
    }
    if !model.removed.isEmpty {
      lines.append(["pruned", "\(counted(model.removed.count, "weight")) removed: they stay at 0"])
    }
    if let progress { lines += history(progress) }
    let layers =
      try timed()?.description ?? model.model.summary(input: model.inputShape).description
    return alignedTable(lines) + "\n\n" + layers + "\n\n" + model.parameters.table
  }

  private func history(_ progress: TrainingProgress) -> [[String]] {
    var lines = [
      ["trained", "\(counted(progress.epoch, "epoch")), \(counted(progress.step, "step"))"]
    ]
    switch progress.end {
    case .completed: lines[0][1] += ", completed"
    case .stoppedEarly: lines[0][1] += ", stopped early"
    case .converged: lines[0][1] += ", until \(progress.endReason ?? "nothing was left to do")"
    case nil:
      lines[0][1] +=
        ", to be resumed" + (progress.batch > 0 ? " after batch \(progress.batch)" : "")
    }
    if let best = progress.bestEpoch {
      lines[0][1] += "; the parameters are those of epoch \(best)"
    }
    if let optimizer { lines.append(["", optimizer.description]) }
    let training = progress.history.map(\.trainingLoss)
    let validation = progress.history.compactMap(\.validationLoss)
    for (name, losses) in [("training loss", training), ("validation loss", validation)] {
      guard let first = losses.first, let last = losses.last else { continue }
      lines.append(
        ["", "\(name) \(short(first)) → \(short(last))  \(Sparkline(losses, width: 40).text)"])
    }
    return lines
  }

  /// The optimizer of the run that the model came from.
  private var optimizer: OptimizerBox? {
    (model.checkpoint?.settings["the optimizer"]).flatMap {
      try? JSONDecoder().decode(OptimizerBox.self, from: Data($0.utf8))
    }
  }

  /// The compiled plans of an evaluation and of a training step.
  func plans() throws -> String {
    let optimizer = self.optimizer?.optimizer ?? SGD()
    let work = optimizer is any FullBatchRule ? "loss and gradient of" : "training step with"
    return "evaluation of \(counted(batch, "row"))\n\n"
      + (try model.plan(batch: batch)).description
      + "\n\(work) \(counted(batch, "row")), \(optimizer.description)\n\n"
      + (try model.trainingPlan(batch: batch, optimizer: optimizer)).description
  }

  /// Everything, for programs.
  func json() throws -> JSON {
    let timed = try timed()
    let summary = try timed?.summary ?? model.model.summary(input: model.inputShape)
    var members: [(String, JSON)] = [
      ("path", .string(path)), ("kind", "model"),
      ("model", try .encoded(LayerBox(model.model))), ("loss", try .encoded(LossBox(model.loss))),
      ("inputShape", .array(model.inputShape.dimensions.map { .integer($0) })),
      ("precision", .string(model.precision.rawValue)),
    ]
    switch model.outputs {
    case .classes(let names): members.append(("classes", .strings(names)))
    case .values(let names): members.append(("values", .strings(names)))
    }
    members += [
      ("featureNames", .strings(model.featureNames)),
      ("scaling", try .encoded(model.scaling)),
      ("targetScaling", try .encoded(model.targetScaling)),
      ("rows", try model.form.map { try .encoded($0) } ?? .null),
      ("parameterCount", .integer(model.parameters.elementCount)),
      ("parameters", model.parameters.json),
      ("flops", .integer(summary.flops)), ("layers", layers(summary, timed?.seconds)),
      ("training", try progress.map { try .encoded($0) } ?? .null),
    ]
    if let timed {
      members += [
        ("device", .string(timed.device.name)), ("batch", .integer(batch)),
        ("forwardSeconds", .number(timed.totalSeconds)),
      ]
    }
    return .object(members)
  }

  private func layers(_ summary: ModelSummary, _ seconds: [Double]?) -> JSON {
    .array(
      summary.rows.enumerated().map { place, row in
        .object(
          [
            ("path", .string(row.path)), ("depth", .integer(row.depth)),
            ("kind", .string(row.layer)),
            ("output", .array(row.output.dimensions.map { .integer($0) })),
            ("parameters", .integer(row.parameterCount)), ("flops", .integer(row.flops)),
          ] + (seconds.map { [("forwardSeconds", .number($0[place]))] } ?? []))
      })
  }
}

extension ParameterSet {
  /// Names, types and ranges, aligned.
  var table: String {
    var rows = [["parameter", "type", "shape", "lowest", "mean", "highest"]]
    for (name, tensor) in self {
      let values = tensor.doubles
      let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
      rows.append([
        name, tensor.scalarType.rawValue, tensor.shape.description, short(values.min() ?? 0),
        short(mean), short(values.max() ?? 0),
      ])
    }
    return alignedTable(rows, numbers: [3, 4, 5])
  }

  /// Names, types and shapes.
  var json: JSON {
    .array(
      map { name, tensor in
        .object([
          ("name", .string(name)), ("type", .string(tensor.scalarType.rawValue)),
          ("shape", .array(tensor.shape.dimensions.map { .integer($0) })),
        ])
      })
  }
}

extension Scaling {
  /// `standardized`, `divided by 255`.
  fileprivate var words: String {
    switch self {
    case .none: "not scaled"
    case .standard: "standardized (mean 0, deviation 1)"
    case .minMax: "scaled to 0…1"
    case .divide(let divisor): "divided by \(exact(divisor))"
    }
  }
}
