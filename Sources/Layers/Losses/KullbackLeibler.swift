import GraphIR
import Tensors

/// The Kullback–Leibler divergence of a target distribution from the one that the network gives.
///
/// E = (1 / N) Σ t (ln t − o) over all elements, with the targets t – for a class number 1 at its
/// place, else 0 – and N the number of rows. The outputs o are log-probabilities, ln p, as
/// `logSoftmax` gives them; with ``takesScores`` they are scores, from which the loss takes the
/// logarithm of the softmax itself. 0 · ln 0 counts as 0. ∂E/∂o = −t / N, and with scores
/// (p Σt − t) / N, the same as of the cross-entropy. (PyTorch: `kl_div`, reduction `batchmean`.)
///
/// Source: S. Kullback, R. Leibler, "On information and sufficiency", Ann. Math. Statist. 22
/// (1951), doi:10.1214/aoms/1177729694.
public struct KullbackLeibler: Loss {
  public static let kind = "klDivergence"

  /// Whether outputs are scores rather than log-probabilities; false unless told otherwise.
  public let takesScores: Bool
  /// Whether targets are log-probabilities too; false unless told otherwise.
  public let takesLogTargets: Bool

  public init(takesScores: Bool, takesLogTargets: Bool = false) {
    self.takesScores = takesScores
    self.takesLogTargets = takesLogTargets
  }

  public init() { self.init(takesScores: false) }

  public init(takesLogTargets: Bool) {
    self.init(takesScores: false, takesLogTargets: takesLogTargets)
  }

  public var isClassification: Bool { true }
  public var givesProbabilities: Bool { true }
  public var allowsSingleOutput: Bool { false }

  public func problem(withTarget value: Double) -> String? {
    if takesLogTargets { return value <= 0 ? nil : "expected a logarithm, 0 or less" }
    return value >= 0 && value <= 1 ? nil : "expected 0 to 1"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    guard let fitted = fitted(target, to: output) else { return unknown(beside: output) }
    let isCoded = target.scalarType == .int32
    let logs = takesScores ? logSoftmax(output) : output
    let rows = Double(max(output.shape.count / output.shape[-1], 1))
    if takesLogTargets && !isCoded {
      return (exp(fitted) * (fitted - logs)).sum() * (1 / rows)
    }
    let targetLogs = log(select(fitted .> 0, fitted, 1))
    return (fitted * (targetLogs - logs)).sum() * (1 / rows)
  }

  public func probabilities(_ output: Expression) -> Expression {
    takesScores ? softmax(output) : exp(output)
  }

  public static var samples: [LossSample] {
    LossSample.forms([KullbackLeibler(), KullbackLeibler(takesScores: true)], single: false) + [
      LossSample(
        KullbackLeibler(takesLogTargets: true), output: Tensor([[-0.5, -1.5], [-2, -0.25]]),
        target: Tensor([[-0.75, -0.5], [-1, -0.125]]))
    ]
  }
}

extension KullbackLeibler {
  enum CodingKeys: CodingKey, CaseIterable {
    case takesScores, takesLogTargets
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      takesScores: try fields.value(.takesScores, default: false),
      takesLogTargets: try fields.value(.takesLogTargets, default: false))
  }
}
