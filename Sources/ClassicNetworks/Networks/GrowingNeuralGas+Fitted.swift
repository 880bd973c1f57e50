import Charts
import Datasets
import Tensors
import Training

/// A growing neural gas that has learned.
public struct FittedGrowingNeuralGas: FittedNetwork {
  public let settings: GrowingNeuralGas
  public let facts: ClassicFacts
  private let matrix: Matrix
  private let graph: [GraphEdge]
  private let answers: UnitClasses
  /// The component of the graph that each unit belongs to, numbered from 0.
  public let components: [Int]

  init(
    settings: GrowingNeuralGas, facts: ClassicFacts, weights: Matrix, edges: [GraphEdge],
    answers: UnitClasses
  ) {
    (self.settings, self.facts, matrix, graph) = (settings, facts, weights, edges)
    self.answers = answers
    components = Self.components(weights.rows, edges)
  }

  /// The weights of each unit for scaled rows, [units, features].
  public var weights: Tensor { matrix.tensor }
  /// The two units of each edge.
  public var edges: [(from: Int, to: Int)] { graph.map { ($0.from, $0.to) } }
  /// The number of components, each a cluster that no edge leads out of.
  public var componentCount: Int { (components.max() ?? -1) + 1 }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    let ends = graph.flatMap { [Double($0.from), Double($0.to), Double($0.age)] }
    return [
      ("weights", weights), ("edges", Tensor(ends, shape: [graph.count, 3])),
      ("unit classes", answers.tensor),
    ]
  }

  public init(settings: GrowingNeuralGas, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    let weights = try tensors.matrix("weights", nil, facts.columns())
    guard weights.rows >= 1 else { throw TrainingError.data("weights holds no unit") }
    let ends = try tensors.matrix("edges", nil, 3)
    let edges = try (0..<ends.rows).map { row in
      let numbers = Array(ends[row: row])
      guard numbers.allSatisfy({ $0 == $0.rounded() && $0 >= 0 && $0 < 1e15 }),
        numbers[0] < numbers[1], numbers[1] < Double(weights.rows)
      else { throw TrainingError.data("edges holds \(numbers), expected two units and an age") }
      return GraphEdge(from: Int(numbers[0]), to: Int(numbers[1]), age: Int(numbers[2]))
    }
    self.init(
      settings: settings, facts: facts, weights: weights, edges: edges,
      answers: try UnitClasses(
        tensors, units: weights.rows, classCount: facts.classNames.count))
  }

  /// Walks along edges from each unit that was not reached yet.
  private static func components(_ units: Int, _ edges: [GraphEdge]) -> [Int] {
    var neighbors = [[Int]](repeating: [], count: units)
    for edge in edges {
      neighbors[edge.from].append(edge.to)
      neighbors[edge.to].append(edge.from)
    }
    var found = [Int](repeating: -1, count: units)
    var count = 0
    for unit in 0..<units where found[unit] < 0 {
      var open = [unit]
      found[unit] = count
      while let next = open.popLast() {
        for other in neighbors[next] where found[other] < 0 {
          found[other] = count
          open.append(other)
        }
      }
      count += 1
    }
    return found
  }

  /// The unit nearest to each row.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    .units(NearestRows(try facts.scaled(rows, for: GrowingNeuralGas.kind), to: matrix).first)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let rows = try facts.scaled(data.features, for: GrowingNeuralGas.kind)
    let nearest = NearestRows(rows, to: matrix)
    let sum = nearest.firstSquared.reduce(0) { $0 + $1.squareRoot() }
    return [
      ClassicFigure("quantization error", sum / Double(max(rows.rows, 1))),
      ClassicFigure("units", Double(matrix.rows)), ClassicFigure("edges", Double(graph.count)),
      ClassicFigure("components", Double(componentCount)),
      answers.score(
        rows, units: nearest.first, weights: matrix, on: data, names: facts.classNames),
    ].compactMap { $0 }
  }

  /// The components, with their units and rows, in words.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func remarks(on data: Dataset) throws -> [String] {
    guard case .units(let found) = try predict(data.features) else { return [] }
    let count = componentCount
    guard count > 1 else { return ["the graph is in one piece"] }
    var (units, rows) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
    for component in components { units[component] += 1 }
    for unit in found { rows[components[unit]] += 1 }
    let shown = (0..<min(count, 10)).map { "\(units[$0]) units with \(rows[$0]) rows" }
    return [
      "the graph is in \(count) pieces: " + shown.joined(separator: ", ")
        + (count > shown.count ? ", …" : "")
    ]
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let rows = try facts.scaled(data.features, for: GrowingNeuralGas.kind)
    let view = try PlaneView(rows: rows, units: matrix, facts: facts)
    let chart = GraphChart(
      title: "Graph", xLabel: view.labels.x, yLabel: view.labels.y,
      classes: view.series(data), nodes: view.units, edges: edges.map { .init($0.from, $0.to) })
    return [
      ClassicPicture(
        "Graph", chart, caption: "The units, the edges between them, and the rows." + view.note)
    ] + curvePictures(facts)
  }
}
