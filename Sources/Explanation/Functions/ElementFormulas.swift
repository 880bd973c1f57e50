import Execution
import Formulas
import GraphIR
import Tensors

/// The elements of a small graph as formulas, composed of the operations' own formulas down to
/// elements that have names.
struct ElementFormulas {
  /// An element of a node's value, by its place in row-major order.
  struct Place: Hashable {
    let node: Node.ID
    let element: Int
  }

  private let trace: Trace
  /// The formulas at which composing stops.
  private(set) var names: [Place: Formula]
  /// Elements that are used several times and were therefore named, in the order of the graph.
  private(set) var shared: [Place] = []

  /// - Parameters:
  ///   - trace: A run of the graph; some operations choose by values.
  ///   - names: A name for each element of the inputs, by the inputs' nodes.
  init(_ trace: Trace, names: [Node.ID: [Formula]]) {
    self.trace = trace
    self.names = [:]
    for (node, formulas) in names {
      for (element, formula) in formulas.enumerated() {
        self.names[Place(node: node, element: element)] = formula
      }
    }
  }

  /// Gives a name to an element.
  mutating func name(_ place: Place, _ name: Formula) { names[place] = name }

  /// Gives a name to every computed element below `place` that several others are made of.
  mutating func nameShared(below place: Place, with letters: [Formula]) {
    var uses: [Place: Int] = [:]
    var seen: Set<Place> = []
    func visit(_ place: Place) {
      guard names[place] == nil, seen.insert(place).inserted else { return }
      for source in sources(of: place) {
        let source = origin(source)
        uses[source, default: 0] += 1
        visit(source)
      }
    }
    visit(place)
    let often = uses.filter { use in
      use.value > 1 && names[use.key] == nil && !sources(of: use.key).isEmpty
    }
    shared = often.keys.sorted { ($0.node, $0.element) < ($1.node, $1.element) }
    for (place, letter) in zip(shared, letters) { names[place] = letter }
    shared = Array(shared.prefix(letters.count))
  }

  /// The formula of an element: its name where it has one.
  func formula(_ place: Place) -> Formula { names[place] ?? definition(place) }

  /// The formula of an element in terms of others, also where it has a name itself.
  func definition(_ place: Place) -> Formula {
    guard let rule = rule(place) else { return constant(place) }
    return rule.formula(sources(of: place).map(formula))
  }

  /// ∂y/∂x along all ways that lead through unnamed elements alone: the sum of the products of the
  /// operations' derivatives. Nil where no way leads from x to y.
  func derivative(of y: Place, withRespectTo x: Place) -> Formula? {
    let terms = ways(from: y, to: x).map { factors -> Formula in
      // Factors that are 1 say nothing.
      let telling = factors.filter { $0 != 1 }
      return telling.count == 1 ? telling[0] : telling.isEmpty ? 1 : .product(telling)
    }
    return terms.isEmpty ? nil : terms.count == 1 ? terms[0] : .sum(terms)
  }

  private func ways(from y: Place, to x: Place) -> [[Formula]] {
    guard let rule = rule(y) else { return [] }
    let sources = sources(of: y)
    let slopes = rule.derivatives(sources.map(formula), formula(y))
    return zip(sources, slopes).flatMap { source, slope -> [[Formula]] in
      guard let slope else { return [] }
      let source = origin(source)
      if source == x { return [[slope]] }
      // A name is an end: what it depends on is another derivative.
      guard names[source] == nil else { return [] }
      return ways(from: source, to: x).map { [slope] + $0 }
    }
  }

  /// The element that another is a mere copy of.
  func origin(_ place: Place) -> Place {
    guard names[place] == nil, let rule = rule(place), rule.isCopy else { return place }
    return sources(of: place).first.map(origin) ?? place
  }

  private func rule(_ place: Place) -> ElementRule? {
    let node = trace.graph.nodes[place.node]
    return node.operation?.element(place.element, of: node.inputs.map { trace[$0] })
  }

  private func sources(of place: Place) -> [Place] {
    let inputs = trace.graph.nodes[place.node].inputs
    return (rule(place)?.sources ?? []).map { Place(node: inputs[$0.input], element: $0.element) }
  }

  /// A constant as it is written: a plain fraction where it is half of something small.
  private func constant(_ place: Place) -> Formula {
    let value = trace[place.node].element(place.element)
    if value == 0.5 { return 1 / 2 }
    return .number(value)
  }
}
