import Charts
import Datasets
import Tensors
import Training

/// A restricted Boltzmann machine that has learned.
public struct FittedRestrictedBoltzmannMachine: FittedNetwork {
  public let settings: RestrictedBoltzmannMachine
  public let facts: ClassicFacts
  let energy: RestrictedEnergy

  init(settings: RestrictedBoltzmannMachine, facts: ClassicFacts, energy: RestrictedEnergy) {
    (self.settings, self.facts, self.energy) = (settings, facts, energy)
  }

  /// W, [visible, hidden].
  public var weights: Tensor { energy.weights.tensor.cast(to: settings.precision) }
  /// b, [1, visible].
  public var visibleBias: Tensor { row(energy.visibleBias) }
  /// c, [1, hidden].
  public var hiddenBias: Tensor { row(energy.hiddenBias) }

  private func row(_ values: [Double]) -> Tensor {
    Tensor(values, shape: [1, values.count], type: settings.precision)
  }

  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [("weights", weights), ("visible.bias", visibleBias), ("hidden.bias", hiddenBias)]
  }

  public init(
    settings: RestrictedBoltzmannMachine, facts: ClassicFacts, tensors: [String: Tensor]
  ) throws {
    let columns = try facts.columns()
    self.init(
      settings: settings, facts: facts,
      energy: RestrictedEnergy(
        units: settings.units, weights: try tensors.matrix("weights", columns, settings.hidden),
        visibleBias: try tensors.matrix("visible.bias", 1, columns).values,
        hiddenBias: try tensors.matrix("hidden.bias", 1, settings.hidden).values))
  }

  private func scaled(_ rows: Tensor) throws -> Matrix {
    try facts.scaled(rows, for: RestrictedBoltzmannMachine.kind)
  }

  /// The probability of each hidden unit, [rows, hidden]: features for another network.
  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    .values(energy.hiddenMeans(try scaled(rows)).tensor)
  }

  /// Scaled rows as the machine gives them back: the means of the visible units, given the means of
  /// the hidden ones.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func reconstruct(_ rows: Tensor) throws -> Tensor {
    energy.reconstructions(try scaled(rows)).tensor
  }

  /// F(v) = −ln Σ_h exp(−E(v, h)) of each row.
  ///
  /// - Throws: `TrainingError` where the rows have another size.
  public func freeEnergies(_ rows: Tensor) throws -> [Double] {
    energy.freeEnergies(try scaled(rows))
  }

  /// An estimate of ln of each row's pseudo-likelihood Π P(vᵢ | all others), from one bit of each row.
  ///
  /// - Parameter bits: The bit of each row; nil chooses them at random, always the same.
  /// - Throws: `TrainingError` where the rows have another size, or visible units are Gaussian.
  public func logPseudoLikelihoods(_ rows: Tensor, bits: [Int]? = nil) throws -> [Double] {
    guard settings.units == .bernoulli else {
      throw TrainingError.data("the pseudo-likelihood is that of bernoulli units")
    }
    let matrix = try scaled(rows)
    let bits = bits ?? pseudoLikelihoodBits(matrix)
    guard bits.count == matrix.rows, bits.allSatisfy({ (0..<matrix.columns).contains($0) }) else {
      throw TrainingError.data("found \(bits.count) bits, expected a column for each row")
    }
    return energy.pseudoLikelihoods(matrix, bits: bits)
  }

  /// ln Z by summing over all states of the hidden units; nil for more than sixteen of them.
  public var exactLogPartition: Double? { energy.logPartition }

  /// ln Z by annealed importance sampling.
  ///
  /// - Parameters:
  ///   - data: Rows whose means are where sampling begins; nil begins at the machine's biases.
  ///   - chains: How many chains there are.
  ///   - temperatures: How many steps lead from independent units to the machine.
  ///   - seed: Where random numbers start.
  /// - Throws: `TrainingError` where the rows have another size.
  public func logPartition(
    from data: Dataset? = nil, chains: Int = 100, temperatures: Int = 1000, seed: UInt64 = 0
  ) throws -> LogPartition {
    guard (1...1_000_000).contains(chains), (1...10_000_000).contains(temperatures) else {
      throw TrainingError.data(
        "found \(chains) chains and \(temperatures) temperatures, expected 1 or more")
    }
    let base = try data.map { data in
      let rows = try scaled(data.features)
      let count = Double(rows.rows)
      return rows.columnMeans.map { (min(max($0, 0), 1) * count + 1) / (count + 2) }
    }
    return try energy.sampledLogPartition(
      base: base, chains: chains, temperatures: temperatures, seed: seed)
  }

  /// Rows that the machine dreams of: the visible units' means after Gibbs sampling.
  ///
  /// - Parameters:
  ///   - rows: Where chains begin.
  ///   - steps: Steps of sampling, of hidden and visible units each.
  ///   - seed: Where random numbers start.
  /// - Throws: `TrainingError` where the rows have another size.
  public func dream(from rows: Tensor, steps: Int, seed: UInt64) throws -> Tensor {
    var random = RandomStream(seed: seed, name: "dream")
    var means = try scaled(rows)
    for _ in 0..<max(steps, 0) {
      let visible =
        settings.units == .gaussian
        ? means.mapped { $0 + random.normal() } : means.mapped { random.uniform() < $0 ? 1 : 0 }
      let hidden = energy.hiddenMeans(visible).mapped { random.uniform() < $0 ? 1 : 0 }
      means = energy.visibleMeans(hidden)
    }
    return means.tensor
  }

  /// Reconstruction error and free energy; for Bernoulli units ln of the pseudo-likelihood; ln Z, and
  /// with it ln of the rows' likelihood, exactly for at most sixteen hidden units.
  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    let rows = try scaled(data.features)
    guard rows.rows > 0 else { throw TrainingError.data("\(data.name) has no rows") }
    let free = energy.freeEnergies(rows)
    let mean = free.reduce(0, +) / Double(rows.rows)
    var figures = [
      ClassicFigure(
        RestrictedBoltzmannMachine.Name.error, rootMeanSquare(energy.reconstructions(rows), rows)),
      ClassicFigure("free energy", mean),
    ]
    if settings.units == .bernoulli {
      let found = energy.pseudoLikelihoods(rows, bits: pseudoLikelihoodBits(rows))
      figures.append(
        ClassicFigure(
          RestrictedBoltzmannMachine.Name.pseudoLikelihood,
          found.reduce(0, +) / Double(rows.rows)))
    }
    if let exact = exactLogPartition {
      figures += [ClassicFigure("ln Z", exact), ClassicFigure("ln likelihood", -mean - exact)]
    } else {
      let sampled = try logPartition(from: data, chains: 50)
      figures += [
        ClassicFigure("ln Z, sampled", sampled.value),
        ClassicFigure("deviation of ln Z", sampled.deviation),
        ClassicFigure("ln likelihood, sampled", -mean - sampled.value),
      ]
    }
    return figures
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let rows = try scaled(data.features)
    return filterPictures(
      "Filters", energy.weights.transposed, facts: facts,
      caption: "The weights of hidden units: white where a pixel turns one on, black where it "
        + "turns it off.")
      + reconstructionPictures(rows, energy.reconstructions(rows), facts: facts)
      + curvePictures(facts)
  }
}
