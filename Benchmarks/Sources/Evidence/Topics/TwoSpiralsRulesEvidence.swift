import Backprop
import Synchronization

/// Rules with a step for every weight on two spirals, with the network of Lang and Witbrock.
struct TwoSpiralsRulesEvidence: EvidenceTopic {
  static let name = "two-spirals-rules"
  static let summary = "Rprop and Quickprop on two spirals beside the published epochs"

  private static let mostEpochs = 20_000

  private static let rules: [(name: String, optimizer: any Optimizer)] = [
    ("iRprop⁻", Rprop(learningRate: 0.01)),
    ("iRprop⁺", Rprop(variant: .improvedPlus, learningRate: 0.01)),
    ("Rprop⁻", Rprop(variant: .minus, learningRate: 0.01)),
    ("Rprop⁺", Rprop(variant: .plus, learningRate: 0.01)),
    ("Quickprop", Quickprop(learningRate: 0.5, weightDecay: 1e-4)),
    ("Backpropagation with momentum", Momentum(learningRate: 0.1)),
  ]

  static func run(_ context: EvidenceContext) throws {
    let seeds = context.seeds(10)
    context.say(
      """
      2-5-5-5-1 units, each of which sees all before it (138 weights), tanh inside, cross-entropy of a
      logistic output; all 194 points in every step, coordinates as they are; Float64. Seeds \
      \(seeds.lowerBound)–\(seeds.upperBound - 1) of the weights at the start. Solved: all 194 points are on their \
      side. At most \(mostEpochs) epochs; the median is over the solved runs. Rprop's steps start at 0.01, \
      Quickprop's η is 0.5 with λ = 10⁻⁴, momentum's 0.1 with μ = 0.9; all other settings are the
      defaults.
      """)
    let rows = try rules.map { rule in
      let runs = try seeds.map { try epochs(rule.optimizer, seed: $0) }
      let solved = runs.compactMap { $0 }.sorted()
      let median = solved.isEmpty ? "–" : "\(solved[solved.count / 2])"
      return [
        rule.name, "\(solved.count) of \(runs.count)", median,
        solved.first.map { "\($0)–\(solved[solved.count - 1])" } ?? "–",
      ]
    }
    context.table(["rule", "solved", "median epochs", "range"], rows)
    context.say(
      """
      For this network and set Lang and Witbrock (1988) needed, as S. Fahlman and C. Lebiere, "The
      cascade-correlation learning architecture", CMU-CS-90-100 (1990), section 2.1, report: 20,000 epochs
      by backpropagation, 12,000 with another error function, 8,000 by Quickprop.
      """)
  }

  /// The epochs until all points are on their side; nil where that did not come.
  private static func epochs(_ optimizer: any Optimizer, seed: UInt64) throws -> Int? {
    let data = try Dataset.builtIn("two-spirals")
    let model = Sequential {
      DenseBlock {
        Dense(units: 5, activation: .tanh)
        Dense(units: 5, activation: .tanh)
        Dense(units: 5, activation: .tanh)
      }
      Dense(units: 1)
    }
    let trainer = Trainer(
      model, loss: BinaryCrossEntropy(), optimizer: optimizer,
      TrainingOptions(
        epochs: mostEpochs, batchSize: nil, order: .sequential, scaling: Scaling.Kind.none,
        precision: .float64, seed: seed))
    let solved = Mutex<Int?>(nil)
    let setup = TrainingSetup(
      threads: 1, shouldStop: { solved.withLock { $0 != nil } },
      observe: { event in
        guard case .epoch(let record, _) = event, record.validationAccuracy == 1 else { return }
        solved.withLock { $0 = $0 ?? record.epoch }
      })
    do {
      _ = try trainer.fit(data, validation: data, setup)
    } catch TrainingError.diverged {
      return nil
    }
    return solved.withLock { $0 }
  }
}
