import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// What References/cascor-program.py says of the authors' program.
private struct ProgramReference: Decodable {
  struct Runs: Decodable {
    let units, epochs: [Double]
  }
  let draws: [Double]
  let hidden, outputs: [[Double]]
  let spirals: Runs
  let parity: [String: Runs]
}

/// What References/cascade-correlation.py makes of the same rows.
private struct CascadeReference: Decodable {
  struct Case: Decodable {
    let data: String
    let variant: CascadeCorrelation.Variant
    let activation: CascadeCorrelation.Activation
    let draws: [Double]
    let hidden, outputs: [[Double]]
    let epochs: Int
  }
  let petals: [Double]
  let species: [Int]
  let cases: [Case]

  func data(_ name: String) throws -> Dataset {
    switch name {
    case "petals":
      Dataset(
        name: name, features: Tensor(petals, shape: [species.count, 2]),
        targets: .classes(
          Tensor(species.map(Int32.init)), names: ["setosa", "versicolor", "virginica"]))
    case "squares": squares
    default: try Dataset.builtIn("two-spirals")
    }
  }
}

private var squares: Dataset {
  let line = (0..<21).map { -2 + 4 * Double($0) / 20 }
  return Dataset(
    name: "squares", features: Tensor(line, shape: [21, 1]),
    targets: .values(Tensor(line.map { $0 * $0 }, shape: [21, 1]), names: ["square"]))
}

extension FittedCascadeCorrelation {
  /// The weights that each hidden unit has.
  fileprivate var units: [[Double]] {
    let (count, columns) = (hiddenWeights.shape[0], hiddenWeights.shape[1])
    return (0..<count).map { unit in
      (0..<columns - count + unit).map { hiddenWeights[unit, $0] }
    }
  }

  fileprivate func figure(_ name: String, on data: Dataset) throws -> Double {
    try #require(figures(on: data).first { $0.name == name }).value
  }
}

@Suite struct CascadeCorrelationTests {
  @Test func weightsAreThoseOfTheAuthorsProgram() throws {
    let reference = try referenceNumbers("cascor-program", as: ProgramReference.self)
    let spirals = try Dataset.builtIn("two-spirals")
    #expect(reference.outputs.count == 4)
    for (units, outputs) in reference.outputs.enumerated() {
      let network = CascadeCorrelation(units: units, scaling: .none)
      let fitted = try network.fit(spirals, seed: 0, from: reference.draws)
      #expect(largestDifference(fitted.outputWeights.doubles, outputs) < 1e-9)
      #expect(fitted.units.count == units)
      for (found, expected) in zip(fitted.units, reference.hidden) {
        #expect(largestDifference(found, expected) < 1e-9)
      }
    }
  }

  @Test func weightsAreThoseOfASecondWritingDown() throws {
    let reference = try referenceNumbers("cascade-correlation", as: CascadeReference.self)
    #expect(reference.cases.count == 6)
    for one in reference.cases {
      let network = CascadeCorrelation(
        variant: one.variant, units: 2, candidates: 4, activation: one.activation, scaling: .none)
      let fitted = try network.fit(reference.data(one.data), seed: 0, from: one.draws)
      let words = Comment("\(one.data), \(one.variant)")
      #expect(fitted.facts.epochs == one.epochs, words)
      #expect(fitted.units.count == one.hidden.count, words)
      for (found, expected) in zip(fitted.units, one.hidden) {
        #expect(largestDifference(found, expected) < 1e-9, words)
      }
      let outputs = Array(one.outputs.joined())
      #expect(largestDifference(fitted.outputWeights.doubles, outputs) < 1e-9, words)
    }
  }

  @Test(arguments: 1...3)
  func twoSpiralsAreToldApart(seed: UInt64) throws {
    let spirals = try Dataset.builtIn("two-spirals")
    let program = try referenceNumbers("cascor-program", as: ProgramReference.self).spirals
    let fitted = try CascadeCorrelation(scaling: .none).fit(spirals, seed: seed)
    #expect(try fitted.figure("accuracy", on: spirals) == 1)
    #expect(fitted.facts.isSolved && fitted.warnings.isEmpty)
    // As many units as in any of the program's runs, and one more or less.
    let units = Double(fitted.units.count)
    #expect(units >= (program.units.min() ?? 0) - 1 && units <= (program.units.max() ?? 0) + 1)
    #expect(fitted.facts.arrivals.map(\.epoch) == fitted.facts.arrivals.map(\.epoch).sorted())
  }

  @Test func cascade2TellsThemApartToo() throws {
    let spirals = try Dataset.builtIn("two-spirals")
    let network = CascadeCorrelation(variant: .cascade2, units: 40, scaling: .none)
    let fitted = try network.fit(spirals, seed: 1)
    #expect(try fitted.figure("accuracy", on: spirals) == 1)
    // A share of the squared error.
    #expect(fitted.facts.arrivals.allSatisfy { (0...1).contains($0.score) })
  }

