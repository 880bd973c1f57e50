import Formulas
import Tensors

/// The product of matrices, over any leading batch axes, which broadcast.
///
/// C = A B, c_ij = Σ_k a_ik b_kj; either matrix may be read transposed.
/// ∂E/∂A = ∂E/∂C Bᵀ, ∂E/∂B = Aᵀ ∂E/∂C.
public struct MatrixProduct: Operation {
  public static let name = "matmul"

  /// Whether the first matrix is read with its last two axes swapped.
  public let transposeA: Bool
  /// Whether the second matrix is read with its last two axes swapped.
  public let transposeB: Bool

  public init(transposeA: Bool = false, transposeB: Bool = false) {
    self.transposeA = transposeA
    self.transposeB = transposeB
  }

  public var attributes: String {
    [transposeA ? "Aᵀ" : nil, transposeB ? "Bᵀ" : nil].compactMap { $0 }.joined(separator: ", ")
  }

  /// The sizes of a product: C is [batch…, m, n], summed over k.
  public struct Sizes: Hashable, Sendable {
    public let batch: Shape
    public let m: Int
    public let n: Int
    public let k: Int
  }

  /// The sizes of the product of two matrices (or batches of them).
  ///
  /// - Throws: ``TypeError`` when they do not fit.
  public func sizes(_ a: Shape, _ b: Shape) throws -> Sizes {
    guard a.rank >= 2, b.rank >= 2 else {
      throw TypeError("expects matrices, found shapes \(a) and \(b)")
    }
    let (m, kA) = transposeA ? (a[-1], a[-2]) : (a[-2], a[-1])
    let (kB, n) = transposeB ? (b[-1], b[-2]) : (b[-2], b[-1])
    guard kA == kB else {
      throw TypeError(
        "\(a)\(transposeA ? "ᵀ" : "") × \(b)\(transposeB ? "ᵀ" : ""): "
          + "\(kA) columns meet \(kB) rows")
    }
    let batchA = Shape(Array(a.dimensions.dropLast(2)))
    let batchB = Shape(Array(b.dimensions.dropLast(2)))
    guard let batch = batchA.broadcast(with: batchB) else {
      throw TypeError("the batch axes of \(a) and \(b) do not broadcast to one another")
    }
    return Sizes(batch: batch, m: m, n: n, k: kA)
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (a, b) = try inputs.pair()
    guard a.scalarType == b.scalarType, a.scalarType.isFloatingPoint else {
      throw TypeError("expects matrices of one floating-point type, found \(a) and \(b)")
    }
    let sizes = try sizes(a.shape, b.shape)
    return TensorType(Shape(sizes.batch.dimensions + [sizes.m, sizes.n]), a.scalarType)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    guard let sizes = try? sizes(inputs[0].shape, inputs[1].shape) else {
      preconditionFailure("matmul: \(inputs[0].shape) and \(inputs[1].shape) do not fit")
    }
    func product<T: RealScalar>(_ a: [T], _ b: [T]) -> [T] {
      let (m, n, k) = (sizes.m, sizes.n, sizes.k)
      let batchOf = { (shape: Shape) in Shape(Array(shape.dimensions.dropLast(2))) }
      let offsetsA = StridedOffsets(of: batchOf(inputs[0].shape), to: sizes.batch)
      let offsetsB = StridedOffsets(of: batchOf(inputs[1].shape), to: sizes.batch)
      let (rowA, stepA) = transposeA ? (1, m) : (k, 1)
      let (stepB, columnB) = transposeB ? (1, k) : (n, 1)
      var c: [T] = []
      c.reserveCapacity(sizes.batch.count * m * n)
      for (entryA, entryB) in zip(offsetsA, offsetsB) {
        for i in 0..<m {
          for j in 0..<n {
            var sum: T = 0
            for l in 0..<k {
              sum +=
                a[entryA * m * k + i * rowA + l * stepA]
                * b[entryB * k * n + l * stepB + j * columnB]
            }
            c.append(sum)
          }
        }
      }
      return c
    }
    let shape = Shape(sizes.batch.dimensions + [sizes.m, sizes.n])
    switch (inputs[0].storage, inputs[1].storage) {
    case (.float32(let a), .float32(let b)): return Tensor(product(a, b), shape: shape)
    case (.float64(let a), .float64(let b)): return Tensor(product(a, b), shape: shape)
    default: preconditionFailure("matmul: inputs differ in element type")
    }
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let (a, b, g) = (inputs[0], inputs[1], upstream)
    let toA =
      transposeA
      ? b.matmul(g, transposeA: transposeB, transposeB: true)
      : g.matmul(b, transposeB: !transposeB)
    let toB =
      transposeB
      ? g.matmul(a, transposeA: true, transposeB: transposeA)
      : a.matmul(g, transposeA: !transposeA)
    return [toA.summed(to: a.shape), toB.summed(to: b.shape)]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    .matrixProduct([
      transposeA ? .transposed(inputs[0]) : inputs[0],
      transposeB ? .transposed(inputs[1]) : inputs[1],
    ])
  }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [
      transposeB ? inputs[1] : .transposed(inputs[1]),
      transposeA ? inputs[0] : .transposed(inputs[0]),
    ]
  }

  /// c_ij = Σ_k a_ik b_kj: the sources are a_i0, a_i1, … and then b_0j, b_1j, …
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let (shapeA, shapeB) = (inputs[0].shape, inputs[1].shape)
    guard let sizes = try? sizes(shapeA, shapeB) else {
      preconditionFailure("matmul: \(shapeA) and \(shapeB) do not fit")
    }
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let (batch, place) = index.quotientAndRemainder(dividingBy: m * n)
    let (i, j) = place.quotientAndRemainder(dividingBy: n)
    let startA = matrix(batch, of: shapeA, in: sizes.batch) * m * k + i * (transposeA ? 1 : k)
    let startB = matrix(batch, of: shapeB, in: sizes.batch) * k * n + j * (transposeB ? k : 1)
    let (stepA, stepB) = (transposeA ? m : 1, transposeB ? 1 : n)
    return ElementRule(
      sources: (0..<k).map { .init(input: 0, element: startA + $0 * stepA) }
        + (0..<k).map { .init(input: 1, element: startB + $0 * stepB) },
      formula: { factors in .total((0..<k).map { factors[$0] * factors[k + $0] }) },
      derivatives: { factors, _ in Array(factors[k...] + factors[..<k]) },
      derivative: { index, factors, _ in factors[(index + k) % (2 * k)] })
  }

  /// Which matrix of a batch of its own an entry of the product's batch is made of.
  private func matrix(_ entry: Int, of shape: Shape, in batch: Shape) -> Int {
    StridedOffsets(of: Shape(Array(shape.dimensions.dropLast(2))), to: batch)[entry]
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    let shape = inputs[0].shape
    let (flops, overflow) = (2 * output.shape.count)
      .multipliedReportingOverflow(by: transposeA ? shape[-2] : shape[-1])
    return overflow ? .max : flops
  }

  public func product(inputs: [TensorType], output: TensorType) -> ProductSize? {
    ProductSize(
      filling: output, flops: flops(inputs: inputs, output: output), isConvolution: false)
  }

  /// A transposed operand is read in place.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    let (a, b) = (inputs[0].transposedMatrix, inputs[1].transposedMatrix)
    if a == nil && b == nil { return arranged(inputs) }
    return .operation(
      MatrixProduct(transposeA: transposeA != (a != nil), transposeB: transposeB != (b != nil)),
      inputs: [a ?? inputs[0].id, b ?? inputs[1].id])
  }

  /// The same product where an operand's axes are in another order.
  private func arranged(_ inputs: [Node]) -> Rewrite? {
    let orders = zip(inputs, [transposeA, transposeB]).map { node, isTransposed in
      let axes = Array(node.type.shape.dimensions.indices)
      return isTransposed ? axes.dropLast(2) + axes.suffix(2).reversed() : axes
    }
    let product = ArrangedMatrixProduct(
      orderA: orders[0], orderB: orders[1],
      orderC: Array(0..<Swift.max(orders[0].count, orders[1].count)))
    return product.simplified(inputs)
  }

  public static var samples: [Sample] {
    [
      Sample(MatrixProduct(), [.numbers([3, 4], seed: 1), .numbers([4, 2], seed: 2)]),
      Sample(
        MatrixProduct(transposeA: true), [.numbers([4, 3], seed: 1), .numbers([4, 2], seed: 2)]),
      Sample(
        MatrixProduct(transposeB: true), [.numbers([3, 4], seed: 1), .numbers([2, 4], seed: 2)]),
      Sample(
        MatrixProduct(transposeA: true, transposeB: true),
        [.numbers([4, 3], seed: 1), .numbers([2, 4], seed: 2)]),
      Sample(MatrixProduct(), [.numbers([2, 3, 4], seed: 1), .numbers([4, 2], seed: 2)]),
      Sample(MatrixProduct(), [.numbers([3, 4], seed: 1), .numbers([2, 4, 3], seed: 2)]),
      Sample(MatrixProduct(), [.numbers([2, 1, 3, 4], seed: 1), .numbers([3, 4, 2], seed: 2)]),
    ]
  }
}

extension Node {
  /// Where this node swaps the last two axes of another: that node's number.
  fileprivate var transposedMatrix: Node.ID? {
    guard let transpose = operation as? Transpose, transpose.swapsLastTwo else { return nil }
    return inputs[0]
  }
}

extension TensorAlgebra {
  /// The matrix product, over any leading batch axes.
  ///
  /// - Parameters:
  ///   - other: The second matrix, with as many rows as this one has columns.
  ///   - transposeA: Whether this matrix is read transposed.
  ///   - transposeB: Whether `other` is read transposed.
  public func matmul(_ other: Self, transposeA: Bool = false, transposeB: Bool = false) -> Self {
    Self.apply(MatrixProduct(transposeA: transposeA, transposeB: transposeB), to: [self, other])
  }
}
