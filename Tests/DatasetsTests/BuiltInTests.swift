import Datasets
import Tensors
import Testing

@Suite("Built-in datasets")
struct BuiltInTests {
  @Test("every name gives finite rows, targets that fit, and the same again")
  func everyName() throws {
    for name in Dataset.builtInNames {
      let data = try Dataset.builtIn(name)
      let again = try Dataset.builtIn(name)
      #expect(data.features == again.features && data.targets == again.targets)
      #expect(data.features.doubles.allSatisfy { $0.isFinite })
      #expect(data.featureNames.count == data.inputShape.count)
      #expect(data.targets.tensor.shape[0] == data.count)
      #expect(!data.source.isEmpty && data.name == name)
      if !data.classNames.isEmpty { #expect(data.classCounts.allSatisfy { $0 > 0 }) }
    }
  }

  @Test("digits: counts and sums are those of scikit-learn's copy")
  func digits() throws {
    let data = try Dataset.builtIn("digits")
    #expect(data.features.shape == [1797, 64] && data.features.scalarType == .float32)
    #expect(data.classCounts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    let values = data.features.doubles
    #expect(values.reduce(0, +) == 561718)
    #expect(values.min() == 0 && values.max() == 16)
    #expect(
      values.enumerated().reduce(0) { $0 + Double($1.offset % 64) * $1.element } == 17_660_653)
    #expect(
      values.enumerated().reduce(0) { $0 + Double($1.offset / 64) * $1.element } == 503_342_547)
    #expect(data.attribution.contains("CC BY 4.0"))
  }

  @Test("iris: sums are those of scikit-learn's copy")
  func iris() throws {
    let data = try Dataset.builtIn("iris")
    #expect(data.features.shape == [150, 4] && data.features.scalarType == .float64)
    #expect(data.classCounts == [50, 50, 50])
    #expect(data.source == "Iris, R. A. Fisher 1936; UCI 1988, doi:10.24432/C56C76")
    let sums = (0..<4).map { column in (0..<150).reduce(0) { $0 + data.features[$1, column] } }
    #expect(zip(sums, [876.5, 458.6, 563.7, 179.9]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(data.rows([34]).features == Tensor([[4.9, 3.1, 1.5, 0.2]]))
    #expect(data.rows([37]).features == Tensor([[4.9, 3.6, 1.4, 0.1]]))
    #expect(
      data.description
        == "iris: 150 rows of [4] float64, 3 classes (setosa 50, versicolor 50, virginica 50)")
  }

  @Test("xor and the two spirals follow their definitions")
  func definitions() throws {
    let xor = try Dataset.builtIn("xor")
    #expect(xor.features == Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]))
    #expect(xor.targets == .values(Tensor([[0], [1], [1], [0]]), names: ["xor"]))

    let spirals = try Dataset.builtIn("two-spirals")
    #expect(spirals.features.shape == [194, 2] && spirals.classCounts == [97, 97])
    // The first point is at radius 6.5, the last one three turns later at 6.5 · 8/104 = 0.5.
    #expect(spirals.features[0, 0] == 0 && spirals.features[0, 1] == 6.5)
    #expect(spirals.features[1, 1] == -6.5)
    #expect(abs(spirals.features[192, 1] - 0.5) < 1e-12)
    for row in stride(from: 0, to: 194, by: 2) {
      #expect(spirals.features[row, 0] == -spirals.features[row + 1, 0])
    }
  }

  @Test("generators without noise lie on their curves")
  func curves() throws {
    let circles = Generators.circles(rows: 40, noise: 0, seed: 1)
    for (row, label) in circles.targets.tensor.integers.enumerated() {
      let (x, y) = (circles.features[row, 0], circles.features[row, 1])
      #expect(abs((x * x + y * y).squareRoot() - (label == 0 ? 1 : 0.5)) < 1e-12)
    }
    let moons = Generators.moons(rows: 4, noise: 0, seed: 1)
    let expected = [1, 0, 0, 0.5, -1, 0, 2, 0.5]
    #expect(zip(moons.features.doubles, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    let blobs = Generators.blobs(rows: 3, deviation: 0, seed: 1)
    #expect(abs(blobs.features[1, 0] + 2.5) < 1e-12 && blobs.features[0, 0] == 5)
  }

  @Test("the seed and the number of rows are heard")
  func seeds() throws {
    let one = try Dataset.builtIn("moons", rows: 30, seed: 1)
    #expect(one.count == 30)
    #expect(one.features != (try Dataset.builtIn("moons", rows: 30, seed: 2)).features)
    #expect(one.features == (try Dataset.builtIn("moons", rows: 30, seed: 1)).features)
  }

  @Test("bad requests are refused with words")
  func errors() {
    #expect(
      message { try Dataset.builtIn("irsi") }
        == "dataset: found the unknown name \"irsi\"; expected one of digits, iris, xor, encoder-4, "
        + "encoder-8, two-spirals, moons, circles, blobs, sine, reber, embedded-reber, sunspots, "
        + "mackey-glass, temporal-xor – \"iris\"?")
    #expect(message { try Dataset.builtIn("moons", rows: 1) }.contains("found 1 rows"))
    #expect(message { try Dataset.builtIn("moons", noise: -1) }.contains("found noise -1.0"))
    #expect(message { try Dataset.builtIn("moons", noise: .nan) }.contains("found noise nan"))
    #expect(message { try Dataset.read("digit") }.contains("did you mean \"digits\"?"))
  }
}
