import Formulas

/// A run of text with formulas in it.
///
/// ```swift
/// let formula: Formula = "net_h1"
/// let text: RichText = "the net input \(formula) of the first neuron"
/// ```
public struct RichText: Hashable, Sendable {
  /// A part of the text.
  public enum Part: Hashable, Sendable {
    case text(String)
    case formula(Formula)
    case strong(String)
    /// A name as a program knows it, such as `hidden.weight[3,5]`.
    case code(String)
  }

  public var parts: [Part]

  public init(_ parts: [Part]) { self.parts = parts }
  public init(_ text: String) { parts = [.text(text)] }
  public init(_ formula: Formula) { parts = [.formula(formula)] }

  public static func + (left: RichText, right: RichText) -> RichText {
    RichText(left.parts + right.parts)
  }
}

extension RichText: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }
  public init(stringInterpolation: Interpolation) { self.init(stringInterpolation.parts) }

  /// Gathers the parts of a literal.
  public struct Interpolation: StringInterpolationProtocol {
    var parts: [Part] = []

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.text(literal)) }
    }

    public mutating func appendInterpolation(_ formula: Formula) { parts.append(.formula(formula)) }
    public mutating func appendInterpolation(_ text: RichText) { parts += text.parts }
    public mutating func appendInterpolation(_ text: String) { parts.append(.text(text)) }
    public mutating func appendInterpolation(_ number: Int) { parts.append(.text("\(number)")) }
    public mutating func appendInterpolation(strong text: String) { parts.append(.strong(text)) }
    public mutating func appendInterpolation(code text: String) { parts.append(.code(text)) }
  }
}
