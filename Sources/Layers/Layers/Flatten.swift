import GraphIR
import Tensors

/// Lays the axes of each example out in one: [batch, a, b, …] becomes [batch, a · b · …], the last
/// axis running fastest. It has no parameters.
public struct Flatten: Layer {
  public static let kind = "flatten"

  public let name: String?

  public init(name: String? = nil) { self.name = name }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 1 else {
      scope.fail("flatten: input is a scalar, expected [batch, …]")
      return input
    }
    return input.reshaped([shape[0], shape.dimensions.dropFirst().reduce(1, *)])
  }

  public static var samples: [LayerSample] {
    [LayerSample(Flatten(), input: [3, 4, 2]), LayerSample(Flatten(), input: [])]
  }
}

extension Flatten {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(name: try fields.value(ifPresent: .name))
  }
}
