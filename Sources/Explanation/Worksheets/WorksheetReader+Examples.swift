import GraphIR
import Layers
import Tensors

/// The data of a worksheet.
struct WorksheetExamples {
  let input: Tensor
  let target: Tensor
  let count: Int
  /// The numbers in one input.
  let features: Int
  let classNames: [String]?
}

extension WorksheetReader {
  private static let (mostExamples, mostSteps) = (10_000, 10_000)
  private static let targetKeys = ["targets", "class"]

  /// All examples, with inputs of one size and targets that fit the outputs.
  func examples(for layers: [LayerPlan], loss: any Loss) throws -> WorksheetExamples {
    let context = ExampleContext(
      isSequence: layers.contains(where: \.isElman), outputs: layers.last?.units ?? 0, loss: loss,
      classNames: try classNames(count: layers.last?.units ?? 0), mostSteps: Self.mostSteps)
    var examples: [ExampleContext.Example] = []
    for (entry, fields) in try exampleEntries() {
      guard let inputs = fields["inputs"] else {
        throw entry.error("inputs is missing; expected the numbers of one example")
      }
      let example = try context.example(inputs, fields, entry)
      if let first = examples.first {
        if let steps = example.steps, let before = first.steps, steps != before {
          throw inputs.error("found \(counted(steps, "step")), expected \(before) as in example 1")
        }
        guard example.features == first.features else {
          throw inputs.error(
            "found \(counted(example.features, "number")), expected \(first.features) as in "
              + "example 1")
        }
      }
      examples.append(example)
    }
    guard let first = examples.first else { throw top.error("found no examples") }
    let middle = first.steps.map { [$0] } ?? []
    return WorksheetExamples(
      input: Tensor(
        examples.flatMap(\.inputs), shape: Shape([examples.count] + middle + [first.features])),
      target: Tensor(
        examples.flatMap(\.targets), shape: Shape([examples.count] + middle + [context.outputs])),
      count: examples.count, features: first.features, classNames: context.classNames)
  }

  /// Each example's values by name: those under `examples`, or the one at the top.
  private func exampleEntries() throws -> [(WorksheetEntry, [String: WorksheetEntry])] {
    let names = ["inputs"] + Self.targetKeys
    let single = names.filter { self[$0] != nil }
    guard let list = self["examples"] else {
      guard !single.isEmpty, self["inputs"] != nil else {
        throw top.error("inputs is missing; expected inputs and targets, or examples")
      }
      return [
        (
          top,
          Dictionary(
            uniqueKeysWithValues: single.compactMap { name in
              self[name].map { (name, $0) }
            })
        )
      ]
    }
    if let name = single.first {
      throw list.error("found \(name) beside examples, expected only one of the two")
    }
    let entries = try list.list(of: "example")
    guard (1...Self.mostExamples).contains(entries.count) else {
      throw list.error(
        "found \(counted(entries.count, "example")), expected 1 to \(Self.mostExamples)")
    }
    return try entries.map { ($0, try $0.record(names)) }
  }

  private func classNames(count: Int) throws -> [String]? {
    guard let entry = self["classes"] else { return nil }
    let names = try entry.list(of: "class").map { try $0.text("a name") }
    guard names.count == count else {
      throw entry.error(
        "found \(counted(names.count, "name")), expected \(count), one for each output")
    }
    guard Set(names).count == names.count else {
      throw entry.error("found one name twice, expected names that differ")
    }
    return names
  }
}
