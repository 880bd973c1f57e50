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
  func isWrittenOut(_ quantity: Quantity, first: [Int: Int]) -> Bool {
    guard let place = quantity.place else { return true }
    // What is given as a number has no working.
    if quantity.forms.isEmpty,
      [.netInput, .activation, .inner, .delta].contains(quantity.kind)
    {
      return false
    }
    return (place.example ?? 1) == 1 && isStepWrittenOut(quantity, place)
      && isUnitWrittenOut(place, first: first)
  }

  /// Forward the first time steps are written out; backward the last ones, with which it begins.
  private func isStepWrittenOut(_ quantity: Quantity, _ place: Quantity.Place) -> Bool {
    guard let time = place.time else { return true }
    // A neuron with gates has some ten numbers in each step: of few steps all are shown, of many two.
    let hasParts =
      explanation.layers.indices.contains(place.layer - 1)
      && !explanation.layers[place.layer - 1].parts.isEmpty
    let isLong = hasParts && explanation.steps > style.mostSteps / 2
    let most = isLong ? max(1, style.mostSteps / 3) : style.mostSteps
    switch quantity.kind {
    case .delta, .errorSlope, .errorSlopePart, .activationSlope, .gradientPart:
      return time > explanation.steps - most
    default: return time <= most
    }
  }

  func isUnitWrittenOut(_ place: Quantity.Place, first: [Int: Int]) -> Bool {
    guard explanation.selection != .all, place.unit > 0,
      explanation.layers.indices.contains(place.layer - 1),
      explanation.layers[place.layer - 1].units > style.mostUnits
    else { return true }
    let chosen = explanation.focus.filter { $0[0] == place.layer }
    return chosen.isEmpty
      ? place.unit == first[place.layer] : chosen.contains([place.layer, place.unit])
  }

  /// A neuron in a table: its number, or in an image its name.
  func neuronName(_ place: Quantity.Place) -> String {
    if let inner = place.inner { return "\(inner)[\(place.unit - 1)]" }
    guard explanation.layers.indices.contains(place.layer - 1),
      explanation.layers[place.layer - 1].sizes.count > 1
    else { return "\(place.unit)" }
    return explanation.unit(place.layer, place.unit)
  }
}
