import CKernels
import GraphIR

/// A loop that does several element-wise operations in one pass over memory, as what it computes.
///
/// A chain of operations writes each value to a block in the first-level cache and reads it again; a
/// composite keeps it in a register. Every number is rounded as in the chain, so the bits are the
/// same.
struct Composite: Sendable {
  /// An expression of a composite's operands.
  indirect enum Pattern: Sendable {
    /// Any value; the same number stands for the same value.
    case operand(Int)
    /// A value of one element.
    case number(Int)
    /// A result of the composite, by its place in ``Composite/results``.
    case result(Int)
    /// A loop on these values.
    case map(bp_map_code, [Pattern])
    /// A loop with a parameter, which the composite is given.
    case given(bp_map_code, Pattern)
  }

  /// What plans call it.
  let name: String
  let code: bp_composite_code
  /// How many operands it has, numbers among them.
  let operandCount: Int
  /// What it computes; the last is computed from all others.
  let results: [Pattern]
}

extension KernelTable {
  /// The composites, the longest first: the first that matches is taken.
  static let composites: [Composite] = [
    adam, mixSquare, mix, subtractProduct, addReLU, selectGreater,
  ]

  /// The update of a weight by Adam (`Adam.swift` in Training).
  private static let adam: Composite = {
    let (gradient, weight) = (Composite.Pattern.operand(0), Composite.Pattern.operand(3))
    let (step, correction) = (Composite.Pattern.number(4), Composite.Pattern.number(5))
    let root = Composite.Pattern.map(BP_MAP_SQUARE_ROOT, [.result(1)])
    return Composite(
      name: "adam", code: BP_COMPOSITE_ADAM, operandCount: 6,
      results: [
        mixed(.operand(1), gradient),
        mixed(.operand(2), .map(BP_MAP_SQUARE, [gradient])),
        .map(
          BP_MAP_SUBTRACT,
          [
            weight,
            .map(
              BP_MAP_DIVIDE,
              [
                .map(BP_MAP_MULTIPLY, [step, .result(0)]),
                .given(BP_MAP_OFFSET, .map(BP_MAP_MULTIPLY, [root, correction])),
              ]),
          ]),
      ])
  }()

  /// A moving average, as of momentum.
  private static let mix = Composite(
    name: "moving average", code: BP_COMPOSITE_MIX, operandCount: 2,
    results: [mixed(.operand(0), .operand(1))]
  )

  /// A moving average of squares.
  private static let mixSquare = Composite(
    name: "moving average of squares", code: BP_COMPOSITE_MIX_SQUARE, operandCount: 2,
    results: [mixed(.operand(0), .map(BP_MAP_SQUARE, [.operand(1)]))])

  /// A step of gradient descent.
  private static let subtractProduct = Composite(
    name: "multiply, subtract", code: BP_COMPOSITE_SUBTRACT_PRODUCT, operandCount: 3,
    results: [
      .map(BP_MAP_SUBTRACT, [.operand(0), .map(BP_MAP_MULTIPLY, [.operand(1), .operand(2)])])
    ])

  /// A bias and a rectified linear unit.
  private static let addReLU = Composite(
    name: "add, relu", code: BP_COMPOSITE_ADD_RELU, operandCount: 2,
    results: [.map(BP_MAP_RELU, [.map(BP_MAP_ADD, [.operand(0), .operand(1)])])])

  /// The gradient behind a rectified linear unit.
  private static let selectGreater = Composite(
    name: "compare(>), select", code: BP_COMPOSITE_SELECT_GREATER, operandCount: 4,
    results: [
      .map(
        BP_MAP_SELECT, [.map(BP_MAP_GREATER, [.operand(0), .number(1)]), .operand(2), .number(3)])
    ])

  /// Two values, each times a given number, added.
  private static func mixed(_ a: Composite.Pattern, _ b: Composite.Pattern) -> Composite.Pattern {
    .map(BP_MAP_ADD, [.given(BP_MAP_SCALE, a), .given(BP_MAP_SCALE, b)])
  }
}
