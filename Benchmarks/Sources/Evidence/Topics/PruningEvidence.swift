import Backprop

/// Optimal brain damage and surgeon beside pruning by magnitude: the paper's XOR, and iris.
struct PruningEvidence: EvidenceTopic {
  static let name = "pruning"
  static let summary =
    "optimal brain surgeon, optimal brain damage and magnitude: what their removals cost"

  private static let rules: [any PruningRule] = [
    OptimalBrainSurgeon(), OptimalBrainDamage(curvature: .outerProducts), MagnitudePruning(),
  ]

  static func run(_ context: EvidenceContext) throws {
    try xor(context)
    try iris(context)
  }

  /// Networks of 2-2-1 units that have learned XOR lose a weight or two, and nothing is trained after.
  private static func xor(_ context: EvidenceContext) throws {
    let seeds = context.seeds(200)
    let data = try Dataset.builtIn("xor")
    var solved: [TrainedModel] = []
    for seed in seeds {
      let trainer = Trainer(
        Sequential {
          Dense(units: 2, activation: .sigmoid)
          Dense(units: 1, activation: .sigmoid)
        }, loss: HalfSquaredError(), optimizer: Rprop(variant: .improvedPlus),
        TrainingOptions(
          epochs: 2000, batchSize: nil, l2: 1e-4, order: .sequential, scaling: Scaling.Kind.none,
          precision: .float64, seed: seed))
      let model = try trainer.fit(data, TrainingSetup(threads: 1)).model
      if try model.evaluate(data).loss < 0.02 { solved.append(model) }
    }
    context.heading("XOR")
    context.say(
      """
      2-2-1 sigmoid units, nine weights with the biases, trained by iRprop⁺ with λ₂ = 10⁻⁴ from seeds \
      \(seeds.lowerBound)–\(seeds.upperBound - 1); the \(solved.count) that learned XOR are pruned, biases too, and not \
      trained again. Right: all four outputs are still on their side of ½.
      """)
    let rows = try rules.map { rule in
      [type(of: rule).kind]
        + (try [1, 2].flatMap { count in
          let runs = try solved.map { model in
            try model.pruned(
              by: rule, on: data, PruningPlan(.count(count), step: 1, includesBiases: true))
          }
          let right = try runs.count { try wrong($0.model, data) == 0 }
          let loss = runs.map(\.report.lossAfter).sorted()[runs.count / 2]
          return ["\(right) of \(runs.count)", figure(loss, 4)]
        })
    }
    context.table(
      ["rule", "right without one", "median loss", "right without two", "median loss"], rows)
    context.say(
      """
      B. Hassibi and D. Stork, "Second order derivatives for network pruning: optimal brain surgeon" \
      (1993), report of their XOR networks that the surgeon alone took out the right weights each \
      time.
      """)
  }

  /// How many outputs are on the wrong side of ½.
  private static func wrong(_ model: TrainedModel, _ data: Dataset) throws -> Int {
    let outputs = try model.predict(data.features, threads: 1).doubles
    return zip(outputs, data.targets.tensor.doubles).count { ($0 > 0.5) != ($1 > 0.5) }
  }

  private static func iris(_ context: EvidenceContext) throws {
    let seeds = context.seeds(5)
    let data = try Dataset.builtIn("iris")
    let models = try seeds.map { seed in
      try Trainer(
        Sequential {
          Dense(units: 8, activation: .tanh)
          Dense(units: 3)
        }, loss: CrossEntropy(), optimizer: Rprop(learningRate: 0.01),
        TrainingOptions(
          epochs: 300, batchSize: nil, l2: 1e-3, order: .sequential, precision: .float64,
          seed: seed)
      ).fit(data, TrainingSetup(threads: 1)).model
    }
    context.heading("Iris")
    context.say(
      """
      4-8-3 units (56 weights), seeds \(seeds.lowerBound)–\(seeds.upperBound - 1); the loss over all 150 rows, mean \
      (least–most), without training after the removals; damage renews the curvature each time.
      """)
    let before = try models.map { try $0.evaluate(data).loss }
    let rows = try rules.map { rule in
      [type(of: rule).kind, spread(before, 3)]
        + (try [0.3, 0.5, 0.7].map { share in
          spread(
            try models.map {
              try $0.pruned(by: rule, on: data, PruningPlan(.share(share), step: 1)).report
                .lossAfter
            }, 3)
        })
    }
    context.table(["rule", "all weights", "30 % removed", "50 %", "70 %"], rows)
  }
}
