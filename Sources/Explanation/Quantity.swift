import Formulas

/// One number of a derivation: what it is called, its value, and how it came about.
public struct Quantity: Sendable {
  /// The place of a quantity in a network, as far as it has one.
  public struct Place: Hashable, Sendable {
    /// 0 for the inputs, 1 for the first layer of neurons, and so on.
    public var layer: Int
    /// The neuron, from 1; 0 where it is of the layer as a whole.
    public var unit: Int
    /// The example, from 1; nil where there is one example.
    public var example: Int?
    /// The time step, from 1; nil outside sequences.
    public var time: Int?
    /// The part of the layer that the unit is of, where it has several such as two directions; else nil.
    public var inner: String?

    public init(
      layer: Int, unit: Int, example: Int? = nil, time: Int? = nil, inner: String? = nil
    ) {
      self.layer = layer
      self.unit = unit
      self.example = example
      self.time = time
      self.inner = inner
    }
  }

  /// What a quantity is.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A feature, a target, a weight, a bias, the learning rate and other settings, an optimizer's
    /// state: these are given.
    case input, target, weight, bias, setting, state
    case netInput, activation
    /// A value inside of a neuron: a gate's output, a cell state.
    case inner
    /// The error of one output; of one example; the part of the penalty; the total.
    case error, exampleError, penalty, totalError
    /// ∂E/∂out of an output or a hidden neuron, and its part by way of one neuron that it feeds.
    case errorSlope, errorSlopePart
    /// ∂out/∂net; ∂net/∂w; ∂net/∂out.
    case activationSlope, netSlope
    /// δ = ∂E/∂net.
    case delta
    /// The gradient of one example or time step, the sum of these, and the gradient of E.
    case gradientPart, gradientSum, gradient
    /// What an optimizer computes on its way; the new state; the new parameter.
    case updateStep, newState, newParameter
  }

  /// The name in worksheets and JSON: `net_h1`, `dE_total/dw5`, `delta_o1`, `w5+`.
  public let name: String
  /// How it is written in formulas: net_h1, ∂E_total/∂w5, δ_o1, w5⁺.
  public let symbol: Formula
  /// Its value, in Float64.
  public let value: Double
  public let kind: Kind
  public let place: Place?
  /// How it came about, in the symbols of other quantities: equal forms from the most general to
  /// the one that numbers are put into, the last. Empty for what is given.
  public let forms: [Formula]
  /// The names of the quantities that the last form is made of, in the order of their appearance.
  public let uses: [String]

  public init(
    name: String, symbol: Formula, value: Double, kind: Kind, place: Place? = nil,
    forms: [Formula] = [], uses: [String] = []
  ) {
    self.name = name
    self.symbol = symbol
    self.value = value
    self.kind = kind
    self.place = place
    self.forms = forms
    self.uses = uses
  }

  /// The form that numbers are put into; nil for what is given.
  public var formula: Formula? { forms.last }
}
