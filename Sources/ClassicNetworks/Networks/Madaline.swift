import Charts
import Datasets
import Tensors
import Training

/// Many Adalines in layers, taught by Madaline Rule II: change as little as possible.
///
/// Every unit says y = 1 where s = w · x + b ≥ 0, else −1. A row that the last layer gets right changes
/// nothing. For one that it gets wrong, the layers are gone through from the first to the last hidden
/// one. In each, the unit whose s is nearest to zero is reversed on trial, for it takes the least change
/// of weights. Where fewer outputs are wrong then, it is kept: the unit learns its new answer d by
/// w ← w + η (d − s) x / (‖x‖² + 1), b likewise, until it gives it. Else it is turned back, and the next
/// one is tried; after all single units, pairs are, and so on up to `together` units at once. Last, the
/// outputs that are still wrong learn by themselves.
///
/// Units that rarely learn would be left out by that. So |s| counts as
/// |s| (1 + uses / (`usage` n)), with the number of times that the unit learned and of rows, n.
///
/// The exclusive or is learned from 39 of 50 seeds with two hidden units and from 48 with four, in 200
/// epochs at most: where no reversal helps, the rule changes the last layer alone, and may stay there.
///
/// Two classes have one output; more have one each, of which the greatest s answers.
///
/// Sources: R. Winter, B. Widrow, "Madaline Rule II: a training algorithm for neural networks", IEEE
/// International Conference on Neural Networks (1988), doi:10.1109/ICNN.1988.23872; B. Widrow, M. Lehr,
/// "30 years of adaptive neural networks", Proceedings of the IEEE 78 (1990), doi:10.1109/5.58323.
public struct Madaline: ClassicNetwork {
  public static let kind = "madaline"
  public static let purpose =
    "classes by layers of threshold units; of these, those that need the least change learn"
  public static let meanings: SettingMeanings = [
    ("hidden", "the units of each hidden layer, from the first on: 4 or 8,4"),
    ("epochs", "passes over the rows at most; it ends with one without mistakes"),
    ("learningRate", "η, the part of its error that a unit takes away at once"),
    ("together", "how many units of a layer are reversed at once at most, 1 to 3"),
    ("usage", "how much a unit may have learned before others are preferred; 0: it does not count"),
    ("pocket", "whether the best weights so far are kept"),
    ("scaling", RowScaling.meaning),
  ]

  public var hidden: [Int]
  public var epochs: Int
  public var learningRate: Double
  public var together: Int
  public var usage: Double
  public var pocket: Bool
  public var scaling: RowScaling

  public init() { self.init(hidden: [4]) }

  public init(
    hidden: [Int], epochs: Int = 100, learningRate: Double = 1, together: Int = 2,
    usage: Double = 5, pocket: Bool = true, scaling: RowScaling = .standard
  ) {
    self.hidden = hidden
    self.epochs = epochs
    self.learningRate = learningRate
    self.together = together
    self.usage = usage
    self.pocket = pocket
    self.scaling = scaling
  }

