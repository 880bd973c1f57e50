import GraphIR
import Layers

/// What an example of a worksheet has to fit.
struct ExampleContext {
  /// Whether inputs and targets are lists of steps.
  let isSequence: Bool
  let outputs: Int
  let loss: any Loss
  let classNames: [String]?
  let mostSteps: Int

  /// One example: its numbers, step by step where it has steps.
  struct Example {
    let inputs: [Double]
    let features: Int
    /// Nil outside sequences.
    let steps: Int?
    let targets: [Double]
  }

  /// The example with these values.
  func example(
    _ inputs: WorksheetEntry, _ fields: [String: WorksheetEntry], _ entry: WorksheetEntry
  ) throws -> Example {
    let rows = try inputRows(inputs)
    let steps = isSequence ? rows.count : nil
    let targets: [Double]
    switch (fields["targets"], fields["class"]) {
    case (let numbers?, nil): targets = try targetNumbers(numbers, steps: steps)
    case (nil, let classes?): targets = try classTargets(classes, steps: steps)
    case (.some, let classes?):
      throw classes.error("found class beside targets, expected only one of the two")
    case (nil, nil): throw entry.error("targets is missing; expected targets or class")
    }
    return Example(
      inputs: rows.flatMap { $0 }, features: rows[0].count, steps: steps, targets: targets)
  }

  private func inputRows(_ entry: WorksheetEntry) throws -> [[Double]] {
    guard isSequence else {
      if entry.isList, let inner = try entry.list(of: "number").first, inner.isList {
        throw entry.error(
          "found a list of lists, expected the numbers of one example; several examples go under "
            + "examples, and steps need an elman layer")
      }
      let numbers = try entry.numbers()
      guard !numbers.isEmpty else { throw entry.error("found no numbers, expected 1 or more") }
      return [numbers]
    }
    let steps = try entry.list(of: "step")
    guard (1...mostSteps).contains(steps.count) else {
      throw entry.error("found \(counted(steps.count, "step")), expected 1 to \(mostSteps)")
    }
    var rows: [[Double]] = []
    for step in steps {
      let numbers = try step.numbers()
      let expected = rows.first?.count ?? max(numbers.count, 1)
      guard numbers.count == expected else {
        throw step.error(
          "found \(counted(numbers.count, "number")), expected \(expected)"
            + (rows.isEmpty ? " or more" : " as in step 1"))
      }
      rows.append(numbers)
    }
    return rows
  }

  private func targetNumbers(_ entry: WorksheetEntry, steps: Int?) throws -> [Double] {
    let rows = try rows(entry, of: "step", count: steps)
    return try rows.flatMap { row in
      let entries = row.isSingle && !row.isNothing ? [row] : try row.list(of: "number")
      guard entries.count == outputs else {
        throw row.error(
          "found \(counted(entries.count, "number")), expected \(outputs), one for each output")
      }
      return try entries.map { entry in
        let (text, value) = try entry.numeral()
        if let problem = loss.problem(withTarget: value) {
          throw entry.error("found \(text), \(problem) with the loss \(type(of: loss).kind)")
        }
        return value
      }
    }
  }

  private func classTargets(_ entry: WorksheetEntry, steps: Int?) throws -> [Double] {
    guard outputs >= 2 else {
      throw entry.error("found a class with 1 output, expected targets, or 2 or more outputs")
    }
    // What the loss takes for "not this class".
    let other = loss is Hinge ? -1.0 : 0
    return try rows(entry, of: "step", count: steps).flatMap { row in
      let number = try classNumber(row)
      return (1...outputs).map { $0 == number ? 1 : other }
    }
  }

  /// One entry for each step; outside sequences, the entry itself.
  private func rows(_ entry: WorksheetEntry, of noun: String, count: Int?) throws
    -> [WorksheetEntry]
  {
    guard let count else { return [entry] }
    let rows = try entry.list(of: noun)
    guard rows.count == count else {
      throw entry.error(
        "found \(counted(rows.count, noun)), expected \(count), one for each step of the inputs")
    }
    return rows
  }

  /// The class, from 1.
  private func classNumber(_ entry: WorksheetEntry) throws -> Int {
    guard let classNames else { return try entry.whole(in: 1...outputs) }
    let text = try entry.text("a class")
    if let index = classNames.firstIndex(of: text) { return index + 1 }
    guard decimalNumber(text) == nil else { return try entry.whole(in: 1...outputs) }
    throw entry.error(
      "there is no class \(quotedInBrief(text)); \(suggestion(for: text, in: classNames))")
  }
}
