import ClassicNetworks
import Datasets
import Tensors
import Testing
import Training

@Suite struct PerceptronTests {
  private struct Reference: Decodable {
    struct Run: Decodable {
      var epochs: Int
      var weights: [[Double]]
      var accuracy: Double
    }
    struct Rows: Decodable {
      var rows: [[Double]]
      var first: [Int]
      var separable: Bool
    }
    var perceptron: [String: [Run]]
    var separability: [Rows]
  }

  private static let reference = Result {
    try referenceNumbers("linear-units", as: Reference.self)
  }

  /// The same rows in the same order from zero weights: scikit-learn's Perceptron, step by step.
  @Test(arguments: ["iris, setosa and versicolor", "iris", "digits 0 and 1", "digits"])
  func theWeightsAreThoseOfScikitLearn(name: String) throws {
    let iris = try Dataset.builtIn("iris")
    let digits = try Dataset.builtIn("digits")
    let data =
      switch name {
      case "iris": iris
      case "digits": digits.part(0..<300, to: 9)
      case "digits 0 and 1": digits.part(0..<1000, to: 1)
      default: iris.part(0..<100, to: 1)
      }
    let runs = try #require(Self.reference.get().perceptron[name])
    #expect(!runs.isEmpty)
    for run in runs {
      let fitted = try Perceptron(epochs: run.epochs, shuffles: false).fit(data, seed: 0)
      #expect(largestDifference(fitted.weights.doubles, run.weights.flatMap { $0 }) < 1e-12)
      let accuracy = try fitted.figures(on: data).first?.value ?? -1
      #expect(abs(accuracy - run.accuracy) < 1e-12)
    }
  }

  @Test func theExclusiveOrCannotBeLearnedAndWhy() throws {
    let xor = try Dataset.builtIn("xor")
    let fitted = try Perceptron(epochs: 1000).fit(xor, seed: 1)
    #expect(try fitted.figures(on: xor).first?.value ?? 1 < 1)
    #expect(
      fitted.warnings == [
        "1000 epochs ended with mistakes: the classes overlap, or more epochs are needed"
      ])
    let words = try #require(fitted.remarks(on: xor).first)
    #expect(words.hasPrefix("1 from 0: not linearly separable: 0.5 · ("))
    #expect(words.hasSuffix("a point that both classes share"))
    for point in ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"] {
      #expect(words.contains("0.5 · \(point)"))
    }
    #expect(try fitted.pictures(with: xor).first?.title == "Decision regions")
  }

  @Test func theConjunctionIsLearned() throws {
    let and = classified([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1])
    let fitted = try Perceptron().fit(and, seed: 1)
    #expect(try fitted.figures(on: and).first?.value == 1)
    #expect(fitted.facts.curves["mistakes"]?.last == 0)
    #expect(fitted.warnings.isEmpty)
    #expect(try fitted.remarks(on: and) == ["1 from 0: linearly separable"])
  }

  @Test func ofTheFlowersOnlySetosaCanBeSeparated() throws {
    let iris = try Dataset.builtIn("iris")
    let fitted = try Perceptron(epochs: 5).fit(iris, seed: 1)
    let words = try fitted.remarks(on: iris)
    #expect(words.first == "setosa from the rest: linearly separable")
    #expect(words.dropFirst().allSatisfy { $0.contains(": not linearly separable: ") })
    #expect(words.count == 3)
  }

  @Test func thePocketKeepsTheBest() throws {
    let iris = try Dataset.builtIn("iris")
    let last = try Perceptron(epochs: 30).fit(iris, seed: 2).figures(on: iris)[0].value
    let best = try Perceptron(epochs: 30, pocket: true, multiclass: .winner, scaling: .standard)
      .fit(iris, seed: 2).figures(on: iris)[0].value
    #expect(best >= last)
    #expect(best >= 0.96)
  }

  @Test func anImpossibleSettingIsRefused() throws {
    let xor = try Dataset.builtIn("xor")
    #expect(throws: TrainingError.self) { try Perceptron(epochs: 0).fit(xor, seed: 0) }
    #expect(throws: TrainingError.self) { try Perceptron(learningRate: -1).fit(xor, seed: 0) }
    let one = classified([[0, 1], [1, 0]], [0, 0])
    #expect(throws: TrainingError.data("rows: found rows of 1 class, perceptron expects 2 or more"))
    {
      try Perceptron().fit(one, seed: 0)
    }
  }

  /// Whether sets can be separated, as SciPy's linear programs say; and the reason is a true one.
  @Test func separabilityIsThatOfALinearProgram() throws {
    let sets = try Self.reference.get().separability
    #expect(sets.count == 60)
    for set in sets {
      let rows = Matrix(
        rows: set.rows.count, columns: set.rows[0].count, set.rows.flatMap { $0 })
      let isFirst = set.first.map { $0 == 1 }
      let found = LinearSeparability(rows, isFirst: isFirst)
      #expect((found.weights != nil) == set.separable)
      if let weights = found.weights {
        for row in 0..<rows.rows {
          let net = dot(weights.dropLast(), rows[row: row]) + (weights.last ?? 0)
          #expect(net * (isFirst[row] ? 1 : -1) > 0)
        }
      } else {
        var difference = [Double](repeating: 0, count: rows.columns)
        var totals = (0.0, 0.0)
        for (row, share) in found.shared {
          #expect(share > 0)
          if isFirst[row] { totals.0 += share } else { totals.1 += share }
          for column in 0..<rows.columns {
            difference[column] += (isFirst[row] ? share : -share) * rows[row, column]
          }
        }
        #expect(abs(totals.0 - 1) < 1e-9 && abs(totals.1 - 1) < 1e-9)
        #expect(difference.allSatisfy { abs($0) < 1e-9 })
      }
    }
  }
}
