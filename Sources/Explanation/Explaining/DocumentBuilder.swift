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
  func shown(_ formula: Formula) -> Formula {
    let (short, _) = formula.eliding(longerThan: style.longestSum)
    return short.mapNumbers { value in
      let plain = Formula.number(value)
      return plain.text.count <= style.digits ? plain : number(value)
    }
  }

  /// A quantity's working: symbol = forms = numbers = result.
  func working(_ quantity: Quantity) -> Block {
    var chain = [quantity.symbol] + quantity.forms.map(shown)
    if let formula = quantity.formula { chain.append(shown(formula).substituting(numbers)) }
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
  func isWrittenOut(_ quantity: Quantity) -> Bool {
    guard let place = quantity.place else { return true }
    return (place.example ?? 1) == 1 && (place.time ?? 1) <= style.mostSteps
      && isUnitWrittenOut(place)
  }

  private func isUnitWrittenOut(_ place: Quantity.Place) -> Bool {
    guard explanation.selection != .all, place.unit > 0,
      explanation.layers.indices.contains(place.layer - 1),
      explanation.layers[place.layer - 1].units > style.mostUnits
    else { return true }
    let chosen = explanation.focus.filter { $0[0] == place.layer }
    return chosen.isEmpty ? place.unit == 1 : chosen.contains([place.layer, place.unit])
  }

  /// The workings of some quantities, and a table of those that are not written out.
  mutating func workings(_ quantities: [Quantity]) {
    for quantity in quantities where isWrittenOut(quantity) {
      blocks.append(working(quantity))
      if let count = cutTerms(quantity) {
        paragraph(
          "(a sum of \(count.grouped) terms; only the first three and the last are shown)",
          "（共 \(count.grouped) 项相加，仅写出前三项和最后一项）")
      }
    }
    let rest = quantities.filter { !isWrittenOut($0) && $0.kind != .gradientPart }
    guard !rest.isEmpty else { return }
    blocks.append(
      .table(
        ResultTable(
          rest,
          byUnit: rest.contains { quantity in
            quantity.place.map { !isUnitWrittenOut($0) } ?? false
          }
        ).table(digits: min(style.digits, 6), language: language)))
  }
}
