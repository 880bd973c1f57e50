import Layers

extension TrainingRun {
  func parameters() -> ParameterSet {
    ParameterSet(
      declarations.compactMap { entry in variables[entry.name].map { (entry.name, $0) } })
  }

  /// The model as it is now.
  func snapshot() -> TrainedModel {
    var snapshot = model
    let current = parameters()
    snapshot.parameters = best ?? current
    snapshot.checkpoint = Checkpoint(
      settings: settings, progress: progress,
      states: fullBatch?.states
        ?? ParameterSet(
          (stateNames + carried.map(\.name)).compactMap { name in
            variables[name].map { (name, $0) }
          }),
      parameters: best == nil ? nil : current)
    return snapshot
  }

  func saveIfDue() throws {
    guard setup.checkpointPath != nil, seconds(since: lastSaved) >= setup.checkpointInterval
    else { return }
    try save()
  }

  func save() throws {
    guard let path = setup.checkpointPath else { return }
    try checkParameters()
    try snapshot().save(to: path)
    meter.end(.saving)
    lastSaved = meter.now
    setup.observe(.saved(path))
  }

  /// A step whose loss is finite can still leave parameters that are not: its update was too far.
  func checkParameters() throws {
    if let name = declarations.map(\.name).first(where: { variables[$0]?.isFinite == false }) {
      throw TrainingError.notFinite(
        parameter: name, epoch: progress.epoch + 1, batch: progress.batch)
    }
  }
}
