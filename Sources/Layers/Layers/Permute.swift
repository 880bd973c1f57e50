import GraphIR
import Tensors

/// Puts the axes of each example in another order. It has no parameters.
///
/// The i-th axis of an example becomes what its axis order[i] was, counted from 0 without the batch
/// axis: `[1, 0]` swaps the axes of a matrix, `[1, 2, 0]` brings images with the channels first to
/// channels last.
public struct Permute: Layer {
  public static let kind = "permute"

  /// For each axis of an example, the axis that it was before.
  public let order: [Int]
  public let name: String?

  public init(_ order: [Int], name: String? = nil) {
    self.order = order
    self.name = name
  }

  public var problem: String? {
    order.count <= 7 && order.sorted() == Array(order.indices)
      ? nil : "order is \(order), expected each of the numbers from 0 on once, at most 7 of them"
  }

  public var description: String {
    "permute to \(order.map(String.init).joined(separator: ", "))"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard input.shape.rank == order.count + 1 else {
      scope.fail(
        "permute: input has shape \(input.shape), expected \(order.count) axes behind the batch")
      return input
    }
    return input.transposed([0] + order.map { $0 + 1 })
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Permute([1, 0]), input: [2, 3]),
      LayerSample(Permute([1, 2, 0]), input: [2, 3, 2]),
    ]
  }
}

extension Permute {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case order, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.order), name: try fields.value(ifPresent: .name))
  }
}
