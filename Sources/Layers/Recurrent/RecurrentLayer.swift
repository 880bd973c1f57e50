import GraphIR
import Tensors

/// A layer whose step sees what the step before gave: one cell, used in every step.
///
/// The input is [batch, steps, features]. The part of the net inputs that comes from the input is one
/// product for all steps; the rest is a loop, so that the graph does not grow with the steps. The
/// gradient is backpropagation through time.
///
/// Where the scope has a mask, a step that is padding leaves the state as it is and gives 0, so that
/// "the last step" is each sequence's own last one.
public protocol RecurrentLayer: Layer {
  /// How it goes over the sequences.
  var recurrence: Recurrence { get }

  /// How many numbers a step gives.
  var outputUnits: Int { get }

  /// The sizes of what is carried from step to step, for one example; the first is the output.
  var stateSizes: [Int] { get }

  /// The parameters of one layer in one direction.
  ///
  /// - Parameter features: The features of a step of its input.
  func parameters(features: Int, in scope: Scope) -> RecurrentParameters

  /// One step.
  ///
  /// - Parameters:
  ///   - net: The part of the net inputs that comes from the input.
  ///   - state: What was carried from the step before, as ``stateSizes`` lists it.
  ///   - fixed: ``RecurrentParameters/recurrent``.
  /// - Returns: What is carried to the next step; the first is the step's output.
  func step(net: Expression, state: [Expression], fixed: [Expression]) -> [Expression]
}

/// The parameters of a recurrent layer in one direction.
public struct RecurrentParameters {
  /// What the features are multiplied by, [features, net inputs].
  public let input: Expression
  /// What is added to that, [net inputs]; nil for nothing.
  public let bias: Expression?
  /// What the steps use.
  public let recurrent: [Expression]

  public init(input: Expression, bias: Expression?, recurrent: [Expression]) {
    self.input = input
    self.bias = bias
    self.recurrent = recurrent
  }
}

extension RecurrentLayer {
  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    run(input, from: nil, in: scope).output
  }

  /// Applies the layer to sequences, from given states, and returns the states after the last step.
  ///
  /// - Parameters:
  ///   - input: [batch, steps, features].
  ///   - states: The first states, for each layer and (within it) each direction as ``stateSizes``
  ///     lists them, [batch, size] each. For nil they are zeros, or what the training step before
  ///     ended with (``Recurrence/carriesState``).
  /// - Returns: The output, and the last states in the same order.
  public func run(_ input: Expression, from states: [Expression]?, in scope: Scope)
    -> (output: Expression, states: [Expression])
  {
    guard let sizes = scope.sequences(input, kind: Self.kind) else { return (input, []) }
    let directions = recurrence.isBidirectional ? 2 : 1
    let expected = (0..<recurrence.layers * directions).flatMap { _ in
      stateSizes.map { Shape([sizes.batch, $0]) }
    }
    guard states.map({ $0.map(\.shape) == expected }) != false else {
      scope.fail(
        "\(Self.kind): starts from states of shapes \((states ?? []).map(\.shape)), "
          + "expected \(expected)")
      return (input, [])
    }
    let carried =
      states == nil && recurrence.carriesState ? carriedStates(expected, in: scope) : []
    let start = states ?? (carried.isEmpty ? expected.map { input.zeros($0) } : carried)
    let mask = scope.mask(for: sizes, kind: Self.kind).map { mask in
      mask.cast(to: input.scalarType).transposed([1, 0]).reshaped([sizes.steps, sizes.batch, 1])
    }
    // Steps come first from here on: a step's examples lie side by side.
    var sequence = input.transposed([1, 0, 2])
    var finals: [Expression] = []
    for layer in 0..<recurrence.layers {
      if layer > 0 { sequence = Dropout(recurrence.dropout)(sequence, in: scope) }
      let own = layer == 0 ? scope : scope.child("layer\(layer + 1)")
      // Where the last step is wanted alone, the last layer's others are kept for derivations only.
      let isWhole = recurrence.output == .sequence || layer < recurrence.layers - 1
      let isKept = isWhole || input.builder.writesLoopsOut
      var outputs: [Expression] = []
      for direction in 0..<directions {
        let place = (layer * directions + direction) * stateSizes.count
        let result = direct(
          sequence, mask, Array(start[place..<place + stateSizes.count]),
          isReversed: direction == 1, keepsOutputs: isKept,
          in: direction == 0 ? own : own.child("reverse"))
        outputs.append(result.output)
        finals += result.states
      }
      guard isKept else { break }
      sequence = directions == 1 ? outputs[0] : concatenate(outputs, axis: 2)
      if !isWhole {
        scope.collector.record(steps: sequence.transposed([1, 0, 2]), of: self, in: scope)
      }
    }
    for (state, final) in zip(carried, finals) { scope.carry(state, with: final) }
    scope.mask = recurrence.output == .last ? nil : scope.mask
    guard recurrence.output == .last else { return (sequence.transposed([1, 0, 2]), finals) }
    let last = finals.suffix(directions * stateSizes.count)
    let outputs = stride(from: last.startIndex, to: last.endIndex, by: stateSizes.count)
      .map { last[$0] }
    return (directions == 1 ? outputs[0] : concatenate(outputs, axis: 1), finals)
  }

  /// What the training step before left, layer by layer.
  private func carriedStates(_ shapes: [Shape], in scope: Scope) -> [Expression] {
    shapes.enumerated().map { number, shape in scope.carried("state\(number + 1)", shape) }
  }

  /// One layer in one direction, over [steps, batch, features].
  private func direct(
    _ sequence: Expression, _ mask: Expression?, _ start: [Expression], isReversed: Bool,
    keepsOutputs: Bool, in scope: Scope
  ) -> (output: Expression, states: [Expression]) {
    let parameters = parameters(features: sequence.shape[2], in: scope)
    let net = [parameters.input] + (parameters.bias.map { [$0] } ?? [])
    let preparation = LoopPreparation(with: net) { sequences, fixed in
      let shape = sequences[0].shape
      var net = sequences[0].reshaped([shape[0] * shape[1], shape[2]]).matmul(fixed[0])
      if fixed.count == 2 { net = net + fixed[1] }
      return [net.reshaped([shape[0], shape[1], net.shape[-1]])] + sequences.dropFirst()
    }
    let result = sequence.builder.loop(
      over: [sequence] + (mask.map { [$0] } ?? []), carrying: start, with: parameters.recurrent,
      preparedBy: preparation, isReversed: isReversed, segment: recurrence.segment,
      isTruncated: recurrence.isTruncated
    ) { slices, state, fixed in
      let next = step(net: slices[0], state: state, fixed: fixed)
      guard slices.count == 2 else {
        return LoopStep(outputs: keepsOutputs ? [next[0]] : [], carried: next)
      }
      let isThere = slices[1]
      let kept = zip(state, next).map { old, new in old + isThere * (new - old) }
      return LoopStep(outputs: keepsOutputs ? [next[0] * isThere] : [], carried: kept)
    }
    return (result.outputs.first ?? result.finals.first ?? sequence, result.finals)
  }
}

extension Expression {
  /// Zeros beside this value, of its element type.
  fileprivate func zeros(_ shape: Shape) -> Expression {
    constant(Tensor(0, type: scalarType)).broadcast(to: shape)
  }
}

/// What is wrong with a number of units; nil where nothing is.
func unitsProblem(_ units: Int, _ name: String = "units") -> String? {
  if units < 1 { return "\(name) is \(units), expected at least 1" }
  let most = 1 << 15
  return units > most ? "\(name) is \(units), expected at most \(most)" : nil
}
