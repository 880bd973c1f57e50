import GraphIR

/// Layers whose output is added to their input: y = x + f(x), f the layers one after another.
///
/// The layers learn the difference from the identity, and the gradient passes them by on the sum's
/// other branch, so that very deep networks can be trained. f must keep the shape. Its layers are
/// named as in a ``Sequential``.
///
/// ```swift
/// Residual {
///   Dense(units: 16, activation: .relu)
///   Dense(units: 16)
/// }
/// ```
///
/// Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR
/// 2016, doi:10.1109/CVPR.2016.90.
public struct Residual: Layer {
  public static let kind = "residual"

  /// The layers of f, first to last.
  public let layers: [LayerBox]
  public let name: String?

  /// The layers of f, from the lines of a closure.
  public init(name: String? = nil, @LayerListBuilder _ layers: () -> [LayerBox]) {
    self.init(layers(), name: name)
  }

  /// The layers of f, from a list.
  public init(_ layers: [LayerBox], name: String? = nil) {
    self.layers = layers
    self.name = name
  }

  public var description: String {
    "residual, \(layers.count) layer\(layers.count == 1 ? "" : "s")"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let branch = Sequential(layers)(input, in: scope)
    guard branch.type == input.type else {
      scope.fail(
        "residual: the layers turn \(input.type) into \(branch.type), "
          + "expected one type, for the sum of both")
      return input
    }
    return input + branch
  }

  public static var samples: [LayerSample] {
    let layer = Residual {
      Dense(units: 5, activation: .gelu)
      Dense(units: 3)
    }
    return [LayerSample(layer, input: [3])]
  }
}

extension Residual {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case layers, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.layers, as: [LayerBox].self), name: try fields.value(ifPresent: .name))
  }
}
