import Documents
import Formulas
import GraphIR

/// Writes an explanation as a document.
struct DocumentBuilder {
  let explanation: StepExplanation
  let language: Language
  let style: ExplanationStyle
  var blocks: [Block] = []
  /// The quantities' rounded numbers, by their symbols.
  private let numbers: [Formula: Formula]

  init(_ explanation: StepExplanation, language: Language, style: ExplanationStyle) {
    self.explanation = explanation
    self.language = language
    self.style = style
    numbers = Dictionary(
      explanation.derivation.quantities.map {
        ($0.symbol, Formula.rounded($0.value, digits: style.digits))
      }, uniquingKeysWith: { first, _ in first })
  }

  var derivation: Derivation { explanation.derivation }

  func text(_ english: String, _ chinese: String) -> String {
    Phrase(english, chinese)[language]
  }

  func rich(_ english: RichText, _ chinese: RichText) -> RichText {
    language == .english ? english : chinese
  }

  mutating func heading(_ level: Int, _ english: String, _ chinese: String) {
    blocks.append(.heading(level: level, RichText(text(english, chinese))))
  }

  mutating func paragraph(_ english: RichText, _ chinese: RichText) {
    blocks.append(.paragraph(rich(english, chinese)))
  }

  func number(_ value: Double) -> Formula { .rounded(value, digits: style.digits) }

  /// A formula with its constants in as many digits as are shown, and long sums cut short.
  ///
  /// - Parameter largest: The place of the largest term of a sum, which is shown in any case.
  func shown(_ formula: Formula, largest: Int? = nil) -> Formula {
    let (short, _) = cut(formula, largest).eliding(longerThan: style.longestSum)
    return short.mapNumbers { value in
      let plain = Formula.number(value)
      return plain.text.count <= style.digits ? plain : number(value)
    }
  }

  /// A long sum with its first two terms, its largest and its last.
  private func cut(_ formula: Formula, _ largest: Int?) -> Formula {
    guard let largest, case .sum(let terms) = formula, terms.count > style.longestSum,
      largest > 2, largest < terms.count - 1, let last = terms.last
    else { return formula }
    let dots = largest < terms.count - 2 ? [Formula.symbol("…")] : []
    return .sum([terms[0], terms[1], .symbol("…"), terms[largest]] + dots + [last])
  }

  /// The place of the largest term, where a quantity is a long sum.
  private func largestTerm(_ quantity: Quantity) -> Int? {
    guard let formula = quantity.formula, case .sum(let terms) = formula,
      terms.count > style.longestSum
    else { return nil }
    let used = quantity.uses.compactMap { derivation[$0] }.map {
      ($0.symbol, Formula.number($0.value))
    }
    let values = Dictionary(used, uniquingKeysWith: { first, _ in first })
    guard case .sum(let inserted) = formula.substituting(values) else { return nil }
    let sizes = inserted.map { abs($0.evaluate() ?? 0) }
    return sizes.indices.max { sizes[$0] < sizes[$1] }
  }

  /// A quantity's working: symbol = forms = numbers = result.
  func working(_ quantity: Quantity) -> Block {
    let largest = largestTerm(quantity)
    var chain = [quantity.symbol] + quantity.forms.map { shown($0, largest: largest) }
    if let formula = quantity.formula {
      chain.append(shown(formula, largest: largest).substituting(numbers))
    }
    chain.append(number(quantity.value))
    // What reads like the line above says nothing new.
    let texts = chain.map(\.text)
    return .equations(
      chain.indices.filter { $0 == 0 || texts[$0] != texts[$0 - 1] }.map { chain[$0] })
  }

  /// How many terms the longest sum of a quantity has, where it is cut short.
  func cutTerms(_ quantity: Quantity) -> Int? {
    quantity.formula?.eliding(longerThan: style.longestSum).termCount
  }

  /// Whether a quantity's working is written out, rather than its result alone.
  ///
  /// - Parameter first: The first unit of its layer that is shown under the same heading.
  private func isWrittenOut(_ quantity: Quantity, first: [Int: Int]) -> Bool {
    guard let place = quantity.place else { return true }
    // What is given as a number has no working.
    if quantity.forms.isEmpty, [.netInput, .activation, .delta].contains(quantity.kind) {
      return false
    }
    return (place.example ?? 1) == 1 && isStepWrittenOut(quantity, place)
      && isUnitWrittenOut(place, first: first)
  }

  /// Forward the first time steps are written out; backward the last ones, with which it begins.
  private func isStepWrittenOut(_ quantity: Quantity, _ place: Quantity.Place) -> Bool {
    guard let time = place.time else { return true }
    switch quantity.kind {
    case .delta, .errorSlope, .errorSlopePart, .activationSlope, .gradientPart:
      return time > explanation.steps - style.mostSteps
    default: return time <= style.mostSteps
    }
  }

  private func isUnitWrittenOut(_ place: Quantity.Place, first: [Int: Int]) -> Bool {
    guard explanation.selection != .all, place.unit > 0,
      explanation.layers.indices.contains(place.layer - 1),
      explanation.layers[place.layer - 1].units > style.mostUnits
    else { return true }
    let chosen = explanation.focus.filter { $0[0] == place.layer }
    return chosen.isEmpty
      ? place.unit == first[place.layer] : chosen.contains([place.layer, place.unit])
  }

  /// A neuron in a table: its number, or in an image its name.
  private func neuronName(_ place: Quantity.Place) -> String {
    guard explanation.layers.indices.contains(place.layer - 1),
      explanation.layers[place.layer - 1].sizes.count > 1
    else { return "\(place.unit)" }
    return explanation.unit(place.layer, place.unit)
  }

  /// What is left out of a long sum.
  private mutating func cutRemark(_ quantity: Quantity, _ count: Int) {
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

  /// The workings of some quantities, and a table of those that are not written out.
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
    let rest = quantities.filter {
      !isWrittenOut($0, first: first) && $0.kind != .gradientPart
    }
    guard !rest.isEmpty else { return }
    let byUnit = rest.contains { quantity in
      quantity.forms.isEmpty
        || quantity.place.map { !isUnitWrittenOut($0, first: first) } ?? false
    }
    let tables = ResultTable(rest, byUnit: byUnit)
      .tables(digits: min(style.digits, 6), language: language, name: neuronName)
    blocks += tables.map { .table($0) }
  }
}
