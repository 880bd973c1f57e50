import CKernels
import GraphIR

extension KernelTable {
  static let maps: [(ObjectIdentifier, MapRule)] = arithmetic + functions + activations

  private static let arithmetic: [(ObjectIdentifier, MapRule)] = [
    map(BroadcastTo.self, BP_MAP_COPY),
    map(Negate.self, BP_MAP_NEGATE),
    map(Add.self) { _, constants in commutative(BP_MAP_ADD, or: BP_MAP_OFFSET, constants) },
    map(Subtract.self) { _, constants in
      constants[1].map { MapChoice(BP_MAP_OFFSET, [0], -$0) } ?? MapChoice(BP_MAP_SUBTRACT, [0, 1])
    },
    map(Multiply.self) { _, constants in commutative(BP_MAP_MULTIPLY, or: BP_MAP_SCALE, constants)
    },
    map(Divide.self) { _, constants in
      constants[0] == 1 ? MapChoice(BP_MAP_RECIPROCAL, [1]) : MapChoice(BP_MAP_DIVIDE, [0, 1])
    },
    map(Minimum.self, BP_MAP_MINIMUM, inputs: 2),
    map(Maximum.self, BP_MAP_MAXIMUM, inputs: 2),
    map(Select.self, BP_MAP_SELECT, inputs: 3),
    map(Comparison.self) { comparison, _ in
      let code =
        switch comparison.relation {
        case .equal: BP_MAP_EQUAL
        case .notEqual: BP_MAP_NOT_EQUAL
        case .less: BP_MAP_LESS
        case .lessOrEqual: BP_MAP_LESS_EQUAL
        case .greater: BP_MAP_GREATER
        case .greaterOrEqual: BP_MAP_GREATER_EQUAL
        }
      return MapChoice(code, [0, 1])
    },
    map(Absolute.self, BP_MAP_ABSOLUTE),
    map(Sign.self, BP_MAP_SIGN),
    map(Step.self, BP_MAP_STEP),
    map(Square.self, BP_MAP_SQUARE),
  ]

  private static let functions: [(ObjectIdentifier, MapRule)] = [
    map(SquareRoot.self, BP_MAP_SQUARE_ROOT),
    map(Exponential.self, BP_MAP_EXPONENTIAL),
    map(Logarithm.self, BP_MAP_LOGARITHM),
    map(Power.self, BP_MAP_POWER, inputs: 2),
    map(ErrorFunction.self, BP_MAP_ERF),
    map(Sine.self, BP_MAP_SINE),
    map(Cosine.self, BP_MAP_COSINE),
  ]

  private static let activations: [(ObjectIdentifier, MapRule)] = [
    map(Sigmoid.self, BP_MAP_SIGMOID),
    map(Tanh.self, BP_MAP_TANH),
    map(ReLU.self, BP_MAP_RELU),
    map(LeakyReLU.self) { activation, _ in MapChoice(BP_MAP_LEAKY_RELU, [0], activation.slope) },
    map(ELU.self) { activation, _ in MapChoice(BP_MAP_ELU, [0], activation.alpha) },
    map(GELU.self, BP_MAP_GELU),
    map(GELUSlope.self, BP_MAP_GELU_SLOPE),
    map(SiLU.self, BP_MAP_SILU),
    map(Softplus.self, BP_MAP_SOFTPLUS),
    map(Softsign.self, BP_MAP_SOFTSIGN),
  ]

  /// A loop for two operands in either order, or one with a constant built in.
  private static func commutative(
    _ code: bp_map_code, or constantCode: bp_map_code, _ constants: [Double?]
  ) -> MapChoice {
    if let constant = constants[1] { return MapChoice(constantCode, [0], constant) }
    if let constant = constants[0] { return MapChoice(constantCode, [1], constant) }
    return MapChoice(code, [0, 1])
  }
}
