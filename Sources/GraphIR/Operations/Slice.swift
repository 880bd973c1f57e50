import Formulas
import Tensors

/// A part of a tensor: along some axes, the elements from a start to before an end, by a step.
///
/// y_j = x_(start + j · step). The gradient is put back to these places, with zeros elsewhere.
public struct Slice: Picking {
  public static let name = "slice"

  /// The axes that are cut.
  public let axes: [Int]
  /// For each of these axes, the first index taken.
  public let starts: [Int]
  /// For each of these axes, the index before which to stop.
  public let ends: [Int]
  /// For each of these axes, how far the next index taken is, 1 or more.
  public let steps: [Int]

  public init(axes: [Int], starts: [Int], ends: [Int], steps: [Int]? = nil) {
    self.axes = axes
    self.starts = starts
    self.ends = ends
    self.steps = steps ?? axes.map { _ in 1 }
  }

  public var attributes: String {
    guard Set([axes.count, starts.count, ends.count, steps.count]).count == 1 else {
      return "axes \(axes), from \(starts), to \(ends), by \(steps)"
    }
    return axes.indices.map { index in
      "axis \(axes[index]) from \(starts[index]) to \(ends[index])"
        + (steps[index] == 1 ? "" : " by \(steps[index])")
    }.joined(separator: ", ")
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    guard Set([axes.count, starts.count, ends.count, steps.count]).count == 1 else {
      throw TypeError(
        "expects a start, an end and a step for each axis, found \(axes.count) axes, "
          + "\(starts.count) starts, \(ends.count) ends and \(steps.count) steps")
    }
    guard Set(axes).count == axes.count else {
      throw TypeError("expects each axis once, found axes \(axes)")
    }
    var shape = input.shape
    for (index, axis) in axes.enumerated() {
      try input.shape.expectAxis(axis)
      let (start, end, step) = (starts[index], ends[index], steps[index])
      guard 0 <= start, start <= end, end <= input.shape[axis] else {
        throw TypeError(
          "expects a range within 0 to \(input.shape[axis]) along axis \(axis), "
            + "found \(start) to \(end)")
      }
      guard step >= 1 else { throw TypeError("expects a step of at least 1, found \(step)") }
      shape[axis] = start == end ? 0 : (end - start - 1) / step + 1
    }
    return TensorType(shape, input.scalarType)
  }

  func index(_ place: Int, along axis: Int, of inputs: [Tensor]) -> Int? {
    guard let index = axes.firstIndex(of: axis) else { return place }
    return starts[index] + place * steps[index]
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (size, taken) = (inputs[0].shape, output.shape)
    var before = [Int](repeating: 0, count: size.rank)
    var (after, between) = (before, before)
    for (index, axis) in axes.enumerated() {
      let span = taken[axis] == 0 ? 0 : (taken[axis] - 1) * steps[index] + 1
      before[axis] = starts[index]
      between[axis] = taken[axis] < 2 ? 0 : steps[index] - 1
      after[axis] = size[axis] - starts[index] - span
    }
    return [upstream.padded(before: before, after: after, between: between)]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("slice", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1] }
  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// The whole is nothing; along the first axis that is longer than 1, elements that follow one
  /// another are a part.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    let shape = inputs[0].type.shape
    guard let result = (try? outputType(inputs.map(\.type)))?.shape else { return nil }
    if result == shape { return .node(inputs[0].id) }
    guard axes.count == 1, steps[0] == 1 || result[axes[0]] == 1,
      shape.dimensions[..<axes[0]].allSatisfy({ $0 == 1 })
    else { return nil }
    let start = starts[0] * shape.strides[axes[0]]
    return .operation(Part(start: start, shape: result), inputs: [inputs[0].id])
  }

  public static var samples: [Sample] {
    [
      Sample(Slice(axes: [0], starts: [1], ends: [4]), [.numbers([5])]),
      Sample(Slice(axes: [1], starts: [0], ends: [2]), [.numbers([2, 3])]),
      Sample(
        Slice(axes: [0, 2], starts: [1, 0], ends: [3, 4], steps: [1, 3]), [.numbers([3, 2, 5])]),
      Sample(Slice(axes: [0], starts: [1], ends: [6], steps: [2]), [.numbers([7, 2])]),
    ]
  }
}

extension TensorAlgebra {
  /// The elements along one axis from `start` to before `end`.
  ///
  /// - Parameters:
  ///   - axis: The axis; a negative one counts from the end.
  ///   - start: The first index; a negative one counts from the end.
  ///   - end: The index before which to stop; a negative one counts from the end, nil is the end.
  ///   - step: How far the next index taken is, 1 or more.
  public func slice(axis: Int, from start: Int = 0, to end: Int? = nil, by step: Int = 1) -> Self {
    let size = shape.normalizedAxis(axis).map { shape[$0] } ?? 0
    let position = { (index: Int) in index < 0 ? index + size : index }
    return Self.apply(
      Slice(
        axes: [resolved(axis)], starts: [position(start)], ends: [position(end ?? size)],
        steps: [step]),
      to: [self])
  }
}
