import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

@Suite struct RadialBasisNetworkTests {
  private struct Reference: Decodable {
    struct Means: Decodable {
      var start: [Int]
      var centers: [[Double]]
      var inertia: Double
      var widths: [Double]
      var weights: [[Double]]
    }
    struct Selection: Decodable {
      var width: Double
      var chosen: [Int]
      var errors: [Double]
      var weights: [[Double]]
    }
    var line: [Double]
    var curve: [Double]
    var kMeans: [Means]
    var selections: [String: Selection]
  }

  private static let reference = Result {
    try referenceNumbers("radial-basis", as: Reference.self)
  }

  private func line() throws -> Dataset {
    let numbers = try Self.reference.get()
    return Dataset(
      name: "line", features: Tensor(numbers.line, shape: [numbers.line.count, 1]),
      targets: .values(Tensor(numbers.curve), names: ["y"]))
  }

  private func scaledIris() throws -> (rows: Matrix, targets: Matrix) {
    let iris = try Dataset.builtIn("iris")
    return (
      try iris.scaledMatrix(.standard, for: "test").matrix, try iris.targetMatrix(for: "test")
    )
  }

  /// From the same rows the centers of scikit-learn's KMeans; then NumPy's widths and weights.
  @Test func centersWidthsAndWeightsAreThoseOfTheReference() throws {
    let (rows, targets) = try scaledIris()
    for expected in try Self.reference.get().kMeans {
      let found = KMeans(rows, start: rows.picking(expected.start), rounds: 300)
      #expect(largestDifference(found.centers.values, expected.centers.flatMap { $0 }) < 1e-9)
      #expect(abs((found.errors.last ?? 0) * 150 - expected.inertia) < 1e-9)
      let widths = RadialBasis.neighborWidths(found.centers, neighbors: 2, factor: 1)
      #expect(largestDifference(widths, expected.widths) < 1e-9)
      let basis = RadialBasis(centers: found.centers, widths: widths)
      let solved = basis.solve(rows, targets, ridge: 1e-3)
      #expect(solved.ridge == 1e-3)
      #expect(largestDifference(solved.weights.values, expected.weights.flatMap { $0 }) < 1e-9)
    }
  }

  /// A center without rows takes the row that is farthest away, as scikit-learn's does.
  @Test func aCenterWithoutRowsFindsOne() {
    let rows = Matrix(rows: 5, columns: 1, [0, 1, 2, 10, 20])
    let start = Matrix(rows: 3, columns: 1, [0, 1, 100])
    let found = KMeans(rows, start: start, rounds: 50)
    #expect(found.centers.values.sorted() == [1, 10, 20])
    #expect(zip(found.errors, found.errors.dropFirst()).allSatisfy { $0 >= $1 })
  }

  /// The rows that a search over all candidates chooses, and their least squares.
  @Test func orthogonalLeastSquaresChoosesTheBestRows() throws {
    let expected = try Self.reference.get().selections
    for (name, data, scaling) in [
      ("line", try line(), RowScaling.none), ("iris", try Dataset.builtIn("iris"), .standard),
    ] {
      let wanted = try #require(expected[name])
      let network = RadialBasisNetwork(units: wanted.chosen.count, scaling: scaling) {
        $0.centers = .orthogonalLeastSquares
        $0.width = wanted.width
        $0.ridge = 0
      }
      let fitted = try network.fit(data, seed: 3)
      let rows = try data.scaledMatrix(scaling, for: "test").matrix
      #expect(fitted.centers.doubles == rows.picking(wanted.chosen).values)
      let errors = fitted.facts.curves["mean squared error"] ?? []
      #expect(largestDifference(errors, wanted.errors) < 1e-9)
      #expect(largestDifference(fitted.weights.doubles, wanted.weights.flatMap { $0 }) < 1e-6)
    }
  }

  @Test func orthogonalLeastSquaresEndsAtItsGoal() throws {
    let network = RadialBasisNetwork(units: 30, scaling: .none) {
      $0.centers = .orthogonalLeastSquares
      $0.width = 0.8
      $0.goal = 0.05
    }
    let data = try line()
    let fitted = try network.fit(data, seed: 0)
    let errors = fitted.facts.curves["mean squared error"] ?? []
    #expect(errors.count < 30 && fitted.widths.count == errors.count)
    #expect((errors.last ?? 1) <= 0.05 && errors.dropLast().allSatisfy { $0 > 0.05 })
    // More units than rows are no mistake here.
    let all = try RadialBasisNetwork(units: 500, scaling: .none) {
      $0.centers = .orthogonalLeastSquares
      $0.width = 0.1
    }.fit(data, seed: 0)
    #expect(all.widths.count <= 60)
  }

  @Test func flowersAreClassifiedFromEveryKindOfCenter() throws {
    let iris = try Dataset.builtIn("iris")
    for centers in RadialBasisNetwork.Centers.allCases {
      let network = RadialBasisNetwork(units: 12, scaling: .standard) { $0.centers = centers }
      let found = try network.fit(iris, seed: 1).figures(on: iris)
      #expect(found[0].value >= 0.94, "\(centers)")
      #expect(found[1].value == 12)
    }
  }

