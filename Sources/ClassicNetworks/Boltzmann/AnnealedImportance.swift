import Execution
import GraphIR
import RealModule
import Tensors

/// An estimate of ln Z.
public struct LogPartition: Hashable, Sendable {
  /// ln Z.
  public let value: Double
  /// How far it may be off, as the spread of the chains' weights tells it: one standard deviation; 0
  /// where the value is exact.
  public let deviation: Double
}

extension RestrictedEnergy {
  /// ln Z by annealed importance sampling: chains go from independent units to the machine by way of
  /// machines between them, and their weights' mean is the ratio of the two Zs.
  ///
  /// ln p*_β(v) = ((1 − β) a + β b) · v + Σⱼ ln(1 + exp(β (cⱼ + Σᵢ vᵢ wᵢⱼ))) for β from 0 to 1, with a the
  /// biases of units that are on as often as `base` says; ln w = Σ ln p*_{βₖ}(vₖ) − ln p*_{βₖ₋₁}(vₖ).
  ///
  /// Sources: R. Neal, "Annealed importance sampling", Statistics and Computing 11 (2001),
  /// doi:10.1023/A:1008923215028; R. Salakhutdinov, I. Murray, "On the quantitative analysis of deep
  /// belief networks", ICML (2008), doi:10.1145/1390156.1390266.
  ///
  /// - Parameters:
  ///   - base: How often each visible unit is on where sampling begins; nil takes the machine's biases.
  ///   - chains: How many chains there are.
  ///   - temperatures: How many steps lead from 0 to 1.
  ///   - seed: Where random numbers start.
  /// - Throws: `GraphError` where the weights do not fit one another.
  func sampledLogPartition(
    base: [Double]?, chains: Int, temperatures: Int, seed: UInt64
  ) throws -> LogPartition {
    let start =
      units == .gaussian
      ? visibleBias
      : base.map { $0.map { Double.log($0 / (1 - $0)) } } ?? visibleBias
    var random = RandomStream(seed: seed, name: "annealed importance")
    var first = Matrix(rows: chains, columns: visible)
    for place in first.values.indices {
      let bias = start[place % visible]
      first.values[place] =
        units == .gaussian ? bias + random.normal() : random.uniform() < logistic(bias) ? 1 : 0
    }
    let executor = try Executor(Plan(annealingStep(chains: chains, start: start)))
    try executor.variables.set("v", first.tensor)
    for step in 1...temperatures {
      try executor.setInput("from", Tensor(Double(step - 1) / Double(temperatures)))
      try executor.setInput("to", Tensor(Double(step) / Double(temperatures)))
      try executor.setInput("key", randomKey(seed: seed, step: step))
      executor.run()
    }
    let logWeights = executor.variables["log weight"]?.doubles ?? []
    let base =
      Double(hidden) * Double.log(2)
      + (units == .gaussian
        ? Double(visible) / 2 * Double.log(2 * .pi) : start.reduce(0) { $0 + softplus($1) })
    let mean = logSumExp(logWeights) - Double.log(Double(chains))
    let spread =
      logWeights.reduce(0) {
        let ratio = Double.exp($1 - mean) - 1
        return $0 + ratio * ratio
      } / Double(max(chains * (chains - 1), 1))
    return LogPartition(value: base + mean, deviation: spread.squareRoot())
  }

  /// Weighs the chains' states, and moves them one temperature on.
  private func annealingStep(chains: Int, start: [Double]) throws -> Graph {
    let builder = GraphBuilder()
    let v = builder.variable("v", TensorType([chains, visible], .float64))
    let logWeight = builder.variable("log weight", TensorType([chains], .float64))
    let from = builder.input("from", TensorType(.scalar, .float64))
    let to = builder.input("to", TensorType(.scalar, .float64))
    let key = builder.input("key", TensorType([4], .int32))
    let w = builder.constant(weights.tensor)
    let b = builder.constant(Tensor(visibleBias))
    let a = builder.constant(Tensor(start))
    let nets = v.matmul(w) + builder.constant(Tensor(hiddenBias))

    var change = softplus(nets * to).sum(axes: [1]) - softplus(nets * from).sum(axes: [1])
    if units == .bernoulli { change = change + (v * (b - a)).sum(axes: [1]) * (to - from) }
    builder.update(logWeight, with: logWeight + change)

    let h = bernoulli(sigmoid(nets * to), key: key, stream: 0)
    let back = h.matmul(w, transposeB: true) * to
    switch units {
    case .bernoulli:
      let bias = a + (b - a) * to
      builder.update(v, with: bernoulli(sigmoid(back + bias), key: key, stream: 1))
    case .gaussian:
      builder.update(v, with: back + b + normal(back, key: key, stream: 1))
    }
    return try builder.finish()
  }
}
