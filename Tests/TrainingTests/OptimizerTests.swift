import Execution
import Foundation
import GraphIR
import Tensors
import Testing
import Training

@Suite("Optimizers") struct OptimizerTests {
  @Test("SGD steps against the gradient")
  func sgd() throws {
    // 1 − 0.1·2 = 0.8, then 0.8 − 0.1·(−1) = 0.9.
    try expect(SGD(learningRate: 0.1), gradients: [2, -1], from: 1, reaches: [0.8, 0.9])
    // With λ = 0.5 the gradients are 2 + 0.5·1 and −1 + 0.5·0.75.
    try expect(
      SGD(learningRate: 0.1, weightDecay: 0.5), gradients: [2, -1], from: 1,
      reaches: [0.75, 0.8125])
  }

  @Test("Momentum adds up velocity")
  func momentum() throws {
    // v = 2, 0.5·2 + 1 = 2, 0.5·2 − 4 = −3.
    try expect(
      Momentum(learningRate: 0.1, momentum: 0.5), gradients: [2, 1, -4], from: 1,
      reaches: [0.8, 0.6, 0.9])
  }

  @Test("Nesterov looks ahead along the velocity")
  func nesterov() throws {
    // v = 2, 2, −3 as above; g + μv = 3, 2, −5.5.
    try expect(
      Nesterov(learningRate: 0.1, momentum: 0.5), gradients: [2, 1, -4], from: 1,
      reaches: [0.7, 0.5, 1.05])
  }

  @Test("Adagrad divides by the root of all squares")
  func adagrad() throws {
    // s = 9, 25: steps 0.5·3/3 and 0.5·4/5.
    try expect(
      Adagrad(learningRate: 0.5, epsilon: 0), gradients: [3, 4], from: 1, reaches: [0.5, 0.1])
    // ε stands outside the root: 0.5·3/(3 + 1).
    try expect(Adagrad(learningRate: 0.5, epsilon: 1), gradients: [3], from: 1, reaches: [0.625])
  }

  @Test("RMSprop divides by a moving root mean square")
  func rmsprop() throws {
    // s = 0.25·4 = 1, 0.75·1 + 0.25·13 = 4: steps 0.1·2/1 and 0.1·√13/2.
    try expect(
      RMSprop(learningRate: 0.1, decay: 0.75, epsilon: 0), gradients: [2, 13.0.squareRoot()],
      from: 1, reaches: [0.8, 0.8 - 0.05 * 13.0.squareRoot()])
    // ε outside the root, d = 2/(1 + 1) = 1 and −4/(√4.75 + 1); b = 1, 0.5 + d.
    let second = 0.5 - 4 / (4.75.squareRoot() + 1)
    try expect(
      RMSprop(learningRate: 0.1, decay: 0.75, epsilon: 1, momentum: 0.5), gradients: [2, -4],
      from: 1, reaches: [0.9, 0.9 - 0.1 * second])
  }

  @Test("Adam corrects the moments' bias in its first steps")
  func adam() throws {
    let gradients = [0.3, -0.1, 0.7]
    let (eta, b1, b2, epsilon) = (0.02, 0.8, 0.95, 1e-3)
    // The moments written out, each with its own correction.
    let m = [
      0.2 * 0.3, 0.2 * (0.8 * 0.3 - 0.1), 0.2 * (0.64 * 0.3 - 0.8 * 0.1 + 0.7),
    ]
    let v = [
      0.05 * 0.09, 0.05 * (0.95 * 0.09 + 0.01), 0.05 * (0.9025 * 0.09 + 0.95 * 0.01 + 0.49),
    ]
    let first = [0.2, 0.36, 0.488]  // 1 − 0.8ᵗ
    let second = [0.05, 0.0975, 0.142625]  // 1 − 0.95ᵗ
    var w = 1.0
    var expected: [Double] = []
    for t in 0..<3 {
      w -= eta * (m[t] / first[t]) / ((v[t] / second[t]).squareRoot() + epsilon)
      expected.append(w)
    }
    try expect(
      Adam(learningRate: eta, beta1: b1, beta2: b2, epsilon: epsilon), gradients: gradients,
      from: 1, reaches: expected)
  }