  public var problem: String? {
    if hidden.isEmpty || hidden.count > 8 {
      return "hidden has \(hidden.count) layers, expected 1 to 8"
    }
    if let wrong = hidden.first(where: { !(1...10_000).contains($0) }) {
      return "hidden holds \(wrong), expected 1 to 10000"
    }
    if !(1...1_000_000).contains(epochs) { return "epochs is \(epochs), expected 1 to 1000000" }
    // Past 2 an error grows.
    if !(learningRate > 0 && learningRate < 2) {
      return "learningRate is \(learningRate), expected more than 0 and less than 2"
    }
    if !(1...3).contains(together) { return "together is \(together), expected 1 to 3" }
    return usage >= 0 && usage.isFinite ? nil : "usage is \(usage), expected 0 or more"
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedMadaline
  {
    try check()
    let data = data.asClasses
    let (labels, names) = try data.labels(for: Self.kind)
    var (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind)
    let outputs = names.count == 2 ? 1 : names.count
    let wanted = labels.map { label in
      outputs == 1 ? [label == 1 ? 1.0 : -1] : (0..<outputs).map { $0 == label ? 1 : -1 }
    }
    var random = RandomStream(seed: seed, name: "madaline")
    var units = ThresholdLayers(sizes: [rows.columns] + hidden + [outputs], random: &random)
    var (best, fewest) = (units, Int.max)
    for epoch in 1...epochs {
      for row in random.permutation(rows.rows) {
        units.learn(Array(rows[row: row]), wanted[row], self, rows: rows.rows)
      }
      // What counts are the weights after the epoch: a row may spoil what another has learned.
      let found = units.classes(rows)
      let mistakes = zip(found, labels).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
      if mistakes < fewest { (best, fewest) = (units, mistakes) }
      facts.record("mistakes", Double(mistakes))
      observe(ClassicProgress(epoch: epoch, [ClassicFigure("mistakes", Double(mistakes))]))
      if mistakes == 0 { break }
    }
    if facts.curves["mistakes"]?.last != 0 {
      facts.warnings.append(
        "\(epochs) epoch\(epochs == 1 ? "" : "s") ended with mistakes: more hidden units, more epochs "
          + "or another seed may help")
    }
    return FittedMadaline(settings: self, facts: facts, layers: (pocket ? best : units).layers)
  }

  public static var samples: [ClassicSample<Madaline>] {
    let points = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    return [
      ClassicSample(
        Madaline(hidden: [3], epochs: 20),
        on: Dataset(
          name: "xor", features: points, targets: .values(Tensor([0.0, 1, 1, 0]), names: ["xor"]))),
      ClassicSample(
        Madaline(hidden: [4, 3], epochs: 10, together: 3, usage: 0, pocket: false),
        on: Dataset(
          name: "three", features: points,
          targets: .classes(Tensor([0, 1, 1, 2] as [Int32]), names: ["a", "b", "c"]))),
    ]
  }
}

/// Layers of units that answer 1 or −1.
package struct ThresholdLayers {
  /// [units, inputs + 1] each, the bias last.
  var layers: [Matrix]
  /// How often each unit has learned.
  private var uses: [[Int]]

  init(layers: [Matrix]) {
    self.layers = layers
    uses = layers.map { [Int](repeating: 0, count: $0.rows) }
  }

  init(sizes: [Int], random: inout RandomStream) {
    self.init(
      layers: zip(sizes, sizes.dropFirst()).map { inputs, units in
        Matrix(
          rows: units, columns: inputs + 1,
          (0..<units * (inputs + 1)).map { _ in random.uniform(-1, 1) })
      })
  }

  private static func signs(_ nets: [Double]) -> [Double] { nets.map { $0 >= 0 ? 1 : -1 } }

  /// The net inputs of the last layer, where layer `first` gets `input`.
  private func outputs(of input: [Double], from first: Int = 0) -> [Double] {
    var values = input
    for layer in layers[first...].dropLast() { values = Self.signs(layer.unitNets(values)) }
    return layers.last?.unitNets(values) ?? []
  }

  /// How many outputs are wrong.
  private static func wrong(_ nets: [Double], _ wanted: [Double]) -> Int {
    zip(signs(nets), wanted).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
  }

  func classes(_ rows: Matrix) -> [Int] {
    (0..<rows.rows).map { row in
      let nets = outputs(of: Array(rows[row: row]))
      return nets.count == 1 ? (nets[0] >= 0 ? 1 : 0) : largestPlace(nets)
    }
  }

  /// Learns a row.
  mutating func learn(
    _ row: [Double], _ wanted: [Double], _ settings: Madaline, rows: Int
  ) {
    var wrong = Self.wrong(outputs(of: row), wanted)
    guard wrong > 0 else { return }
    var input = row
    for layer in layers.indices.dropLast() {
      wrong = disturb(layer, input, wanted, wrong, settings, rows: rows)
      if wrong == 0 { return }
      input = Self.signs(layers[layer].unitNets(input))
    }
    let last = layers.count - 1
    let signs = Self.signs(layers[last].unitNets(input))
    for unit in signs.indices where signs[unit] != wanted[unit] {
      turn(last, unit, input, settings.learningRate)
    }
  }

  /// Reverses units of a layer for as long as that helps.
  ///
  /// - Returns: How many outputs are still wrong.
  private mutating func disturb(
    _ layer: Int, _ input: [Double], _ wanted: [Double], _ before: Int, _ settings: Madaline,
    rows: Int
  ) -> Int {
    var wrong = before
    let nets = layers[layer].unitNets(input)
    let effort = nets.indices.map { unit in
      let share =
        settings.usage > 0 ? Double(uses[layer][unit]) / (settings.usage * Double(rows)) : 0
      return abs(nets[unit]) * (1 + share)
    }
    var signs = Self.signs(nets)
    for count in 1...min(settings.together, nets.count) {
      for group in Self.groups(effort, count) {
        for unit in group { signs[unit] = -signs[unit] }
        let found = Self.wrong(outputs(of: signs, from: layer + 1), wanted)
        guard found < wrong else {
          for unit in group { signs[unit] = -signs[unit] }
          continue
        }
        wrong = found
        for unit in group {
          // A unit may be turned twice, once alone and once with another.
          let now: Double = layers[layer].unitNets(input)[unit] >= 0 ? 1 : -1
          if now != signs[unit] { turn(layer, unit, input, settings.learningRate) }
        }
        if wrong == 0 { return 0 }
      }
    }
    return wrong
  }

  /// All groups of so many units, that of the least effort first; of many units only the ten nearest to
  /// zero are grouped.
  package static func groups(_ effort: [Double], _ count: Int) -> [[Int]] {
    let order = effort.indices.sorted { (effort[$0], $0) < (effort[$1], $1) }
    guard count > 1 else { return order.map { [$0] } }
    let near = order.prefix(10)
    var groups: [[Int]] = [[]]
    for _ in 0..<count {
      groups = groups.flatMap { group in
        near.indices.filter { place in group.allSatisfy { $0 < place } }.map { group + [$0] }
      }
    }
    // Places in `near` are in ascending order of effort.
    func total(_ group: [Int]) -> Double { group.reduce(0) { $0 + effort[near[$1]] } }
    return groups.map { (total($0), $0) }.sorted {
      $0.0 == $1.0 ? $0.1.lexicographicallyPrecedes($1.1) : $0.0 < $1.0
    }
    .map { $0.1.map { near[$0] } }
  }

  /// A unit learns the opposite of what it says, until it says it.
  private mutating func turn(_ layer: Int, _ unit: Int, _ input: [Double], _ rate: Double) {
    uses[layer][unit] += 1
    let start = unit * layers[layer].columns
    let length = dot(input, input) + 1
    let first = layers[layer].unitNets(input)[unit]
    let wanted: Double = first >= 0 ? -1 : 1
    var net = first
    // The error shrinks by the factor |1 − η| each time.
    for _ in 0..<10_000 where (net >= 0 ? 1 : -1) != wanted {
      let step = rate * (wanted - net) / length
      for (column, value) in input.enumerated() {
        layers[layer].values[start + column] += step * value
      }
      layers[layer].values[start + input.count] += step
      net = layers[layer].unitNets(input)[unit]
    }
  }
}

/// A Madaline that has learned.
public struct FittedMadaline: FittedNetwork {
  public let settings: Madaline
  public let facts: ClassicFacts
  private let units: ThresholdLayers

