import GraphIR

/// Layers whose output is added to their input: y = s(x) + f(x), f the layers one after another and s
/// the shortcut, which leaves x as it is unless layers are given for it.
///
/// The layers learn the difference from the identity, and the gradient passes them by on the sum's
/// other branch, so that very deep networks can be trained. f and s must give the same shape. The layers are
/// named as in a ``Sequential``, those of the shortcut `shortcut.…`.
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
  /// The layers of s, first to last; none for s(x) = x.
  public let shortcut: [LayerBox]
  public let name: String?

  /// The layers of f, from the lines of a closure.
  public init(name: String? = nil, @LayerListBuilder _ layers: () -> [LayerBox]) {
    self.init(layers(), name: name)
  }

  /// The layers of f and of s, from the lines of closures.
  public init(
    name: String? = nil, @LayerListBuilder _ layers: () -> [LayerBox],
    @LayerListBuilder shortcut: () -> [LayerBox]
  ) {
    self.init(layers(), shortcut: shortcut(), name: name)
  }

  /// The layers of f, and of s, from lists.
  public init(_ layers: [LayerBox], shortcut: [LayerBox] = [], name: String? = nil) {
    self.layers = layers
    self.shortcut = shortcut
    self.name = name
  }

  public var description: String {
    "residual, \(layers.count) layer\(layers.count == 1 ? "" : "s")"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let branch = Sequential(layers)(input, in: scope)
    let kept =
      shortcut.isEmpty ? input : scope.apply(Sequential(shortcut), to: input, as: "shortcut")
    guard branch.type == kept.type else {
      scope.fail(
        "residual: the layers turn \(input.type) into \(branch.type)"
          + (shortcut.isEmpty ? "" : ", the shortcut into \(kept.type)")
          + ", expected one type, for the sum of both")
      return input
    }
    return kept + branch
  }

  public static var samples: [LayerSample] {
    let layer = Residual {
      Dense(units: 5, activation: .gelu)
      Dense(units: 3)
    }
    let projected = Residual {
      Dense(units: 2, activation: .tanh)
    } shortcut: {
      Dense(units: 2)
    }
    return [LayerSample(layer, input: [3]), LayerSample(projected, input: [3])]
  }
}

extension Residual {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case layers, shortcut, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.layers, as: [LayerBox].self),
      shortcut: try fields.value(.shortcut, default: []), name: try fields.value(ifPresent: .name))
  }
}
