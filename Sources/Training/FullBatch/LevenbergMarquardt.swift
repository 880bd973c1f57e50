/// Levenberg's and Marquardt's rule for sums of squares: Gauss's and Newton's step, shortened towards
/// the gradient where that step would lead astray.
///
/// For V = Σ e² over all rows and outputs, with J the errors' Jacobian J_ij = ∂eᵢ/∂wⱼ,
///
/// d = −(JᵀJ + µ I)⁻¹ Jᵀe.
///
/// Where V(w + d) < V(w), w ← w + d and µ ← µ / `muDecrease` (10); else µ ← µ · `muIncrease` (10), and d
/// is computed again, until µ exceeds `muLimit` (10¹⁰). µ starts at `mu` (0.001). The loss must be
/// `meanSquaredError` or `halfSquaredError`, E = f V; its penalty ½ λ₂ Σw² adds λ₂ / (2f) w to Jᵀe
/// and λ₂ / (2f) to the diagonal at the weights it is for.
///
/// With ``Regularization/bayesian`` the rule makes F = β Σe² + α Σw² small, over all N weights and
/// biases and n errors, by d = −(β JᵀJ + (α + µ) I)⁻¹ (β Jᵀe + α w), and after each step has the data say
/// what α and β should be:
///
/// γ = N − α tr (β JᵀJ + α I)⁻¹, α = γ / (2 Σw²), β = (n − γ) / (2 Σe²),
///
/// from α = 0, β = 1. γ is the number of effective parameters: how many of the N the data determine.
///
/// A step costs one Jacobian, its product JᵀJ (n N² multiplications) and, for each µ that is tried, a
/// factorization (N³ / 6). It ends where the largest element of Jᵀe (of ½ ∂F/∂w) is at most
/// `gradientTolerance` (10⁻⁷), or µ exceeds its limit.
///
/// Figures: `mu`, `gradient`, `evaluations` (of V); `effectiveParameters`, `alpha` and `beta`.
///
/// Source: K. Levenberg, "A method for the solution of certain non-linear problems in least squares",
/// Quarterly of Applied Mathematics 2 (1944), doi:10.1090/qam/10666; D. Marquardt, "An algorithm for
/// least-squares estimation of nonlinear parameters", SIAM Journal 11 (1963), doi:10.1137/0111030; for
/// networks M. Hagan, M. Menhaj, "Training feedforward networks with the Marquardt algorithm", IEEE
/// Transactions on Neural Networks 5 (1994), doi:10.1109/72.329697; D. MacKay, "Bayesian
/// interpolation", Neural Computation 4 (1992), doi:10.1162/neco.1992.4.3.415; F. Foresee, M. Hagan,
/// "Gauss-Newton approximation to Bayesian learning", ICNN 1997, doi:10.1109/ICNN.1997.614194.
public struct LevenbergMarquardt: FullBatchRule {
  public static let kind = "levenberg-marquardt"
  public static let standard = LevenbergMarquardt()

  /// What keeps the weights small.
  public enum Regularization: String, Codable, CaseIterable, Hashable, Sendable {
    /// Nothing but the penalty λ₂ that a run may have.
    case none
    /// α Σw², where α follows from the data.
    case bayesian
  }

  /// µ at the start.
  public var mu: Double
  /// What µ is multiplied by where a step was no good.
  public var muIncrease: Double
  /// What µ is divided by where a step was good.
  public var muDecrease: Double
  /// The µ above which there is no use in going on.
  public var muLimit: Double
  /// The largest element of a gradient that counts as none.
  public var gradientTolerance: Double
  /// What keeps the weights small.
  public var regularization: Regularization

  public init(
    mu: Double = 0.001, muIncrease: Double = 10, muDecrease: Double = 10, muLimit: Double = 1e10,
    gradientTolerance: Double = 1e-7, regularization: Regularization = .none
  ) {
    self.mu = mu
    self.muIncrease = muIncrease
    self.muDecrease = muDecrease
    self.muLimit = muLimit
    self.gradientTolerance = gradientTolerance
    self.regularization = regularization
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("mu", mu, .positive), Hyperparameter("muIncrease", muIncrease, .positive),
      Hyperparameter("muDecrease", muDecrease, .positive),
      Hyperparameter("muLimit", muLimit, .positive),
      Hyperparameter("gradientTolerance", gradientTolerance, .nonNegative),
    ]
  }

  public var choices: [RuleChoice] {
    [
      RuleChoice(
        "regularization", regularization.rawValue, Regularization.allCases.map(\.rawValue))
    ]
  }

  /// - Throws: ``TrainingError`` where a number is out of its range, or µ would not grow and shrink.
  public func check() throws {
    try checkHyperparameters()
    for (name, factor) in [("muIncrease", muIncrease), ("muDecrease", muDecrease)]
    where factor <= 1 {
      throw TrainingError.setting(
        name: "\(Self.kind), \(name)", found: shortText(factor), expected: "a number above 1")
    }
  }

  /// - Throws: ``TrainingError`` where the loss with its penalties is no sum of squares.
  public func session(for objective: Objective) throws -> any FullBatchSession {
    func refused(_ name: String, _ found: String, _ expected: String) -> TrainingError {
      .setting(
        name: name, found: found, expected: "\(expected): \(Self.kind) is for sums of squares")
    }
    guard let factor = objective.squaredErrorFactor else {
      throw refused(
        "the loss", objective.lossKind, "meanSquaredError or halfSquaredError")
    }
    guard !objective.hasOtherPenalties else {
      throw refused("penalties", "l1 or that of a layer", "none but l2")
    }
    let decay = objective.decay.map { $0 / (2 * factor) }
    if regularization == .bayesian, decay.contains(where: { $0 != 0 }) {
      throw TrainingError.setting(
        name: "l2", found: shortText(objective.l2),
        expected: "0: the penalty of bayesian regularization follows from the data")
    }
    return LevenbergMarquardtSession(
      rule: self, factor: factor, decay: decay, errorCount: objective.errorCount)
  }
}
