import Datasets
import Execution
import Foundation
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// Losses whose outputs are not of their targets' form, and layers that add to the loss, through
/// training, evaluation and prediction.
@Suite struct LossFormTests {
  private func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, name: "rows")
    return Tensor((0..<shape.count).map { _ in random.uniform(-1, 1) }, shape: shape)
  }

  private func fitted(
    _ model: any Layer, _ loss: any Loss, _ rows: Tensor, _ targets: Tensor, epochs: Int = 60
  ) throws -> TrainingResult {
    let names = (0..<targets.shape[-1]).map { "t\($0)" }
    let data = Dataset(name: "rows", features: rows, targets: .values(targets, names: names))
    return try Trainer(
      model, loss: loss, optimizer: Adam(learningRate: 0.02),
      TrainingOptions(
        epochs: epochs, batchSize: 25, scaling: Scaling.Kind.none, precision: .float64)
    ).fit(data, validation: data)
  }

  /// y = x with a noise whose deviation is 0.1 on the left and 0.5 on the right.
  @Test func `a network learns means and variances`() throws {
    let rows = numbers([400, 1], seed: 1)
    var random = RandomStream(seed: 2, name: "noise")
    let targets = Tensor(
      rows.doubles.map { $0 + ($0 < 0 ? 0.1 : 0.5) * random.normal() }, shape: [400, 1])
    let model = Sequential {
      Dense(units: 8, activation: .tanh)
      Dense(units: 2)
    }
    let result = try fitted(model, GaussianNLL(form: .logarithm), rows, targets)
    let losses = result.report.history.map(\.trainingLoss)
    #expect(losses[59] < losses[0] - 0.5)
    let shown = try result.model.predict(Tensor([[-0.5], [0.5]]))
    #expect(shown.shape == [2, 1])
    #expect(abs(shown.doubles[0] + 0.5) < 0.2 && abs(shown.doubles[1] - 0.5) < 0.3)
    // More rows than one pass takes.
    #expect(try result.model.predict(rows).shape == [400, 1])
    let evaluation = try result.model.evaluate(
      Dataset(name: "rows", features: rows, targets: .values(targets, names: ["t0"])))
    #expect(try #require(evaluation.regression).rootMeanSquaredError < 0.45)
    #expect(evaluation.loss.isFinite)
  }

  @Test(arguments: [
    (Triplet() as any Loss, 6, 1), (CosineEmbedding(), 4, 1), (MarginRanking(margin: 0.5), 4, 2),
  ])
  func `losses of parts are trained, judged and shown`(loss: any Loss, outputs: Int, targets: Int)
    throws
  {
    let rows = numbers([50, 3], seed: 3)
    let signs = numbers([50, targets], seed: 4).doubles.map { $0 < 0 ? -1.0 : 1 }
    let result = try fitted(
      Dense(units: outputs), loss, rows, Tensor(signs, shape: [50, targets]))
    let losses = result.report.history.map(\.trainingLoss)
    #expect(losses[59] < losses[0])
    #expect(try result.model.predict(rows).shape == [50, targets])
    #expect(result.report.history.allSatisfy { $0.validationLoss?.isFinite == true })
  }

  @Test func `outputs that cannot be parted are refused`() throws {
    let rows = numbers([50, 3], seed: 3)
    do {
      _ = try fitted(Dense(units: 5), GaussianNLL(), rows, numbers([50, 2], seed: 4))
      Issue.record("five outputs are no means and variances")
    } catch {
      #expect("\(error)".contains("outputs of shape [5]"))
    }
  }

  /// Each row holds one-hot symbols that last for some steps; the labels are what they say.
  @Test func `sequences without alignment are learned`() throws {
    let (count, steps, classes) = (40, 6, 3)
    var random = RandomStream(seed: 5, name: "sequences")
    var (features, targets) = ([Double](), [Double]())
    for _ in 0..<count {
      let first = random.uniform() < 0.5 ? 1 : 2
      let length = 2 + Int(random.uniform() * 3)
      for step in 0..<steps {
        let symbol = step < length ? first : 3 - first
        features += (0..<2).map { $0 == symbol - 1 ? 1 : 0 }
      }
      targets += [Double(first), Double(3 - first), -1, -1, -1, -1]
    }
    let result = try fitted(
      Dense(units: classes), CTC(), Tensor(features, shape: [count, steps, 2]),
      Tensor(targets, shape: [count, steps]), epochs: 150)
    let losses = result.report.history.map(\.trainingLoss)
    #expect(losses[149] < losses[0] / 2)
    let said = try result.model.predict(Tensor(features, shape: [count, steps, 2]))
    #expect(said.shape == [count, steps])
    // The likeliest way says each symbol once.
    #expect(said.doubles == targets)
  }

  @Test func `the likeliest way becomes labels`() throws {
    let builder = GraphBuilder()
    // 0 1 1 0 1 2, 2 2 2 2 2 2, 0 0 0 0 0 0 and 1 2 0 2 2 1.
    let best = [0, 1, 1, 0, 1, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 1, 2, 0, 2, 2, 1]
    let scores = Tensor(best.flatMap { b in (0..<3).map { $0 == b ? 1.0 : 0 } }, shape: [4, 6, 3])
    builder.output("labels", CTC().probabilities(builder.constant(scores)))
    let labels = try #require(try Trace(builder.finish(), [:])["labels"])
    let expected: [Double] =
      [1, 1, 2, -1, -1, -1] + [2, -1, -1, -1, -1, -1] + [-1, -1, -1, -1, -1, -1]
      + [1, 2, 2, 1, -1, -1]
    #expect(labels.doubles == expected)
  }

  /// −ln of the sum over all ways, one by one.
  @Test func `CTC sums all ways`() throws {
    let scores = numbers([1, 4, 3], seed: 6)
    let labels = [1, 2]
    let builder = GraphBuilder()
    let logs = logSoftmax(builder.constant(scores))
    builder.output("logs", logs)
    builder.output(
      "loss",
      CTC()(
        builder.constant(scores),
        target: builder.constant(Tensor([1, 2] as [Int32], shape: [1, 2]))))
    let trace = try Trace(builder.finish(), [:])
    let p = try #require(trace["logs"]).doubles
    var sum = 0.0
    for way in 0..<81 {
      let said = [way / 27, way / 9 % 3, way / 3 % 3, way % 3]
      let collapsed = said.indices.filter { $0 == 0 || said[$0] != said[$0 - 1] }.map { said[$0] }
        .filter { $0 != 0 }
      if collapsed == labels { sum += exp(said.indices.reduce(0) { $0 + p[$1 * 3 + said[$1]] }) }
    }
    #expect(abs(try #require(trace["loss"]).scalar + log(sum) / 2) < 1e-12)
  }

  @Test func `impossible labels cost infinitely much, or nothing`() throws {
    func loss(_ ctc: CTC) throws -> Double {
      let builder = GraphBuilder()
      let target = Tensor([1, 1, 1] as [Int32], shape: [1, 3])
      builder.output(
        "loss",
        ctc(builder.constant(numbers([1, 4, 3], seed: 7)), target: builder.constant(target)))
      return try #require(try Trace(builder.finish(), [:])["loss"]).scalar
    }
    #expect(try loss(CTC()) == .infinity)
    #expect(try loss(CTC(zeroInfinity: true)) == 0)
  }

  // MARK: Auto-encoders

  @Test func `the latent code's divergence is added in training alone`() throws {
    let builder = GraphBuilder()
    let input = builder.input("x", TensorType([4, 3], .float64))
    let traced = trace(VariationalLatent(units: 2, beta: 0.5), input: input, training: true)
    builder.output("sample", traced.output)
    builder.output("penalty", try #require(traced.penalty))
    let plain = trace(VariationalLatent(units: 2), input: input, training: false)
    #expect(plain.penalty == nil)
    builder.output("mean", plain.output)
    let logVariance = try #require(
      zip(traced.declarations, traced.parameters).first { $0.0.name == "logVariance.bias" }?.1)
    let values: [String: Tensor] = [
      "x": numbers([4, 3], seed: 1), Scope.randomKeyName: Tensor([1, 0, 0, 0] as [Int32]),
      "mean.weight": numbers([3, 2], seed: 2), "mean.bias": Tensor([0.5, -0.25]),
      "logVariance.weight": .zeros([3, 2], type: .float64),
      "logVariance.bias": Tensor([0.3, -0.7]),
    ]
    #expect(logVariance.shape == [2])
    let trace = try Trace(builder.finish(), values)
    let mean = try #require(trace["mean"]).doubles
    var expected = 0.0
    for (place, m) in mean.enumerated() {
      let l = [0.3, -0.7][place % 2]
      expected += 0.5 * (m * m + exp(l) - 1 - l)
    }
    #expect(abs(try #require(trace["penalty"]).scalar - 0.5 * expected / 4) < 1e-12)
    #expect(try #require(trace["sample"]).doubles != mean)
  }

  @Test func `noise is normal`() throws {
    struct Noise: Layer {
      static let kind = "noise"
      var name: String?
      func callAsFunction(_ input: GraphIR.Expression, in scope: Scope) -> GraphIR.Expression {
        scope.normalNoise(input.shape)
      }
    }
    let builder = GraphBuilder()
    let input = builder.input("x", TensorType([200, 200], .float64))
    builder.output("noise", trace(Noise(), input: input, training: true).output)
    let trace = try Trace(
      builder.finish(),
      [
        "x": .zeros([200, 200], type: .float64),
        Scope.randomKeyName: Tensor([7, 0, 0, 0] as [Int32]),
      ])
    let values = try #require(trace["noise"]).doubles
    func moment(_ power: Int) -> Double {
      values.reduce(0) { $0 + pow($1, Double(power)) } / Double(values.count)
    }
    // Standard errors of 40 000 numbers: 0.005, 0.007, 0.02, 0.05.
    #expect(abs(moment(1)) < 0.025)
    #expect(abs(moment(2) - 1) < 0.035)
    #expect(abs(moment(3)) < 0.1)
    #expect(abs(moment(4) - 3) < 0.25)
  }

  @Test func `auto-encoders learn: variational, and sparse ones with seldom active units`() throws {
    let angles = numbers([200, 1], seed: 8).doubles.map { $0 * .pi }
    let rows = Tensor(
      angles.flatMap { [cos($0), sin($0), cos(2 * $0), sin(2 * $0)] }, shape: [200, 4])
    let variational = Sequential {
      Dense(units: 16, activation: .tanh)
      VariationalLatent(units: 2, beta: 0.02)
      Dense(units: 16, activation: .tanh)
      Dense(units: 4)
    }
    let result = try fitted(variational, HalfSquaredError(), rows, rows, epochs: 80)
    #expect(
      try #require(result.report.history.last?.validationLoss)
        < #require(result.report.history.first?.validationLoss) / 4)

    func activity(_ penalty: ActivityPenalty) throws -> Double {
      let code = Dense(units: 8, activation: .sigmoid, name: "code")
      let model = Sequential {
        code
        penalty
        Dense(units: 4)
      }
      let parameters = try fitted(model, HalfSquaredError(), rows, rows).model.parameters
      let builder = GraphBuilder()
      let coded = trace(Sequential { code }, input: builder.constant(rows), training: false)
      builder.output("mean", coded.output.mean())
      let codes = parameters.tensors.filter { $0.key.hasPrefix("code") }
      return try #require(try Trace(builder.finish(), codes)["mean"]).scalar
    }
    let free = try activity(ActivityPenalty())
    let sparse = try activity(ActivityPenalty(sparsity: 0.1, weight: 2))
    let lean = try activity(ActivityPenalty(l1: 0.5))
    #expect(free > 0.25)
    #expect(abs(sparse - 0.1) < 0.06)
    #expect(lean < free - 0.1)
  }
}
