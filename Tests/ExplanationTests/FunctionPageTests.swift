import Documents
import Explanation
import Formulas
import Layers
import Testing

extension Document {
  /// The chains of equal formulas that start with a formula of this text.
  fileprivate func chains(startingWith text: String) -> [[Formula]] {
    blocks.compactMap { block in
      if case .equations(let chain) = block, chain.first?.text == text { chain } else { nil }
    }
  }

  fileprivate var tables: [DocumentTable] {
    blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  fileprivate var pictures: [Picture] {
    blocks.compactMap { if case .picture(let picture) = $0 { picture } else { nil } }
  }

  /// All items of all lists, as plain text.
  fileprivate var items: [String] {
    blocks.flatMap { if case .list(let items) = $0 { items.map(\.plain) } else { [String]() } }
  }
}

extension RichText {
  fileprivate var plain: String {
    parts.map { part in
      switch part {
      case .text(let text), .strong(let text), .code(let text): text
      case .formula(let formula): formula.text
      }
    }.joined()
  }
}

private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(b)) }

@Suite struct FunctionPageTests {
  static let elementwise = Activation.allCases.filter { $0 != .softmax && $0 != .logSoftmax }

  /// Every step of a derivation is equal to the function's derivative, whatever x.
  @Test(arguments: elementwise) func eachStepIsTheDerivative(_ activation: Activation) throws {
    let page = ActivationPage(activation)
    let function = try page.function()
    let document = page.document(language: .english, digits: 6)
    let value = try #require(document.chains(startingWith: "f(x)").first)
    let slope = try #require(document.chains(startingWith: "f′(x)").first)
    #expect(value.count == 2)
    // None of them is a kink of any activation.
    for x in [-3.1, -1.25, -0.55, 0.75, 2, 4] {
      let (y, dy) = function(x)
      for form in value.dropFirst() {
        #expect(isClose(try #require(form.evaluate(["x": x])), y), "\(form) at \(x)")
      }
      for form in slope.dropFirst() {
        #expect(isClose(try #require(form.evaluate(["x": x, "y": y])), dy), "\(form) at \(x)")
      }
      let step = 1e-5
      let difference = (function.value(x + step) - function.value(x - step)) / (2 * step)
      #expect(abs(dy - difference) < 1e-8)
    }
  }

  @Test func sigmoidEndsInTermsOfItsValue() throws {
    let document = ActivationPage(.sigmoid).document(language: .english, digits: 6)
    let chain = try #require(document.chains(startingWith: "f′(x)").first)
    #expect(chain.last?.text == "y · (1 − y)")
    #expect(chain.count >= 4)
    let table = try #require(document.tables.first)
    let row = try #require(table.rows.first { $0[0].plain == "1" })
    #expect(row.map(\.plain) == ["1", "0.731059", "0.196612"])
  }

  /// Softmax: y_i (δ_ij − y_j), with rows of derivatives that sum to 0.
  @Test func softmaxHasAMatrix() throws {
    let document = ActivationPage(.softmax).document(language: .english, digits: 8)
    #expect(document.chains(startingWith: "∂yᵢ/∂xⱼ").first?.last?.text == "yᵢ · (δᵢⱼ − yⱼ)")
    let x = ["x_1": 0.3, "x_2": -0.8, "x_3": 1.1]
    let powers = [0.3, -0.8, 1.1].map { Formula.exp(.number($0)).evaluate() ?? .nan }
    let y = powers.map { $0 / powers.reduce(0, +) }
    var values = x
    for (index, value) in y.enumerated() { values["y_\(index + 1)"] = value }
    for (start, expected) in [("∂y₁/∂x₁", y[0] * (1 - y[0])), ("∂y₁/∂x₂", -y[0] * y[1])] {
      let chain = try #require(document.chains(startingWith: start).first)
      #expect(chain.count >= 3)
      for form in chain.dropFirst() {
        #expect(isClose(try #require(form.evaluate(values)), expected), "\(form)")
      }
    }
    let table = try #require(document.tables.first)
    for row in table.rows {
      let slopes = row.dropFirst(2).compactMap { number($0.plain) }
      #expect(slopes.count == 3)
      #expect(abs(slopes.reduce(0, +)) < 1e-7)
    }
    #expect(document.items.contains { $0.contains("Σᵢ yᵢ = 1") })
  }

  private func number(_ text: String) -> Double? {
    Double(text.replacing("−", with: "-"))
  }