  /// Steps over all rows at once come down to what least squares gives.
  @Test func gradientStepsApproachLeastSquares() throws {
    let data = try line()
    func error(_ change: (inout RadialBasisNetwork) -> Void) throws -> Double {
      try RadialBasisNetwork(units: 5, scaling: .standard) {
        // Units that hardly overlap, so that steps need not find small differences of large weights.
        ($0.widths, $0.width) = (.shared, 0.4)
        change(&$0)
      }.fit(data, seed: 2).figures(on: data)[0].value
    }
    let least = try error { $0.ridge = 0 }
    let stepped = try error {
      $0.output = .gradient
      ($0.epochs, $0.batch, $0.learningRate) = (500, 60, 0.05)
    }
    #expect(stepped >= least - 1e-9 && stepped < least * 1.01)
    let tuned = try error {
      $0.ridge = 0
      ($0.tuning, $0.batch, $0.learningRate) = (200, 60, 0.02)
    }
    #expect(tuned < least * 0.9)
  }

  /// The slopes by which centers and widths move, beside differences of the error.
  @Test func tuningFollowsTheSlopes() throws {
    let rows = Matrix(rows: 3, columns: 2, [0, 1, 1, 0.5, -1, 0.3])
    let targets = Matrix(rows: 3, columns: 1, [1, -1, 0.5])
    let start = RadialBasis(
      centers: Matrix(rows: 2, columns: 2, [0.2, 0.4, -0.6, 0.1]), widths: [0.7, 1.1])
    let weights = Matrix(rows: 3, columns: 1, [0.8, -0.5, 0.1])
    func error(_ basis: RadialBasis) -> Double {
      squaredDistance(basis.outputs(rows, weights: weights).values, targets.values) / 3
    }
    var training = RadialBasisTraining(
      basis: start, weights: weights, learningRate: 1e-6, batch: 3, movesUnits: true)
    var random = RandomStream(seed: 0)
    var first = 0.0
    try training.run(rows, targets, epochs: 1, random: &random) { first = $1 }
    #expect(abs(first - error(start)) < 1e-12)
    // Adam's first step is η in the slope's direction, whatever its size.
    for place in 0..<4 {
      var moved = start
      moved.centers.values[place] += 1e-6
      let slope = (error(moved) - error(start)) / 1e-6
      let step = training.basis.centers.values[place] - start.centers.values[place]
      #expect(abs(step + (slope > 0 ? 1e-6 : -1e-6)) < 1e-8)
    }
    for unit in 0..<2 {
      var moved = start
      moved.widths[unit] *= 1 + 1e-6
      let slope = (error(moved) - error(start)) / 1e-6
      let step = training.basis.widths[unit] / start.widths[unit] - 1
      #expect(abs(step + (slope > 0 ? 1e-6 : -1e-6)) < 1e-8)
    }
  }

  @Test func whatCannotBeLearnedIsRefusedInWords() throws {
    let data = try line()
    #expect(throws: TrainingError.data("line: found 60 rows for 61 units")) {
      try RadialBasisNetwork(units: 61).fit(data, seed: 0)
    }
    #expect(throws: TrainingError.self) {
      try RadialBasisNetwork(settings: [("widthFactor", "0")])
    }
    let few = Dataset(
      name: "few", features: Tensor([1.0, 1, 1, 2, 2, 2], shape: [6, 1]),
      targets: .values(Tensor([0.0, 0, 0, 1, 1, 1]), names: ["y"]))
    for centers in [RadialBasisNetwork.Centers.kMeans, .randomRows] {
      let fitted = try RadialBasisNetwork(units: 4, scaling: .none) { $0.centers = centers }
        .fit(few, seed: 0)
      #expect(
        fitted.warnings == ["only 2 rows differ from one another, 4 units were asked for"])
      #expect(try fitted.figures(on: few)[0].value < 1e-3)
    }
  }

  /// Long rows are compared by products of matrices: the same to rounding.
  @Test func distancesOfLongRowsAreThoseOfShortOnes() {
    var random = RandomStream(seed: 4)
    let a = Matrix(rows: 7, columns: 70, (0..<490).map { _ in random.normal() })
    let b = Matrix(rows: 9, columns: 70, (0..<630).map { _ in random.normal() })
    let found = a.squaredDistances(to: b)
    for row in 0..<7 {
      for other in 0..<9 {
        #expect(abs(found[row, other] - squaredDistance(a[row: row], b[row: other])) < 1e-11)
      }
    }
  }

  /// The sums of long rows come part by part from one plan, of which the last part has another size.
  @Test func weightsOfLongRowsMakeTheErrorLeast() throws {
    var random = RandomStream(seed: 5)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(rows: rows, columns: columns, (0..<rows * columns).map { _ in random.normal() })
    }
    let (rows, targets) = (matrix(150, 40), matrix(150, 2))
    let basis = RadialBasis(
      centers: rows.picking(Array(0..<12)), widths: (0..<12).map { 5 + Double($0) / 4 })
    let whole = try #require(basis.plannedSums(rows, targets))
    let parts = try #require(basis.plannedSums(rows, targets, partSize: 1))
    #expect(largestDifference(whole.squares.values, parts.squares.values) < 1e-12)
    #expect(largestDifference(whole.products.values, parts.products.values) < 1e-12)
    let ridge = 1e-3
    let weights = basis.solve(rows, targets, ridge: ridge).weights
    var slopes = weights.values.map { $0 * ridge }
    slopes[24] = 0
    slopes[25] = 0
    for row in 0..<150 {
      let phi =
        basis.widths.indices.map { unit in
          exp(
            -squaredDistance(rows[row: row], basis.centers[row: unit])
              / (2 * basis.widths[unit] * basis.widths[unit]))
        } + [1]
      for output in 0..<2 {
        let found = (0..<13).reduce(0) { $0 + phi[$1] * weights[$1, output] }
        for unit in 0..<13 {
          slopes[2 * unit + output] += phi[unit] * (found - targets[row, output])
        }
      }
    }
    #expect(slopes.allSatisfy { abs($0) < 1e-9 })
  }
}
