import GraphIR
import Tensors

/// A simple recurrent layer: every unit sees the features of its time step and what all units gave
/// in the step before.
///
/// h₍ₜ₎ = f(x₍ₜ₎ U + h₍ₜ₋₁₎ W + b), h₍₀₎ = 0, with x of shape [batch, steps, features], U [features,
/// units], W [units, units] (from, to) and b [units]; f is the activation. The output holds h₍ₜ₎ for
/// every step: [batch, steps, units]. The steps are written out, one after another, so that the
/// gradient is backpropagation through time, and the graph grows with their number.
///
/// ```swift
/// let cell = Elman(units: 3, name: "cell")
/// print(try cell.parameterCount(input: [4, 2]))      // 18
/// ```
///
/// Source: J. Elman, "Finding structure in time", Cognitive Science 14 (1990),
/// doi:10.1207/s15516709cog1402_1.
public struct Elman: Layer {
  public static let kind = "elman"

  /// The number of units.
  public let units: Int
  /// f; `tanh` unless told otherwise.
  public let activation: Activation
  /// Whether b is added; true unless told otherwise.
  public let hasBias: Bool
  public let name: String?

  public init(
    units: Int, activation: Activation = .tanh, hasBias: Bool = true, name: String? = nil
  ) {
    self.units = units
    self.activation = activation
    self.hasBias = hasBias
    self.name = name
  }

  private static let mostUnits = 1 << 15

  public var problem: String? {
    if units < 1 { return "units is \(units), expected at least 1" }
    return units > Self.mostUnits
      ? "units is \(units), expected at most \(Self.mostUnits)" : nil
  }

  public var description: String {
    "elman, \(units) unit\(units == 1 ? "" : "s"), \(activation.rawValue)"
      + (hasBias ? "" : ", no bias")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank == 3, shape[1] >= 1, shape[2] >= 1 else {
      scope.fail("elman: input has shape \(shape), expected [batch, steps, features]")
      return input
    }
    guard input.scalarType == scope.scalarType else {
      scope.fail("elman: input is \(input.type), expected \(scope.scalarType.rawValue) numbers")
      return input
    }
    let (batch, steps, features) = (shape[0], shape[1], shape[2])
    let toHidden = scope.parameter(
      "inputWeight", [features, units], activation.weightInitializer, isWeight: true)
    let recurrent = scope.parameter(
      "recurrentWeight", [units, units], activation.weightInitializer, isWeight: true)
    // The part of the inputs is one product for all steps.
    var fromInput = input.reshaped([batch * steps, features]).matmul(toHidden)
    if hasBias { fromInput = fromInput + scope.parameter("bias", [units], .zeros) }
    fromInput = fromInput.reshaped([batch, steps, units])
    var outputs: [Expression] = []
    for step in 0..<steps {
      var net = fromInput.slice(axis: 1, from: step, to: step + 1).reshaped([batch, units])
      if let before = outputs.last { net = net + before.matmul(recurrent) }
      outputs.append(activation(net))
    }
    return concatenate(outputs.map { $0.reshaped([batch, 1, units]) }, axis: 1)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Elman(units: 3), input: [4, 2]),
      LayerSample(Elman(units: 2, activation: .sigmoid, hasBias: false), input: [1, 3]),
    ]
  }
}

extension Elman {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, activation, hasBias, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units),
      activation: try fields.value(.activation, default: .tanh),
      hasBias: try fields.value(.hasBias, default: true),
      name: try fields.value(ifPresent: .name))
  }
}
