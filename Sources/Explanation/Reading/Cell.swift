import Formulas
import GraphIR

/// One number in a run of a graph: an element of a node's value, in row-major order.
struct Cell: Hashable, Sendable {
  let node: Node.ID
  let element: Int
}

/// What a derivation calls a cell.
struct Label {
  let name: String
  let symbol: Formula
  let kind: Quantity.Kind
  var place: Quantity.Place?

  /// The same after the update: `net_h1+`, net_h1⁺.
  var updated: Label {
    Label(name: name + "+", symbol: symbol.updated, kind: kind, place: place)
  }
}

extension Formula {
  /// The symbol of the same quantity after an update: w5⁺.
  var updated: Formula {
    guard case .symbol(let symbol) = self else { return self }
    return .symbol(
      Symbol(
        name: symbol.name, subscript: symbol.subscript,
        superscript: (symbol.superscript ?? "") + "+"))
  }
}
