import Datasets
import Tensors
import Training

/// Cascade-correlation: a network that grows, one hidden unit after another, until it is good enough.
///
/// At first inputs lead to outputs only. The outputs' weights learn by Quickprop until the error no longer
/// changes; then candidates learn, which see the inputs and all hidden units and lead nowhere yet. The best of
/// them comes in: its weights are frozen, the outputs get weights from it, and all outputs learn again. So each
/// hidden unit is a layer of its own.
/// - `correlation`: candidates maximize S = Σₒ |Σₚ (Vₚ − V̄) (Eₚₒ − Ēₒ)|, what a unit's values V over the rows p
///   have to do with the errors E of the outputs o, divided by Σ E². With the sign σₒ of each sum and a net
///   input's value Iᵢₚ, ∂S / ∂wᵢ = Σₚₒ σₒ (Eₚₒ − Ēₒ) f′ₚ Iᵢₚ. A unit comes in with minus its correlation as
///   the weight to each output.
/// - `cascade2`: each candidate has a weight wₒ to each output besides, and both learn to make
///   Σₚₒ (wₒ Vₚ − Eₚₒ)² small, E being what is wrong with the outputs themselves; its score is the share of
///   Σ E² that this takes away. wₒ begins beside the errors' root mean square, and the unit comes in with −wₒ.
///
/// Classes have an output each, two of them one for both, of −½ to ½: 1 / (1 + e^(−net)) − ½; numbers have linear
/// outputs, with targets scaled to mean 0 and deviation 1 while they are learned. E is (y − t) f′, where an
/// offset is added to the outputs' f′, so that outputs that are wrong altogether still learn. Hidden units are
/// sigmoids of −½ to ½, or Gaussians e^(−net² / 2). The weights' rates are divided by the number of rows, and
/// by that of inputs too for candidates and linear outputs.
///
/// The settings are those that the authors' program recommends for two spirals; candidates of `cascade2`, whose
/// scores stand still at first, are given more time. Growth ends when all outputs are within `tolerance` of ±½ or,
/// for numbers, their root mean squared error is at most `goal` of their deviation.
///
/// Sources: S. E. Fahlman, C. Lebiere, "The cascade-correlation learning architecture", Advances in Neural
/// Information Processing Systems 2 (1990), and CMU-CS-90-100 (1991), of which the program's letter is taken
/// where the text leaves it open; Cascade 2: L. Prechelt, "Investigation of the CasCor family of learning
/// algorithms", Neural Networks 10 (1997), doi:10.1016/S0893-6080(96)00115-3.
public struct CascadeCorrelation: ClassicNetwork {
  public static let kind = "cascade-correlation"
  public static let shortNames = ["cascade", "cascor"]
  public static let purpose =
    "classes or numbers by a network that adds hidden units as it needs them"
  public static let meanings: SettingMeanings = [
    ("variant", "correlation (candidates follow the error) or cascade2 (they take it away)"),
    ("units", "hidden units at most"),
    ("candidates", "units that learn at a time, of which the best comes in"),
    ("activation", "sigmoid (−½ to ½) or gaussian (0 to 1)"),
    ("outputEpochs", "passes over the rows for the outputs, at most"),
    ("candidateEpochs", "passes over the rows for candidates, at most"),
    ("outputPatience", "passes without a change after which outputs are left"),
    (
      "candidatePatience",
      "passes without a change after which the best comes in; 0 takes 8, and for cascade2 20"
    ),
    ("outputChange", "the share by which the error must change to count as one"),
    ("candidateChange", "the share by which the best score must change to count as one"),
    ("outputRate", "ε of the outputs' weights"),
    ("candidateRate", "ε of the candidates' weights"),
    ("growth", "μ: how much longer than the last one a step may be"),
    ("outputDecay", "λ of the outputs' weights"),
    ("candidateDecay", "λ of the candidates' weights"),
    ("weightRange", "weights begin between minus this and this"),
    ("slopeOffset", "what is added to the derivative of sigmoid outputs"),
    ("tolerance", "how far outputs of classes may be from −½ or ½"),
    ("goal", "the root mean squared error of numbers that is good enough, in deviations"),
    ("scaling", RowScaling.meaning),
  ]

  /// What candidates learn.
  public enum Variant: String, Codable, Hashable, Sendable, CaseIterable {
    case correlation, cascade2
  }

  /// What hidden units make of their net input.
  public enum Activation: String, Codable, Hashable, Sendable, CaseIterable {
    case sigmoid, gaussian
  }

  public var variant: Variant
  public var units: Int
  public var candidates: Int
  public var activation: Activation
  public var outputEpochs = 100
  public var candidateEpochs = 100
  public var outputPatience = 12
  public var candidatePatience = 0
  public var outputChange = 0.01
  public var candidateChange = 0.03
  public var outputRate = 1.0
  public var candidateRate = 100.0
  public var growth = 2.0
  public var outputDecay = 0.0001
  public var candidateDecay = 0.0
  public var weightRange = 1.0
  public var slopeOffset = 0.1
  public var tolerance = 0.4
  public var goal = 0.2
  public var scaling: RowScaling

  public init() { self.init(variant: .correlation) }

  public init(
    variant: Variant = .correlation, units: Int = 25, candidates: Int = 8,
    activation: Activation = .sigmoid, scaling: RowScaling = .standard
  ) {
    self.variant = variant
    self.units = units
    self.candidates = candidates
    self.activation = activation
    self.scaling = scaling
  }

