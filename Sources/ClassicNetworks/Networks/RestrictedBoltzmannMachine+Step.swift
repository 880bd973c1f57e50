import Execution
import GraphIR
import Layers
import Tensors
import Training

extension RestrictedBoltzmannMachine {
  private enum Variable {
    static let weights = "weights"
    static let visibleBias = "visible bias"
    static let hiddenBias = "hidden bias"
    static let chains = "chains"
    static let activity = "activity"
  }

  /// Learns from rows that are scaled.
  ///
  /// - Parameters:
  ///   - rows: [rows, columns] in ``precision``.
  ///   - seed: Where random numbers start.
  ///   - observe: Told of each epoch and the weights after it.
  /// - Throws: `TrainingError` where the weights do not stay finite.
  func learn(
    _ rows: Tensor, seed: UInt64, observe: (Int, RestrictedEnergy) throws -> Void
  ) throws -> RestrictedEnergy {
    let visible = rows.shape[1]
    let chains = min(batchSize, rows.shape[0])
    let step = BatchStep(rows: rows, batchSize: batchSize, seed: seed) { parts in
      write(parts, visible: visible, chains: chains)
    }
    var random = RandomStream(seed: seed, name: Self.kind)
    let start = (0..<visible * hidden).map { _ in deviation * random.normal() }
    try step.variables.set(
      Variable.weights, Tensor(start, shape: [visible, hidden], type: precision))
    func energy() throws -> RestrictedEnergy {
      func values(_ name: String) throws -> [Double] {
        guard let tensor = step.variables[name], tensor.isFinite else {
          throw TrainingError.setting(
            name: "learningRate", found: "\(learningRate), with which \(name) left all bounds",
            expected: "less")
        }
        return tensor.doubles
      }
      return RestrictedEnergy(
        units: units,
        weights: Matrix(rows: visible, columns: hidden, try values(Variable.weights)),
        visibleBias: try values(Variable.visibleBias), hiddenBias: try values(Variable.hiddenBias))
    }
    var order = Array(0..<rows.shape[0])
    for epoch in 1...epochs {
      if shuffles { order = random.permutation(rows.shape[0]) }
      try step.epoch(order, rate: learningRate)
      try observe(epoch, energy())
    }
    return try energy()
  }

  /// The step: statistics of the rows, statistics of the model, and what they change.
  private func write(_ parts: BatchStep.Parts, visible: Int, chains: Int) {
    let w = parts.variable(Variable.weights, [visible, hidden])
    let b = parts.variable(Variable.visibleBias, [visible])
    let c = parts.variable(Variable.hiddenBias, [hidden])
    var stream = 0
    func nextStream() -> Int {
      defer { stream += units == .gaussian ? 2 : 1 }
      return stream
    }
    func hiddenMeans(_ v: Expression) -> Expression { sigmoid(v.matmul(w) + c) }
    func sample(_ means: Expression) -> Expression {
      bernoulli(means, key: parts.key, stream: nextStream())
    }
    func visibles(_ h: Expression) -> Expression {
      let nets = h.matmul(w, transposeB: true) + b
      switch (units, samplesVisible) {
      case (.bernoulli, true): return sample(sigmoid(nets))
      case (.bernoulli, false): return sigmoid(nets)
      case (.gaussian, true): return nets + normal(nets, key: parts.key, stream: nextStream())
      case (.gaussian, false): return nets
      }
    }

    let v = parts.rows
    let positive = hiddenMeans(v)
    let persistent = method == .pcd ? parts.variable(Variable.chains, [chains, hidden]) : nil
    var h = persistent ?? sample(positive)
    var model = v
    var negative = positive
    for number in 1...steps {
      model = visibles(h)
      negative = hiddenMeans(model)
      // CD's last sample is not needed.
      if number < steps || persistent != nil { h = sample(negative) }
    }
    if let persistent { parts.builder.update(persistent, with: h) }

    let (rows, samples) = (Double(parts.batch), Double(model.shape[0]))
    func change(_ name: String, _ variable: Expression, _ gradient: Expression) {
      guard momentum > 0 else {
        return parts.builder.update(variable, with: variable + gradient * parts.rate)
      }
      let velocity = parts.variable(name + " velocity", variable.shape)
      let next = velocity * momentum + gradient * parts.rate
      parts.builder.update(velocity, with: next)
      parts.builder.update(variable, with: variable + next)
    }
    var weightGradient =
      v.matmul(positive, transposeA: true) * (1 / rows)
      - model.matmul(negative, transposeA: true) * (1 / samples)
    if weightDecay > 0 { weightGradient = weightGradient - w * weightDecay }
    var hiddenGradient = positive.mean(axes: [0]) - negative.mean(axes: [0])
    if sparsityCost > 0 {
      let activity = parts.variable(Variable.activity, [hidden])
      let now = activity * 0.9 + positive.mean(axes: [0]) * 0.1
      parts.builder.update(activity, with: now)
      let push = (now * -1 + sparsityTarget) * sparsityCost
      hiddenGradient = hiddenGradient + push
      weightGradient =
        weightGradient
        + v.mean(axes: [0]).reshaped([visible, 1]).matmul(push.reshaped([1, hidden]))
    }
    change(Variable.weights, w, weightGradient)
    change(Variable.visibleBias, b, v.mean(axes: [0]) - model.mean(axes: [0]))
    change(Variable.hiddenBias, c, hiddenGradient)
  }
}

/// Standard normal numbers in the shape of an expression, of two streams of a key.
func normal(_ like: Expression, key: Expression, stream: Int) -> Expression {
  func noise(_ stream: Int) -> Expression {
    uniformNoise(key: key, shape: like.shape, type: like.scalarType, stream: UInt32(stream))
  }
  return normalNumbers(noise(stream), noise(stream + 1))
}
