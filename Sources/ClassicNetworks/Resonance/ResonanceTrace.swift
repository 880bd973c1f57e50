/// What happened to one category while a network of the adaptive-resonance family looked for one that
/// suits a row.
public struct ResonanceEvent: Codable, Hashable, Sendable {
  /// How it ended.
  public enum Outcome: String, Codable, Hashable, Sendable {
    /// The match reaches the vigilance: the category is taken.
    case resonance
    /// The match is below the vigilance: the category is out for as long as the row is there.
    case reset
    /// The match would do, but the category stands for another answer: it is out, and vigilance rises
    /// past its match.
    case mismatch
    /// No category resonates: a free one is taken.
    case newCategory
    /// No category resonates, and none may be taken: all are, or vigilance has risen past 1.
    case exhausted
  }

  /// The number of the category, from 0; −1 where there is none.
  public var category: Int
  /// By what the category was chosen, T; the greatest is looked at first.
  public var choice: Double
  /// How well the category's template and the row agree, 0…1.
  public var match: Double
  /// What the match was held against, ρ.
  public var vigilance: Double
  public var outcome: Outcome

  public init(
    category: Int, choice: Double, match: Double, vigilance: Double, outcome: Outcome
  ) {
    self.category = category
    self.choice = choice
    self.match = match
    self.vigilance = vigilance
    self.outcome = outcome
  }

  /// In words.
  var words: String {
    let name = "category \(category)"
    let test = "match \(shortText(match))"
    switch outcome {
    case .resonance:
      return "\(name) (choice \(shortText(choice))): \(test) ≥ \(shortText(vigilance)), resonance"
    case .reset:
      return "\(name) (choice \(shortText(choice))): \(test) < \(shortText(vigilance)), reset"
    case .mismatch:
      return
        "\(name) (choice \(shortText(choice))): \(test) ≥ \(shortText(vigilance)) but it stands "
        + "for another answer, vigilance rises past its match"
    case .newCategory: return "\(name) is new"
    case .exhausted:
      return vigilance > 1
        ? "vigilance has risen past 1, it is not learned" : "no category is left, it is not learned"
    }
  }
}

/// The search for a category for one row.
public struct ResonanceStep: Codable, Hashable, Sendable {
  /// The pass over the rows, from 1.
  public var epoch: Int
  /// The row, from 0.
  public var row: Int
  /// What was looked at, in order; empty where all the row's values are 0.
  public var events: [ResonanceEvent]

  public init(epoch: Int, row: Int, events: [ResonanceEvent]) {
    self.epoch = epoch
    self.row = row
    self.events = events
  }

  /// The category that the row was given, from 0; nil where it was given none.
  public var category: Int? {
    guard let last = events.last, last.outcome != .exhausted else { return nil }
    return last.category
  }

  /// How many categories were looked at in vain.
  public var resets: Int {
    events.reduce(0) { $0 + ($1.outcome == .reset || $1.outcome == .mismatch ? 1 : 0) }
  }

  /// In a sentence.
  public var description: String {
    let shown = events.prefix(4).map(\.words) + (events.count > 5 ? ["…"] : [])
    let all = events.count > 4 ? shown + [events[events.count - 1].words] : shown
    return "epoch \(epoch), row \(row &+ 1): "
      + (events.isEmpty ? "all values are 0, nothing is recognized" : all.joined(separator: "; "))
  }
}

/// Every search of a fit, in order.
public struct ResonanceTrace: Hashable, Sendable, CustomStringConvertible {
  public var steps: [ResonanceStep]

  public init(_ steps: [ResonanceStep] = []) { self.steps = steps }

  public var description: String { steps.map(\.description).joined(separator: "\n") }
}
