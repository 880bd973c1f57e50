import GraphIR
import Tensors

/// A fully connected layer: every output unit sees every input feature.
///
/// y = f(x W + b), with x of shape [batch…, features], the weight W [features, units] and the bias
/// b [units], or [1] where one bias is shared; f is the activation. With more than two axes, the
/// layer acts on the last one.
///
/// ```swift
/// let hidden = Dense(units: 16, activation: .sigmoid, name: "hidden")
/// print(try hidden.parameterCount(input: [784]))      // 12560
/// ```
public struct Dense: Layer {
  public static let kind = "dense"

  /// The number of output features.
  public let units: Int
  /// f; `linear` unless told otherwise.
  public let activation: Activation
  /// Whether b is added; true unless told otherwise.
  public let hasBias: Bool
  /// Whether b is one number for all units, as in many hand derivations; false unless told otherwise.
  public let sharesBias: Bool
  /// What W starts from; nil for ``Activation/weightInitializer``.
  public let weight: Initializer?
  /// What b starts from; zeros unless told otherwise.
  public let bias: Initializer
  public let name: String?

  public init(
    units: Int, activation: Activation = .linear, hasBias: Bool = true, sharesBias: Bool = false,
    weight: Initializer? = nil, bias: Initializer = .zeros, name: String? = nil
  ) {
    self.units = units
    self.activation = activation
    self.hasBias = hasBias
    self.sharesBias = sharesBias
    self.weight = weight
    self.bias = bias
    self.name = name
  }

  private static let mostUnits = 1 << 31

  public var problem: String? {
    if units < 1 { return "units is \(units), expected at least 1" }
    if units > Self.mostUnits { return "units is \(units), expected at most \(Self.mostUnits)" }
    if let problem = weight?.problem() { return "weight: \(problem)" }
    return bias.problem().map { "bias: \($0)" }
  }

  public var description: String {
    "dense, \(units) unit\(units == 1 ? "" : "s")"
      + (activation == .linear ? "" : ", \(activation.rawValue)")
      + (!hasBias ? ", no bias" : sharesBias ? ", one bias" : "")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 2 else {
      scope.fail("dense: input has shape \(shape), expected [batch, features]")
      return input
    }
    guard input.scalarType == scope.scalarType else {
      scope.fail("dense: input is \(input.type), expected \(scope.scalarType.rawValue) numbers")
      return input
    }
    let features = shape[-1]
    guard features >= 1 else {
      scope.fail("dense: input has shape \(shape), expected at least 1 feature")
      return input
    }
    let weight = scope.parameter(
      "weight", [features, units], weight ?? activation.weightInitializer, isWeight: true)
    // One product, however many axes there are.
    var net = shape.rank == 2 ? input : input.reshaped([shape.count / features, features])
    net = net.matmul(weight)
    if hasBias { net = net + scope.parameter("bias", [sharesBias ? 1 : units], bias) }
    let output = Shape(Array(shape.dimensions.dropLast()) + [units])
    return activation(net.reshaped(output))
  }

  public static var samples: [LayerSample] {
    Activation.allCases.map { LayerSample(Dense(units: 3, activation: $0), input: [4]) } + [
      LayerSample(Dense(units: 2, hasBias: false), input: [3]),
      LayerSample(Dense(units: 3, activation: .tanh, sharesBias: true), input: [2]),
      LayerSample(
        Dense(units: 2, activation: .tanh, bias: .uniform(low: -1, high: 1)), input: [3, 4]),
    ]
  }
}

extension Dense {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, activation, hasBias, sharesBias, weight, bias, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units),
      activation: try fields.value(.activation, default: .linear),
      hasBias: try fields.value(.hasBias, default: true),
      sharesBias: try fields.value(.sharesBias, default: false),
      weight: try fields.value(ifPresent: .weight),
      bias: try fields.value(.bias, default: .zeros),
      name: try fields.value(ifPresent: .name))
  }
}