  @Test(arguments: FunctionPages.names) func everyPageHasAllPartsInBothLanguages(_ name: String)
    throws
  {
    let page = try #require(FunctionPages.named(name))
    let english = page.document(language: .english, digits: 5)
    let chinese = page.document(language: .chinese, digits: 5)
    #expect(english.blocks.count == chinese.blocks.count)
    #expect(english.title != chinese.title)
    for document in [english, chinese] {
      let headings = document.blocks.count { if case .heading = $0 { true } else { false } }
      #expect(headings >= 4)
      #expect(!document.tables.isEmpty)
      #expect(!document.items.isEmpty)
      for picture in document.pictures {
        #expect(picture.svg.hasPrefix("<svg") && picture.svg.contains("viewBox"))
        #expect(picture.tikz?.contains("\\path") == true)
        let text = try #require(picture.text)
        #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 78 })
      }
      #expect(document.pictures.count == 1)
    }
  }

  @Test func pagesAreFoundLoosely() {
    #expect(FunctionPages.named("Leaky-ReLU") != nil)
    #expect(FunctionPages.named("cross entropy") != nil)
    #expect(FunctionPages.named("MSE") != nil)
    #expect(FunctionPages.named("sigmoidal-ish") == nil)
    #expect(FunctionPages.nearestName(to: "sigmiod") == "sigmoid")
    #expect(FunctionPages.nearestName(to: "hubber") == "huber")
    #expect(FunctionPages.nearestName(to: "xyzzy-plugh") == nil)
  }

  @Test func propertiesAreInTheLanguage() {
    let sigmoid = ActivationPage(.sigmoid)
    #expect(sigmoid.document(language: .english, digits: 4).items.first == "Range: 0 < f(x) < 1.")
    #expect(sigmoid.document(language: .chinese, digits: 4).items.first == "值域：0 < f(x) < 1。")
  }
}

@Suite struct FunctionPageLossTests {
  /// Every step of ∂E/∂o has the value of the loss's own gradient.
  @Test(arguments: ["mse", "mae", "halfSquaredError", "huber", "hinge", "bce"])
  func eachStepIsTheDerivative(_ name: String) throws {
    let loss = try Losses.named(name)
    let document = LossPage(loss).document(language: .english, digits: 6)
    let target = 1.0
    let function = try SampledFunction { loss($0, target: $0.constant(1).reshaped([1, 1])) }
    for o in [-1.7, -0.4, 0.3, 0.8, 1.6, 2.5] {
      let (error, slope) = function(o)
      var values = ["o": o, "t": target]
      // What the page names: p, and the parts of the loss that it gives letters.
      for name in ["p", "u", "v"] {
        let chain = document.chains(startingWith: name).first
        values[name] = chain?.last?.evaluate(values)
      }
      var checked = 0
      for (start, expected) in [("E", error), ("∂E/∂o", slope)] {
        let chain = try #require(document.chains(startingWith: start).first)
        for form in chain.dropFirst() {
          // The chain rule in symbols has no value by itself.
          guard let value = form.evaluate(values) else { continue }
          #expect(isClose(value, expected), "\(form) at \(o)")
          checked += 1
        }
      }
      #expect(checked >= 3)
    }
  }

  @Test func crossEntropyEndsInProbabilityLessTarget() throws {
    let document = LossPage(CrossEntropy()).document(language: .english, digits: 6)
    let chain = try #require(document.chains(startingWith: "∂E/∂o₁").first)
    #expect(chain.last?.text == "p₁ − t₁")
    var values = ["o_1": 0.4, "o_2": -0.3, "o_3": 1.2, "t_1": 0, "t_2": 1, "t_3": 0]
    let definition = try #require(document.chains(startingWith: "p₁").first?.last)
    let p = try #require(definition.evaluate(values))
    values["p_1"] = p
    #expect(chain.count >= 4)
    for form in chain.dropFirst() {
      #expect(isClose(try #require(form.evaluate(values)), p), "\(form)")
    }
  }

  @Test func remarksAreFoundByTrying() throws {
    func items(_ loss: any Loss) -> [String] {
      LossPage(loss).document(language: .english, digits: 4).items
    }
    #expect(items(HalfSquaredError()).contains("Over several outputs it is summed."))
    #expect(items(MeanSquaredError()).contains("Over several outputs it is averaged."))
    #expect(items(HalfSquaredError()).contains("Over several examples it is averaged."))
    #expect(items(Hinge()).contains("Targets are −1 or 1."))
    #expect(items(BinaryCrossEntropy()).contains("Targets lie between 0 and 1."))
    #expect(items(BinaryCrossEntropy()).contains { $0.contains("computes the probabilities p") })
    #expect(!items(MeanSquaredError()).contains { $0.contains("probabilities") })
    #expect(items(MeanSquaredError()).contains { $0.contains("grows without end") })
    #expect(items(MeanAbsoluteError()).contains { $0.contains("kink at o = 1") })
  }
}
