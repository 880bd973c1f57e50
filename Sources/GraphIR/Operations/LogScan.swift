import Formulas
import Tensors

/// The logarithms of the weights of all ways into each state of chains that move from left to right:
/// the forward pass of connectionist temporal classification and of hidden Markov models.
///
/// At each of T steps a chain is in one of S states, stays in it, moves on to the next, or skips one.
/// Of logarithms of weights e [B, T, S] for being in a state at a step, a [B, S] for starting in one
/// and k [B, S] for skipping into one, the result [B, T, S] is
///
/// y_0(s) = e_0(s) + a(s),
/// y_t(s) = e_t(s) + ln(e^(y_(t−1)(s)) + e^(y_(t−1)(s−1)) + e^(y_(t−1)(s−2) + k(s)))
///
/// without the terms of states that there are not. What is impossible has the weight
/// ``impossible``, which stands for −∞ and, unlike it, has differences.
///
/// ∂y_t(s)/∂e is the share of the ways into s at t that pass by there, which a ``BandScan`` from the
/// end to the start adds up.
///
/// Source: A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist temporal classification",
/// ICML 2006, doi:10.1145/1143844.1143891.
public struct LogScan: Operation {
  public static let name = "logScan"

  /// The logarithm that stands for a weight of 0.
  public static let impossible = -1e30

  public init() {}

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    try inputs.expect(3)
    let (weights, start, skip) = (inputs[0], inputs[1], inputs[2])
    try weights.expectFloatingPoint()
    guard weights.shape.rank == 3, weights.shape[1] >= 1 else {
      throw TypeError("expects [batch, steps, states] with at least 1 step, found \(weights)")
    }
    let expected = TensorType([weights.shape[0], weights.shape[2]], weights.scalarType)
    guard start == expected, skip == expected else {
      throw TypeError("expects starts and skips \(expected), found \(start) and \(skip)")
    }
    return weights
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    let (batch, steps, states) = (shape[0], shape[1], shape[2])
    func scanned<T: RealScalar>(_ weights: [T], _ start: [T], _ skip: [T]) -> [T] {
      var result = weights
      for row in 0..<batch {
        for step in 0..<steps {
          for state in 0..<states {
            let place = (row * steps + step) * states + state
            guard step > 0 else {
              result[place] += start[row * states + state]
              continue
            }
            var ways = [result[place - states]]
            if state >= 1 { ways.append(result[place - states - 1]) }
            if state >= 2 { ways.append(result[place - states - 2] + skip[row * states + state]) }
            result[place] += LogSumExp(axes: [0]).reduce(ways)
          }
        }
      }
      return result
    }
    switch (inputs[0].storage, inputs[1].storage, inputs[2].storage) {
    case (.float32(let e), .float32(let a), .float32(let k)):
      return Tensor(scanned(e, a, k), shape: shape)
    case (.float64(let e), .float64(let a), .float64(let k)):
      return Tensor(scanned(e, a, k), shape: shape)
    default: preconditionFailure("logScan is not defined for integers")
    }
  }

  public func gradients(_ inputs: [Expression], output y: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (weights, start, skip) = (inputs[0], inputs[1], inputs[2])
    let (batch, steps, states) = (y.shape[0], y.shape[1], y.shape[2])
    // What each state of the step before has of the ways into a state.
    let before = y.stepBefore(value: Self.impossible)
    let skipping =
      before.fromState(2, value: Self.impossible) + skip.reshaped([batch, 1, states])
    let ways = concatenate(
      [before, before.fromState(1, value: Self.impossible), skipping].map {
        $0.reshaped([1, batch, steps, states])
      }, axis: 0)
    let shares = exp(ways + (weights - y))
    let reached = Expression.apply(BandScan(isReversed: true), to: [upstream, shares])
    let skips = shares.slice(axis: 0, from: 2, to: 3).reshaped(y.shape)
    return [
      reached, reached.slice(axis: 1, from: 0, to: 1).reshaped(start.shape),
      (reached * skips).sum(axes: [1]),
    ]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    .call("logScan", inputs)
  }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil, nil, nil] }

  /// The logarithm of the sum over all ways, of which there are up to 3ᵗ.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let (steps, states) = (inputs[0].shape[1], inputs[0].shape[2])
    let row = index / (steps * states)
    func ways(_ step: Int, _ state: Int) -> [[ElementRule.Source]] {
      let here = ElementRule.Source(input: 0, element: (row * steps + step) * states + state)
      guard step > 0 else { return [[.init(input: 1, element: row * states + state), here]] }
      return (0...min(2, state)).flatMap { back in
        ways(step - 1, state - back).map { way in
          way + (back == 2 ? [.init(input: 2, element: row * states + state)] : []) + [here]
        }
      }
    }
    let all = ways(index / states % steps, index % states)
    return .ways(
      all, formula: { .ln(.total($0.map { .exp(.total($0)) })) },
      derivative: { ways, _, y in .total(ways.map { .exp(.sum($0 + [-y])) }) })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int { 20 * output.shape.count }

  public static var samples: [Sample] {
    let shapes: [(Int, Int, Int)] = [(1, 1, 1), (2, 3, 4), (1, 4, 3), (2, 2, 1)]
    return shapes.map { batch, steps, states in
      Sample(
        LogScan(),
        [
          .numbers([batch, steps, states]), .numbers([batch, states], seed: 2),
          .numbers([batch, states], seed: 3),
        ])
    }
  }
}

/// The logarithms of the weights of all ways into each state, at each step.
///
/// - Parameters:
///   - weights: e, of being in a state at a step: [batch, steps, states].
///   - start: a, of starting in a state: [batch, states].
///   - skip: k, of skipping into a state: [batch, states].
public func logScan<T: TensorAlgebra>(_ weights: T, start: T, skip: T) -> T {
  T.apply(LogScan(), to: [weights, start, skip])
}
