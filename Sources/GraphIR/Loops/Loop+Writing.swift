import Tensors

/// What a loop gave.
public struct LoopResult {
  /// What each step gave, in one value for all steps: [steps, …].
  public let outputs: [Expression]
  /// What was carried over from the last step.
  public let finals: [Expression]
}

/// What one step of a loop computes.
public struct LoopStep {
  /// What is kept of this step.
  public let outputs: [Expression]
  /// What is carried to the next step, each of the type of what was carried to this one.
  public let carried: [Expression]

  public init(outputs: [Expression], carried: [Expression]) {
    self.outputs = outputs
    self.carried = carried
  }
}

/// What a loop computes of a whole stretch of its sequences before it goes over their steps: what does
/// not depend on the step before, such as the net inputs of all steps as one product.
public struct LoopPreparation {
  /// What the computation is given beside the sequences, such as weights.
  public let fixed: [Expression]
  /// From sequences [steps, …] and fixed values to the sequences that the steps are given slices of.
  public let compute: (_ sequences: [Expression], _ fixed: [Expression]) -> [Expression]

  public init(
    with fixed: [Expression],
    _ compute: @escaping (_ sequences: [Expression], _ fixed: [Expression]) -> [Expression]
  ) {
    self.fixed = fixed
    self.compute = compute
  }
}

extension GraphBuilder {
  /// Writes a computation that is repeated over the steps of sequences.
  ///
  /// ```swift
  /// let sums = builder.loop(over: [x], carrying: [zero]) { slices, carried, _ in
  ///   let sum = carried[0] + slices[0]
  ///   return LoopStep(outputs: [sum], carried: [sum])
  /// }
  /// ```
  ///
  /// The body may use nothing but what it is given: expressions of its own graph.
  ///
  /// - Parameters:
  ///   - sequences: [steps, …] each, at least one: a step is given one slice of each.
  ///   - initial: What the first step is carried; at least one.
  ///   - fixed: What every step is given, such as weights.
  ///   - preparation: What is computed of the sequences first: of all steps at once, or of each segment
  ///     by itself, so that its results are not kept for all steps either.
  ///   - isReversed: Whether the last slice comes first. Outputs keep the order of the slices.
  ///   - segment: Where given, the gradient keeps what is carried at the borders of segments of so
  ///     many steps, and computes all else again, one segment at a time: memory for
  ///     steps / segment + segment steps rather than for all, at the cost of one more forward pass.
  ///   - isTruncated: Whether no gradient goes back over the border between two segments.
  ///   - body: One step.
  /// - Returns: The outputs of all steps and what the last one carries. What does not fit is
  ///   remembered by the builder.
  public func loop(
    over sequences: [Expression], carrying initial: [Expression], with fixed: [Expression] = [],
    preparedBy preparation: LoopPreparation? = nil, isReversed: Bool = false, segment: Int? = nil,
    isTruncated: Bool = false,
    _ body: (_ slices: [Expression], _ carried: [Expression], _ fixed: [Expression]) -> LoopStep
  ) -> LoopResult {
    guard let steps = sequences.first?.shape.dimensions.first, steps >= 1, !initial.isEmpty,
      sequences.allSatisfy({ $0.shape.dimensions.first == steps })
    else {
      fail("a loop expects sequences of as many steps, found \(sequences.map(\.type))")
      return LoopResult(outputs: [], finals: initial)
    }
    if let segment, segment >= 1, segment < steps, !writesLoopsOut {
      return segmented(
        over: sequences, initial, fixed, preparation, isReversed: isReversed, segment, isTruncated,
        body)
    }
    if let preparation {
      let prepared = preparation.compute(sequences, preparation.fixed)
      return loop(
        over: prepared, carrying: initial, with: fixed, isReversed: isReversed, segment: segment,
        isTruncated: isTruncated, body)
    }
    if writesLoopsOut {
      return writtenOut(
        over: sequences, initial, fixed, isReversed: isReversed,
        border: isTruncated ? segment.flatMap { $0 < steps ? $0 : nil } : nil, body)
    }
    let inner = GraphBuilder(path: path)
    let slices = sequences.enumerated().map { index, sequence in
      inner.input("slice \(index)", sequence.type.slice)
    }
    let values = fixed.enumerated().map { inner.input("fixed \($0)", $1.type) }
    let carried = initial.enumerated().map { inner.variable("carried \($0)", $1.type) }
    let step = body(slices, carried, values)
    return apply(
      step, in: inner, carried: carried,
      isSliced: slices.map { _ in true } + values.map { _ in false },
      inputs: sequences + fixed + initial, steps: steps, isReversed: isReversed, recomputes: false)
  }

  /// Finishes a body and applies the loop.
  private func apply(
    _ step: LoopStep, in inner: GraphBuilder, carried: [Expression], isSliced: [Bool],
    inputs: [Expression], steps: Int, isReversed: Bool, recomputes: Bool
  ) -> LoopResult {
    guard step.carried.count == carried.count else {
      fail("a loop's step carries \(step.carried.count) values, expected \(carried.count)")
      return LoopResult(outputs: [], finals: Array(inputs.suffix(carried.count)))
    }
    for (variable, next) in zip(carried, step.carried) { inner.update(variable, with: next) }
    for (index, output) in step.outputs.enumerated() { inner.output("output \(index)", output) }
    do {
      let body = LoopBody(try inner.finish(), isSliced: isSliced, recomputes: recomputes)
      return results(of: Loop(body, steps: steps, isReversed: isReversed), inputs)
    } catch let error as GraphError {
      at(path: error.path.isEmpty ? path : error.path) { fail(error.message) }
    } catch {
      fail("\(error)")
    }
    return LoopResult(outputs: [], finals: Array(inputs.suffix(carried.count)))
  }

