import Documents
import Formulas

extension DocumentBuilder {
  /// The workings of some quantities, and tables of those that are not written out.
  mutating func workings(_ quantities: [Quantity]) {
    var first: [Int: Int] = [:]
    for place in quantities.compactMap(\.place) where place.unit > 0 {
      first[place.layer] = min(first[place.layer] ?? .max, place.unit)
    }
    for quantity in quantities where isWrittenOut(quantity, first: first) {
      blocks.append(working(quantity))
      if let count = cutTerms(quantity) {
        cutRemark(quantity, count)
      }
    }
    let rest = quantities.filter { !isWrittenOut($0, first: first) }
    // The other steps of the neurons whose working is shown, and the other neurons.
    let (own, others) = rest.filter { $0.kind != .gradientPart }.split { quantity in
      !quantity.forms.isEmpty
        && quantity.place.map { isUnitWrittenOut($0, first: first) } ?? true
    }
    let units = Set(own.compactMap { quantity in quantity.place.map { [$0.layer, $0.unit] } })
    let hasParts = explanation.layers.contains { !$0.parts.isEmpty }
    table(own, byUnit: hasParts && units.count > 1)
    table(others, byUnit: true)
    let parts = rest.filter { $0.kind == .gradientPart }
    if explanation.examples == 1 { table(parts, byUnit: false, mostColumns: 6) }
  }

  /// A table of results, unless it had too many columns.
  private mutating func table(_ quantities: [Quantity], byUnit: Bool, mostColumns: Int = .max) {
    let table = ResultTable(quantities, byUnit: byUnit)
    guard !quantities.isEmpty, table.columnCount <= mostColumns else { return }
    blocks += table.tables(
      digits: min(style.digits, 6), language: language, name: neuronName
    ).map { .table($0) }
  }

  /// What is left out of a long sum.
  private mutating func cutRemark(_ quantity: Quantity, _ count: Int) {
    if case .big(_, .some(DerivationBuilder.time), _, _, _)? = quantity.forms.first {
      return paragraph(
        "(t runs over the \(count.grouped) time steps at which the weight is used; the first terms, the largest and the last are shown)",
        "（t 取遍使用该权重的 \(count.grouped) 个时间步；这里列出前几项、最大的一项和最后一项）")
    }
    guard
      case .big(_, .some(DerivationBuilder.place), _, .some(.number(let places)), _)? =
        quantity.forms.first
    else {
      return paragraph(
        "(a sum of \(count.grouped) terms, not all of which are shown)",
        "（共 \(count.grouped) 项之和，未全部列出）")
    }
    let without = quantity.uses.compactMap { derivation[$0] }.count {
      $0.kind == .delta && $0.value == 0
    }
    let number = Int(places).grouped
    paragraph(
      "(p runs over the \(number) places of the image at which the weight is used; the first terms, the largest and the last are shown"
        + (without > 0 ? ". At \(without.grouped) of the places δ is 0)" : ")"),
      "（p 取遍使用该权重的 \(number) 个位置；这里列出前几项、最大的一项和最后一项"
        + (without > 0 ? "。其中 \(without.grouped) 个位置的 δ 为 0）" : "）"))
  }
}

extension Array {
  /// Those of which something is so, and the others.
  fileprivate func split(_ isSo: (Element) -> Bool) -> (those: [Element], others: [Element]) {
    (filter(isSo), filter { !isSo($0) })
  }
}