  @Test("Adam's first step is the learning rate, whatever the gradient's size")
  func adamFirstStep() throws {
    for gradient in [1e-3, 1, 1e4] {
      try expect(
        Adam(epsilon: 0), gradients: [gradient, gradient], from: 1, reaches: [0.999, 0.998])
    }
  }

  @Test("AdamW shrinks the weight apart from Adam's step; Adam adds the decay to the gradient")
  func adamW() throws {
    let plain = try run(Adam(learningRate: 0.1, epsilon: 0), gradients: [2], from: 3).weights[0]
    #expect(abs(plain - 2.9) < 1e-12)
    // 3·(1 − 0.1·0.5) − 0.1
    try expect(
      AdamW(learningRate: 0.1, epsilon: 0, weightDecay: 0.5), gradients: [2], from: 3,
      reaches: [2.75])
    // A gradient of −1 meets λw = 1.5 and turns round.
    try expect(
      Adam(learningRate: 0.1, epsilon: 0, weightDecay: 0.5), gradients: [-1], from: 3,
      reaches: [2.9])
  }

  @Test("The scheduled rate is used, not the optimizer's own", arguments: Optimizers.batchKinds)
  func scheduledRate(kind: String) throws {
    let optimizer = try Optimizers.optimizer(named: kind, learningRate: 0.25)
    let still = try run(optimizer, gradients: [1, 2], from: 1, rate: 0)
    #expect(still.weights == [1, 1])
    let moved = try run(optimizer, gradients: [1], from: 1, rate: 0.5)
    #expect(moved.weights[0] < 0.75)
  }

  @Test("States are listed, named after the parameter, and zero at the start")
  func states() throws {
    let names = [
      "sgd": [], "momentum": ["velocity"], "nesterov": ["velocity"], "adagrad": ["squares"],
      "rmsprop": ["meanSquare"], "adam": ["firstMoment", "secondMoment"],
      "adamw": ["firstMoment", "secondMoment"], "rprop": ["lastGradient", "stepSize"],
      "quickprop": ["lastGradient", "lastStep"], "delta-bar-delta": ["rate", "averageGradient"],
    ]
    #expect(Set(names.keys) == Set(Optimizers.batchKinds))
    for (kind, expected) in names {
      let result = try run(try Optimizers.optimizer(named: kind), gradients: [1], from: 1)
      #expect(result.states == expected.map { "optimizer/\($0)/hidden.weight" })
    }
    let withMomentum = try run(RMSprop(momentum: 0.5), gradients: [1], from: 1)
    #expect(withMomentum.states.count == 2)

    let builder = GraphBuilder()
    let w = builder.variable("w", TensorType([2, 3], .float32))
    let (scope, states) = scope(for: w, named: "w")
    let moment = scope.state("moment", symbol: "m")
    #expect(scope.state("moment", symbol: "m").id == moment.id)
    #expect(states.all.map(\.name) == ["optimizer/moment/w"])
    #expect(states.initialValues == ["optimizer/moment/w": .zeros([2, 3], type: .float32)])
  }

  @Test("Factors are computed in Float64 and rounded once")
  func precision() throws {
    // 1 − 0.999¹ in Float32 would be off by 5e-5 of itself, and so would the step be by half that.
    let builder = GraphBuilder()
    let w = builder.variable("w", TensorType([], .float32))
    let (scope, _) = scope(for: w, named: "w")
    let gradient = builder.constant(Tensor(1, type: .float32))
    builder.update(w, with: Adam(epsilon: 0).update(w, gradient: gradient, in: scope))
    let graph = try builder.finish()
    let trace = try Trace(
      graph,
      [
        "w": Tensor(0, type: .float32), "rate": Tensor(0.001), "step": Tensor(1),
        "optimizer/firstMoment/w": Tensor(0, type: .float32),
        "optimizer/secondMoment/w": Tensor(0, type: .float32),
      ])
    let next = try #require(trace.updated["w"])
    #expect(next.scalarType == .float32)
    #expect(abs(next.scalar + 0.001) < 2e-10)
  }

