import Backprop
import Foundation

/// XOR and the parities: from many starts, who learns them.
///
/// A run ends once the mean squared error is at most 0.16 / rows: no output is then further than 0.4 from
/// its target, as the CMU benchmark's 40-20-40 criterion wants it.
struct BooleanFunction {
  /// n, the number of inputs and of hidden units.
  let inputs: Int
  /// Initial weights and biases are uniform in ±range.
  let range: Double

  var rows: Int { 1 << inputs }
  var goal: Double { 0.16 / Double(rows) }

  /// All rows of n bits; the target is whether an odd number of them is 1.
  var data: Dataset {
    let bits = (0..<rows).flatMap { row in
      (0..<inputs).map { Double(row >> (inputs - 1 - $0) & 1) }
    }
    let odd = (0..<rows).map { Double($0.nonzeroBitCount % 2) }
    return Dataset(
      name: "parity of \(inputs)", features: Tensor(bits, shape: [rows, inputs]),
      targets: .values(Tensor(odd, shape: [rows, 1]), names: ["odd"]))
  }

  /// n-n-1, sigmoid.
  var network: Sequential {
    let start = Initializer.uniform(low: -range, high: range)
    return Sequential {
      Dense(units: inputs, activation: .sigmoid, weight: start, bias: start, name: "hidden")
      Dense(units: 1, activation: .sigmoid, weight: start, bias: start, name: "output")
    }
  }

  /// What a way of training comes to from each of so many starts.
  func runs(_ way: Way, starts: Int, seed: UInt64 = 0) throws -> Runs {
    let options = TrainingOptions(
      epochs: way.epochs, batchSize: way.batch, order: way.batch == nil ? .sequential : .shuffled,
      goal: goal, scaling: Scaling.Kind.none, precision: .float64, seed: seed)
    let rule = try Optimizers.named(way.rule).optimizer
    let trainer = Trainer(
      network, loss: MeanSquaredError(), optimizer: try way.settings(rule), options)
    let (result, seconds) = try timed { try MultiStart(trainer, starts: starts).fit(data) }
    return Runs(way: way, goal: goal, starts: result.spread.starts, seconds: seconds)
  }

  /// The initial weights of the starts, each as the network's parameters one behind the other.
  func initialWeights(starts: Int) throws -> [[Double]] {
    try (0..<starts).map { start in
      try network.initialParameters(input: [inputs], type: .float64, seed: UInt64(start))
        .flatMap { $0.tensor.doubles }
    }
  }
}

/// A way of training.
struct Way {
  let name: String
  /// The training rule's kind.
  let rule: String
  /// Settings that differ from the rule's own.
  var numbers: [(name: String, value: Double)] = []
  /// Rows of a step; nil for all.
  var batch: Int?
  var epochs: Int

  /// The rule with its settings.
  func settings(_ rule: any TrainingRule) throws -> any TrainingRule {
    let encoder = JSONEncoder()
    var object =
      try JSONSerialization.jsonObject(with: encoder.encode(OptimizerBox(rule))) as? [String: Any]
      ?? [:]
    for (name, value) in numbers { object[name] = value }
    return try JSONDecoder().decode(
      OptimizerBox.self, from: JSONSerialization.data(withJSONObject: object)
    ).optimizer
  }
}

/// What came of the starts of one way.
struct Runs {
  let way: Way
  let goal: Double
  let starts: [StartRecord]
  let seconds: Double

  /// The epochs that each start took; nil where it did not get there.
  var epochs: [Int?] {
    starts.map { start in
      guard let last = start.history.last, last.trainingLoss <= goal else { return nil }
      return start.epochs
    }
  }

  var solved: Int { epochs.count { $0 != nil } }

  /// The median epochs of those that got there.
  var median: Int? {
    let sorted = epochs.compactMap(\.self).sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }

  /// The share of groups of so many starts of which none got there.
  func stuckShare(groupsOf size: Int) -> Double {
    let solved = epochs.map { $0 != nil }
    let groups = stride(from: 0, to: solved.count - size + 1, by: size)
      .map { solved[$0..<$0 + size].contains(true) }
    return Double(groups.count { !$0 }) / Double(max(1, groups.count))
  }
}

/// PyTorch's answer: for each way the epochs of each start, 0 where it did not get there.
struct BooleanPeer: Decodable {
  let version: String
  let epochs: [String: [Int]]

  /// Asks for the same rules from the same starts.
  static func ask(
    _ context: EvidenceContext, _ function: BooleanFunction, starts: Int, _ ways: [Way]
  )
    throws -> BooleanPeer?
  {
    struct Question: Encodable {
      struct Asked: Encodable {
        let name, rule: String
        let epochs: Int
        let numbers: [String: Double]
      }
      let inputs: Int
      let goal: Double
      let starts: [[Double]]
      let ways: [Asked]
    }
    let question = Question(
      inputs: function.inputs, goal: function.goal,
      starts: try function.initialWeights(starts: starts),
      ways: ways.map { way in
        .init(
          name: way.name, rule: way.rule, epochs: way.epochs,
          numbers: Dictionary(uniqueKeysWithValues: way.numbers.map { ($0.name, $0.value) }))
      })
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(question).write(to: file)
    return try context.peer("boolean.py", [file.path])
  }
}
