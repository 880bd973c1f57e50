import Formulas

/// A mistake that a wrong number shows: with it, and no other, one gets this very number.
public indirect enum Slip: Hashable, Sendable {
  /// The opposite sign.
  case sign
  /// A term of a sum with the opposite sign.
  case termSign(Formula)
  case factorForgotten(Formula)
  case factorTwice(Formula)
  case divisorForgotten(Formula)
  case divisorTwice(Formula)
  /// Twice or half of the right value.
  case doubled, halved
  case termForgotten(Formula)
  /// x where x² belongs.
  case powerForgotten(Formula)
  /// The second stands where the first belongs.
  case replaced(Formula, by: Formula)
  case exchanged(Formula, Formula)
  /// Row and column of the weights exchanged.
  case weightsTransposed
  /// The activation function left out, or applied to its own result.
  case activationForgotten(Formula)
  case activationTwice(Formula)
  /// The number is another quantity's.
  case otherQuantity(Formula)
  /// The division by the number of examples left out, or done once too often.
  case examplesForgotten(Int)
  case examplesTwice(Int)
  /// Later layers' new weights in earlier layers' gradients.
  case sequentialUpdate
  /// Another mistake of method, told in English and Chinese.
  case method(english: String, chinese: String)
  /// All numbers before it rounded to so many significant digits, or decimals.
  case roundedToDigits(Int)
  case roundedToDecimals(Int)
  /// A slip in a number before it that was not written down.
  case inside(Formula, Slip)
  /// Two neighboring digits exchanged; the right digits.
  case digitsExchanged(right: String)
  /// The decimal point so many places too far to the right (or, negative, to the left).
  case decimalPoint(Int)

  /// The slip's name in JSON.
  public var code: String {
    switch self {
    case .sign: "sign"
    case .termSign: "term-sign"
    case .factorForgotten: "factor-forgotten"
    case .factorTwice: "factor-twice"
    case .divisorForgotten: "divisor-forgotten"
    case .divisorTwice: "divisor-twice"
    case .doubled: "doubled"
    case .halved: "halved"
    case .termForgotten: "term-forgotten"
    case .powerForgotten: "power-forgotten"
    case .replaced: "replaced"
    case .exchanged: "exchanged"
    case .weightsTransposed: "weights-transposed"
    case .activationForgotten: "activation-forgotten"
    case .activationTwice: "activation-twice"
    case .otherQuantity: "other-quantity"
    case .examplesForgotten: "examples-forgotten"
    case .examplesTwice: "examples-twice"
    case .sequentialUpdate: "sequential-update"
    case .method: "method"
    case .roundedToDigits: "rounded-to-digits"
    case .roundedToDecimals: "rounded-to-decimals"
    case .inside: "inside"
    case .digitsExchanged: "digits-exchanged"
    case .decimalPoint: "decimal-point"
    }
  }
}
