import Documents
import Formulas

extension NetworkDrawing {
  /// The network in characters: each column with its values, and before it the weights and biases
  /// that lead to it.
  func text(language: Language, numbers: Numbers) -> String {
    var lines: [String] = []
    let titles = columns.indices.map { title(of: $0, language: language) }
    let targetTitle = Phrase("targets", "目标值")[language]
    let margin = (titles + [targetTitle]).map(displayWidth).max() ?? 0
    func add(_ title: String, _ items: [String]) {
      let pad = String(repeating: " ", count: max(0, margin - displayWidth(title)))
      var line = title + pad
      for item in items {
        // Two columns of space between items; a full line goes on below.
        if displayWidth(line) + 2 + displayWidth(item) > 78, displayWidth(line) > margin {
          lines.append(line)
          line = String(repeating: " ", count: margin)
        }
        line += "  " + item
      }
      lines.append(line)
    }
    for (column, neurons) in columns.enumerated() {
      if column > 0 {
        lines.append(String(repeating: " ", count: margin) + "    ↓")
        if isLabeled { add("", weights(into: column, numbers)) }
      }
      add(titles[column], shortened(neurons.map { item($0, numbers) }))
    }
    let ends = columns.last?.indices.flatMap { index in
      [targets, errors].compactMap { $0.indices.contains(index) ? item($0[index], numbers) : nil }
    }
    if let ends, !ends.isEmpty { add(targetTitle, shortened(ends)) }
    if let total { add("", [item(total, numbers)]) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func weights(into column: Int, _ numbers: Numbers) -> [String] {
    let weights = (edges ?? []).filter { $0.column == column - 1 }.compactMap { edge in
      guard let symbol = edge.symbol, columns[column - 1].indices.contains(edge.from),
        columns[column].indices.contains(edge.to)
      else { return nil as String? }
      let from = columns[column - 1][edge.from].symbol.text
      let to = columns[column][edge.to].symbol.text
      return "\(from) → \(to): " + numbers.label(symbol, edge.value).text
    }
    let biases = biases.filter { $0.column == column }.map { bias in
      let to = bias.to.flatMap { columns[column].indices.contains($0) ? columns[column][$0] : nil }
      return "1 → " + (to.map { $0.symbol.text + ": " } ?? "")
        + numbers.label(bias.symbol, bias.value).text
    }
    return weights + biases
  }

  private func item(_ neuron: Neuron, _ numbers: Numbers) -> String {
    numbers.label(neuron.symbol, neuron.value).text
  }

  /// The first three, and the last, of a long list.
  private func shortened(_ items: [String]) -> [String] {
    guard items.count > 2 * Self.largestColumn, let last = items.last else { return items }
    return items.prefix(3) + ["… (\(items.count))", last]
  }
}
