import GraphIR
import Tensors

/// Units that take the largest of several linear pieces, and so learn their activation too.
///
/// y_u = max_p (x W + b)_{u p}, with x of shape [batch…, features], the weight W
/// [features, units · pieces] and the bias b [units · pieces], the pieces of one unit side by side.
/// With two pieces it can learn the rectifier, or the magnitude; with more, any convex function.
///
/// Source: I. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio, "Maxout networks", ICML
/// 2013, arXiv:1302.4389.
public struct Maxout: Layer {
  public static let kind = "maxout"

  /// The number of output features.
  public let units: Int
  /// Linear pieces of each; 2 unless told otherwise.
  public let pieces: Int
  public let name: String?

  public init(units: Int, pieces: Int = 2, name: String? = nil) {
    self.units = units
    self.pieces = pieces
    self.name = name
  }

  private static let mostUnits = 1 << 31

  public var problem: String? {
    if units < 1 { return "units is \(units), expected at least 1" }
    if pieces < 1 { return "pieces is \(pieces), expected at least 1" }
    let (count, overflows) = units.multipliedReportingOverflow(by: pieces)
    return overflows || count > Self.mostUnits
      ? "units times pieces is more than \(Self.mostUnits), expected fewer" : nil
  }

  public var description: String { "maxout, \(units) units of \(pieces) pieces" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    let shape = input.shape
    guard shape.rank >= 2, shape[-1] >= 1, input.scalarType == scope.scalarType else {
      scope.fail(
        "maxout: input is \(input.type), expected \(scope.scalarType.rawValue) [batch, features]")
      return input
    }
    let weight = scope.parameter(
      "weight", [shape[-1], units * pieces], .heNormal, isWeight: true)
    let bias = scope.parameter("bias", [units * pieces], .zeros)
    let rows = input.reshaped([shape.count / shape[-1], shape[-1]])
    let best = (rows.matmul(weight) + bias).reshaped([rows.shape[0], units, pieces])
      .max(axes: [-1])
    return best.reshaped(Shape(Array(shape.dimensions.dropLast()) + [units]))
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(Maxout(units: 3), input: [4]),
      LayerSample(Maxout(units: 2, pieces: 3), input: [2, 3]),
    ]
  }
}

extension Maxout {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case units, pieces, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      units: try fields.value(.units), pieces: try fields.value(.pieces, default: 2),
      name: try fields.value(ifPresent: .name))
  }
}
