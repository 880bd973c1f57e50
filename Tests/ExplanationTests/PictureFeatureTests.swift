import Documents
import Explanation
import Formulas
import Testing

@Suite struct PictureFeatureTests {
  /// XOR by an OR and an AND unit, each with steep sigmoids.
  private static func transformation(bias: Double = -4) -> FeatureTransformation {
    func sigmoid(_ x: Double) -> Double {
      1 / (1 + (Formula.exp(.number(-x)).evaluate() ?? .nan))
    }
    func hidden(_ a: Double, _ b: Double) -> (Double, Double) {
      (sigmoid(6 * a + 6 * b - 2.6), sigmoid(5 * a + 5 * b - 7.4))
    }
    let inputs: [(Double, Double, Bool)] = [
      (0, 0, false), (0, 1, true), (1, 0, true), (1, 1, false),
    ]
    return FeatureTransformation(
      examples: inputs.map { a, b, isPositive in
        .init(input: (a, b), hidden: hidden(a, b), isPositive: isPositive)
      },
      weights: (9, -9.5), bias: bias,
      surface: .init(
        x: -0.25...1.25, y: -0.25...1.25,
        outputs: (0..<16).map { row in
          (0..<16).map { column in
            let h = hidden(-0.25 + 0.1 * Double(column), -0.25 + 0.1 * Double(row))
            return sigmoid(9 * h.0 - 9.5 * h.1 + bias)
          }
        }))
  }

  @Test func threePictures() throws {
    let pictures = Self.transformation().pictures(language: .english)
    #expect(pictures.count == 3)
    for picture in pictures {
      let text = try #require(picture.text)
      #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 78 })
      #expect(picture.svg.contains("(1, 1)"))
      #expect(picture.tikz?.isEmpty == false)
      // Four points in each picture.
      #expect(picture.svg.ranges(of: "<circle").count == 4)
    }
    // Two ● and two ○ before; the two positive examples fall together after the hidden layer.
    let (before, after) = (pictures[0].text ?? "", pictures[1].text ?? "")
    #expect(before.count { $0 == "●" } == 2 && before.count { $0 == "○" } == 2)
    #expect(after.count { $0 == "●" } == 1 && after.count { $0 == "○" } == 2)
    #expect(after.contains("·") && !before.contains("·"))
    #expect(pictures[1].svg.contains("stroke-dasharray"))
    #expect(pictures[1].svg.contains("(0, 1) (1, 0)"))
    let line = pictures[1].caption.parts.compactMap { part in
      if case .formula(let formula) = part { formula.text } else { nil }
    }
    #expect(line == ["9 · out_h1 − 9.5 · out_h2 − 4 = 0"])
    // Light and dark cells both occur over the plane.
    let plane = pictures[2].text ?? ""
    #expect(plane.contains("▓") && plane.contains("░"))
  }

  @Test func separationIsChecked() {
    #expect(Self.transformation().isSeparated)
    #expect(!Self.transformation(bias: 4).isSeparated)
    let verdicts = [-4.0, 4].map { bias in
      Self.transformation(bias: bias).pictures(language: .english)[1].caption.parts.contains(
        .text(": it separates the classes."))
    }
    #expect(verdicts == [true, false])
  }

  @Test func lossCurve() throws {
    let points = [(1, 0.3), (10, 0.1), (100, 0.01), (1000, 0.001), (10000, 0.0001)]
    let picture = try #require(
      LossCurve(points: points.map { (iteration: $0.0, error: $0.1) })
        .picture(language: .english, caption: "The error"))
    #expect(picture.svg.contains("updates"))
    // Powers of ten as ticks: a raised 4 for 10⁴.
    #expect(picture.tikz?.contains("10^{4}") == true)
    let text = try #require(picture.text)
    #expect(text.contains("10000") && text.contains("0.001"))
    #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 78 })
    #expect(picture.svg.ranges(of: "<circle").count == points.count)
  }

  @Test func lossCurveWithoutPoints() {
    #expect(LossCurve(points: []).picture(language: .english, caption: "") == nil)
    #expect(
      LossCurve(points: [(iteration: 1, error: .nan)]).picture(language: .english, caption: "")
        == nil)
    // Iteration 0 has no place on a logarithmic axis and is left out there.
    let curve = LossCurve(points: [(0, 0.3), (1, 0.2), (1000, 0.1)])
    #expect(
      curve.picture(language: .chinese, caption: "")?.svg.ranges(of: "<circle").count == 2)
  }
}