  /// Applies a loop and names its results.
  package func results(of loop: Loop, _ inputs: [Expression]) -> LoopResult {
    let all = apply(loop, to: inputs)
    return LoopResult(
      outputs: loop.outputs.map { Expression.apply($0, to: [all]) },
      finals: loop.finals.map { Expression.apply($0, to: [all]) })
  }

  /// A loop over segments, each a loop of its own, and one over the steps that are left.
  private func segmented(
    over sequences: [Expression], _ initial: [Expression], _ fixed: [Expression],
    _ preparation: LoopPreparation?, isReversed: Bool, _ segment: Int, _ isTruncated: Bool,
    _ body: (_ slices: [Expression], _ carried: [Expression], _ fixed: [Expression]) -> LoopStep
  ) -> LoopResult {
    let steps = sequences[0].shape[0]
    let (count, rest) = steps.quotientAndRemainder(dividingBy: segment)
    let whole = steps - rest
    func cut(_ range: Range<Int>) -> [Expression] {
      sequences.map { $0.slice(axis: 0, from: range.lowerBound, to: range.upperBound) }
    }
    func segments(_ initial: [Expression], areFirst: Bool) -> LoopResult {
      var cuts = cut(0..<whole).map { sequence in
        sequence.reshaped(Shape([count, segment] + sequence.shape.dimensions.dropFirst()))
      }
      // What the loop starts from lies behind no border: 1 for the segment that it is given to.
      let marksFirst = isTruncated && areFirst
      if marksFirst {
        let place = isReversed ? count - 1 : 0
        let marks = (0..<count).map { $0 == place ? 1.0 : 0 }
        cuts.append(constant(Tensor(marks, shape: [count], type: initial[0].scalarType)))
      }
      let inner = GraphBuilder(path: path)
      let slices = cuts.enumerated().map { inner.input("segment \($0)", $1.type.slice) }
      let all = fixed + (preparation?.fixed ?? [])
      let values = all.enumerated().map { inner.input("fixed \($0)", $1.type) }
      let carried = initial.enumerated().map { inner.variable("carried \($0)", $1.type) }
      let own = preparation.map { preparation in
        LoopPreparation(with: Array(values[fixed.count...]), preparation.compute)
      }
      let result = inner.loop(
        over: Array(slices[..<sequences.count]),
        carrying: cutting(carried, isTruncated, unless: marksFirst ? slices.last : nil),
        with: Array(values[..<fixed.count]), preparedBy: own, isReversed: isReversed, body)
      let outer = apply(
        LoopStep(outputs: result.outputs, carried: result.finals), in: inner, carried: carried,
        isSliced: slices.map { _ in true } + values.map { _ in false },
        inputs: cuts + all + initial, steps: count, isReversed: isReversed, recomputes: true)
      return LoopResult(
        outputs: outer.outputs.map { output in
          output.reshaped(Shape([whole] + output.shape.dimensions.dropFirst(2)))
        }, finals: outer.finals)
    }
    if rest == 0 { return segments(initial, areFirst: true) }
    func remainder(_ initial: [Expression]) -> LoopResult {
      loop(
        over: cut(whole..<steps), carrying: cutting(initial, isTruncated && !isReversed),
        with: fixed, preparedBy: preparation, isReversed: isReversed, body)
    }
    let first = isReversed ? remainder(initial) : segments(initial, areFirst: true)
    let second = isReversed ? segments(first.finals, areFirst: false) : remainder(first.finals)
    let (low, high) = isReversed ? (second, first) : (first, second)
    return LoopResult(
      outputs: zip(low.outputs, high.outputs).map { concatenate([$0, $1], axis: 0) },
      finals: second.finals)
  }

  /// What is carried over the border of a segment: without its gradient where that is cut, unless
  /// this, where given, is 1.
  private func cutting(
    _ carried: [Expression], _ isTruncated: Bool, unless isFirst: Expression? = nil
  ) -> [Expression] {
    guard isTruncated else { return carried }
    return carried.map { value in
      let cut = value.stoppingGradient()
      return isFirst.map { cut + $0 * (value - cut) } ?? cut
    }
  }

  /// The loop's steps one after another, as a derivation shows them.
  private func writtenOut(
    over sequences: [Expression], _ initial: [Expression], _ fixed: [Expression],
    isReversed: Bool, border: Int?,
    _ body: (_ slices: [Expression], _ carried: [Expression], _ fixed: [Expression]) -> LoopStep
  ) -> LoopResult {
    let steps = sequences[0].shape[0]
    var carried = initial
    var kept = [[Expression]](repeating: [], count: steps)
    let outer = loopStep
    defer { loopStep = outer }
    for step in isReversed ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let slices = sequences.map { sequence in
        sequence.slice(axis: 0, from: step, to: step + 1).reshaped(sequence.type.slice.shape)
      }
      let isFirst = step == (isReversed ? steps - 1 : 0)
      if let border, !isFirst, (isReversed ? step + 1 : step) % border == 0 {
        carried = cutting(carried, true)
      }
      loopStep = step
      let result = body(slices, carried, fixed)
      (kept[step], carried) = (result.outputs, result.carried)
    }
    let outputs = kept[0].indices.map { place in
      concatenate(kept.map { $0[place].reshaped($0[place].shape.prefixed(by: 1)) }, axis: 0)
    }
    return LoopResult(outputs: outputs, finals: carried)
  }
}

extension TensorType {
  /// The type of one slice along the first axis.
  fileprivate var slice: TensorType {
    TensorType(Shape(Array(shape.dimensions.dropFirst())), scalarType)
  }
}
