import Formulas
import Tensors

/// A linear recurrence over steps in which each state takes up those just before it.
///
/// Of u [B, T, S] and factors w [3, B, T, S], the result [B, T, S] is, with y_(−1) = 0,
///
/// y_t(s) = u_t(s) + Σ_(j=0…2) w_(j,t)(s) y_(t−1)(s−j)
///
/// without the terms of states that there are not; or, reversed, the adjoint of that: with z_T = 0,
///
/// z_t(s) = u_t(s) + Σ_(j=0…2) w_(j,t+1)(s+j) z_(t+1)(s+j).
///
/// Each is the other's gradient with respect to u; ∂E/∂w_(j,t)(s) = z_t(s) y_(t−1)(s−j), with the one
/// scan of u and the other of the upstream gradient.
public struct BandScan: Operation {
  public static let name = "bandScan"

  /// Whether it runs from the last step to the first.
  public let isReversed: Bool

  public init(isReversed: Bool = false) { self.isReversed = isReversed }

  public var attributes: String { isReversed ? "reversed" : "" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (values, factors) = try inputs.pair()
    try values.expectFloatingPoint()
    guard values.shape.rank == 3 else {
      throw TypeError("expects [batch, steps, states], found \(values)")
    }
    let expected = TensorType(Shape([3] + values.shape.dimensions), values.scalarType)
    guard factors == expected else {
      throw TypeError("expects factors \(expected), found \(factors)")
    }
    return values
  }

  /// The state from which, and the place of the factor by which, a state is reached from the step
  /// before it in the scan; nil where there is none.
  private func step(_ shape: Shape, _ place: Int, _ back: Int) -> (from: Int, factor: Int)? {
    let (steps, states) = (shape[1], shape[2])
    let (step, state) = (place / states % steps, place % states)
    if isReversed {
      guard step + 1 < steps, state + back < states else { return nil }
      let from = place + states + back
      return (from, back * shape.count + from)
    }
    guard step > 0, state >= back else { return nil }
    return (place - states - back, back * shape.count + place)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    func scanned<T: RealScalar>(_ values: [T], _ factors: [T]) -> [T] {
      var result = values
      // Row-major order takes the steps of each example in turn.
      for index in values.indices {
        let place = isReversed ? values.count - 1 - index : index
        for back in 0...2 {
          guard let (from, factor) = step(shape, place, back) else { continue }
          result[place] += factors[factor] * result[from]
        }
      }
      return result
    }
    switch (inputs[0].storage, inputs[1].storage) {
    case (.float32(let u), .float32(let w)): return Tensor(scanned(u, w), shape: shape)
    case (.float64(let u), .float64(let w)): return Tensor(scanned(u, w), shape: shape)
    default: preconditionFailure("bandScan is not defined for integers")
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (shape, factors) = (output.shape, inputs[1])
    let other = Expression.apply(BandScan(isReversed: !isReversed), to: [upstream, factors])
    let (forward, backward) = isReversed ? (other, output) : (output, other)
    let before = forward.stepBefore(value: 0)
    let slopes = (0...2).map { back in
      (backward * before.fromState(back, value: 0)).reshaped(Shape([1] + shape.dimensions))
    }
    return [other, concatenate(slopes, axis: 0)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("bandScan", inputs) }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil, nil] }

  /// The sum over all ways to the element, of which there are up to 3ᵗ: products of factors and of
  /// where a way begins.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    func ways(_ place: Int) -> [[ElementRule.Source]] {
      (0...2).reduce([[.init(input: 0, element: place)]]) { known, back in
        guard let (from, factor) = step(inputs[0].shape, place, back) else { return known }
        return known + ways(from).map { $0 + [.init(input: 1, element: factor)] }
      }
    }
    @Sendable func product(_ factors: [Formula]) -> Formula {
      factors.isEmpty ? 1 : factors.count == 1 ? factors[0] : .product(factors)
    }
    return .ways(
      ways(index), formula: { .total($0.map(product)) },
      derivative: { _, others, _ in .total(others.map(product)) })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 6 * output.shape.count }

  public static var samples: [Sample] {
    [false, true].flatMap { isReversed in
      [[1, 1, 1], [2, 3, 4], [1, 3, 2]].map { sizes in
        Sample(
          BandScan(isReversed: isReversed),
          [.numbers(Shape(sizes)), .numbers(Shape([3] + sizes), seed: 2)])
      }
    }
  }
}

extension Expression {
  /// [batch, steps, states]: at each step what is here at the step before, and a number at the first.
  func stepBefore(value: Double) -> Expression {
    padded(before: [0, 1, 0], after: [0, 0, 0], value: value)
      .slice(axis: 1, from: 0, to: shape[1])
  }

  /// [batch, steps, states]: in each state what is here in the state so many before it, and a number
  /// in the first ones.
  func fromState(_ back: Int, value: Double) -> Expression {
    back == 0
      ? self
      : padded(before: [0, 0, back], after: [0, 0, 0], value: value)
        .slice(axis: 2, from: 0, to: shape[2])
  }
}

extension ElementRule {
  /// An element that is made of ways, each a list of sources that it passes once at most.
  ///
  /// - Parameters:
  ///   - ways: The ways.
  ///   - formula: The element's formula, from the formulas of each way's sources.
  ///   - derivative: The derivative with respect to a source, from the formulas of the sources of
  ///     each way by it, of these without it, and of the element.
  static func ways(
    _ ways: [[Source]], formula: @escaping @Sendable ([[Formula]]) -> Formula,
    derivative: @escaping @Sendable ([[Formula]], [[Formula]], Formula) -> Formula
  ) -> ElementRule {
    var places: [Source: Int] = [:]
    var sources: [Source] = []
    for source in ways.joined() where places[source] == nil {
      places[source] = sources.count
      sources.append(source)
    }
    let numbers = ways.map { $0.map { places[$0] ?? 0 } }
    return ElementRule(
      sources: sources, formula: { known in formula(numbers.map { $0.map { known[$0] } }) },
      derivatives: { known, output in
        known.indices.map { source in
          let passing = numbers.filter { $0.contains(source) }
          return derivative(
            passing.map { $0.map { known[$0] } },
            passing.map { $0.filter { $0 != source }.map { known[$0] } }, output)
        }
      })
  }
}
