import GraphIR
import Tensors

/// Gives the numbers of each example another shape: [batch, …] becomes [batch, sizes…], in the same
/// order. It has no parameters.
///
/// One size may be −1: it takes what the others leave.
///
/// ```swift
/// print(try ReshapeTo([28, 28, 1]).outputShape(input: [28, 28]))      // [28, 28, 1]
/// ```
public struct ReshapeTo: Layer {
  public static let kind = "reshape"

  /// The shape of one example, without the batch axis.
  public let shape: [Int]
  public let name: String?

  public init(_ shape: [Int], name: String? = nil) {
    self.shape = shape
    self.name = name
  }

  public var problem: String? {
    if shape.count > 7 { return "shape has \(shape.count) sizes, expected at most 7" }
    if shape.count(where: { $0 == -1 }) > 1 {
      return "shape is \(shape), expected -1 at most once"
    }
    if shape.contains(where: { $0 != -1 && $0 < 1 }) {
      return "shape is \(shape), expected sizes of at least 1, or -1 for what is left"
    }
    let known = Shape(shape.filter { $0 != -1 })
    return known.checkedCount.map { $0 <= 1 << 40 } == true
      ? nil : "shape is \(shape), expected at most 2⁴⁰ numbers"
  }

  public var description: String { "reshape to \(Shape(shape))" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let old = input.shape
    guard old.rank >= 1 else {
      scope.fail("reshape: input is a scalar, expected [batch, …]")
      return input
    }
    let count = old.dimensions.dropFirst().reduce(1, *)
    let known = shape.filter { $0 != -1 }.reduce(1, *)
    guard shape.contains(-1) ? count.isMultiple(of: known) : count == known else {
      scope.fail(
        "reshape: an example has \(count) numbers (shape \(Shape(Array(old.dimensions.dropFirst())))), "
          + "expected \(shape.contains(-1) ? "a multiple of " : "")\(known) for \(Shape(shape))")
      return input
    }
    return input.reshaped(Shape([old[0]] + shape.map { $0 == -1 ? count / known : $0 }))
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(ReshapeTo([3, 2, 1]), input: [6]),
      LayerSample(ReshapeTo([-1, 2]), input: [3, 4]),
      LayerSample(ReshapeTo([]), input: [1]),
    ]
  }
}

extension ReshapeTo {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case shape, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.shape), name: try fields.value(ifPresent: .name))
  }
}
