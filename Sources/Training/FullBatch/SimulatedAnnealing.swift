import Foundation
import Tensors

/// Simulated annealing over the weights: random moves that may go uphill, the less so the colder it gets.
///
/// An iteration is a sweep at one temperature T. Each weight in turn is moved by a random amount, and
/// with ΔE = E(w′) − E(w) the move is kept with probability min(1, exp(−ΔE / T)). Then T falls as
/// ``cooling`` says, from T₀; k counts the sweeps from 0:
///
/// | cooling | T | moves | source |
/// |---|---|---|---|
/// | `geometric` | T₀ αᵏ, α = `factor` | σ N(0, 1) | Kirkpatrick et al. 1983 |
/// | `linear` | T₀ (1 − k / K), K = `sweeps`, then 0 | σ N(0, 1) | – |
/// | `logarithmic` | T₀ ln 2 / ln(k + 2) | σ N(0, 1) | Geman, Geman 1984 |
/// | `fast` | T₀ / (1 + k) | σ T / T₀ · Cauchy | Szu, Hartley 1987 |
///
/// T₀ is `temperature` or, where that is 0, the one at which a share `acceptance` (χ) of uphill moves
/// is kept: the mean of exp(−ΔE / T₀) over the uphill ones of 100 moves (or a sweep, if that is more)
/// from the start is χ. σ is `stepSize`; with `steps: .adapted` it follows the share a of kept moves
/// after each sweep: σ ← σ (1 + 2 (a − 0.6) / 0.4) where a > 0.6, σ ← σ / (1 + 2 (0.4 − a) / 0.4) where
/// a < 0.4, between σ₀ / 10⁶ and σ₀. Cauchy moves have their own scale and are not adapted. A move that
/// leads out of ±`bound`, or farther out, is never kept: among weights without bounds the flat regions, where
/// all units are saturated, are without bounds too, and a walk that is hot enough is lost in them.
///
/// The weights that the run ends with, and each iteration's loss, are those of the best place that was
/// visited; the figures tell T, the share of kept moves, the loss at the present place, and σ. It ends
/// where no move was kept in 50 sweeps. Every sweep costs as many evaluations of E over all rows as there
/// are weights, so it is for small networks. Gradients may finish what it began: save the network, and
/// give it to a run of another rule as its starting parameters.
///
/// Source: S. Kirkpatrick, C. Gelatt, M. Vecchi, "Optimization by simulated annealing", Science 220 (1983),
/// doi:10.1126/science.220.4598.671; N. Metropolis et al., Journal of Chemical Physics 21 (1953),
/// doi:10.1063/1.1699114; S. Geman, D. Geman, IEEE Transactions on Pattern Analysis and Machine
/// Intelligence 6 (1984), doi:10.1109/TPAMI.1984.4767596; H. Szu, R. Hartley, "Fast simulated annealing",
/// Physics Letters A 122 (1987), doi:10.1016/0375-9601(87)90796-1; the adapted steps: A. Corana et al.,
/// ACM Transactions on Mathematical Software 13 (1987), doi:10.1145/29380.29864; T₀: W. Ben-Ameur,
/// Computational Optimization and Applications 29 (2004), doi:10.1023/B:COAP.0000044187.23143.bd.
public struct SimulatedAnnealing: FullBatchRule {
  public static let kind = "simulated-annealing"
  public static let standard = SimulatedAnnealing()

  /// How the temperature falls.
  public enum Cooling: String, Codable, Hashable, Sendable, CaseIterable {
    case geometric, linear, logarithmic, fast
  }

  /// How long the moves are.
  public enum Steps: String, Codable, Hashable, Sendable, CaseIterable {
    /// σ stays as it is.
    case fixed
    /// σ follows the share of moves that are kept.
    case adapted
  }

  /// How the temperature falls; geometric unless told otherwise.
  public var cooling: Cooling
  /// T₀; 0 has it found from ``acceptance``.
  public var temperature: Double
  /// χ, the share of uphill moves that T₀ keeps.
  public var acceptance: Double
  /// α, by which geometric cooling multiplies the temperature after each sweep.
  public var factor: Double
  /// K, the sweeps after which linear cooling has come to 0.
  public var sweeps: Int
  /// σ₀, the scale of the first moves.
  public var stepSize: Double
  /// How large a weight may become.
  public var bound: Double
  /// How long later moves are; adapted unless told otherwise.
  public var steps: Steps

  public init(
    cooling: Cooling = .geometric, temperature: Double = 0, acceptance: Double = 0.8,
    factor: Double = 0.97, sweeps: Int = 200, stepSize: Double = 4, bound: Double = 10,
    steps: Steps = .adapted
  ) {
    self.cooling = cooling
    self.temperature = temperature
    self.acceptance = acceptance
    self.factor = factor
    self.sweeps = sweeps
    self.stepSize = stepSize
    self.bound = bound
    self.steps = steps
  }

  public var hyperparameters: [Hyperparameter] {
    [
      Hyperparameter("temperature", temperature, .nonNegative),
      Hyperparameter("acceptance", acceptance, .fraction),
      Hyperparameter("factor", factor, .fraction),
      Hyperparameter("sweeps", Double(sweeps), .count),
      Hyperparameter("stepSize", stepSize, .positive),
      Hyperparameter("bound", bound, .positive),
    ]
  }

  public var choices: [RuleChoice] {
    [
      RuleChoice("cooling", cooling.rawValue, Cooling.allCases.map(\.rawValue)),
      RuleChoice("steps", steps.rawValue, Steps.allCases.map(\.rawValue)),
    ]
  }

  /// - Throws: ``TrainingError`` where a number is not allowed, or T₀ is to be found for a share of 0.
  public func check() throws {
    try checkHyperparameters()
    guard temperature > 0 || acceptance > 0 else {
      throw TrainingError.setting(
        name: "\(Self.kind), acceptance", found: "0", expected: "above 0, or a temperature")
    }
  }

  public func session(for objective: Objective) throws -> any FullBatchSession {
    AnnealingSession(rule: self, count: objective.weightCount, seed: objective.seed)
  }

  /// T of a sweep, from T₀.
  func temperature(ofSweep sweep: Int, from start: Double) -> Double {
    let k = Double(sweep)
    return switch cooling {
    case .geometric: start * pow(factor, k)
    case .linear: start * max(0, 1 - k / Double(max(1, sweeps)))
    case .logarithmic: start * log(2) / log(k + 2)
    case .fast: start / (1 + k)
    }
  }
}