  public var problem: String? {
    if !(0...1000).contains(units) { return "units is \(units), expected 0 to 1000" }
    if !(1...1000).contains(candidates) {
      return "candidates is \(candidates), expected 1 to 1000"
    }
    for (name, value) in [
      ("outputEpochs", outputEpochs), ("candidateEpochs", candidateEpochs),
      ("outputPatience", outputPatience),
    ] where !(1...1_000_000).contains(value) {
      return "\(name) is \(value), expected 1 to 1000000"
    }
    if !(0...1_000_000).contains(candidatePatience) {
      return "candidatePatience is \(candidatePatience), expected 0 to 1000000"
    }
    for (name, value) in [
      ("outputRate", outputRate), ("candidateRate", candidateRate), ("weightRange", weightRange),
    ] where !(value > 0 && value <= 1e6) {
      return "\(name) is \(value), expected more than 0, at most 1000000"
    }
    for (name, value) in [
      ("outputChange", outputChange), ("candidateChange", candidateChange),
      ("outputDecay", outputDecay), ("candidateDecay", candidateDecay),
      ("slopeOffset", slopeOffset), ("goal", goal),
    ] where !(value >= 0 && value <= 1) {
      return "\(name) is \(value), expected 0 to 1"
    }
    if !(growth > 0 && growth <= 10) {
      return "growth is \(growth), expected more than 0, at most 10"
    }
    if !(tolerance > 0 && tolerance < 0.5) {
      return "tolerance is \(tolerance), expected more than 0, less than 0.5"
    }
    return nil
  }

  public func fit(_ data: Dataset, seed: UInt64, observe: (ClassicProgress) -> Void) throws
    -> FittedCascadeCorrelation
  {
    try fit(data, seed: seed, from: [], observe: observe)
  }

  /// Learns from rows, from weights that are known.
  ///
  /// - Parameter weights: Taken one by one in place of random ones, as long as there are any: first those of
  ///   each output, from the bias and the inputs; then, whenever candidates begin, those of each, from the
  ///   bias, the inputs and the hidden units, and after these with `cascade2` those of each for the outputs,
  ///   in root mean squares of the errors.
  /// - Throws: `TrainingError` where the settings make no sense, or the data or the weights do not suit them.
  public func fit(
    _ data: Dataset, seed: UInt64, from weights: [Double],
    observe: (ClassicProgress) -> Void = { _ in }
  ) throws -> FittedCascadeCorrelation {
    try check()
    guard weights.allSatisfy(\.isFinite) else {
      throw TrainingError.data("\(Self.kind): found weights that are not finite")
    }
    let data = data.asClasses
    let targets = try CascadeTargets(data, for: Self.kind)
    let (rows, facts) = try data.scaledMatrix(scaling, for: Self.kind, least: 2)
    var training = CascadeTraining(
      self, rows, targets.values, isLinear: targets.isLinear,
      random: RandomStream(seed: seed, name: Self.kind), given: weights)
    training.run { training in
      observe(
        ClassicProgress(
          epoch: training.epochs,
          [
            ClassicFigure("hidden units", Double(training.hidden.count)),
            ClassicFigure("error", training.errors.last ?? 0),
          ]))
    }
    var found = CascadeFacts(
      facts, epochs: training.epochs, isSolved: training.isSolved, arrivals: training.arrivals)
    found.data.curves["error"] = training.errors
    if !training.isSolved {
      found.data.warnings.append(
        "\(units) hidden unit\(units == 1 ? "" : "s"), as many as may be, came in, and "
          + (targets.isLinear
            ? "the error is still larger than the goal"
            : "\(training.wrong) of \(targets.values.values.count) outputs are still off by more "
              + "than \(shortText(tolerance))"))
    }
    let outputs = targets.unscaled(
      Matrix(
        rows: training.output.weights.count / targets.values.columns,
        columns: targets.values.columns, training.output.weights
      ).transposed)
    guard (outputs.values + training.hidden.joined()).allSatisfy(\.isFinite) else {
      throw TrainingError.data(
        "\(Self.kind): the weights left the range of numbers; scaling=standard or a smaller outputRate "
          + "keeps them in it")
    }
    return FittedCascadeCorrelation(
      settings: self, facts: found, hidden: training.hidden, outputs: outputs)
  }

  public static var samples: [ClassicSample<CascadeCorrelation>] {
    let points = Tensor([[0.0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3], [3, 3]])
    func classes(_ labels: [Int32], _ names: [String]) -> Dataset {
      Dataset(name: "points", features: points, targets: .classes(Tensor(labels), names: names))
    }
    let line = Dataset(
      name: "line", features: Tensor([0.0, 1, 2, 3, 4, 5], shape: [6, 1]),
      targets: .values(Tensor([0.0, 1, 4, 9, 16, 25]), names: ["square"]))
    return [
      ClassicSample(CascadeCorrelation(units: 3), on: classes([0, 1, 1, 0, 1, 1, 0], ["a", "b"])),
      // No hidden unit is needed.
      ClassicSample(
        CascadeCorrelation(scaling: .none), on: classes([0, 0, 0, 0, 1, 1, 1], ["low", "high"])),
      ClassicSample(
        CascadeCorrelation(variant: .cascade2, units: 2, candidates: 3, activation: .gaussian),
        on: classes([0, 1, 1, 0, 2, 2, 1], ["a", "b", "c"])),
      ClassicSample(CascadeCorrelation(units: 2, candidates: 2), on: line),
    ]
  }
}
