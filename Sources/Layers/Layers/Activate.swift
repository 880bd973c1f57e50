import GraphIR

/// An activation as a layer of its own: y = f(x), of x's shape. It has no parameters.
public struct Activate: Layer {
  public static let kind = "activate"

  /// f.
  public let activation: Activation
  public let name: String?

  public init(_ activation: Activation, name: String? = nil) {
    self.activation = activation
    self.name = name
  }

  public var description: String { "activate, \(activation.rawValue)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    activation(input)
  }

  public static var samples: [LayerSample] {
    Activation.allCases.map { LayerSample(Activate($0), input: [3, 2]) }
  }
}

extension Activate {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case activation, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(try fields.value(.activation), name: try fields.value(ifPresent: .name))
  }
}
