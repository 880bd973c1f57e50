import Foundation
import GraphIR
import Training

extension WorksheetReader {
  /// η where none is given, as in many hand derivations.
  private static let usualRate = 0.5
  private static let usualIterations = [1, 10, 100, 1000, 10_000]
  private static let mostIterations = 10_000_000
  private static let mostPauses = 1000

  /// The optimizer with its settings.
  func optimizer() throws -> any Optimizer {
    let rate = try self["learning-rate"]?.nonNegative()
    guard let entry = self["optimizer"] else {
      return SGD(learningRate: rate ?? Self.usualRate)
    }
    guard entry.isMapping else {
      return try made(entry.text("an optimizer, such as sgd"), at: entry, settings: nil, rate: rate)
    }
    let pairs = try entry.pairs("")
    guard pairs.count == 1, let (name, settings) = pairs.first else {
      throw entry.error(
        "found \(counted(pairs.count, "name")), expected one, as {adam: {beta1: 0.9}}")
    }
    return try made(name, at: entry, settings: settings.isNothing ? nil : settings, rate: rate)
  }

  private func made(
    _ name: String, at entry: WorksheetEntry, settings: WorksheetEntry?, rate: Double?
  ) throws -> any Optimizer {
    guard let rule = try? Optimizers.named(name).optimizer else {
      throw entry.error(
        "there is no optimizer \(quotedInBrief(name)); "
          + suggestion(for: name, in: Optimizers.batchKinds))
    }
    guard var optimizer = rule as? any Optimizer else {
      throw entry.error(
        "\(type(of: rule).kind) moves all weights at once, over all rows; expected one of "
          + Optimizers.batchKinds.joined(separator: ", "))
    }
    optimizer.learningRate = rate ?? Self.usualRate
    guard let settings else { return optimizer }
    let known = optimizer.hyperparameters
    let given = try settings.record(known.map(\.name))
    if let own = given["learningRate"], rate != nil {
      throw own.error("learning-rate is given twice, expected once")
    }
    var values: [String: Double] = [:]
    for setting in known {
      guard let entry = given[setting.name] else { continue }
      let (text, number) = try entry.numeral()
      guard setting.allowed.contains(number) else {
        throw entry.error("found \(text), expected \(setting.allowed.inWords)")
      }
      values[setting.name] = number
    }
    do {
      return try Optimizers.batchwise(OptimizerBox(optimizer).setting(values).optimizer)
    } catch {
      throw settings.error("cannot be used: \(error)")
    }
  }

  /// l1.
  func l1() throws -> Double { try self["l1"]?.nonNegative() ?? 0 }

  /// l2, or λ / m.
  func l2(examples: Int) throws -> Double {
    guard let lambda = self["lambda"] else { return try self["l2"]?.nonNegative() ?? 0 }
    guard self["l2"] == nil else {
      throw lambda.error("found lambda beside l2, expected only one of the two")
    }
    return try lambda.nonNegative() / Double(examples)
  }

  /// The texts' λ; nil where the file has none.
  func lambda() throws -> Double? { try self["lambda"]?.nonNegative() }

  /// When new weights take effect.
  func order() throws -> UpdateOrder {
    guard let entry = self["update"] else { return .simultaneous }
    let names = UpdateOrder.allCases.map(\.rawValue)
    let text = try entry.text(names.joined(separator: " or "))
    guard let order = UpdateOrder(rawValue: text.worksheetKey) else {
      throw entry.error(
        "there is no order \(quotedInBrief(text)); \(suggestion(for: text, in: names))")
    }
    return order
  }

  /// The numbers of steps after which to look again.
  func iterations() throws -> [Int] {
    guard let entry = self["iterations"] else { return Self.usualIterations }
    let entries = entry.isSingle ? [entry] : try entry.list(of: "number")
    guard (1...Self.mostPauses).contains(entries.count) else {
      throw entry.error(
        "found \(counted(entries.count, "number")), expected 1 to \(Self.mostPauses)")
    }
    return Set(try entries.map { try $0.whole(in: 0...Self.mostIterations) }).sorted()
  }

  /// What was found by hand.
  func claims() throws -> [Claim] {
    guard let entry = self["claims"] else { return [] }
    return try entry.pairs("names of quantities with the values found").map { name, value in
      let (text, number) = try value.numeral()
      return Claim(name: name, text: text, value: number, line: value.line)
    }
  }
}