  init(settings: Madaline, facts: ClassicFacts, layers: [Matrix]) {
    (self.settings, self.facts, units) = (settings, facts, ThresholdLayers(layers: layers))
  }

  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    units.layers.enumerated().map { ("layer \($0.offset + 1)", $0.element.tensor) }
  }

  public init(settings: Madaline, facts: ClassicFacts, tensors: [String: Tensor]) throws {
    guard facts.classNames.count > 1 else {
      throw TrainingError.data("there are \(facts.classNames.count) classes, expected 2 or more")
    }
    let outputs = facts.classNames.count == 2 ? 1 : facts.classNames.count
    let sizes = [try facts.columns()] + settings.hidden + [outputs]
    self.init(
      settings: settings, facts: facts,
      layers: try (1..<sizes.count).map {
        try tensors.matrix("layer \($0)", sizes[$0], sizes[$0 - 1] + 1)
      })
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    .classes(units.classes(try facts.scaled(rows, for: Madaline.kind)), names: facts.classNames)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    try scores(on: data, classNames: facts.classNames)
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let first = units.layers[0].withoutBias
    return [try decisionPicture(self, facts, with: data.asClasses)].compactMap { $0 }
      + curvePictures(facts) + [
        weightPicture(
          "Weights of the first layer", first, names: (1...first.rows).map { "unit \($0)" },
          facts: facts)
      ]
  }
}
