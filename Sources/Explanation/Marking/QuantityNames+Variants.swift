extension QuantityNames {
  /// What a key may stand for, the key itself first.
  ///
  /// - Parameter total: The key of the error that the gradients are of.
  static func variants(of key: String, total: String?) -> [String] {
    var found: [String] = []
    func add(_ variant: String) {
      if !found.contains(variant) { found.append(variant) }
    }
    let sides = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if sides.count == 2, sides.allSatisfy({ $0.hasPrefix("d") }) {
      let uppers = names(String(sides[0].dropFirst()), total)
      let lowers = names(String(sides[1].dropFirst()), total)
      for lower in lowers { for upper in uppers { add("d\(upper)/d\(lower)") } }
      // ∂E/∂net is δ.
      if let total, uppers.contains(total) {
        for lower in lowers where lower.hasPrefix("net") { add("delta" + lower.dropFirst(3)) }
      }
    } else if sides.count == 1 {
      names(key, total).forEach(add)
      guard let total else { return found }
      if key.hasPrefix("delta") { add("d\(total)/dnet" + key.dropFirst(5)) }
      // Programs call a gradient grad_w5 or dw5.
      for prefix in ["grad", "d"] where key.hasPrefix(prefix) && key.count > prefix.count {
        let rest = String(key.dropFirst(prefix.count))
        for name in names(rest, total) { add("d\(total)/d\(name)") }
      }
    }
    return found
  }

  /// The other names of what is no fraction.
  private static func names(_ key: String, _ total: String?) -> [String] {
    let mark = key.firstIndex { $0 == "@" || $0 == "+" } ?? key.endIndex
    let (base, ending) = (String(key[..<mark]), String(key[mark...]))
    var found = [key]
    func add(_ name: String) { found.append(name + ending) }
    let small = base.lowercased()
    if let total, totals.contains(small) {
      let mark = total.firstIndex { $0 == "@" || $0 == "+" } ?? total.endIndex
      add(String(total[..<mark]))
    }
    if rates.contains(small) { add("eta") }
    for (written, meant) in prefixes where small.hasPrefix(written) {
      let rest = base.dropFirst(written.count)
      if rest.first.map({ $0.isNumber || $0 == "h" || $0 == "o" }) == true {
        for start in meant { add(start + rest) }
      }
    }
    return found
  }

  private static let totals: Set<String> = [
    "e", "etotal", "etot", "totalerror", "errortotal", "error", "loss", "totalloss", "l", "c", "j",
    "cost", "总误差", "误差", "损失",
  ]
  private static let rates: Set<String> = [
    "eta", "lr", "alpha", "learningrate", "rate", "学习率",
  ]
  /// A beginning that people write, and those that it may stand for.
  private static let prefixes: [(written: String, meant: [String])] = [
    ("x", ["i", "x"]), ("i", ["x"]), ("in", ["i", "x"]), ("input", ["i", "x"]),
    ("target", ["target", "targeto"]), ("t", ["target", "targeto"]),
    ("e", ["Eo"]), ("error", ["E", "Eo"]), ("h", ["outh"]), ("o", ["outo"]), ("out", ["outo"]),
    ("a", ["out"]), ("z", ["net"]), ("net", ["neto"]), ("delta", ["deltao"]), ("bias", ["b"]),
    ("weight", ["w"]),
  ]
}
