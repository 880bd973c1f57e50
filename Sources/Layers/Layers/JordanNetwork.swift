import GraphIR
import Tensors

/// Jordan's network: hidden units that see, beside the input, state units fed by the outputs and by
/// themselves.
///
/// s₍ₜ₎ = µ s₍ₜ₋₁₎ + y₍ₜ₋₁₎, h₍ₜ₎ = f(x₍ₜ₎ U + s₍ₜ₎ W + b), y₍ₜ₎ = g(h₍ₜ₎ V + c), s₍₀₎ = y₍₀₎ = 0: a ``Jordan``
/// layer under the settings' names of the texts, with its parameters' names. The input is [batch, steps,
/// features], the output y [batch, steps, outputs].
///
/// As in the paper, the state units are inputs for the gradient, and no error goes back through them.
/// ``learnsThroughTime`` has it go back through all steps (backpropagation through time).
///
/// ```swift
/// let network = JordanNetwork(hidden: 10, outputs: 1)
/// print(try network.parameterCount(input: [4, 1]))    // 41
/// ```
///
/// Source: M. Jordan, "Serial order: a parallel distributed processing approach", ICS report 8604,
/// University of California, San Diego (1986); reprinted in Advances in Psychology 121 (1997),
/// doi:10.1016/S0166-4115(97)80111-2.
public struct JordanNetwork: Layer {
  public static let kind = "jordanNetwork"

  /// The number of hidden units.
  public let hidden: Int
  /// The number of outputs, and so of state units.
  public let outputs: Int
  /// µ, what a state unit keeps of itself from step to step, 0 to less than 1; 0.5 unless told
  /// otherwise.
  public let decay: Double
  /// f; `sigmoid` unless told otherwise.
  public let activation: Activation
  /// g; `sigmoid` unless told otherwise.
  public let outputActivation: Activation
  /// Whether the gradient goes back through the state to earlier steps; false unless told otherwise.
  public let learnsThroughTime: Bool
  /// Whether there is an output for each step or for the last one alone, [batch, outputs]; a
  /// sequence unless told otherwise.
  public let output: Recurrence.Output
  /// Whether a training step starts from the state that the step before left; false unless told
  /// otherwise. See ``Recurrence/carriesState``.
  public let carriesState: Bool
  public let name: String?

  public init(
    hidden: Int, outputs: Int, decay: Double = 0.5, activation: Activation = .sigmoid,
    outputActivation: Activation = .sigmoid, learnsThroughTime: Bool = false,
    output: Recurrence.Output = .sequence, carriesState: Bool = false, name: String? = nil
  ) {
    self.hidden = hidden
    self.outputs = outputs
    self.decay = decay
    self.activation = activation
    self.outputActivation = outputActivation
    self.learnsThroughTime = learnsThroughTime
    self.output = output
    self.carriesState = carriesState
    self.name = name
  }

  public var problem: String? { unitsProblem(hidden, "hidden") ?? cell.problem }

  public var description: String {
    "jordanNetwork, \(hidden) hidden, \(outputs) output\(outputs == 1 ? "" : "s"), "
      + "decay \(decay), \(activation.rawValue), \(outputActivation.rawValue)"
      + (learnsThroughTime ? ", through time" : "") + (output == .last ? ", last step" : "")
      + (carriesState ? ", carries its state" : "")
  }

  private var cell: Jordan {
    Jordan(
      units: hidden, outputs: outputs, decay: decay, activation: activation,
      outputActivation: outputActivation,
      recurrence: Recurrence(
        context: output, learnsThroughTime: learnsThroughTime, carriesState: carriesState))
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    scope.apply(cell, to: input, as: "units")
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(JordanNetwork(hidden: 3, outputs: 2, learnsThroughTime: true), input: [4, 2]),
      LayerSample(
        JordanNetwork(
          hidden: 2, outputs: 1, decay: 0, activation: .tanh, outputActivation: .linear,
          output: .last), input: [1, 3]),
    ]
  }
}

extension JordanNetwork {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case hidden, outputs, decay, activation, outputActivation, learnsThroughTime, output
    case carriesState, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      hidden: try fields.value(.hidden), outputs: try fields.value(.outputs),
      decay: try fields.value(.decay, default: 0.5),
      activation: try fields.value(.activation, default: .sigmoid),
      outputActivation: try fields.value(.outputActivation, default: .sigmoid),
      learnsThroughTime: try fields.value(.learnsThroughTime, default: false),
      output: try fields.value(.output, default: .sequence),
      carriesState: try fields.value(.carriesState, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
