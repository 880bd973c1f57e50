/// The sizes of a product of matrices, [m, k] by [k, n]; a convolution has those of the product that it is.
public struct ProductSize: Hashable, Sendable {
  /// Rows of the left matrix and of the result.
  public let m: Int
  /// Columns of the right matrix and of the result.
  public let n: Int
  /// Columns of the left matrix, rows of the right one.
  public let k: Int
  /// How many such products there are.
  public let count: Int
  /// Whether it is a convolution.
  public let isConvolution: Bool

  public init(m: Int, n: Int, k: Int, count: Int = 1, isConvolution: Bool = false) {
    (self.m, self.n, self.k, self.count) = (m, n, k, count)
    self.isConvolution = isConvolution
  }

  /// The multiply-adds, m · n · k for each product: what other counters call MACs, each two
  /// floating-point operations.
  public var multiplyAdds: Int {
    [n, k, count].reduce(m) { product, factor in
      let (value, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : value
    }
  }

  /// The product whose results fill a tensor with so many floating-point operations.
  ///
  /// - Parameter isConvolution: Whether all of the tensor's axes but the last are rows of one matrix;
  ///   otherwise those before the last two count products.
  init?(filling type: TensorType, flops: Int, isConvolution: Bool) {
    let shape = type.shape
    guard let n = shape.dimensions.last, let all = shape.checkedCount, all > 0 else { return nil }
    let rows = isConvolution || shape.rank < 2 ? all / n : shape.dimensions[shape.rank - 2]
    self.init(
      m: rows, n: n, k: max(1, flops / 2 / all), count: all / (rows * n),
      isConvolution: isConvolution)
  }
}
