import Formulas
import Tensors

/// What one element of an operation's output is made of: elements of its inputs, and a formula.
///
/// ```swift
/// let scores = Tensor([1.0, 2, 4])
/// let rule = Softmax().element(1, of: [scores])
/// print(rule.sources.map(\.element))             // [0, 1, 2]
/// print(rule.formula(["a", "b", "c"]))           // eᵇ / (eᵃ + eᵇ + eᶜ)
/// ```
///
/// The sources cost no formulas: these are built when asked for.
public struct ElementRule: Sendable {
  /// An element of one of the inputs, by its place in row-major order.
  public struct Source: Hashable, Sendable {
    /// Which of the operation's inputs.
    public let input: Int
    /// The place in that input, in row-major order.
    public let element: Int

    public init(input: Int, element: Int) {
      self.input = input
      self.element = element
    }
  }

  /// The elements it is made of, each once.
  public let sources: [Source]

  /// Its formula, from those of the sources.
  public let formula: @Sendable ([Formula]) -> Formula

  /// ∂element/∂source for each source, from the formulas of the sources and of the element; nil
  /// where it is zero or does not exist.
  public let derivatives: @Sendable (_ sources: [Formula], _ output: Formula) -> [Formula?]

  /// Whether the element is its one source, unchanged: a view, a copy, a broadcast. The derivative
  /// is then 1.
  public let isCopy: Bool

  private let single:
    (@Sendable (_ index: Int, _ sources: [Formula], _ output: Formula) -> Formula?)?

  /// - Parameters:
  ///   - sources: The elements it is made of, each once.
  ///   - isCopy: Whether the element is its one source, unchanged.
  ///   - formula: Its formula, from those of the sources.
  ///   - derivatives: ∂element/∂source for each source.
  ///   - derivative: The same for one source, where that is cheaper than all.
  public init(
    sources: [Source], isCopy: Bool = false,
    formula: @escaping @Sendable ([Formula]) -> Formula,
    derivatives: @escaping @Sendable (_ sources: [Formula], _ output: Formula) -> [Formula?],
    derivative: (@Sendable (_ index: Int, _ sources: [Formula], _ output: Formula) -> Formula?)? =
      nil
  ) {
    self.sources = sources
    self.isCopy = isCopy
    self.formula = formula
    self.derivatives = derivatives
    single = derivative
  }
}

extension ElementRule {
  /// ∂element/∂source for one of the sources, by its place among them.
  public func derivative(_ index: Int, _ sources: [Formula], output: Formula) -> Formula? {
    single.map { $0(index, sources, output) } ?? derivatives(sources, output)[index]
  }

  /// An element that is another, unchanged: y = x, ∂y/∂x = 1.
  public static func copy(of source: Source) -> ElementRule {
    ElementRule(
      sources: [source], isCopy: true, formula: { $0[0] }, derivatives: { _, _ in [1] })
  }

  /// An element that is a number, whatever the inputs' numbers nearby are: it has no sources.
  public static func constant(_ value: Double) -> ElementRule {
    ElementRule(sources: [], formula: { _ in .number(value) }, derivatives: { _, _ in [] })
  }

  /// An element that is the sum of others: a copy of one alone, 0 of none.
  public static func sum(of sources: [Source]) -> ElementRule {
    switch sources.count {
    case 0: .constant(0)
    case 1: .copy(of: sources[0])
    default:
      ElementRule(
        sources: sources, formula: { .total($0) }, derivatives: { terms, _ in terms.map { _ in 1 } }
      )
    }
  }
}

extension Formula {
  /// The terms added up, in one sum; a term alone is itself, no terms are 0.
  static func total(_ terms: [Formula]) -> Formula {
    switch terms.count {
    case 0: 0
    case 1: terms[0]
    default: .sum(terms)
    }
  }
}
