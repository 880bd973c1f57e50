import Foundation
import GraphIR

/// Finds the quantity that a person means by a name: `∂E/∂w₅`, `dEtotal/dw5`, `net_{o2}`, `w5'`.
///
/// A name is looked up as it stands; then without what people write differently – spaces,
/// underscores, braces, backslashes, parentheses, raised and lowered digits, ∂ for d, a prime or
/// "new" for + –; then in the other names that a thing has, such as x1 for i1 and E for E_total;
/// then all of these once more with capitals and small letters alike.
public struct QuantityNames: Sendable {
  private let names: [String]
  private let known: Set<String>
  private let byKey: [String: [String]]
  private let byLowercaseKey: [String: [String]]
  /// The key of the error that the gradients are of.
  private let total: String?

  public init(_ derivation: Derivation) {
    names = derivation.quantities.map(\.name)
    known = Set(names)
    byKey = Dictionary(grouping: names, by: QuantityNames.key)
    byLowercaseKey = Dictionary(grouping: names) { QuantityNames.key($0).lowercased() }
    total = derivation.quantities.first { $0.kind == .totalError }.map {
      QuantityNames.key($0.name)
    }
  }

  /// The canonical name of the quantity that is meant.
  ///
  /// - Throws: ``MarkingError`` where no quantity is near, or several are equally meant.
  public func resolve(_ name: String, line: Int? = nil) throws(MarkingError) -> String {
    if known.contains(name) { return name }
    let variants = QuantityNames.variants(of: QuantityNames.key(name), total: total)
    for (table, spelling) in [
      (byKey, { (key: String) in key }), (byLowercaseKey, { $0.lowercased() }),
    ] {
      for variant in variants {
        guard let found = table[spelling(variant)] else { continue }
        if found.count == 1 { return found[0] }
        throw .ambiguous(name: name, line: line, quantities: found)
      }
    }
    throw .unknown(name: name, line: line, nearest: near(name))
  }

  /// Names that differ little from one that there is not.
  private func near(_ name: String) -> [String] {
    let keys = byKey.keys.sorted()
    let plain = nearest(QuantityNames.key(name), in: keys).flatMap { byKey[$0]?.first }
    let written = nearest(name, in: names)
    var found: [String] = []
    for candidate in [written, plain].compactMap({ $0 }) where !found.contains(candidate) {
      found.append(candidate)
    }
    return found
  }

  // MARK: Spelling

  /// The name without what people write differently; both sides of a fraction for themselves.
  static func key(_ name: String) -> String {
    fraction(compatible(name)).split(separator: "/", omittingEmptySubsequences: false)
      .map { side(String($0)) }.joined(separator: "/")
  }

  /// Raised and lowered characters made plain, and Greek letters and commands spelled out.
  private static func compatible(_ name: String) -> String {
    // An acute accent would become a blank with an accent.
    let primes = name.replacingOccurrences(of: "´", with: "'")
    var text = primes.precomposedStringWithCompatibilityMapping
    for (written, plain) in [
      ("\\partial", "d"), ("\\mathrm", ""), ("\\text", ""), ("\\operatorname", ""),
      ("\\prime", "'"), ("\\left", ""), ("\\right", ""), ("∂", "d"), ("𝜕", "d"), ("δ", "delta"),
      ("Δ", "Delta"), ("η", "eta"), ("α", "alpha"), ("′", "'"), ("’", "'"), ("ʹ", "'"),
      ("−", "-"), (",", "."), ("∇", "grad"),
    ] {
      text = text.replacingOccurrences(of: written, with: plain)
    }
    return text
  }

  /// `\frac{a}{b}` as a/b.
  private static func fraction(_ text: String) -> String {
    guard let command = ["\\dfrac{", "\\tfrac{", "\\frac{"].first(where: text.contains),
      let range = text.range(of: command)
    else { return text }
    var rest = Substring(text[range.upperBound...])
    func group() -> Substring? {
      var depth = 1
      for index in rest.indices {
        if rest[index] == "{" { depth += 1 }
        if rest[index] == "}" { depth -= 1 }
        if depth == 0 {
          defer { rest = rest[rest.index(after: index)...] }
          return rest[..<index]
        }
      }
      return nil
    }
    guard let upper = group(), rest.first == "{" else { return text }
    rest.removeFirst()
    guard let lower = group() else { return text }
    return text[..<range.lowerBound] + upper + "/" + lower + rest
  }

  /// One side of a fraction: its letters and digits, then `@2` for an example or step, then `+`.
  private static func side(_ text: String) -> String {
    var text = text.filter { !$0.isWhitespace && !"_{}\\^*·$".contains($0) }
    var isNew = text.contains("'") || text.contains("+")
    text.removeAll { $0 == "'" || $0 == "+" }
    for mark in ["(new)", "new", "新"] {
      if text.lowercased().hasSuffix(mark), text.count > mark.count {
        text.removeLast(mark.count)
        isNew = true
      } else if text.lowercased().hasPrefix(mark), text.count > mark.count {
        text.removeFirst(mark.count)
        isNew = true
      }
    }
    var index = ""
    if text.hasSuffix(")"), let open = text.lastIndex(of: "("), open > text.startIndex {
      let inside = text[text.index(after: open)...].dropLast()
      if !inside.isEmpty, inside.allSatisfy({ $0.isNumber || $0 == "." }) {
        index = "@" + inside
        text = String(text[..<open])
      }
    }
    text.removeAll { "()[]".contains($0) }
    return text + index + (isNew ? "+" : "")
  }
}
