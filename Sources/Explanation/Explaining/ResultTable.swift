import Documents
import Formulas

/// The results of quantities whose working is not written out: one row for each example, time step or
/// neuron, one column for each kind of quantity.
struct ResultTable {
  private var rows: [Quantity.Place: [String: Quantity]] = [:]
  private var heads: [(key: String, symbol: Formula)] = []
  private let byUnit: Bool

  /// - Parameters:
  ///   - quantities: What is shown; those without a place are left out.
  ///   - byUnit: Whether each neuron has a row of its own.
  init(_ quantities: [Quantity], byUnit: Bool) {
    self.byUnit = byUnit
    for quantity in quantities {
      guard var place = quantity.place else { continue }
      if !byUnit { (place.layer, place.unit) = (0, 0) }
      let head = quantity.symbol.withoutPlace(unit: byUnit)
      let key = head.text
      if !heads.contains(where: { $0.key == key }) { heads.append((key, head)) }
      rows[place, default: [:]][key] = quantity
    }
  }

  /// The most columns of numbers that a line has room for.
  private static let mostColumns = 6
  /// The most rows of a table that is shown whole, and how many of a longer one are.
  private static let (mostRows, shownRows) = (40, 10)

  /// The results, in as many tables as their columns need.
  ///
  /// - Parameter name: What a neuron is called.
  func tables(digits: Int, language: Language, name: (Quantity.Place) -> String)
    -> [DocumentTable]
  {
    stride(from: 0, to: heads.count, by: Self.mostColumns).map { start in
      table(
        Array(heads[start..<min(start + Self.mostColumns, heads.count)]), digits: digits,
        language: language, name)
    }
  }

  /// Those of some rows, in order, that have the numbers of the greatest size.
  private func largest(_ places: [Quantity.Place], _ keys: [String]) -> [Quantity.Place] {
    let sizes = places.map { place in
      keys.compactMap { rows[place]?[$0].map { abs($0.value) } }.max() ?? 0
    }
    let chosen = places.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
      .prefix(Self.shownRows)
    return chosen.sorted().map { places[$0] }
  }

  private func table(
    _ heads: [(key: String, symbol: Formula)], digits: Int, language: Language,
    _ name: (Quantity.Place) -> String
  ) -> DocumentTable {
    let all = rows.keys.sorted { a, b in
      [a.example ?? 0, a.time ?? 0, a.layer, a.unit].lexicographicallyPrecedes(
        [b.example ?? 0, b.time ?? 0, b.layer, b.unit])
    }
    let hasExample = all.contains { $0.example != nil }
    let title =
      byUnit
      ? Phrase("Neuron", "神经元") : hasExample ? Phrase("Example", "样本") : Phrase("Time step", "时间步")
    // Of a long table the rows with the largest numbers: most of an image's errors are 0.
    let isLong = all.count > Self.mostRows
    let places = isLong ? largest(all, heads.map(\.key)) : all
    let caption = Phrase("The rest, computed in the same way", "其余结果（计算方法相同）")
    let shortened = Phrase(
      "The rest, computed in the same way: \(Self.shownRows) of \(all.count.grouped), the largest",
      "其余结果（计算方法相同）：共 \(all.count.grouped) 行，仅列出绝对值最大的 \(Self.shownRows) 行")
    return DocumentTable(
      columns: [(RichText(title[language]), .leading)]
        + heads.map { (RichText($0.symbol), .trailing) },
      rows: places.map { place in
        let numbers = [place.example, place.time].compactMap { $0.map(String.init) }
        let neuron = byUnit ? [name(place)] : []
        return [RichText((numbers + neuron).joined(separator: ", "))]
          + heads.map { head in
            rows[place]?[head.key].map { RichText(Formula.rounded($0.value, digits: digits)) } ?? ""
          }
      },
      caption: RichText((isLong ? shortened : caption)[language]))
  }
}

extension Formula {
  /// The symbol without the number of its example and time step, and of its neuron.
  fileprivate func withoutPlace(unit: Bool) -> Formula {
    func plain(_ formula: Formula) -> Formula {
      guard case .symbol(let symbol) = formula else { return formula }
      var upper = symbol.superscript.map { Substring($0) } ?? ""
      if upper.hasPrefix("(") { upper = upper.drop { $0 != ")" }.dropFirst() }
      return .symbol(
        Symbol(
          name: symbol.name,
          subscript: unit && symbol.subscript != "total" ? nil : symbol.subscript,
          superscript: upper.isEmpty ? nil : String(upper)))
    }
    if case .partial(let a, let b) = self { return .partial(plain(a), plain(b)) }
    return plain(self)
  }
}
