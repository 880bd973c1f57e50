import Datasets
import Foundation
import Tensors
import Testing

@Suite("Scaling")
struct ScalingTests {
  private let training = Tensor([[1, 5, 2], [2, 5, 4], [6, 5, 6]])

  @Test("standard scaling gives mean 0 and deviation 1, and leaves constant columns safe")
  func standard() throws {
    let scaling = try Scaling.learn(.standard, from: training)
    guard case .standard(let mean, let deviation) = scaling else {
      Issue.record("\(scaling)")
      return
    }
    #expect(mean == [3, 5, 4])
    #expect(
      zip(deviation, [(14.0 / 3).squareRoot(), 0, (8.0 / 3).squareRoot()]).allSatisfy {
        abs($0 - $1) < 1e-15
      })
    let scaled = try scaling.apply(to: training)
    for column in 0..<3 {
      let values = (0..<3).map { scaled[$0, column] }
      #expect(abs(values.reduce(0, +)) < 1e-15)
      let variance = values.reduce(0) { $0 + $1 * $1 } / 3
      #expect(abs(variance - (column == 1 ? 0 : 1)) < 1e-15)
    }
    // Other rows are measured with the training rows' units.
    #expect(try scaling.apply(to: Tensor([[3, 6, 4]])) == Tensor([[0, 1, 0]]))
  }

  @Test("iris is scaled as scikit-learn's StandardScaler scales it")
  func iris() throws {
    guard
      case .standard(let mean, let deviation) =
        try Scaling.learn(.standard, from: try Dataset.builtIn("iris"))
    else {
      Issue.record("no standard scaling")
      return
    }
    let means = [5.843333333333334, 3.0573333333333337, 3.758, 1.1993333333333336]
    let deviations = [0.82530129, 0.43441097, 1.75940407, 0.75969263]
    #expect(zip(mean, means).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(deviation, deviations).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test("a large offset does not drown a small spread")
  func cancellation() throws {
    let scaling = try Scaling.learn(.standard, from: Tensor([[1e9], [1e9 + 1], [1e9 + 2]]))
    guard case .standard(_, let deviation) = scaling else { return }
    #expect(abs(deviation[0] - (2.0 / 3).squareRoot()) < 1e-12)
    let constant = try Scaling.learn(.standard, from: Tensor([[0.1], [0.1], [0.1]]))
    #expect(abs(try constant.apply(to: Tensor([[0.1]])).scalar) < 1e-15)
  }

  @Test("min-max, division, none; and the way back")
  func others() throws {
    let minMax = try Scaling.learn(.minMax, from: training)
    #expect(try minMax.apply(to: training) == Tensor([[0, 0, 0], [0.2, 0, 0.5], [1, 0, 1]]))
    let bytes = Tensor([Float(0), 51, 255], shape: [1, 3])
    #expect(
      try Scaling.divide(by: 255).apply(to: bytes) == Tensor([Float(0), 0.2, 1], shape: [1, 3]))
    #expect(try Scaling.none.apply(to: training) == training)
    for kind in [Scaling.Kind.none, .standard, .minMax, .divide(by: 4)] {
      let scaling = try Scaling.learn(kind, from: training)
      let back = try scaling.inverse(of: try scaling.apply(to: training))
      #expect(zip(back.doubles, training.doubles).allSatisfy { abs($0 - $1) < 1e-14 })
      let json = try JSONEncoder().encode(scaling)
      #expect(try JSONDecoder().decode(Scaling.self, from: json) == scaling)
    }
  }

  @Test("numbers that do not fit, or are not finite, are found")
  func problems() {
    #expect(Scaling.none.problem(columns: 3) == nil)
    #expect(Scaling.divide(by: 255).problem(columns: 3) == nil)
    #expect(Scaling.standard(mean: [1, 2], deviation: [0, 1]).problem(columns: 2) == nil)
    #expect(Scaling.minMax(low: [1, 2], high: [1, 3]).problem(columns: 2) == nil)
    #expect(
      Scaling.divide(by: 0).problem(columns: 1)
        == "division by 0.0; expected a finite number other than 0")
    #expect(Scaling.divide(by: .nan).problem(columns: 1) != nil)
    #expect(
      Scaling.standard(mean: [1, 2], deviation: [1, 1]).problem(columns: 3)
        == "2 means; expected 3, one for each feature")
    #expect(
      Scaling.standard(mean: [1, 2], deviation: [1]).problem(columns: 2)
        == "1 deviations; expected 2, one for each feature")
    #expect(
      Scaling.standard(mean: [1, .infinity], deviation: [1, 1]).problem(columns: 2)
        == "inf among the means, for feature 2; expected finite numbers")
    #expect(
      Scaling.standard(mean: [1], deviation: [-1]).problem(columns: 1)
        == "the deviation -1.0 of feature 1; expected 0 or a positive number")
    #expect(Scaling.minMax(low: [1], high: [1, 2]).problem(columns: 2) != nil)
    #expect(
      Scaling.minMax(low: [1], high: [0]).problem(columns: 1)
        == "the range 1.0 to 0.0 of feature 1; expected a finite one")
  }

  @Test("images are scaled pixel by pixel in their own shape and type")
  func images() throws {
    let images = Tensor([Float(0), 2, 4, 6], shape: [2, 1, 2])
    let scaled = try Scaling.learn(.minMax, from: images).apply(to: images)
    #expect(scaled == Tensor([Float(0), 0, 1, 1], shape: [2, 1, 2]))
  }

  @Test("a wrong number of features and an empty training part are refused")
  func errors() throws {
    let scaling = try Scaling.learn(.standard, from: training)
    #expect(
      message { try scaling.apply(to: Tensor([[1, 2]])) }
        == "scaling: found rows of 2 features; expected 3 features, as in the training rows")
    let empty = Tensor([Double](), shape: [0, 3])
    #expect(message { try Scaling.learn(.standard, from: empty) }.contains("no training rows"))
    #expect(
      message { try Scaling.learn(.standard, from: Tensor([[0, 1e200], [0, -1e200]])) }
        .hasPrefix("scaling, feature 2: found values from -1e+200 to 1e+200"))
    #expect(message { try Scaling.learn(.divide(by: 0), from: training) }.contains("division by 0"))
    #expect(
      Scaling.Kind(name: "min-max") == .minMax && Scaling.Kind(name: "255") == .divide(by: 255))
    #expect(Scaling.Kind(name: "0") == nil && Scaling.Kind(name: "most") == nil)
  }
}
