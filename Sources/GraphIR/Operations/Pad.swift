import Formulas
import Tensors

/// The elements with a constant around them, and between them where asked.
///
/// y = x at the places of the elements, the constant elsewhere. The gradient is cut out again.
public struct Pad: Picking {
  public static let name = "pad"

  /// How many constants come before the elements, for each axis.
  public let before: [Int]
  /// How many constants come after the elements, for each axis.
  public let after: [Int]
  /// How many constants come between each two elements, for each axis.
  public let between: [Int]
  /// The constant.
  public let value: Double

  public init(before: [Int], after: [Int], between: [Int]? = nil, value: Double = 0) {
    self.before = before
    self.after = after
    self.between = between ?? before.map { _ in 0 }
    self.value = value
  }

  public var attributes: String {
    "\(before) before, \(after) after"
      + (between.allSatisfy { $0 == 0 } ? "" : ", \(between) between") + ", value \(value)"
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    let rank = input.shape.rank
    guard before.count == rank, after.count == rank, between.count == rank else {
      throw TypeError(
        "expects widths for the \(rank) axes of shape \(input.shape), "
          + "found \(before) before, \(after) after and \(between) between")
    }
    guard input.scalarType.isFloatingPoint || Int32(exactly: value) != nil else {
      throw TypeError("expects an integer to pad \(input) with, found \(value)")
    }
    var shape = input.shape
    for axis in 0..<rank {
      let widths = [before[axis], after[axis], between[axis]]
      guard widths.allSatisfy({ (0...Int(Int32.max)).contains($0) }) else {
        throw TypeError("expects widths from 0 to \(Int32.max) along axis \(axis), found \(widths)")
      }
      // Widths are below 2³¹ and sizes below 2⁴⁸, so only this product can overflow.
      let (gaps, overflow) = Swift.max(shape[axis] - 1, 0)
        .multipliedReportingOverflow(by: between[axis])
      guard !overflow, gaps < 1 << 60 else {
        throw TypeError("\(between[axis]) between each two of \(shape[axis]) elements is too large")
      }
      shape[axis] += before[axis] + gaps + after[axis]
    }
    return TensorType(shape, input.scalarType)
  }

  var filling: Double { value }

  func index(_ place: Int, along axis: Int, of inputs: [Tensor]) -> Int? {
    let (index, rest) = (place - before[axis]).quotientAndRemainder(dividingBy: between[axis] + 1)
    return place >= before[axis] && rest == 0 ? index : nil
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let steps = between.map { $0 + 1 }
    let ends = before.indices.map { axis in
      let size = inputs[0].shape[axis]
      return before[axis] + (size == 0 ? 0 : (size - 1) * steps[axis] + 1)
    }
    let cut = Slice(axes: Array(before.indices), starts: before, ends: ends, steps: steps)
    return [Expression.apply(cut, to: [upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("pad", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [1] }
  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  /// Nothing around is nothing.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    (try? outputType(inputs.map(\.type))) == inputs[0].type ? .node(inputs[0].id) : nil
  }

  public static var samples: [Sample] {
    [
      Sample(Pad(before: [1], after: [2]), [.numbers([3])]),
      Sample(Pad(before: [0, 2], after: [1, 0], value: 5), [.numbers([2, 3])]),
      Sample(Pad(before: [1, 0], after: [0, 1], between: [2, 1]), [.numbers([2, 3])]),
    ]
  }
}

extension TensorAlgebra {
  /// The elements with a constant around them, and between them where asked.
  ///
  /// - Parameters:
  ///   - before: How many constants come before the elements, for each axis.
  ///   - after: How many constants come after the elements, for each axis.
  ///   - between: How many constants come between each two elements, for each axis; none for nil.
  ///   - value: The constant.
  public func padded(
    before: [Int], after: [Int], between: [Int]? = nil, value: Double = 0
  ) -> Self {
    Self.apply(Pad(before: before, after: after, between: between, value: value), to: [self])
  }
}
