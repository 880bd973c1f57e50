import GraphIR
import Tensors

/// The weights of one matrix: a row for each neuron, a column for each of its inputs.
struct WorksheetMatrix {
  /// The number of the layer, from 0.
  let layer: Int
  /// The parameter's own name: `weight`.
  let parameter: String
  /// What it may be called in a worksheet, the usual name first.
  let names: [String]
  let rows: Int
  let columns: Int
  /// Row by row; empty until they are known.
  var values: [Double] = []

  /// As the library stores it: [inputs, neurons].
  var stored: Tensor {
    var numbers: [Double] = []
    numbers.reserveCapacity(values.count)
    for column in 0..<columns {
      for row in 0..<rows { numbers.append(values[row * columns + column]) }
    }
    return Tensor(numbers, shape: [columns, rows])
  }
}

/// All weights, and how the worksheet names them.
struct WorksheetWeights {
  let matrices: [WorksheetMatrix]
  let names: WeightNames
}

extension WorksheetReader {
  private static let mostWeights = 1_000_000

  /// The weights, in any of the forms.
  func weights(of layers: [LayerPlan], features: Int) throws -> WorksheetWeights {
    let entry = try required("weights", "w1, w2, … or a matrix for each layer")
    let matrices = Self.matrices(of: layers, features: features)
    let count = matrices.reduce(0) { $0 + $1.rows * $1.columns }
    guard count <= Self.mostWeights else {
      throw entry.error("the network has \(count) weights, expected at most \(Self.mostWeights)")
    }
    if entry.isMapping {
      let pairs = try entry.pairs("")
      let names = matrices.flatMap(\.names)
      let isNumbered = pairs.contains { pair in
        pair.value.isSingle && !names.contains(pair.name)
      }
      if !isNumbered {
        return WorksheetWeights(
          matrices: try matricesByName(pairs, matrices, entry), names: .byPlace)
      }
    }
    guard !layers.contains(where: \.isElman) else {
      throw entry.error(
        "found numbers by themselves, expected a matrix for each of "
          + matrices.map { $0.names[0] }.joined(separator: ", "))
    }
    let numbers =
      entry.isMapping
      ? try numbered(entry, letter: "w", noun: "weight", count: count) : try entry.numbers()
    guard numbers.count == count else {
      throw entry.error(
        "found \(counted(numbers.count, "number")), expected \(count) (\(range("w", count)))")
    }
    var start = 0
    let filled = matrices.map { matrix in
      var matrix = matrix
      matrix.values = Array(numbers[start..<start + matrix.rows * matrix.columns])
      start += matrix.values.count
      return matrix
    }
    return WorksheetWeights(matrices: filled, names: .numbered)
  }

  /// The matrices that the layers need, without their numbers.
  private static func matrices(of layers: [LayerPlan], features: Int) -> [WorksheetMatrix] {
    var (matrices, columns) = ([WorksheetMatrix](), features)
    let elmanCount = layers.count { $0.isElman }
    for (index, layer) in layers.enumerated() {
      func add(_ parameter: String, _ names: [String], columns: Int) {
        matrices.append(
          WorksheetMatrix(
            layer: index, parameter: parameter, names: names, rows: layer.units, columns: columns))
      }
      if layer.isElman {
        let (u, w) = ("\(layer.name).U", "\(layer.name).W")
        add("inputWeight", elmanCount == 1 ? ["U", u] : [u], columns: columns)
        add("recurrentWeight", elmanCount == 1 ? ["W", w] : [w], columns: layer.units)
      } else {
        let isV = elmanCount == 1 && index > 0 && layers[index - 1].isElman
        add("weight", isV ? ["V", layer.name] : [layer.name], columns: columns)
      }
      columns = layer.units
    }
    return matrices
  }

  private func matricesByName(
    _ pairs: [(name: String, value: WorksheetEntry)], _ matrices: [WorksheetMatrix],
    _ entry: WorksheetEntry
  ) throws -> [WorksheetMatrix] {
    var filled = matrices
    let names = matrices.map { $0.names[0] }
    for (name, value) in pairs {
      guard let index = matrices.firstIndex(where: { $0.names.contains(name) }) else {
        throw entry.at(value).error(
          "there is no layer \(quotedInBrief(name)); "
            + suggestion(for: name, in: matrices.flatMap(\.names)))
      }
      guard filled[index].values.isEmpty else {
        throw entry.at(value).error("\(names[index]) is given twice, expected once")
      }
      filled[index].values = try matrix(value, matrices[index])
    }
    if let index = filled.firstIndex(where: \.values.isEmpty) {
      throw entry.error("\(names[index]) is missing; expected \(names.joined(separator: ", "))")
    }
    return filled
  }

  private func matrix(_ entry: WorksheetEntry, _ expected: WorksheetMatrix) throws -> [Double] {
    var rows = try entry.list(of: "row")
    // The matrix of one neuron may be its row alone.
    if expected.rows == 1, rows.first?.isSingle == true { rows = [entry] }
    guard rows.count == expected.rows else {
      throw entry.error(
        "found \(counted(rows.count, "row")), expected \(expected.rows), one for each neuron")
    }
    return try rows.flatMap { row in
      let numbers = try row.list(of: "number").map { try $0.number() }
      guard numbers.count == expected.columns else {
        throw row.error(
          "found \(counted(numbers.count, "number")), expected \(expected.columns), one for each "
            + "input of the neuron")
      }
      return numbers
    }
  }
}
