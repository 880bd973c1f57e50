import Backprop
import Foundation

/// Settings of a training rule as options give them, by the way of the rule's JSON form.
extension OptimizerBox {
  /// The rule with another value of one of its numbers.
  ///
  /// - Parameter option: The option that gives it, for the error.
  func setting(_ name: String, to value: Double, _ option: String) throws -> OptimizerBox {
    guard let known = optimizer.hyperparameters.first(where: { $0.name == name }) else {
      let others = Optimizers.all.filter { type in
        type.standard.hyperparameters.contains { $0.name == name }
      }
      throw UsageError(
        "\(option): the optimizer \(kind) has none; there is one in "
          + others.map { $0.kind }.joined(separator: ", "))
    }
    guard known.allowed.contains(value) else {
      throw UsageError("\(option): found \(exact(value)), expected \(known.allowed.inWords)")
    }
    return try replacing(name, by: value)
  }

  /// The rule with what `NAME=VALUE` says.
  func setting(_ text: String) throws -> OptimizerBox {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw UsageError("--set: found \"\(text.prefix(60))\", expected NAME=VALUE")
    }
    func plain(_ name: some StringProtocol) -> String {
      name.lowercased().filter { !" -_".contains($0) }
    }
    let (asked, value) = (plain(parts[0]), String(parts[1]))
    if let number = optimizer.hyperparameters.first(where: { plain($0.name) == asked }) {
      guard let given = Double(value) else {
        throw UsageError(
          "--set \(number.name): found \"\(value.prefix(40))\", expected \(number.allowed.inWords)")
      }
      return try setting(number.name, to: given, "--set \(number.name)")
    }
    if let choice = optimizer.choices.first(where: { plain($0.name) == asked }) {
      guard let word = choice.allowed.first(where: { plain($0) == plain(value) }) else {
        throw UsageError(
          "--set \(choice.name): found \"\(value.prefix(40))\", expected "
            + choice.allowed.joined(separator: " or "))
      }
      return try replacing(choice.name, by: word)
    }
    let names = optimizer.hyperparameters.map(\.name) + optimizer.choices.map(\.name)
    throw UsageError(
      "--set: the optimizer \(kind) has no setting \"\(parts[0].prefix(40))\"; expected one of "
        + names.joined(separator: ", "))
  }

  private func replacing(_ name: String, by value: any Sendable) throws -> OptimizerBox {
    let data = try JSONEncoder().encode(self)
    guard var object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      return self
    }
    object[name] = value
    return try JSONDecoder().decode(
      OptimizerBox.self, from: try JSONSerialization.data(withJSONObject: object))
  }
}
