import GraphIR

/// The optimizers that there are.
public enum Optimizers {
  /// All kinds: a new optimizer is a file in this folder and a name here.
  public static let all: [any Optimizer.Type] = [
    SGD.self, Momentum.self, Nesterov.self, Adagrad.self, RMSprop.self, Adam.self, AdamW.self,
    Rprop.self, Quickprop.self, DeltaBarDelta.self,
  ]

  /// The names of all kinds, in the list's order.
  public static var kinds: [String] { all.map { $0.kind } }

  /// The names of all kinds, each followed by those of its forms: what help lists.
  public static var names: [String] {
    all.flatMap { type in
      func names<O: Optimizer>(_ type: O.Type) -> [String] { [O.kind] + O.forms.map(\.name) }
      return names(type)
    }
  }

  /// The optimizer that a person asks for by name, with its default settings.
  ///
  /// - Parameters:
  ///   - name: A kind, or one of its forms to the letter (`irprop+`); in a kind capitals, spaces, hyphens and underscores do not matter (`RMS-Prop`).
  ///   - learningRate: η, or nil for the optimizer's default.
  /// - Throws: ``TrainingError`` for a name that is not known, with the nearest one, or for a rate
  ///   that makes no sense.
  public static func named(_ name: String, learningRate: Double? = nil) throws -> OptimizerBox {
    func plain(_ text: String) -> String { text.lowercased().filter { !" -_".contains($0) } }
    func form<O: Optimizer>(_ type: O.Type) -> O? {
      O.forms.first { $0.name == name.lowercased() }?.optimizer
    }
    guard
      let type = all.first(where: { form($0) != nil })
        ?? all.first(where: { plain($0.kind) == plain(name) })
    else {
      throw unknown(name, nearest: nearest(plain(name), in: kinds))
    }
    func made<O: Optimizer>(_ type: O.Type) throws -> OptimizerBox {
      var optimizer = form(type) ?? O.standard
      if let learningRate { optimizer.learningRate = learningRate }
      try optimizer.check()
      return OptimizerBox(optimizer)
    }
    return try made(type)
  }

  private static func unknown(_ name: String, nearest: String?) -> TrainingError {
    let list = kinds.joined(separator: ", ")
    return TrainingError.setting(
      name: "optimizer", found: "\"\(name.prefix(40))\"",
      expected: "one of \(list)" + (nearest.map { " (did you mean \($0)?)" } ?? ""))
  }
}
