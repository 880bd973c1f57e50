/// The sizes of a tensor along each axis, outermost first; `[]` is a scalar.
///
/// Tensors are dense and row-major: the last axis is contiguous.
public struct Shape: Hashable, Sendable, Codable, ExpressibleByArrayLiteral {
  /// The size of each axis.
  public var dimensions: [Int]

  /// A shape from its sizes.
  public init(_ dimensions: [Int]) {
    self.dimensions = dimensions
  }

  /// A shape from its sizes: `let shape: Shape = [32, 784]`.
  public init(arrayLiteral elements: Int...) {
    self.dimensions = elements
  }

  public init(from decoder: any Decoder) throws {
    dimensions = try decoder.singleValueContainer().decode([Int].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }

  /// The scalar shape `[]`.
  public static let scalar = Shape([])

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of all sizes, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The number of elements, or nil where the product overflows or a size is negative:
  /// for sizes that come from a file.
  public var checkedCount: Int? {
    var product = 1
    for size in dimensions {
      guard size >= 0 else { return nil }
      let (value, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      product = value
    }
    return product
  }

  /// The size of an axis; a negative axis counts from the end (`shape[-1]` is the last).
  public subscript(axis: Int) -> Int {
    get { dimensions[axis < 0 ? axis + rank : axis] }
    set { dimensions[axis < 0 ? axis + rank : axis] = newValue }
  }

  /// Elements between neighbours along each axis, in row-major order.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      strides[axis] = step
      step *= dimensions[axis]
    }
    return strides
  }

  /// The non-negative form of an axis, or nil where there is no such axis.
  public func normalizedAxis(_ axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + rank : axis
    return dimensions.indices.contains(resolved) ? resolved : nil
  }

  /// The shape that two shapes broadcast to, or nil where they do not fit.
  ///
  /// Axes are aligned at the end; each pair of sizes is equal, or one of them is 1 or missing
  /// (NumPy's rule).
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for offset in 1...max(rank, 1) where rank > 0 {
      let a = offset <= self.rank ? dimensions[self.rank - offset] : 1
      let b = offset <= other.rank ? other.dimensions[other.rank - offset] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - offset] = a == 1 ? b : a
    }
    return Shape(result)
  }

  /// The strides with which a tensor of this shape is read when it is broadcast to `target`:
  /// 0 along every axis that is repeated.
  ///
  /// - Precondition: this shape broadcasts to `target`.
  public func strides(broadcastTo target: Shape) -> [Int] {
    let own = strides
    let missing = target.rank - rank
    precondition(missing >= 0, "\(self) does not broadcast to \(target)")
    return target.dimensions.indices.map { axis in
      axis < missing || dimensions[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}

extension Shape: CustomStringConvertible {
  /// `[32, 784]`.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
