import Backprop

/// How well the networks do on small sets, beside other programs of the same kind.
struct QualityEvidence: EvidenceTopic {
  static let name = "quality"
  static let summary =
    "maps, prototypes, categories and centers on iris and digits beside other programs"

  private struct Peer: Decodable {
    let results: [String: [Double]]
    let versions: [String: String]
  }

  static func run(_ context: EvidenceContext) throws {
    let seeds = context.seeds(5)
    let peer: Peer? = try context.peer("quality.py", ["\(seeds.count)"])
    let versions = peer?.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    context.say(
      "Mean (least–greatest) over \(seeds.count) seeds; what has no random numbers is run once. Every third "
        + "row is a test row. "
        + (versions.map { "Beside \($0.joined(separator: ", ")) and sklvq 0.1.2." } ?? ""))
    try maps(context, seeds, peer?.results)
    try classes(context, seeds, peer?.results)
  }

  private static func maps(
    _ context: EvidenceContext, _ seeds: Range<UInt64>, _ peer: [String: [Double]]?
  ) throws {
    context.heading("Maps and graphs")
    context.say(
      "Quantization error is the mean distance of a row from its unit, topographic error the share of rows "
        + "whose two nearest units are no neighbors. The peer of growing neural gas is k-means with as many "
        + "centers, which knows nothing but the distance.")
    var lines: [[String]] = []
    for (name, side, online, batch) in [("iris", 8, 20, 20), ("digits", 10, 3, 10)] {
      let data = try Dataset.builtIn(name)
      for training in [SelfOrganizingMap.Training.online, .batch] {
        var map = SelfOrganizingMap(rows: side, columns: side, epochs: batch)
        if training == .online {
          map = SelfOrganizingMap(
            rows: side, columns: side, training: .online, initial: .rows, epochs: online,
            radiusDecay: .asymptotic, rateDecay: .asymptotic)
        }
        let fitted = try (training == .online ? seeds : 0..<1).map { try map.fit(data, seed: $0) }
        let title = "\(side) × \(side) map of \(name), \(training)"
        lines.append([
          "\(title): quantization error",
          spread(try fitted.map { try $0.quantizationError(data.features) }, 3), "MiniSom",
          spread(peer?["som \(name) \(training) error"], 3),
        ])
        lines.append([
          "\(title): topographic error",
          spread(try fitted.compactMap { try $0.topographicError(data.features) }, 3), "MiniSom",
          spread(peer?["som \(name) \(training) folds"], 3),
        ])
      }
      let units = name == "iris" ? 30 : 100
      let gas = GrowingNeuralGas(units: units, epochs: name == "iris" ? 50 : 20)
      let errors = try seeds.compactMap { seed in
        try gas.fit(data, seed: seed).figures(on: data).first { $0.name == "quantization error" }?
          .value
      }
      lines.append([
        "growing neural gas of \(units) units, \(name): quantization error", spread(errors, 3),
        "k-means", spread(peer?["gng \(name)"], 3),
      ])
    }
    context.table(["figure", "Backprop", "reference", "theirs"], lines)
  }

  private static func classes(
    _ context: EvidenceContext, _ seeds: Range<UInt64>, _ peer: [String: [Double]]?
  ) throws {
    context.heading("Classes of test rows")
    var lines: [[String]] = []
    for name in ["iris", "digits"] {
      let data = try Dataset.builtIn(name)
      let train = data.rows((0..<data.count).filter { $0 % 3 != 2 })
      let test = data.rows((0..<data.count).filter { $0 % 3 == 2 })
      func accuracies(
        _ network: some ClassicNetwork, _ seeds: Range<UInt64>, _ figure: String = "accuracy"
      ) throws -> [Double] {
        try seeds.compactMap { seed in
          try network.fit(train, seed: seed).figures(on: test).first { $0.name == figure }
            .map { 100 * $0.value }
        }
      }
      func theirs(_ key: String) -> String { spread(peer?[key]?.map { 100 * $0 }, 1) }
      let prototypes = name == "iris" ? 2 : 3
      let lvq = LearningVectorQuantization(
        rule: .glvq, prototypes: prototypes, epochs: 50, scaling: .standard)
      lines.append([
        "\(name), GLVQ, \(prototypes) prototypes a class: accuracy, %",
        spread(try accuracies(lvq, seeds), 1), "sklvq", theirs("lvq \(name)"),
      ])
      let map = FuzzyARTMAP(vigilance: 0, tracking: 1e-6, epochs: 5)
      let count = try map.fit(train, seed: 0).templates.shape[0]
      lines.append([
        "\(name), Fuzzy ARTMAP, 5 epochs: accuracy, %", spread(try accuracies(map, 0..<1), 1),
        "artlib", theirs("fuzzy-artmap \(name)"),
      ])
      lines.append([
        "the same: categories", "\(count)", "artlib",
        figure(peer?["fuzzy-artmap \(name) categories"]?.first, 0),
      ])
      let boxes = try FuzzyART(vigilance: 0.75, epochs: 1).fit(train, seed: 0).templates.shape[0]
      lines.append([
        "\(name), Fuzzy ART, one epoch: categories", "\(boxes)", "artlib",
        figure(peer?["fuzzy-art \(name) categories"]?.first, 0),
      ])
      let units = name == "iris" ? 15 : 100
      let rbf = RadialBasisNetwork(units: units, scaling: .standard) {
        ($0.widthFactor, $0.ridge) = (3, 1e-3)
      }
      lines.append([
        "\(name), radial basis network of \(units) units: accuracy, %",
        spread(try accuracies(rbf, seeds), 1), "scikit-learn's parts", theirs("rbf \(name)"),
      ])
    }
    context.table(["figure", "Backprop", "reference", "theirs"], lines)
  }
}