  @Test("The list has every rule of the folders")
  func folder() throws {
    let optimizers = try conformances(to: "Optimizer", in: "Optimizers")
    let fullBatch = try conformances(to: "FullBatchRule", in: "FullBatch")
    #expect(optimizers.union(fullBatch) == Set(Optimizers.all.map { "\($0)" }))
    #expect(Set(Optimizers.kinds).count == Optimizers.all.count)
  }

  @Test("Saved and read, an optimizer is the same; every setting is a hyperparameter")
  func coding() throws {
    for kind in Optimizers.kinds {
      let rate = Optimizers.batchKinds.contains(kind) ? 0.125 : nil
      let box = try Optimizers.named(kind, learningRate: rate)
      let data = try JSONEncoder().encode(box)
      #expect(try JSONDecoder().decode(OptimizerBox.self, from: data) == box)
      let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
      let settings =
        box.optimizer.hyperparameters.map(\.name) + box.optimizer.choices.map(\.name)
      #expect(Set(keys) == Set(settings + ["kind"]))
    }
    #expect(OptimizerBox(SGD()) != OptimizerBox(SGD(learningRate: 0.5)))
    #expect(OptimizerBox(Momentum()) != OptimizerBox(Nesterov()))
    for text in [
      #"{"kind": "magic"}"#, #"{"kind": "sgd"}"#, "{}",
      #"{"kind": "sgd", "learningRate": -1, "weightDecay": 0}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(OptimizerBox.self, from: Data(text.utf8))
      }
    }
  }

  @Test("Names are forgiving, errors are clear")
  func naming() throws {
    #expect(try Optimizers.named("RMS-Prop") == OptimizerBox(RMSprop()))
    #expect(
      try Optimizers.named("AdamW", learningRate: 0.5) == OptimizerBox(AdamW(learningRate: 0.5)))
    #expect(
      message { try Optimizers.named("adagard") }
        == "optimizer: found \"adagard\", expected one of "
        + "\(Optimizers.kinds.joined(separator: ", ")) (did you mean adagrad?)")
    #expect(
      message { try Optimizers.named("adam", learningRate: -0.5) }
        == "adam, learningRate: found -0.5, expected a finite number, 0 or more")
    #expect(
      message { try Momentum(momentum: 1).check() }
        == "momentum, momentum: found 1, expected a number from 0 to below 1")
    #expect(throws: TrainingError.self) { try Optimizers.named("sgd", learningRate: .nan) }
    #expect(
      "\(Adam())"
        == "adam(learningRate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0)")
  }
}

@Suite("Gradient clipping") struct GradientClippingTests {
  /// The clipped gradients for [3, 0] and [[4]], whose common norm is 5.
  private func clipped(_ clipping: GradientClipping) throws -> [[Double]] {
    let builder = GraphBuilder()
    let gradients = [Tensor([3.0, 0]), Tensor([[4.0]])].map { builder.constant($0) }
    for (index, gradient) in clipping.apply(gradients).enumerated() {
      builder.output("\(index)", gradient)
    }
    let trace = try Trace(try builder.finish(), [:])
    return [0, 1].map { trace["\($0)"]?.doubles ?? [] }
  }

