/// A mathematical expression as an immutable tree, readable as text, LaTeX or MathML.
///
/// A formula says how something is *written*: nothing is simplified, and parentheses appear only
/// where precedence needs them.
///
///     let x: Formula = "x"
///     let sigmoid = 1 / (1 + .exp(-x))
///     sigmoid.text                        // 1 / (1 + e⁻ˣ)
///     sigmoid.latex                       // \frac{1}{1 + e^{-x}}
///     sigmoid.evaluate(["x": 0])          // 0.5
///
/// A string literal is a symbol in the notation of ``Symbol``, a number literal a number.
public indirect enum Formula: Hashable, Sendable {
  /// A number, written with the fewest digits that read back as the same value.
  case number(Double)
  /// A number written with exactly these digits, such as `0.750`.
  case digits(String)
  /// A named quantity.
  case symbol(Symbol)

  /// a + b + …; a term that is a ``negation(_:)`` is written as a subtraction.
  case sum([Formula])
  /// a − b.
  case difference(Formula, Formula)
  /// −a.
  case negation(Formula)
  /// a · b · …
  case product([Formula])
  /// a / b.
  case quotient(Formula, Formula)
  /// Base and exponent.
  case power(Formula, Formula)
  /// √a.
  case squareRoot(Formula)
  /// |a|.
  case absolute(Formula)
  /// ‖a‖, with the order as subscript where given.
  case norm(Formula, order: Formula? = nil)

  /// A function and its arguments, such as tanh(x). `exp` is written as a power of e.
  case call(String, [Formula])
  /// Left side, relation, right side. A relation on the left side makes a chain: a = b = c.
  case relation(Formula, Relation, Formula)
  /// A sum, product, maximum … of `body` over `index`, with bounds where given.
  case big(BigOperator, index: Formula?, from: Formula?, to: Formula?, body: Formula)
  /// ∂y/∂x.
  case partial(Formula, Formula)
  /// The value of the first branch whose condition holds, else `otherwise`.
  case branches([Branch], otherwise: Formula?)

  /// An element of a vector, matrix or tensor: a with the indices i, j as subscript.
  case indexed(Formula, [Formula])
  /// The transposed matrix.
  case transposed(Formula)
  /// A product of matrices, written side by side.
  case matrixProduct([Formula])
  /// A matrix written out, row by row; a column vector has rows of one element.
  case matrix([[Formula]])
  /// a ⊙ b, the product of equal-shaped tensors element by element.
  case hadamard([Formula])
}

extension Formula {
  /// How the two sides of a ``Formula/relation(_:_:_:)`` compare; the raw value is its sign.
  public enum Relation: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "≠"
    case approximatelyEqual = "≈"
    case less = "<"
    case lessOrEqual = "≤"
    case greater = ">"
    case greaterOrEqual = "≥"
    /// The right side becomes the new value of the left side.
    case becomes = "←"
    case elementOf = "∈"
    case proportional = "∝"
  }

  /// An operator over an index; the raw value is its sign or name.
  public enum BigOperator: String, Hashable, Sendable, CaseIterable {
    case sum = "Σ"
    case product = "Π"
    case maximum = "max"
    case minimum = "min"
  }

  /// A value and the condition under which it counts.
  public struct Branch: Hashable, Sendable {
    public let value: Formula
    public let condition: Formula

    public init(_ value: Formula, if condition: Formula) {
      self.value = value
      self.condition = condition
    }
  }
}

extension Formula: CustomStringConvertible {
  public var description: String { text }
}
