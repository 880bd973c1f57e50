import Backprop

/// A network that learns which letters follow in strings of Reber's grammar, and is asked which strings
/// it accepts: those each of whose letters had an activation above 0.3 when it came.
final class ReberTrial {
  /// The longest strings, as in the paper.
  private static let most = 30
  private static let rows = 250
  private static let letters = ReberGrammar.letters

  let grammar: ReberGrammar
  private let learner: SequenceLearner
  /// Whether the weights move after each letter; else after each string.
  private let isOnline: Bool
  private var random: RandomStream

  /// - Parameters:
  ///   - model: A network that reads [steps, 7] and gives as much.
  ///   - online: The same network for single letters, which carries its state; nil where it learns
  ///     through time.
  init(
    _ grammar: ReberGrammar, _ model: any Layer, online: (any Layer)?, optimizer: any Optimizer,
    seed: UInt64
  ) throws {
    self.grammar = grammar
    isOnline = online != nil
    random = RandomStream(seed: seed, name: "strings to learn from")
    let sequences: Shape = [Self.rows, Self.most - 1, 7]
    learner =
      if let online {
        try SequenceLearner(
          online, input: [1, 7], targets: 7, optimizer: optimizer, seed: seed, reader: model,
          sequences: sequences)
      } else {
        try SequenceLearner(
          Sequential([model, Flatten()]), input: [Self.most - 1, 7], targets: 7 * (Self.most - 1),
          loss: PresentHalfSquaredError(), optimizer: optimizer, seed: seed,
          reader: Sequential([model]), sequences: sequences)
      }
  }

  /// A 1 for a letter.
  private static func coded(_ letter: Character) -> [Double] {
    letters.map { $0 == letter ? 1 : 0 }
  }

  /// Learns from so many strings.
  func learn(strings: Int) throws {
    for _ in 0..<strings {
      let string = grammar.string(most: Self.most, random: &random).map(Self.coded)
      if isOnline {
        try learner.forget()
        for (read, next) in zip(string, string.dropFirst()) { try learner.learn(read, next) }
      } else {
        let rest = 7 * (Self.most - string.count)
        try learner.learn(
          string.dropLast().flatMap { $0 } + [Double](repeating: 0, count: rest),
          string.dropFirst().flatMap { $0 } + [Double](repeating: -1, count: rest))
      }
    }
  }

  /// Which strings it accepts.
  func accepts(_ strings: [String]) throws -> [Bool] {
    var result: [Bool] = []
    let steps = Self.most - 1
    for start in stride(from: 0, to: strings.count, by: Self.rows) {
      let part = strings[start..<min(start + Self.rows, strings.count)].map(Array.init)
      var numbers = [Double](repeating: 0, count: Self.rows * steps * 7)
      for (row, string) in part.enumerated() {
        for (place, letter) in string.dropLast().enumerated() {
          guard let number = Self.letters.firstIndex(of: letter) else { continue }
          numbers[(row * steps + place) * 7 + number] = 1
        }
      }
      let said = try learner.outputs(Tensor(numbers, shape: [Self.rows, steps, 7]))
      for (row, string) in part.enumerated() {
        result.append(
          string.dropFirst().enumerated().allSatisfy { place, letter in
            guard let number = Self.letters.firstIndex(of: letter) else { return false }
            return said[(row * steps + place) * 7 + number] > 0.3
          })
      }
    }
    return result
  }

  // MARK: Strings to judge

  /// Strings of the grammar that nobody has learned from.
  static func fresh(_ grammar: ReberGrammar, count: Int, seed: UInt64) -> [String] {
    var random = RandomStream(seed: seed, name: "strings to judge")
    return (0..<count).map { _ in grammar.string(most: most, random: &random) }
  }

  /// B and then letters at random up to the first E.
  static func chance(count: Int, seed: UInt64) -> [String] {
    var random = RandomStream(seed: seed, name: "letters at random")
    let others = letters.dropFirst()
    return (0..<count).map { _ in
      var string = "B"
      while string.last != "E", string.count < most {
        let place = min(Int(random.uniform() * Double(others.count)), others.count - 1)
        string.append(others[others.startIndex + place])
      }
      return string
    }
  }

  /// Embedded strings that end as the other ones do: `BT…PE`.
  static func turned(_ strings: [String]) -> [String] {
    strings.map { string in
      let last: Character = string.dropFirst().first == "T" ? "P" : "T"
      return String(string.dropLast(2)) + String(last) + "E"
    }
  }
}
