import Tensors

/// Grows a network: outputs learn until they no longer get better, then candidates do, and the best comes in.
struct CascadeTraining {
  private let settings: CascadeCorrelation
  /// [rows, outputs].
  private let targets: Matrix
  private let isLinear: Bool
  private var random: RandomStream
  /// Weights that are taken before random ones.
  private var given: ArraySlice<Double>
  private var units: UnitValues
  private var residual: ResidualErrors
  /// [inputs and units, outputs].
  private(set) var output: QuickpropWeights
  /// The weights of each unit that came in, [inputs and units before it].
  private(set) var hidden: [[Double]] = []
  /// When they came in.
  private(set) var arrivals: [CascadeFacts.Arrival] = []
  /// Passes over the rows with a step of weights, and those that measured new candidates.
  private(set) var epochs = 0
  /// The mean of the outputs' squared errors in each pass.
  private(set) var errors: [Double] = []

  /// - Parameters:
  ///   - targets: ±½ for classes; numbers of mean 0 and deviation 1 for linear outputs.
  ///   - given: Weights that are taken before random ones, in the order in which they are drawn: those of
  ///     each output, then at every start of a pool those of each candidate.
  init(
    _ settings: CascadeCorrelation, _ inputs: Matrix, _ targets: Matrix, isLinear: Bool,
    random: RandomStream, given: [Double]
  ) {
    (self.settings, self.targets, self.isLinear, self.random) = (
      settings, targets, isLinear, random
    )
    self.given = given[...]
    units = UnitValues(inputs)
    output = QuickpropWeights([])
    residual = ResidualErrors([], targets, isLinear: isLinear, offset: 0, tolerance: 0)
    var weights = [Double](repeating: 0, count: units.count * targets.columns)
    for place in 0..<targets.columns {
      for input in 0..<units.count { weights[input * targets.columns + place] = draw() }
    }
    output = QuickpropWeights(weights)
  }

  private mutating func draw() -> Double {
    given.popFirst() ?? random.uniform(-settings.weightRange, settings.weightRange)
  }

  /// How many outputs are off by more than is allowed.
  var wrong: Int { residual.wrong }

  /// Whether the outputs are as good as was asked for.
  var isSolved: Bool {
    isLinear ? error.squareRoot() <= settings.goal : residual.wrong == 0
  }

  private var error: Double {
    residual.squaredDifferences / Double(max(targets.values.count, 1))
  }

  /// - Parameter observe: Told after the outputs' training what has come of it.
  mutating func run(observe: (CascadeTraining) -> Void) {
    trainOutputs()
    observe(self)
    while !isSolved, hidden.count < settings.units {
      trainCandidates()
      trainOutputs()
      observe(self)
    }
  }

  private mutating func trainOutputs() {
    let count = targets.columns
    var quit = epochs + settings.outputPatience
    var last: Double?
    for _ in 0..<settings.outputEpochs {
      residual = ResidualErrors(
        units.nets(output.weights, units: count), targets, isLinear: isLinear,
        offset: settings.slopeOffset, tolerance: settings.tolerance)
      errors.append(error)
      guard !isSolved, error.isFinite else { return }
      output.slopes = units.slopes(residual.slopes, units: count)
      // A sigmoid's slope keeps steps small; without it they must suit the number of inputs.
      let inputs = isLinear ? units.count : 1
      output.learn(
        rate: settings.outputRate / Double(units.rows * inputs), growth: settings.growth,
        decay: settings.outputDecay)
      epochs += 1
      guard let before = last else {
        last = error
        continue
      }
      if abs(error - before) > before * settings.outputChange {
        last = error
        quit = epochs + settings.outputPatience
      } else if epochs >= quit {
        return
      }
    }
  }

  private mutating func trainCandidates() {
    var pool = CandidatePool(settings, for: residual, inputs: units.count) { draw() }
    pool.pass(units, learns: false)
    countCandidateEpoch()
    let patience =
      settings.candidatePatience > 0
      ? settings.candidatePatience : settings.variant == .correlation ? 8 : 20
    var quit = settings.candidateEpochs
    var last: Double?
    for epoch in 0..<settings.candidateEpochs {
      pool.pass(units, learns: true)
      countCandidateEpoch()
      let score = pool.best.score
      guard let before = last else {
        last = score
        continue
      }
      if abs(score - before) > before * settings.candidateChange {
        last = score
        quit = epoch + patience
      } else if epoch >= quit {
        break
      }
    }
    let (candidate, score) = pool.best
    let weights = pool.inputWeights(candidate)
    hidden.append(weights)
    arrivals.append(CascadeFacts.Arrival(epoch: epochs, score: score))
    // Linear outputs sum up many units: what the new one brings is taken in part.
    let share = isLinear && settings.variant == .correlation ? 1 / Double(units.count) : 1
    output.append(pool.outputWeights(candidate).map { $0 * share })
    units.append(weights: weights, activation: settings.activation)
  }

  /// The error stays what it was while candidates learn.
  private mutating func countCandidateEpoch() {
    epochs += 1
    errors.append(error)
  }
}
