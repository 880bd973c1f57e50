import Tensors

/// Reber's grammar: a small automaton whose strings are easy to make and not so easy to tell from others.
///
/// A string begins with B and ends with E; between them a walk over six states gives a letter at each
/// step, and where two ways lead on, each is taken with the same probability. The embedded grammar
/// puts such a string between two letters that must be the same, T or P: `BT…TE`, `BP…PE`. Who is to
/// say the last letter but one has to remember the second over the whole string between, whose letters
/// do not depend on it.
///
/// ```swift
/// let grammar = ReberGrammar()
/// print(grammar.accepts("BTSSXXTVVE"), grammar.accepts("BTSSPXSE"))  // true false
/// print(grammar.successors(of: "BT")!)                               // ["S", "X"]
/// ```
///
/// Sources: A. Reber, "Implicit learning of artificial grammars", Journal of Verbal Learning and Verbal
/// Behavior 6 (1967), doi:10.1016/S0022-5371(67)80149-X; A. Cleeremans, D. Servan-Schreiber,
/// J. McClelland, "Finite state automata and simple recurrent networks", Neural Computation 1 (1989),
/// doi:10.1162/neco.1989.1.3.372.
public struct ReberGrammar: Hashable, Sendable {
  /// The letters, in the order of their numbers.
  public static let letters: [Character] = ["B", "T", "P", "S", "X", "V", "E"]

  /// Whether strings are embedded between two letters that must be the same.
  public let isEmbedded: Bool

  /// A way from a state to another, and the letter on it.
  private struct Way: Hashable, Sendable {
    let letter: Character
    let next: Int
  }

  /// The ways from each state; state 0 is the first, and the last one has none.
  private let states: [[Way]]

  /// - Parameter isEmbedded: Whether strings are embedded between two letters that must be the same;
  ///   false unless told otherwise.
  public init(isEmbedded: Bool = false) {
    self.isEmbedded = isEmbedded
    guard isEmbedded else {
      states = Self.inner(from: 0) + [[]]
      return
    }
    // Two copies of the grammar, one for each outer letter.
    let (first, second) = (2, 2 + Self.inner(from: 0).count + 1)
    let last = 2 * second - first
    states =
      [[Way(letter: "B", next: 1)]]
      + [[Way(letter: "T", next: first), Way(letter: "P", next: second)]]
      + Self.inner(from: first) + [[Way(letter: "T", next: last)]]
      + Self.inner(from: second) + [[Way(letter: "P", next: last)]]
      + [[Way(letter: "E", next: last + 1)], []]
  }

  /// The states of the plain grammar, the first of which has this number; the one after them is where
  /// its strings end.
  private static func inner(from start: Int) -> [[Way]] {
    let table: [[(Character, Int)]] = [
      [("B", 1)], [("T", 2), ("P", 3)], [("S", 2), ("X", 4)], [("T", 3), ("V", 5)],
      [("X", 3), ("S", 6)], [("P", 4), ("V", 6)], [("E", 7)],
    ]
    return table.map { ways in ways.map { Way(letter: $0.0, next: start + $0.1) } }
  }

  /// The state after some letters; nil where no string begins so.
  private func state(after letters: some Sequence<Character>) -> Int? {
    var state = 0
    for letter in letters {
      guard let way = states[state].first(where: { $0.letter == letter }) else { return nil }
      state = way.next
    }
    return state
  }

  /// The letters that may come next, in the order of ``letters``.
  ///
  /// - Returns: None after a whole string; nil where no string begins so.
  public func successors(of beginning: some StringProtocol) -> [Character]? {
    state(after: beginning).map { state in
      let next = states[state].map(\.letter)
      return Self.letters.filter(next.contains)
    }
  }

  /// Whether this is a whole string of the grammar.
  public func accepts(_ string: some StringProtocol) -> Bool {
    state(after: string) == states.count - 1
  }

  /// A string, drawn by going one of the ways from each state, all with the same probability.
  ///
  /// - Parameter most: The most letters that it may have: longer ones are drawn again. At least 9, the
  ///   length of the shortest embedded string; 30 unless told otherwise.
  public func string(most: Int = 30, random: inout RandomStream) -> String {
    while true {
      var (string, state) = ("", 0)
      while string.count <= max(most, 9), !states[state].isEmpty {
        let ways = states[state]
        let way = ways[min(Int(random.uniform() * Double(ways.count)), ways.count - 1)]
        string.append(way.letter)
        state = way.next
      }
      if string.count <= max(most, 9) { return string }
    }
  }
}
