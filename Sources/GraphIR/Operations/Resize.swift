import Formulas
import Tensors

/// Images or signals of other sizes: each result is read from its place in the input, from the
/// nearest element or between neighbors.
///
/// Along each axis between batch and channels, from n elements to m, place j is read at s. Nearest:
/// y_j = x_⌊s⌋ with s = j n / m. Linear: y_j = (1 − λ) x_i + λ x_(i+1) with s = (j + ½) n / m − ½,
/// but at least 0, i = ⌊s⌋ and λ = s − i; with aligned corners s = j (n − 1) / (m − 1), so that the
/// first and last elements stay. Beyond the last element it is repeated.
public struct Resize: SpatiallyLinear {
  public static let name = "resize"

  /// How numbers between the elements are read.
  public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
    /// The element before.
    case nearest
    /// On a straight line between the two neighbors, along each axis.
    case linear
    /// The same, with the first and last elements where they were.
    case linearWithAlignedCorners
  }

  /// The new sizes between batch and channels.
  public let sizes: [Int]
  /// How numbers between the elements are read.
  public let mode: Mode

  public init(_ sizes: [Int], mode: Mode = .nearest) {
    self.sizes = sizes
    self.mode = mode
  }

  public var attributes: String { "to \(Shape(sizes)), \(mode.rawValue)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let input = try inputs.single()
    try input.expectFloatingPoint()
    try input.shape.expectSpatialAxes(sizes.count)
    for size in sizes + input.shape.spatialSizes where !(1...mostSpatialTaps).contains(size) {
      throw TypeError(
        "expects sizes from 1 to \(mostSpatialTaps), found \(input.shape) to \(Shape(sizes))")
    }
    return TensorType(input.shape.replacingSpatialSizes(sizes), input.scalarType)
  }

  package func map(_ input: Shape, to output: Shape) -> SpatialMap {
    SpatialMap(
      input: input, output: output,
      taps: sizes.indices.map { axis in
        (0..<sizes[axis]).map { taps(of: $0, input[axis + 1], sizes[axis]) }
      })
  }

  /// What place j of m is made of, from n elements.
  private func taps(of j: Int, _ n: Int, _ m: Int) -> [SpatialMap.Tap] {
    let place: Double
    switch mode {
    case .nearest: return [.init(index: j * n / m, weight: 1)]
    case .linear: place = Swift.max((Double(j) + 0.5) * Double(n) / Double(m) - 0.5, 0)
    case .linearWithAlignedCorners:
      place = m == 1 ? 0 : Double(j) * Double(n - 1) / Double(m - 1)
    }
    let index = Swift.min(Int(place), n - 1)
    let part = place - Double(index)
    guard index + 1 < n, part > 0 else { return [.init(index: index, weight: 1)] }
    return [.init(index: index, weight: 1 - part), .init(index: index + 1, weight: part)]
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let gradient = ResizeGradient(inputs[0].shape.spatialSizes, mode: mode)
    return [Expression.apply(gradient, to: [upstream])]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("resize", inputs) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { ["λ"] }

  /// The same sizes are nothing.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[0].type.shape.spatialSizes == sizes ? .node(inputs[0].id) : nil
  }

  static let cases: [(input: Shape, sizes: [Int])] = [
    ([2, 3, 2], [6]), ([1, 5, 1], [3]), ([1, 2, 3, 2], [4, 6]), ([2, 4, 3, 1], [3, 5]),
    ([1, 1, 2, 2], [3, 1]), ([1, 2, 2, 2, 1], [3, 2, 4]),
  ]

  public static var samples: [Sample] {
    cases.flatMap { input, sizes in
      Mode.allCases.map { Sample(Resize(sizes, mode: $0), [.numbers(input)]) }
    }
  }
}

extension TensorAlgebra {
  /// Images or signals [batch, sizes…, channels] of other sizes.
  public func resized(to sizes: [Int], mode: Resize.Mode = .nearest) -> Self {
    Self.apply(Resize(sizes, mode: mode), to: [self])
  }
}