  @Test(arguments: CascadeCorrelation.Activation.allCases)
  func parityTakesAsManyUnitsAsInTheProgram(activation: CascadeCorrelation.Activation) throws {
    let reference = try referenceNumbers("cascor-program", as: ProgramReference.self).parity
    for bits in 3...6 {
      let program = try #require(reference["\(activation.rawValue) \(bits)"])
      let rows = (0..<1 << bits).map { row in
        (0..<bits).map { row >> (bits - 1 - $0) & 1 == 1 ? 0.5 : -0.5 }
      }
      let data = classified(rows, rows.map { $0.count { $0 > 0 } % 2 })
      let network = CascadeCorrelation(activation: activation, scaling: .none)
      let fitted = try network.fit(data, seed: 1)
      #expect(try fitted.figure("accuracy", on: data) == 1)
      let units = Double(fitted.units.count)
      #expect(units >= (program.units.min() ?? 0) && units <= (program.units.max() ?? 0) + 1)
    }
  }

  @Test(arguments: CascadeCorrelation.Variant.allCases)
  func irisIsLearned(variant: CascadeCorrelation.Variant) throws {
    let iris = try Dataset.builtIn("iris")
    let train = iris.rows((0..<150).filter { $0 % 4 != 3 })
    let test = iris.rows((0..<150).filter { $0 % 4 == 3 })
    let fitted = try CascadeCorrelation(variant: variant, units: 3).fit(train, seed: 1)
    #expect(try fitted.figure("accuracy", on: train) > 0.985)
    #expect(try fitted.figure("accuracy", on: test) > 0.93)
  }

  @Test(arguments: CascadeCorrelation.Variant.allCases)
  func aCurveIsFollowedToTheGoal(variant: CascadeCorrelation.Variant) throws {
    var network = CascadeCorrelation(variant: variant)
    network.goal = 0.1
    let fitted = try network.fit(squares, seed: 1)
    #expect(fitted.warnings.isEmpty)
    // R² is one less the square of the error in deviations.
    #expect(try fitted.figure("R²", on: squares) >= 0.99 - 1e-9)
  }

  @Test func whatIsLearnedWithoutUnitsGetsNone() throws {
    let data = classified([[0, 0], [0, 1], [3, 3], [3, 4]], [0, 0, 1, 1])
    let fitted = try CascadeCorrelation().fit(data, seed: 1)
    #expect(fitted.units.isEmpty && fitted.warnings.isEmpty)
    #expect(fitted.hiddenWeights.shape == [0, 3])
    // The exclusive or as numbers 0 and 1 is learned as two classes.
    let xor = try Dataset.builtIn("xor")
    #expect(try CascadeCorrelation().fit(xor, seed: 1).figure("accuracy", on: xor) == 1)
  }

  @Test func whatCannotBeIsRefusedOrWarnedAbout() throws {
    let spirals = try Dataset.builtIn("two-spirals")
    for (name, text) in [
      ("units", "-1"), ("units", "1001"), ("candidates", "0"), ("outputEpochs", "0"),
      ("candidatePatience", "-1"), ("outputRate", "0"), ("candidateRate", "-1"), ("growth", "0"),
      ("growth", "11"), ("outputChange", "2"), ("candidateDecay", "-0.1"), ("weightRange", "0"),
      ("slopeOffset", "1.5"), ("tolerance", "0.5"), ("goal", "-1"), ("variant", "cascade3"),
      ("activation", "step"), ("scaling", "log"),
    ] {
      #expect(throws: TrainingError.self, "\(name)=\(text)") {
        try CascadeCorrelation(settings: [(name, text)])
      }
    }
    #expect(throws: TrainingError.self) {
      try CascadeCorrelation().fit(spirals, seed: 1, from: [.nan])
    }
    #expect(throws: TrainingError.self) {
      try CascadeCorrelation().fit(spirals.rows([0]), seed: 1)
    }
    let same = classified([[0, 0], [0, 1], [1, 1]], [0, 0, 0])
    #expect(throws: TrainingError.self) { try CascadeCorrelation().fit(same, seed: 1) }
    let few = try CascadeCorrelation(units: 1, scaling: .none).fit(spirals, seed: 1)
    #expect(!few.facts.isSolved)
    let warning = try #require(few.warnings.first)
    #expect(warning.hasPrefix("1 hidden unit, as many as may be, came in, and "))
    #expect(warning.hasSuffix(" of 194 outputs are still off by more than 0.4"))
    // A number that is the same in all rows is its mean.
    let flat = Dataset(
      name: "flat", features: squares.features,
      targets: .values(Tensor([Double](repeating: 7, count: 21), shape: [21, 1]), names: ["y"]))
    let answer = try CascadeCorrelation().fit(flat, seed: 1).predict(flat.features)
    guard case .values(let found) = answer else { throw TrainingError.data("no values") }
    #expect(largestDifference(found.doubles, [Double](repeating: 7, count: 21)) < 1)
  }
}
