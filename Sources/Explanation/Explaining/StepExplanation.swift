import Documents
import Formulas
import GraphIR
import Layers
import Tensors
import Training

/// The whole explanation of one training step, as a value: the derivation, its matrix form, and where
/// repeating the step leads.
///
/// ```swift
/// let worksheet = try WorkedExamples.named("mazur").worksheet()
/// let explanation = try StepExplanation(worksheet)
/// print(explanation.derivation["net_h1"]!.value)      // 0.3775
/// print(TextWriter().write(explanation.document(language: .chinese)))
/// ```
public struct StepExplanation: Sendable {
  /// A layer of neurons, as the explanation speaks of it.
  struct LayerInfo: Sendable {
    let path: String
    /// `h`, `o`.
    let letter: String
    let units: Int
    /// The sizes whose product that is: height, width and channels of an image.
    let sizes: [Int]
    /// The neurons' function; nil where they are linear.
    let activation: String?
  }

  public let title: String?
  public let problem: Problem
  public let derivation: Derivation
  /// The part of the network that is derived.
  public let selection: Selection
  /// The matrix form; nil for networks that are not plain layers of neurons, or are shown in part.
  public let matrices: MatrixForm?
  /// Where repeating the step leads; nil where nobody asked.
  public let iterations: Iterations?
  let layers: [LayerInfo]
  /// The neurons, layer and unit, that the derivation is about, where it is not about all.
  let focus: Set<[Int]>
  /// How many parameters were asked for; of many the derivation has those with the largest gradients.
  let asked: Int
  /// Where each weight and bias stands, by its name.
  let elements: [String: (parameter: String, element: Int)]
  let examples: Int
  let steps: Int
  let features: Int
  /// The sizes whose product that is.
  let inputSizes: [Int]
  /// What the numbers of the data stand for, such as how they were scaled.
  public var remarks: [Phrase] = []

  /// Explains a worksheet.
  ///
  /// - Throws: `GraphError` where the network does not fit its data; ``ExplanationError`` where there
  ///   is no such part.
  public init(_ worksheet: Worksheet, selection: Selection? = nil) throws {
    var problem = worksheet.problem
    problem.names = worksheet.weightNames
    try self.init(
      problem, title: worksheet.title, selection: selection, iterations: worksheet.iterations)
  }

  /// Explains a problem.
  ///
  /// - Parameters:
  ///   - problem: The network, its numbers and its data.
  ///   - title: What the explanation is called.
  ///   - selection: The part that is derived; unless told otherwise everything, or of a network of
  ///     more than 100 parameters an overview.
  ///   - iterations: The numbers of updates after which to look at the network; none for an empty
  ///     list.
  /// - Throws: `GraphError` where the network does not fit its data; ``ExplanationError`` where there
  ///   is no such part.
  public init(
    _ problem: Problem, title: String? = nil, selection: Selection? = nil,
    iterations: [Int] = []
  ) throws {
    let builder = try DerivationBuilder(problem)
    let derived = try builder.derived(selection)
    let matrices = derived.selection == .all ? try MatrixForm(problem) : nil
    let repeated = iterations.isEmpty ? nil : try Iterations(problem, counts: iterations)
    let map = builder.map

    self.title = title
    self.problem = problem
    derivation = derived.derivation
    self.selection = derived.selection
    self.matrices = matrices
    self.iterations = repeated
    examples = map.examples
    steps = map.steps
    features = map.features
    focus = builder.focus
    asked = builder.asked
    inputSizes = map.inputSizes
    elements = builder.namedElements
    let nodes = builder.before.trace.graph.nodes
    layers = map.layers.enumerated().map { index, layer in
      var node = layer.neurons.first.flatMap { $0.isLinear ? nil : $0.out.node }
      // The loss applies the output's function where it gives probabilities.
      if index == map.layers.count - 1 { node = node ?? builder.step.probabilities }
      // What is no sum of weights, such as a pooling, is called by what it is.
      let isWeighted = builder.step.declarations.contains {
        $0.layer == layer.path || $0.layer.hasPrefix(layer.path + ".")
      }
      if !isWeighted { node = node ?? layer.neurons.first?.out.node }
      let operation = node.flatMap { nodes[$0].operation }
      return LayerInfo(
        path: layer.path, letter: builder.naming.letter(index + 1), units: layer.units,
        sizes: layer.sizes, activation: operation.map { type(of: $0).name })
    }
  }
}

extension StepExplanation {
  /// A neuron, or an input, as formulas write it: `h3`, `h2[4,0,2]`.
  func unit(_ layer: Int, _ unit: Int) -> String {
    guard layer > 0 else { return Naming.unit("i", unit, inputSizes) }
    guard layers.indices.contains(layer - 1) else { return "\(unit)" }
    return Naming.unit(layers[layer - 1].letter, unit, layers[layer - 1].sizes)
  }

  /// Whether all its numbers are finite.
  var isFinite: Bool {
    derivation.quantities.allSatisfy(\.value.isFinite)
      && (iterations?.rows ?? []).allSatisfy(\.error.isFinite)
  }
}

/// What of an explanation is written, and how.
public struct ExplanationStyle: Hashable, Sendable {
  /// The parts of a step.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    case forward, backward, update, all
  }

  /// How many significant digits numbers have at most; 9 unless told otherwise.
  public var digits: Int
  /// The part that is written; all unless told otherwise.
  public var part: Part
  /// The longest sum that is written with all its terms; of longer ones the first, the largest
  /// and the last are.
  public var longestSum: Int
  /// The most time steps whose working is written out; of the others the results are. (Of several
  /// examples the first one's working is.)
  public var mostSteps: Int
  /// The largest layer whose neurons' working is written out. Of a larger one it is that of the
  /// neurons that were asked for, or else of the first.
  public var mostUnits: Int

  public init(
    digits: Int = 9, part: Part = .all, longestSum: Int = 8, mostSteps: Int = 6, mostUnits: Int = 6
  ) {
    self.digits = max(1, min(digits, 17))
    self.part = part
    self.longestSum = longestSum
    self.mostSteps = mostSteps
    self.mostUnits = mostUnits
  }
}
