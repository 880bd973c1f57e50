import GraphIR
import Tensors

/// Elman's network: hidden units that see their own last activations beside the input, and outputs.
///
/// h₍ₜ₎ = f(x₍ₜ₎ U + h₍ₜ₋₁₎ W + b), y₍ₜ₎ = g(h₍ₜ₎ V + c), h₍₀₎ = 0, with x of shape [batch, steps, features],
/// U `hidden.inputWeight` [features, hidden], W `hidden.recurrentWeight` [hidden, hidden], b
/// `hidden.bias` [hidden], V `output.weight` [hidden, outputs] and c `output.bias` [outputs]: an
/// ``Elman`` layer under a ``Dense`` one. The output is [batch, steps, outputs].
///
/// As in the paper, the context units hold a *copy* of the hidden ones: for the gradient it is an input
/// like any other, and no error goes back through it. ``learnsThroughTime`` has it go back through all
/// steps (backpropagation through time). The paper's context begins at 0.5, here at 0.
///
/// To learn a series step by step, as the paper does, give windows of one step to a network that
/// ``carriesState``, in batches of one row and in the order `.streams`.
///
/// ```swift
/// let network = ElmanNetwork(hidden: 10, outputs: 1)
/// print(try network.parameterCount(input: [4, 1]))    // 131
/// ```
///
/// Source: J. Elman, "Finding structure in time", Cognitive Science 14 (1990),
/// doi:10.1207/s15516709cog1402_1.
public struct ElmanNetwork: Layer {
  public static let kind = "elmanNetwork"

  /// The number of hidden units, and so of context units.
  public let hidden: Int
  /// The number of outputs.
  public let outputs: Int
  /// f; `sigmoid` unless told otherwise.
  public let activation: Activation
  /// g; `sigmoid` unless told otherwise.
  public let outputActivation: Activation
  /// Whether the gradient goes back through the context to earlier steps; false unless told otherwise.
  public let learnsThroughTime: Bool
  /// Whether there is an output for each step or for the last one alone, [batch, outputs]; a
  /// sequence unless told otherwise.
  public let output: Recurrence.Output
  /// Whether a training step starts from the context that the step before left; false unless told
  /// otherwise. See ``Recurrence/carriesState``.
  public let carriesState: Bool
  public let name: String?

  public init(
    hidden: Int, outputs: Int, activation: Activation = .sigmoid,
    outputActivation: Activation = .sigmoid, learnsThroughTime: Bool = false,
    output: Recurrence.Output = .sequence, carriesState: Bool = false, name: String? = nil
  ) {
    self.hidden = hidden
    self.outputs = outputs
    self.activation = activation
    self.outputActivation = outputActivation
    self.learnsThroughTime = learnsThroughTime
    self.output = output
    self.carriesState = carriesState
    self.name = name
  }

  public var problem: String? {
    unitsProblem(hidden, "hidden") ?? unitsProblem(outputs, "outputs")
  }

  public var description: String {
    "elmanNetwork, \(hidden) hidden, \(outputs) output\(outputs == 1 ? "" : "s"), "
      + "\(activation.rawValue), \(outputActivation.rawValue)"
      + (learnsThroughTime ? ", through time" : "") + (output == .last ? ", last step" : "")
      + (carriesState ? ", carries its state" : "")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let recurrence = Recurrence(
      context: output, learnsThroughTime: learnsThroughTime, carriesState: carriesState)
    let cell = Elman(units: hidden, activation: activation, recurrence: recurrence)
    return scope.apply(
      Dense(units: outputs, activation: outputActivation),
      to: scope.apply(cell, to: input, as: "hidden"), as: "output")
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(ElmanNetwork(hidden: 3, outputs: 2, learnsThroughTime: true), input: [4, 2]),
      LayerSample(
        ElmanNetwork(
          hidden: 2, outputs: 1, activation: .tanh, outputActivation: .linear, output: .last),
        input: [1, 3]),
    ]
  }
}

extension Recurrence {
  /// That of a network with context units.
  ///
  /// - Parameter learnsThroughTime: Whether the gradient goes back through them.
  init(context output: Output, learnsThroughTime: Bool, carriesState: Bool) {
    // Segments of one step, with no gradient over their borders: the context is an input.
    self.init(
      output: output, segment: learnsThroughTime ? nil : 1, isTruncated: !learnsThroughTime,
      carriesState: carriesState)
  }
}

extension ElmanNetwork {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case hidden, outputs, activation, outputActivation, learnsThroughTime, output, carriesState
    case name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      hidden: try fields.value(.hidden), outputs: try fields.value(.outputs),
      activation: try fields.value(.activation, default: .sigmoid),
      outputActivation: try fields.value(.outputActivation, default: .sigmoid),
      learnsThroughTime: try fields.value(.learnsThroughTime, default: false),
      output: try fields.value(.output, default: .sequence),
      carriesState: try fields.value(.carriesState, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
