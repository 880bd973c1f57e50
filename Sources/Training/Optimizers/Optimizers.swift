import GraphIR

/// The training rules that there are.
public enum Optimizers {
  /// All kinds: a new optimizer is a file in this folder and a name here, a new full-batch rule a file
  /// in `FullBatch` and a name here.
  public static let all: [any TrainingRule.Type] = [
    SGD.self, Momentum.self, Nesterov.self, Adagrad.self, RMSprop.self, Adam.self, AdamW.self,
    Rprop.self, Quickprop.self, DeltaBarDelta.self,
    LBFGS.self, ConjugateGradient.self, ScaledConjugateGradient.self, LevenbergMarquardt.self,
    SimulatedAnnealing.self,
  ]

  /// The names of all kinds, in the list's order.
  public static var kinds: [String] { all.map { $0.kind } }

  /// The names of all kinds, each followed by those of its forms: what help lists.
  public static var names: [String] {
    all.flatMap { type in
      func forms<O: Optimizer>(_ type: O.Type) -> [String] { O.forms.map(\.name) }
      return [type.kind] + ((type as? any Optimizer.Type).map { forms($0) } ?? [])
    }
  }

  /// The names of the rules that update parameters batch by batch, as part of the step's graph.
  public static var batchKinds: [String] { all.filter { $0 is any Optimizer.Type }.map { $0.kind } }

  /// The rule that a person asks for by name, with its default settings.
  ///
  /// - Parameters:
  ///   - name: A kind; capitals, spaces, hyphens and underscores do not matter (`RMS-Prop`). Or one
  ///     of its forms, whose signs do matter (`irprop+`).
  ///   - learningRate: η, or nil for the optimizer's default.
  /// - Throws: ``TrainingError`` for a name that is not known, with the nearest one, for a rate that
  ///   makes no sense, or for a rate of a rule that has none.
  public static func named(_ name: String, learningRate: Double? = nil) throws -> OptimizerBox {
    if var form = form(named: name) {
      if let learningRate { form.learningRate = learningRate }
      try form.check()
      return OptimizerBox(form)
    }
    let type = try type(named: name, among: kinds)
    func made<R: TrainingRule>(_ type: R.Type) throws -> any TrainingRule {
      guard let learningRate else { return R.standard }
      guard var optimizer = R.standard as? any Optimizer else {
        throw TrainingError.setting(
          name: "\(R.kind), learningRate", found: shortText(learningRate),
          expected: "none: the rule finds the length of its steps itself")
      }
      optimizer.learningRate = learningRate
      return optimizer
    }
    let rule = try made(type)
    try rule.check()
    return OptimizerBox(rule)
  }

  /// The optimizer that a person asks for by name, where the update must be part of a step's graph.
  ///
  /// - Parameters:
  ///   - name: A kind, written as for ``named(_:learningRate:)``.
  ///   - learningRate: η, or nil for the optimizer's default.
  /// - Throws: ``TrainingError`` as ``named(_:learningRate:)`` does, and for a rule that moves all
  ///   weights at once.
  public static func optimizer(named name: String, learningRate: Double? = nil) throws
    -> any Optimizer
  {
    if let form = form(named: name) {
      return try batchwise(named(name, learningRate: learningRate ?? form.learningRate).optimizer)
    }
    let type = try type(named: name, among: batchKinds)
    guard type is any Optimizer.Type else { return try batchwise(type.standard) }
    return try batchwise(named(name, learningRate: learningRate).optimizer)
  }

  /// A rule as one that updates parameters batch by batch.
  ///
  /// - Throws: ``TrainingError`` where it moves all weights at once.
  public static func batchwise(_ rule: any TrainingRule) throws -> any Optimizer {
    guard let optimizer = rule as? any Optimizer else {
      throw TrainingError.setting(
        name: "optimizer", found: "\(Swift.type(of: rule).kind), which moves all weights at once",
        expected: "one that has an update for each weight: " + batchKinds.joined(separator: ", "))
    }
    return optimizer
  }

  /// The form of an optimizer that has this very name.
  private static func form(named name: String) -> (any Optimizer)? {
    func form<O: Optimizer>(_ type: O.Type) -> (any Optimizer)? {
      O.forms.first { $0.name == name.lowercased() }?.optimizer
    }
    return all.lazy.compactMap { ($0 as? any Optimizer.Type).flatMap { form($0) } }.first
  }

  /// - Parameter kinds: What an error offers.
  private static func type(named name: String, among kinds: [String]) throws
    -> any TrainingRule.Type
  {
    func plain(_ name: String) -> String { name.lowercased().filter { !" -_".contains($0) } }
    guard let type = all.first(where: { plain($0.kind) == plain(name) }) else {
      let list = kinds.joined(separator: ", ")
      let near = nearest(plain(name), in: kinds)
      throw TrainingError.setting(
        name: "optimizer", found: "\"\(name.prefix(40))\"",
        expected: "one of \(list)" + (near.map { " (did you mean \($0)?)" } ?? ""))
    }
    return type
  }
}
