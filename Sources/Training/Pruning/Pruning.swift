import Datasets
import Layers
import Tensors

extension TrainedModel {
  /// The network without the weights that matter least.
  ///
  /// What is removed is 0, and stays so in later training, in the saved file too; see ``removed``.
  ///
  /// ```swift
  /// let (pruned, report) = try model.pruned(by: OptimalBrainSurgeon(), on: data, .share(0.3))
  /// print(report.removedCount, report.lossBefore, report.lossAfter)
  /// ```
  ///
  /// - Parameters:
  ///   - rule: What says which weights matter.
  ///   - data: The rows that the loss is over: those that it was trained on.
  ///   - amount: How many weights go.
  /// - Throws: ``TrainingError`` where a setting makes no sense, the network is too large for the rule,
  ///   or the data do not fit it.
  public func pruned(by rule: any PruningRule, on data: Dataset, _ amount: PruningPlan.Amount)
    throws -> (model: TrainedModel, report: PruningReport)
  {
    try pruned(by: rule, on: data, PruningPlan(amount))
  }

  /// The network without the weights that matter least, as a plan has it.
  public func pruned(by rule: any PruningRule, on data: Dataset, _ plan: PruningPlan) throws
    -> (model: TrainedModel, report: PruningReport)
  {
    try rule.check()
    try plan.retraining?.optimizer.check()
    var run = try PruningRun(self, by: rule, on: data, plan)
    try run.run()
    return (run.model, run.report)
  }
}

/// Pruning under way.
private struct PruningRun {
  let rule: any PruningRule
  let data: Dataset
  let plan: PruningPlan
  let curvature: LossCurvature
  let target: Int
  let stepSize: Int
  var state: PruningState
  var model: TrainedModel
  var report: PruningReport

  init(_ model: TrainedModel, by rule: any PruningRule, on data: Dataset, _ plan: PruningPlan)
    throws
  {
    curvature = try LossCurvature(model, on: data)
    let vector = curvature.vector
    let kept = vector.kept(without: model.removed)
    let candidates = zip(kept.indices, zip(kept, vector.areWeights))
      .filter { $1.0 && ($1.1 || plan.includesBiases) }.map(\.0)
    state = PruningState(weights: curvature.start, kept: kept, candidates: candidates)
    target = try plan.count(of: candidates.count)
    stepSize = plan.step ?? rule.usualStep(removing: target, of: vector.count)
    (self.rule, self.data, self.plan, self.model) = (rule, data, plan, model)
    report = PruningReport(
      rule: rule.description, data: data.name, rows: data.count, candidates: candidates.count,
      parameters: vector.count, saliencies: [], steps: [],
      lossBefore: try curvature.loss(at: curvature.start),
      accuracyBefore: try model.evaluate(data).accuracy)
  }

  mutating func run() throws {
    let original = model
    while report.removedCount < target {
      let before = (state, model)
      let step = try step(min(stepSize, target - report.removedCount), from: original)
      if let limit = plan.largestLoss, !(step.finalLoss <= limit) {
        (state, model) = before
        report.end =
          "with \(step.left) weights left the loss would be \(shortText(step.finalLoss)), "
          + "above \(shortText(limit))"
        break
      }
      report.steps.append(step)
    }
    model.checkpoint = nil
    report.accuracyAfter = try model.evaluate(data).accuracy
  }

  /// Removes so many weights, and trains on where that was asked for.
  private mutating func step(_ count: Int, from original: TrainedModel) throws
    -> PruningReport.Step
  {
    let vector = curvature.vector
    let removal = try rule.removal(of: count, from: state, curvature)
    let old = state.weights
    func entry(_ place: Int, _ saliency: Double) -> PruningReport.Saliency {
      PruningReport.Saliency(
        name: vector.name(of: place), weight: old[place], saliency: saliency)
    }
    if report.steps.isEmpty {
      report.saliencies = removal.saliencies.sorted { $0.value < $1.value }
        .map { entry($0.place, $0.value) }
    }
    let gone = Set(removal.removed.map(\.place))
    state.weights = removal.weights
    for place in gone { state.kept[place] = false }
    state.candidates.removeAll { gone.contains($0) }
    guard state.weights.allSatisfy(\.isFinite) else {
      throw TrainingError.data("pruning has made weights that are not finite; expected a minimum")
    }
    model = updated(original)
    var step = PruningReport.Step(
      removed: removal.removed.map { entry($0.place, $0.value) }, left: state.candidates.count,
      loss: try curvature.loss(at: state.weights))
    if let retraining = plan.retraining {
      model = try model.retrained(on: data, retraining)
      state.weights = vector.values(of: model.parameters.cast(to: .float64))
      step.retrainedLoss = try curvature.loss(at: state.weights)
    }
    return step
  }

  /// The model with the weights as they are now.
  private func updated(_ original: TrainedModel) -> TrainedModel {
    var model = original
    model.removed = curvature.vector.removed(state.kept)
    let parameters = curvature.vector.parameters(
      state.weights, in: original.parameters.cast(to: .float64))
    model.parameters = model.removed.applied(to: parameters.cast(to: original.precision))
    model.checkpoint = nil
    return model
  }
}

extension TrainedModel {
  /// The model after more training that leaves removed weights at 0. Scalings stay as they are.
  fileprivate func retrained(on data: Dataset, _ retraining: PruningPlan.Retraining) throws
    -> TrainedModel
  {
    var scaled = data
    scaled.features = try scaling.apply(to: data.features)
    if case .values(let values, let names) = data.targets {
      scaled.targets = .values(try targetScaling.apply(to: values), names: names)
    }
    let trainer = Trainer(
      model, loss: loss, optimizer: retraining.optimizer,
      TrainingOptions(
        epochs: retraining.epochs, batchSize: retraining.batchSize, scaling: Scaling.Kind.none,
        precision: precision, seed: retraining.seed))
    let result = try trainer.fit(
      scaled, TrainingSetup(initial: parameters, removed: removed))
    var trained = self
    trained.parameters = result.model.parameters
    return trained
  }
}
