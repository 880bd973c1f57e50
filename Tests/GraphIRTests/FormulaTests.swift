import Formulas
import GraphIR
import Tensors
import Testing

@Suite("Formulas of operations")
struct FormulaTests {
  private let symbols: [Formula] = ["x", "z", "u"]

  @Test("Every formula and derivative renders in all three formats")
  func formulasRender() {
    for sample in Operations.all.flatMap({ $0.samples }) {
      let inputs = (0..<sample.inputs.count).map { symbols[$0] }
      let derivatives = sample.operation.derivatives(inputs, output: "y")
      #expect(derivatives.count == inputs.count, "\(sample.operation.description)")
      for formula in [sample.operation.formula(inputs)] + derivatives.compactMap({ $0 }) {
        #expect(!formula.text.isEmpty, "\(sample.operation.description)")
        #expect(!formula.latex.isEmpty, "\(sample.operation.description)")
        #expect(formula.mathML.hasPrefix("<math"), "\(sample.operation.description)")
      }
    }
  }

  @Test("The texts are those of the books")
  func texts() {
    #expect(Sigmoid().formula(["x"]).text == "1 / (1 + e⁻ˣ)")
    #expect(Sigmoid().derivatives(["x"], output: "y")[0]?.text == "y · (1 − y)")
    #expect(Tanh().derivatives(["x"], output: "y")[0]?.text == "1 − y²")
    #expect(Softplus().formula(["x"]).text == "ln(1 + eˣ)")
    #expect(MatrixProduct(transposeB: true).formula(["A", "B"]).text == "A Bᵀ")
  }

  /// Nine numbers of the range, none at 0.
  private func places(_ range: ClosedRange<Double>) -> [Double] {
    (0..<9).map {
      range.lowerBound + (Double($0) + 0.37) / 9 * (range.upperBound - range.lowerBound)
    }
  }

  private func close(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  @Test("Unary: the formula's value is the evaluation, its derivative the central difference")
  func unary() throws {
    let types = Operations.all.compactMap { $0 as? any UnaryElementwise.Type }
    #expect(types.count > 15)
    for type in types {
      let operation: any UnaryElementwise = type.sample
      for x in places(type.sampleRange) {
        let y = operation.evaluate([Tensor(x)]).scalar
        let value = try #require(operation.formula(["x"]).evaluate(["x": x]), "\(type.name)")
        #expect(close(value, y, 1e-12), "\(type.name) at \(x)")
        let h = 1e-5
        let slope =
          (operation.evaluate([Tensor(x + h)]).scalar - operation.evaluate([Tensor(x - h)]).scalar)
          / (2 * h)
        let derivative = operation.derivatives(["x"], output: "y")[0] ?? 0
        let found = try #require(derivative.evaluate(["x": x, "y": y]), "\(type.name)")
        #expect(close(found, slope, 1e-8), "\(type.name)′ at \(x)")
      }
    }
  }

  @Test("Binary: the formula's value is the evaluation, its derivatives central differences")
  func binary() throws {
    let types = Operations.all.compactMap { $0 as? any BinaryElementwise.Type }
    #expect(types.count >= 8)
    for type in types {
      let operation: any BinaryElementwise = type.sample
      let run = { (a: Double, b: Double) in operation.evaluate([Tensor(a), Tensor(b)]).scalar }
      for a in places(type.sampleRange) {
        for b in places(type.sampleRange).map({ $0 * 0.93 + 0.04 }) {
          let (y, h) = (run(a, b), 1e-5)
          let values = ["x": a, "z": b, "y": y]
          let value = try #require(operation.formula(["x", "z"]).evaluate(values), "\(type.name)")
          #expect(close(value, y, 1e-12), "\(type.name) at \(a), \(b)")
          let slopes = [
            (run(a + h, b) - run(a - h, b)) / (2 * h), (run(a, b + h) - run(a, b - h)) / (2 * h),
          ]
          for (formula, slope) in zip(operation.derivatives(["x", "z"], output: "y"), slopes) {
            let found = try #require((formula ?? 0).evaluate(values), "\(type.name)")
            #expect(close(found, slope, 1e-8), "\(type.name)′ at \(a), \(b)")
          }
        }
      }
    }
  }

  @Test("Relations and choices by cases")
  func cases() throws {
    for relation in Comparison.Relation.allCases {
      for (a, b) in [(1.0, 2.0), (2, 2), (3, 2)] {
        let y = try evaluate(Comparison(relation), Tensor(a), Tensor(b)).scalar
        #expect(Comparison(relation).formula(["x", "z"]).evaluate(["x": a, "z": b]) == y)
      }
    }
    let choice = Select().formula(["x", "z", "u"])
    #expect(choice.evaluate(["x": 1, "z": 5, "u": 7]) == 5)
    #expect(choice.evaluate(["x": 0, "z": 5, "u": 7]) == 7)
    let derivatives = Select().derivatives(["x", "z", "u"], output: "y")
    #expect(derivatives.map { $0?.evaluate(["x": 0]) } == [nil, 0, 1])
    let tie = Maximum().derivatives(["x", "z"], output: "y")
    #expect(tie.map { $0?.evaluate(["x": 2, "z": 2]) } == [0.5, 0.5])
  }
}