  @Test("None leaves the gradients alone")
  func none() throws { #expect(try clipped(.none) == [[3, 0], [4]]) }

  @Test("By norm, all gradients shrink together")
  func norm() throws {
    let scale = 1 / (5 + 1e-6)
    let result = try clipped(.norm(1))
    #expect(abs(result[0][0] - 3 * scale) < 1e-15)
    #expect(abs(result[1][0] - 4 * scale) < 1e-15)
    #expect(result[0][1] == 0)
    #expect(try clipped(.norm(6)) == [[3, 0], [4]])
    #expect(GradientClipping.norm(1).apply([]).isEmpty)
  }

  @Test("By value, every element is cut by itself")
  func value() throws {
    #expect(try clipped(.value(3.5)) == [[3, 0], [3.5]])
    let builder = GraphBuilder()
    let gradient = builder.constant(Tensor([-4.0, -1]))
    builder.output("g", GradientClipping.value(2).apply([gradient])[0])
    #expect(try Trace(try builder.finish(), [:])["g"]?.doubles == [-2, -1])
  }

  @Test("Saved and read it is the same; a senseless limit is refused")
  func coding() throws {
    for clipping in [GradientClipping.none, .norm(1), .value(0.5)] {
      let data = try JSONEncoder().encode(clipping)
      #expect(try JSONDecoder().decode(GradientClipping.self, from: data) == clipping)
    }
    for text in [#"{"kind": "norm"}"#, #"{"kind": "norm", "limit": 0}"#, #"{"kind": "x"}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(GradientClipping.self, from: Data(text.utf8))
      }
    }
    #expect(
      message { try GradientClipping.norm(-1).check() }
        == "gradient clipping by norm, limit: found -1, expected a finite number above 0")
  }
}

// MARK: - Helpers

/// Names of the types in a folder of `Sources/Training` that are declared to conform.
func conformances(to name: String, in folder: String) throws -> Set<String> {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let files = try FileManager.default.contentsOfDirectory(
    at: root.appending(path: "Sources/Training/\(folder)"), includingPropertiesForKeys: nil)
  let pattern = try Regex("struct (\\w+): \(name) ", as: (Substring, Substring).self)
  var found: Set<String> = []
  for file in files where file.pathExtension == "swift" {
    for match in try String(contentsOf: file, encoding: .utf8).matches(of: pattern) {
      found.insert(String(match.output.1))
      #expect(file.lastPathComponent == "\(match.output.1).swift")
    }
  }
  return found
}

/// The text of the error that `body` throws.
func message<R>(_ body: () throws -> R) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// A scope with the inputs `rate` and `step` beside a variable.
private func scope(for parameter: GraphIR.Expression, named name: String)
  -> (OptimizerScope, OptimizerStates)
{
  let states = OptimizerStates()
  let scope = OptimizerScope(
    learningRate: parameter.builder.input("rate", TensorType([], .float64)),
    step: parameter.builder.input("step", TensorType([], .float64)), parameter: parameter,
    parameterName: name, states: states)
  return (scope, states)
}

/// The weight after each update with a gradient, and the names of the optimizer's states.
private func run(
  _ optimizer: any Optimizer, gradients: [Double], from start: Double, rate: Double? = nil
) throws -> (weights: [Double], states: [String]) {
  let builder = GraphBuilder()
  let w = builder.variable("w", TensorType([], .float64))
  let gradient = builder.input("g", TensorType([], .float64))
  let (scope, states) = scope(for: w, named: "hidden.weight")
  builder.update(w, with: optimizer.update(w, gradient: gradient, in: scope))
  let graph = try builder.finish()

  var variables = states.initialValues
  variables["w"] = Tensor(start)
  var weights: [Double] = []
  for (index, gradient) in gradients.enumerated() {
    let fed = [
      "g": Tensor(gradient), "rate": Tensor(rate ?? optimizer.learningRate),
      "step": Tensor(Double(index + 1)),
    ]
    variables = try Trace(graph, variables.merging(fed) { $1 }).updated
    weights.append(try #require(variables["w"]).scalar)
  }
  return (weights, states.all.map(\.name))
}

/// Checks the weight after each update.
private func expect(
  _ optimizer: any Optimizer, gradients: [Double], from start: Double, reaches expected: [Double],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let weights = try run(optimizer, gradients: gradients, from: start).weights
  #expect(weights.count == expected.count, sourceLocation: sourceLocation)
  for (weight, value) in zip(weights, expected) {
    #expect(abs(weight - value) < 1e-13, sourceLocation: sourceLocation)
  }
}
