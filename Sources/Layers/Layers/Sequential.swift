import GraphIR

/// Layers one after another: y = fₙ(… f₂(f₁(x)) …).
///
/// ```swift
/// let model = Sequential {
///   Dense(units: 16, activation: .sigmoid, name: "hidden")
///   Dense(units: 10)
/// }
/// ```
///
/// A layer's path is its name, else its kind and its number among the layers of that kind here:
/// the second layer above is `dense2`. So naming a layer renames no other. Two layers with one path
/// are an error.
public struct Sequential: Layer {
  public static let kind = "sequential"

  /// The layers, first to last.
  public let layers: [LayerBox]
  public let name: String?

  /// The layers from the lines of a closure, with `if` and `for`.
  public init(name: String? = nil, @LayerListBuilder _ layers: () -> [LayerBox]) {
    self.init(layers(), name: name)
  }

  /// Layers from a list.
  public init(_ layers: [any Layer], name: String? = nil) {
    self.init(layers.map { LayerBox($0) }, name: name)
  }

  /// Layers from a list.
  public init(_ layers: [LayerBox], name: String? = nil) {
    self.layers = layers
    self.name = name
  }

  public var description: String {
    "sequential, \(layers.count) layer\(layers.count == 1 ? "" : "s")"
  }

  /// The layers' names in paths, in order: `["hidden", "dense2"]`.
  public var layerNames: [String] {
    var counts: [String: Int] = [:]
    return layers.map { box in
      let kind = type(of: box.layer).kind
      counts[kind, default: 0] += 1
      return box.layer.name ?? "\(kind)\(counts[kind, default: 0])"
    }
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    var (value, seen) = (input, Set<String>())
    for (name, box) in zip(layerNames, layers) {
      guard seen.insert(name).inserted else {
        scope.fail("two layers are named \"\(name)\", expected names that differ")
        return value
      }
      value = scope.apply(box.layer, to: value, as: name)
    }
    return value
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(
        Sequential {
          Flatten()
          Dense(units: 4, activation: .tanh, name: "hidden")
          Dropout(0.3)
          Sequential {
            Dense(units: 3)
            Activate(.softmax)
          }
        }, input: [2, 3]),
      LayerSample(Sequential {}, input: [2]),
    ]
  }
}

extension Sequential {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case layers, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.layers, as: [LayerBox].self), name: try fields.value(ifPresent: .name))
  }
}
