import Charts
import Documents
import Execution
import Formulas
import GraphIR
import Layers
import Tensors

/// A page about an activation: its formula, its derivative step by step, values, a graph, its range
/// and where it saturates.
///
/// All formulas and values are read from the operation that the activation writes into a graph, and
/// all properties are found by evaluating it.
public struct ActivationPage: Sendable {
  public let activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  /// The page in a language.
  ///
  /// - Parameter digits: How many significant digits numbers have at most.
  public func document(language: Language, digits: Int) -> Document {
    let words = FunctionWords(activation)
    let parts = FunctionPageParts(language: language, digits: digits)
    var blocks = words.use.map { [Block.paragraph(RichText($0[language]))] } ?? []
    if activation.isElementwise {
      blocks += elementwiseBlocks(parts)
    } else {
      blocks += RowActivationBlocks(activation: activation, parts: parts).blocks
    }
    return Document(title: words.name[language], language: language, blocks: blocks)
  }

  /// f(x), as the operation has it; nil of an activation that is not element by element.
  public var formula: Formula? { reading?.definition }

  /// f′(x) in terms of x and of y = f(x), as the operation has it; 0 where no gradient flows.
  public var derivative: Formula? { reading?.slope }

  /// The function itself; of an activation of several numbers its sum.
  public func function() throws -> SampledFunction { try SampledFunction { activation($0) } }

  private var reading: (definition: Formula, slope: Formula)? {
    guard activation.isElementwise else { return nil }
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1, 1], .float64))
    let y = activation(x)
    builder.output("y", y)
    guard let graph = try? builder.finish(),
      let trace = try? Trace(graph, ["x": Tensor([0.5], shape: [1, 1])])
    else { return nil }
    let (from, to) = (
      ElementFormulas.Place(node: x.id, element: 0), ElementFormulas.Place(node: y.id, element: 0)
    )
    // An activation that changes nothing writes no operation: its result is its argument.
    if from == to { return ("x", 1) }
    let reader = ElementFormulas(trace, names: [x.id: ["x"]])
    var result = ElementFormulas(trace, names: [x.id: ["x"]])
    result.name(to, "y")
    return (
      reader.formula(to).simplified(),
      result.derivative(of: to, withRespectTo: from)?.simplified() ?? 0
    )
  }

  private func elementwiseBlocks(_ parts: FunctionPageParts) -> [Block] {
    guard let reading, let function = try? function() else { return [] }
    let features = FunctionFeatures(of: function)
    let (value, slope) = (Formula.call("f", ["x"]), Formula.call("f′", ["x"]))
    let derivation = FunctionDerivation(
      of: reading.definition, withRespectTo: "x", ending: [reading.slope],
      names: ["y": reading.definition])
    var blocks: [Block] = [
      parts.heading(Phrase("Formula", "公式")),
      .equations([value, reading.definition]),
      parts.heading(Phrase("Derivative", "导数")),
    ]
    blocks += parts.derivation(of: slope, derivation)
    if reading.slope.mentions("y") {
      blocks.append(
        .paragraph(
          parts.say(
            "Here \(.relation("y", .equal, value)): the derivative follows from the activation "
              + "alone, which the forward pass has computed already.",
            "其中 \(.relation("y", .equal, value))：导数可直接由前向传播中已算出的激活值求得。")))
    }
    blocks.append(parts.heading(Phrase("Values", "函数值")))
    let points = [-4.0, -2, -1, -0.5, 0, 0.5, 1, 2, 4]
    let rows = points.map { x in [x, function.value(x), function.slope(x)] }
    blocks.append(parts.table(["x", value, slope], rows))
    blocks.append(.picture(graph(of: function, features, value, slope, parts)))
    blocks.append(parts.heading(Phrase("Properties", "性质")))
    blocks.append(
      .list(
        FunctionProperties(
          features: features, value: value, slope: slope, argument: "x",
          language: parts.language, digits: parts.digits
        ).lines))
    return blocks
  }

  private func graph(
    of function: SampledFunction, _ features: FunctionFeatures, _ value: Formula, _ slope: Formula,
    _ parts: FunctionPageParts
  ) -> Picture {
    let span = Curve.span(-5...5, around: features)
    let curves = [
      Curve(value, of: function.value, over: span, breaks: features.jumps.map(\.x)),
      Curve(slope, of: function.slope, over: span, breaks: features.jumps.map(\.x)),
    ]
    return parts.curves(
      curves, over: "x",
      caption: parts.say(
        "The activation \(value) and its derivative \(slope)", "激活函数 \(value) 及其导数 \(slope)"))
  }
}

extension Activation {
  /// Whether each number is mapped by itself.
  var isElementwise: Bool {
    let builder = GraphBuilder()
    let x = builder.input("x", TensorType([1, 2], .float64))
    let y = self(x)
    guard let operation = builder.nodes[y.id].operation else { return true }
    return operation.structure == .elementwise
  }
}
