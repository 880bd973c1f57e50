/// A tree of MathML as the room Formulas writes it: tags without attributes, leaves with text.
indirect enum MathMLNode {
  case element(String, [MathMLNode])
  case text(String)
  /// A parenthesis or bar that does not grow: grown ones stand too far from what is in them.
  case fixedFence(String)

  /// Reads what stands inside of `<math>`. Nothing is lost, whatever the text is.
  static func read(_ source: String) -> [MathMLNode] {
    var stack: [(name: String, children: [MathMLNode])] = [("", [])]
    var rest = Substring(source)
    while let first = rest.first {
      guard first == "<", let end = rest.firstIndex(of: ">") else {
        let text = rest.prefix(while: { $0 != "<" })
        let run = text.isEmpty ? rest.prefix(1) : text
        stack[stack.count - 1].children.append(.text(String(run)))
        rest = rest.dropFirst(run.count)
        continue
      }
      let tag = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      if !tag.hasPrefix("/") {
        stack.append((String(tag), []))
      } else if stack.count > 1, let closed = stack.popLast() {
        stack[stack.count - 1].children.append(.element(closed.name, closed.children))
      }
    }
    while stack.count > 1, let open = stack.popLast() {
      stack[stack.count - 1].children.append(.element(open.name, open.children))
    }
    return stack[0].children
  }

  var source: String {
    switch self {
    case .text(let text): return text
    case .fixedFence(let sign): return "<mo stretchy=\"false\">\(sign)</mo>"
    case .element(let name, let children):
      return "<\(name)>\(children.map(\.source).joined())</\(name)>"
    }
  }

  /// The sign, where it is an operator.
  var sign: String? {
    if case .fixedFence(let sign) = self { return sign }
    guard case .element("mo", let children) = self else { return nil }
    return children.map(\.source).joined()
  }

  /// The width in em, roughly.
  var width: Double {
    switch self {
    case .text(let text):
      if text.hasPrefix("&") { return 0.5 }
      return text.reduce(0) { $0 + ($1.isWide ? 1 : 0.52) }
    case .fixedFence: return 0.4
    case .element(let name, let children):
      let widths = children.map(\.width)
      switch name {
      case "mo": return children.map(\.source).joined().count == 1 ? 0.9 : 0.5
      case "mfrac": return (widths.max() ?? 0) + 0.2
      case "msub", "msup": return (widths.first ?? 0) + 0.7 * widths.dropFirst().reduce(0, +)
      case "msubsup", "munderover", "munder", "mover":
        return (widths.first ?? 0) + 0.7 * (widths.dropFirst().max() ?? 0)
      case "msqrt": return widths.reduce(0.9, +)
      case "mtable": return widths.max() ?? 0
      default: return widths.reduce(0, +)
      }
    }
  }

  /// Whether it is higher than a line, scripts aside.
  var isTall: Bool {
    guard case .element(let name, let children) = self else { return false }
    if ["msub", "msup", "msubsup"].contains(name) { return children.first?.isTall ?? false }
    return ["mfrac", "msqrt", "mtable", "munder", "mover", "munderover"].contains(name)
      || children.contains(where: \.isTall)
  }
}

extension MathMLNode {
  /// The same with every parenthesis fixed that has nothing tall in it.
  var withFixedFences: MathMLNode {
    guard case .element(let name, let children) = self else { return self }
    var parts = children.map(\.withFixedFences)
    if name == "mrow", insideOfFence != nil, !isTall {
      for index in [0, parts.count - 1] {
        parts[index] = parts[index].sign.map { .fixedFence($0) } ?? parts[index]
      }
    }
    return .element(name, parts)
  }

  /// What stands between parentheses or bars, where the row is that.
  var insideOfFence: [MathMLNode]? {
    guard case .element("mrow", let children) = self, children.count > 2,
      ["(", "|", "‖"].contains(children.first?.sign ?? ""),
      [")", "|", "‖"].contains(children.last?.sign ?? "")
    else { return nil }
    return Array(children.dropFirst().dropLast())
  }
}
