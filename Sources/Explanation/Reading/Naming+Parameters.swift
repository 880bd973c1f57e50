import Formulas
import Layers
import Tensors

extension Naming {
  /// The name of an element of a parameter.
  func parameter(_ name: String, _ element: Int) -> Label? {
    guard let (declaration, layer) = declarations[name] else { return nil }
    let shape = declaration.type.shape
    let own = name.split(separator: ".").last.map(String.init) ?? name
    let isWeight = declaration.isWeight
    let columns = shape.rank == 0 ? 1 : shape[-1]
    let (row, column) = element.quotientAndRemainder(dividingBy: max(1, columns))
    let (columnGate, unit) = gate(name, column, of: columns, in: layer)
    let projection = Self.projection(own)
    let gate = projection?.letter ?? columnGate
    let kind: Quantity.Kind = isWeight ? .weight : .bias
    let isImage = sizes(layer).count > 1
    // What all places of an image share is no single neuron's.
    let place = Quantity.Place(
      layer: layer, unit: isImage || columns == 1 && !isWeight ? 0 : unit + 1)
    if isNumbered, let first = firstNumbers[name] {
      // The texts' order: neuron by neuron, the weights of each in the order of their inputs.
      let rows = shape.rank == 2 ? shape[0] : 1
      let number = isWeight ? first + unit * rows + row : first + element
      let symbol = (isWeight ? "w" : "b") + "\(number)"
      return Label(name: symbol, symbol: .symbol(symbol), kind: kind, place: place)
    }
    let end = (gate.map { $0 + "," } ?? "") + "\(letter(layer))\(unit + 1)"
    let lower: String
    switch shape.rank {
    case _ where shared.contains(name):
      let path = name.split(separator: ".").dropLast().joined(separator: ".")
      lower =
        (path.isEmpty ? Self.stem(letter(layer)) : path)
        + Self.place(shape.position(of: element))
    case 1... where isImage:
      lower = Self.stem(letter(layer)) + Self.place(shape.position(of: element))
    case 1 where columns == 1 && map.layers[layer - 1].units > 1: lower = letter(layer)
    case 1: lower = end
    case 2:
      let ends = [gate, source(of: own, layer: layer, row: row, rows: shape[0])].compactMap { $0 }
      lower = (ends + ["\(letter(layer))\(unit + 1)"]).joined(separator: ",")
    default:
      lower = Self.stem(letter(layer)) + Self.place(shape.position(of: element))
    }
    let head =
      projection?.head ?? Self.letter(of: own, follows: isAfterRecurrence(layer))
    return Label(
      name: "\(head)_\(lower)", symbol: .symbol(head, subscript: lower), kind: kind, place: place)
  }

  /// The gate that a column of a parameter belongs to, and the unit, from 0; no gate where the layer
  /// has none.
  private func gate(_ parameter: String, _ column: Int, of columns: Int, in layer: Int) -> (
    gate: String?, unit: Int
  ) {
    guard let path = declarations[parameter]?.declaration.layer, let gates = gates[path],
      map.layers.indices.contains(layer - 1), columns % gates.count == 0,
      columns > map.layers[layer - 1].units
    else { return (nil, column) }
    let units = columns / gates.count
    return (gates[column / units], column % units)
  }

  /// The texts' letters of attention's parameters: w and b of the queries q, the keys k, the values v and
  /// the output o; nil for others.
  private static func projection(_ own: String) -> (letter: String, head: String)? {
    for name in ["query", "key", "value", "output"] {
      if own == name + "Weight" { return (String(name.prefix(1)), "w") }
      if own == name + "Bias" { return (String(name.prefix(1)), "b") }
    }
    return nil
  }

  /// The neuron or input at a weight's far end.
  private func source(of own: String, layer: Int, row: Int, rows: Int) -> String {
    if own == "recurrentWeight" || own == "outputWeight" { return "\(letter(layer))\(row + 1)" }
    let width = layer == 1 ? map.features : map.layers[layer - 2].units
    return rows == width ? unit(layer - 1, row + 1) : "\(row + 1)"
  }

  /// Whether a layer comes after a recurrent one.
  private func isAfterRecurrence(_ layer: Int) -> Bool {
    declarations.values.contains {
      $0.layer < layer && $0.declaration.name.hasSuffix(".recurrentWeight")
    }
  }

  /// The texts' letter: u, w and v for the weights into, within and out of a recurrent layer.
  private static func letter(of own: String, follows: Bool) -> String {
    switch own {
    case "weight": follows ? "v" : "w"
    case "bias": "b"
    case "inputWeight": "u"
    case "recurrentWeight": "w"
    case "candidateBias": "d"
    default: own
    }
  }
}
