/// A name with an optional subscript and superscript: x, net_h1, w5⁺, σ, E_total.
///
/// The notation: `_` starts the subscript, `^` the superscript, braces around either may be
/// left out, and superscript or subscript characters at the end say the same thing.
/// `w_5^+`, `w_{5}^{+}` and `w₅⁺` are one symbol.
public struct Symbol: Hashable, Sendable {
  public let name: String
  public let `subscript`: String?
  public let superscript: String?

  public init(name: String, subscript: String? = nil, superscript: String? = nil) {
    self.name = name
    self.subscript = `subscript`
    self.superscript = superscript
  }

  /// Reads the notation described at ``Symbol``; never fails, what cannot be split is the name.
  public init(_ notation: String) {
    var rest = Array(notation)
    var upper = Symbol.popLast(&rest, where: ScriptCharacters.fromSuperscript)
    var lower = Symbol.popLast(&rest, where: ScriptCharacters.fromSubscript)
    if upper == nil { upper = Symbol.split(&rest, at: "^") }
    if lower == nil { lower = Symbol.split(&rest, at: "_") }
    self.init(name: String(rest), subscript: lower, superscript: upper)
  }

  /// Takes the longest ending that `table` can translate, as long as a name remains.
  private static func popLast(
    _ characters: inout [Character], where table: [Character: Character]
  ) -> String? {
    var script: [Character] = []
    while characters.count > 1, let last = characters.last, let plain = table[last] {
      script.append(plain)
      characters.removeLast()
    }
    return script.isEmpty ? nil : String(script.reversed())
  }

  /// Takes what follows the first `mark`, provided that something stands on both sides.
  private static func split(_ characters: inout [Character], at mark: Character) -> String? {
    guard let at = characters.firstIndex(of: mark), at > 0, at + 1 < characters.count else {
      return nil
    }
    var script = Array(characters[(at + 1)...])
    characters.removeSubrange(at...)
    if script.count > 2, script.first == "{", script.last == "}" {
      script.removeFirst()
      script.removeLast()
    }
    return String(script)
  }
}

/// Characters that exist in raised or lowered form.
package enum ScriptCharacters {
  static let superscript = table(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzT⊤*",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ*")
  /// Lowered a, e, h and o exist but most fonts lack them, so they are left out.
  static let `subscript` = table(
    "0123456789+−=()ijklmnprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₗₘₙₚᵣₛₜᵤᵥₓ")

  /// The way back; T and the asterisk stay as they are, since both end ordinary names too.
  static let fromSuperscript = inverse(superscript.filter { !"T⊤*".contains($0.key) })
  static let fromSubscript = inverse(`subscript`)

  private static func table(_ plain: String, _ raised: String) -> [Character: Character] {
    Dictionary(zip(plain, raised), uniquingKeysWith: { first, _ in first })
  }

  private static func inverse(_ table: [Character: Character]) -> [Character: Character] {
    Dictionary(table.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  /// The text with every character raised, or nil where one has no raised form.
  static func raised(_ text: String) -> String? { mapped(text, superscript) }

  /// The text with every character lowered, or nil where one has no lowered form.
  static func lowered(_ text: String) -> String? { mapped(text, `subscript`) }

  private static func mapped(_ text: String, _ table: [Character: Character]) -> String? {
    var result = ""
    for character in text where character != " " {
      guard let other = table[character == "-" ? "−" : character] else { return nil }
      result.append(other)
    }
    return result
  }
}
