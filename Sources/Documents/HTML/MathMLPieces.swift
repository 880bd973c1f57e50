/// A formula as pieces between which a browser may break the line.
enum MathMLPieces {
  /// In em; a formula up to this width stays whole, since it fits on the smallest screens.
  private static let small = 13.0

  /// The contents of one `<math>` after the other. Browsers break no line inside of `<math>`, but
  /// between two of them they do.
  static func pieces(_ content: String) -> [String] {
    let nodes = MathMLNode.read(content).map(\.withFixedFences)
    guard nodes.reduce(0, { $0 + $1.width }) > small else {
      return [nodes.map(\.source).joined()]
    }
    return split(flattened(nodes), atProducts: false).flatMap { piece in
      piece.reduce(0) { $0 + $1.width } > small ? split(piece, atProducts: true) : [piece]
    }.map(source)
  }

  /// The children of rows, and of wide parentheses. Those that grow fit the terms next to them.
  private static func flattened(_ nodes: [MathMLNode]) -> [MathMLNode] {
    nodes.flatMap { node -> [MathMLNode] in
      guard case .element(let name, let children) = node else { return [node] }
      if nodes.count == 1, name == "mrow" { return flattened(children) }
      guard node.width > small else { return [node] }
      if name == "mrow" {
        guard let inside = node.insideOfFence else { return flattened(children) }
        return children.prefix(1) + flattened(inside) + children.suffix(1)
      }
      // The exponent of what is in parentheses goes to the closing one.
      if name == "msup", let base = children.first, let inside = base.insideOfFence,
        case .element(_, let fence) = base
      {
        let end = MathMLNode.element("msup", fence.suffix(1) + children.dropFirst())
        return fence.prefix(1) + flattened(inside) + [end]
      }
      return [node]
    }
  }

  private static func split(_ nodes: [MathMLNode], atProducts: Bool) -> [[MathMLNode]] {
    var pieces: [[MathMLNode]] = [[]]
    for (index, node) in nodes.enumerated() {
      // A sign in front of everything, or after another sign, is no place to break.
      if let sign = node.sign, let isProduct = LineBreaking.isProductSign(unescaped(sign)),
        isProduct == atProducts, index > 0, !isOperator(nodes[index - 1]),
        pieces[pieces.count - 1].contains(where: { $0.sign == nil })
      {
        pieces.append([])
      }
      pieces[pieces.count - 1].append(node)
    }
    return pieces
  }

  private static func isOperator(_ node: MathMLNode) -> Bool {
    node.sign.map { ![")", "|", "‖"].contains($0) } ?? false
  }

  private static func unescaped(_ sign: String) -> String {
    switch sign {
    case "&lt;": return "<"
    case "&gt;": return ">"
    default: return sign
    }
  }

  /// A sign at the start of a piece stands between two operands all the same.
  private static func source(_ nodes: [MathMLNode]) -> String {
    var result = nodes.map(\.source).joined()
    if let sign = nodes.first?.sign, LineBreaking.isProductSign(unescaped(sign)) != nil,
      nodes.count > 1
    {
      result = "<mo form=\"infix\">\(sign)</mo>" + nodes.dropFirst().map(\.source).joined()
    }
    return nodes.count > 1 ? "<mrow>\(result)</mrow>" : result
  }
}
