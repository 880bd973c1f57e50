/// An edge between two units.
struct GraphEdge: Hashable, Sendable {
  var from: Int
  var to: Int
  var age: Int
}

/// The graph as it grows.
struct GrowingGraph {
  /// Whither an edge goes, and its age.
  struct Link: Hashable {
    var unit: Int
    var age: Int
  }

  private let columns: Int
  private var weights: [Double]
  var errors: [Double]
  /// The edges of each unit; each edge stands with both of its units.
  var links: [[Link]]

  init(_ start: Matrix) {
    columns = start.columns
    weights = start.values
    errors = [Double](repeating: 0, count: start.rows)
    links = [[Link]](repeating: [], count: start.rows)
  }

  var count: Int { errors.count }
  var matrix: Matrix { Matrix(rows: count, columns: columns, weights) }

  /// Each edge once.
  var edges: [GraphEdge] {
    links.indices.flatMap { unit in
      links[unit].filter { $0.unit > unit }.sorted { $0.unit < $1.unit }
        .map { GraphEdge(from: unit, to: $0.unit, age: $0.age) }
    }
  }

  /// The units nearest and next nearest to a row, and the squared distance to the nearest.
  func nearest(_ rows: Matrix, _ row: Int) -> (first: Int, second: Int, squared: Double) {
    var (first, second) = (0, 1)
    var (least, next) = (Double.infinity, Double.infinity)
    weights.withUnsafeBufferPointer { weights in
      rows.values.withUnsafeBufferPointer { rows in
        let start = row * columns
        for unit in 0..<count {
          var squared = 0.0
          let own = unit * columns
          for column in 0..<columns {
            let difference = rows[start + column] - weights[own + column]
            squared += difference * difference
          }
          if squared < least {
            (second, next) = (first, least)
            (first, least) = (unit, squared)
          } else if squared < next || second == first {
            (second, next) = (unit, squared)
          }
        }
      }
    }
    return (first, second, least)
  }

  mutating func move(_ unit: Int, by rate: Double, towards rows: Matrix, _ row: Int) {
    let (own, start) = (unit * columns, row * columns)
    for column in 0..<columns {
      weights[own + column] += rate * (rows.values[start + column] - weights[own + column])
    }
  }

  /// Sets the age that an edge has in the list of `unit`.
  mutating func setAge(_ unit: Int, _ other: Int, _ age: Int) {
    for place in links[unit].indices where links[unit][place].unit == other {
      links[unit][place].age = age
    }
  }

  /// Makes an edge, or makes it new.
  mutating func connect(_ unit: Int, _ other: Int) {
    guard !links[unit].contains(where: { $0.unit == other }) else {
      setAge(unit, other, 0)
      setAge(other, unit, 0)
      return
    }
    links[unit].append(Link(unit: other, age: 0))
    links[other].append(Link(unit: unit, age: 0))
  }

  private mutating func disconnect(_ unit: Int, _ other: Int) {
    links[unit].removeAll { $0.unit == other }
    links[other].removeAll { $0.unit == unit }
  }

  /// Removes old edges of a unit, and units that have no edge then.
  mutating func dropEdges(of unit: Int, olderThan age: Int) {
    let old = links[unit].filter { $0.age > age }.map(\.unit)
    guard !old.isEmpty else { return }
    for other in old { disconnect(unit, other) }
    for lone in (old + [unit]).sorted(by: >) where links[lone].isEmpty { remove(lone) }
  }

  /// Removes a unit without edges; those after it move up.
  private mutating func remove(_ unit: Int) {
    weights.removeSubrange(unit * columns..<(unit + 1) * columns)
    errors.remove(at: unit)
    links.remove(at: unit)
    for other in links.indices {
      for place in links[other].indices where links[other][place].unit > unit {
        links[other][place].unit -= 1
      }
    }
  }

  /// Puts a unit between that of the largest error and its neighbor of the largest error.
  mutating func insert(share: Double) {
    let worst = largestPlace(errors)
    let neighbors = links[worst].map(\.unit).sorted()
    guard let other = neighbors.max(by: { errors[$0] < errors[$1] }) else { return }
    // The first of several.
    let partner = neighbors.first { errors[$0] == errors[other] } ?? other
    let new = count
    weights += (0..<columns).map {
      0.5 * (weights[worst * columns + $0] + weights[partner * columns + $0])
    }
    links.append([])
    disconnect(worst, partner)
    errors[worst] *= share
    errors[partner] *= share
    errors.append(errors[worst])
    connect(new, worst)
    connect(new, partner)
  }

  /// Multiplies all errors.
  mutating func forget(_ factor: Double) {
    for unit in errors.indices { errors[unit] *= factor }
  }
}
