import GraphIR

/// All biases, by layer.
struct WorksheetBiases {
  /// One number for each neuron, or one by itself where the layer's neurons share it.
  let values: [[Double]]
  let isShared: [Bool]
}

extension WorksheetReader {
  /// The biases, in any of the forms; nil where there are none.
  func biases(of layers: [LayerPlan]) throws -> WorksheetBiases? {
    let isShared = try self["shared-biases"]?.flag()
    guard let entry = self["biases"] else {
      guard let shared = self["shared-biases"], isShared == true else { return nil }
      throw shared.error("found yes without biases, expected biases too")
    }
    if isShared == true, let elman = layers.first(where: { $0.isElman && $0.units > 1 }) {
      throw entry.error(
        "found shared biases with the elman layer \(elman.name), expected one for each neuron")
    }
    if entry.isMapping {
      let pairs = try entry.pairs("")
      let names = layers.map(\.name)
      let isByLayer =
        pairs.allSatisfy { names.contains($0.name) } || pairs.contains { !$0.value.isSingle }
      if isByLayer { return try biasesByName(pairs, layers, isShared, entry) }
    }
    return try biasesInOrder(entry, layers, isShared)
  }

  private func biasesInOrder(_ entry: WorksheetEntry, _ layers: [LayerPlan], _ isShared: Bool?)
    throws -> WorksheetBiases
  {
    let neurons = layers.reduce(0) { $0 + $1.units }
    let canShare = !layers.contains { $0.isElman && $0.units > 1 }
    func values(shared: Bool, from numbers: [Double]) -> WorksheetBiases {
      var start = 0
      let values = layers.map { layer in
        let count = shared ? 1 : layer.units
        defer { start += count }
        return Array(numbers[start..<start + count])
      }
      return WorksheetBiases(values: values, isShared: layers.map { _ in shared })
    }
    if entry.isMapping {
      let largest = try entry.pairs("").compactMap { Self.number(of: $0.name, letter: "b") }.max()
      let shared = isShared ?? (canShare && largest ?? 0 <= layers.count && layers.count < neurons)
      let numbers = try numbered(
        entry, letter: "b", noun: "bias", count: shared ? layers.count : neurons)
      return values(shared: shared, from: numbers)
    }
    let numbers = try entry.numbers()
    let allowed = isShared.map { [$0] } ?? (canShare ? [false, true] : [false])
    for shared in allowed where numbers.count == (shared ? layers.count : neurons) {
      return values(shared: shared, from: numbers)
    }
    let expected = allowed.reversed().map { shared in
      shared ? "\(layers.count) (one for each layer)" : "\(neurons) (one for each neuron)"
    }
    throw entry.error(
      "found \(counted(numbers.count, "number")), expected \(expected.joined(separator: " or "))")
  }

  private func biasesByName(
    _ pairs: [(name: String, value: WorksheetEntry)], _ layers: [LayerPlan], _ isShared: Bool?,
    _ entry: WorksheetEntry
  ) throws -> WorksheetBiases {
    let names = layers.map(\.name)
    let given = Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    for (name, value) in pairs where !names.contains(name) {
      throw entry.at(value).error(
        "there is no layer \(quotedInBrief(name)); \(suggestion(for: name, in: names))")
    }
    var (values, shared) = ([[Double]](), [Bool]())
    for layer in layers {
      guard let value = given[layer.name] else {
        throw entry.error("\(layer.name) is missing; expected \(names.joined(separator: ", "))")
      }
      // One number by itself is shared; in a list, each neuron has its own.
      let isOne = isShared ?? (value.isSingle && !layer.isElman && layer.units > 1)
      let (numbers, count) = (try value.numbers(), isOne ? 1 : layer.units)
      guard numbers.count == count else {
        throw value.error(
          "found \(counted(numbers.count, "number")), expected \(count), one for each "
            + (isOne ? "layer" : "neuron"))
      }
      values.append(numbers)
      shared.append(isOne)
    }
    return WorksheetBiases(values: values, isShared: shared)
  }
}
