import GraphIR

/// The optimizers that there are.
public enum Optimizers {
  /// All kinds: a new optimizer is a file in this folder and a name here.
  public static let all: [any Optimizer.Type] = [
    SGD.self, Momentum.self, Nesterov.self, Adagrad.self, RMSprop.self, Adam.self, AdamW.self,
  ]

  /// The names of all kinds, in the list's order.
  public static var kinds: [String] { all.map { $0.kind } }

  /// The optimizer that a person asks for by name, with its default settings.
  ///
  /// - Parameters:
  ///   - name: A kind; capitals, spaces, hyphens and underscores do not matter (`RMS-Prop`).
  ///   - learningRate: η, or nil for the optimizer's default.
  /// - Throws: ``TrainingError`` for a name that is not known, with the nearest one, or for a rate
  ///   that makes no sense.
  public static func named(_ name: String, learningRate: Double? = nil) throws -> OptimizerBox {
    let plain = name.lowercased().filter { !" -_".contains($0) }
    guard let type = all.first(where: { $0.kind == plain }) else {
      throw unknown(name, nearest: nearest(plain, in: kinds))
    }
    func made<O: Optimizer>(_ type: O.Type) throws -> OptimizerBox {
      var optimizer = O.standard
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
