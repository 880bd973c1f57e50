import GraphIR
import Tensors

/// Images or sequences of other sizes, usually larger.
///
/// Along each axis between batch and channels n elements become m = n · factor, or m = size where
/// sizes are given. With the mode `nearest`, y_j = x_⌊j n / m⌋; with `linear` (bilinear on images),
/// y_j is read on a straight line between the neighbors of (j + ½) n / m − ½; with
/// `linearWithAlignedCorners`, of j (n − 1) / (m − 1). It has no parameters.
public struct UpSampling: Layer {
  public static let kind = "upSampling"

  /// How many times as long each axis becomes, for each axis or for all; nil where sizes are given.
  public let factors: [Int]?
  /// How long each axis becomes, for each axis or for all; nil where factors are given.
  public let sizes: [Int]?
  /// How numbers between the elements are read; the nearest unless told otherwise.
  public let mode: Resize.Mode
  public let name: String?

  /// Sizes that are a multiple of the input's.
  public init(_ factors: [Int], mode: Resize.Mode = .nearest, name: String? = nil) {
    self.init(factors: factors, sizes: nil, mode: mode, name: name)
  }

  /// Given sizes.
  public init(sizes: [Int], mode: Resize.Mode = .nearest, name: String? = nil) {
    self.init(factors: nil, sizes: sizes, mode: mode, name: name)
  }

  private init(factors: [Int]?, sizes: [Int]?, mode: Resize.Mode, name: String?) {
    self.factors = factors
    self.sizes = sizes
    self.mode = mode
    self.name = name
  }

  public var problem: String? {
    guard (factors == nil) != (sizes == nil) else {
      return "expected either factors or sizes, found \(factors == nil ? "neither" : "both")"
    }
    return factors?.problem("factors", atLeast: 1) ?? sizes?.problem("sizes", atLeast: 1)
  }

  public var description: String {
    let target = factors.map { "\($0.timesText) times" } ?? "to \(sizes?.timesText ?? "")"
    return "up-sampling \(target), \(mode.rawValue)"
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard scope.fits(input, kind: Self.kind, ("factors", factors ?? [1]), ("sizes", sizes ?? [1]))
    else { return input }
    let old = Array(input.shape.dimensions.dropFirst().dropLast())
    if let sizes { return input.resized(to: sizes.spread(over: old.count), mode: mode) }
    let factors = (factors ?? [1]).spread(over: old.count)
    guard old.allSatisfy({ $0 <= 1 << 31 }) else {
      scope.fail("upSampling: input has shape \(input.shape), expected sizes of at most 2³¹")
      return input
    }
    return input.resized(to: zip(old, factors).map { $0 * $1 }, mode: mode)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(UpSampling([2]), input: [3, 2]),
      LayerSample(UpSampling([2, 3], mode: .linear), input: [2, 3, 2]),
      LayerSample(UpSampling(sizes: [5, 4], mode: .linearWithAlignedCorners), input: [3, 2, 1]),
    ]
  }
}

extension UpSampling {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case factors, sizes, mode, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    let names = Resize.Mode.allCases.map(\.rawValue)
    let mode = try fields.value(.mode, default: Resize.Mode.nearest.rawValue)
    guard let known = Resize.Mode(rawValue: mode) else {
      throw LayerError(
        "upSampling: there is no mode \"\(mode)\"; \(suggestion(for: mode, in: names))")
    }
    self.init(
      factors: try fields.value(ifPresent: .factors, as: AxisNumbers.self)?.values,
      sizes: try fields.value(ifPresent: .sizes, as: AxisNumbers.self)?.values, mode: known,
      name: try fields.value(ifPresent: .name))
  }
}
