import Formulas
import Tensors

/// The product of matrices whose axes lie in other orders: what a plan makes of a ``MatrixProduct``
/// between transposes, so that nothing is moved before and after it.
///
/// C = (A′ B′)″, where A′, B′ and ″ are the axes in the given orders, as of ``Transpose``. The heads
/// of an attention are read and written so, out of [batch, steps, heads, features].
public struct ArrangedMatrixProduct: Operation {
  public static let name = "matmulArranged"

  /// For each axis of A′, the axis of A that it is.
  public let orderA: [Int]
  /// For each axis of B′, the axis of B that it is.
  public let orderB: [Int]
  /// For each axis of C, the axis of A′ B′ that it is.
  public let orderC: [Int]

  public init(orderA: [Int], orderB: [Int], orderC: [Int]) {
    self.orderA = orderA
    self.orderB = orderB
    self.orderC = orderC
  }

  public var attributes: String {
    [orderA, orderB, orderC].map { $0.map(String.init).joined(separator: " ") }
      .joined(separator: ", ")
  }

  /// The sizes of each product.
  ///
  /// - Throws: ``TypeError`` where the matrices do not fit.
  public func sizes(_ a: Shape, _ b: Shape) throws -> MatrixProduct.Sizes {
    let a = try Transpose(orderA).outputType([TensorType(a, .float64)])
    let b = try Transpose(orderB).outputType([TensorType(b, .float64)])
    return try MatrixProduct().sizes(a.shape, b.shape)
  }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let (a, b) = try inputs.pair()
    let product = try MatrixProduct().outputType([
      try Transpose(orderA).outputType([a]), try Transpose(orderB).outputType([b]),
    ])
    return try Transpose(orderC).outputType([product])
  }

  /// A′ and B′.
  private func arranged(_ inputs: [Tensor]) -> [Tensor] {
    [Transpose(orderA).evaluate([inputs[0]]), Transpose(orderB).evaluate([inputs[1]])]
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    Transpose(orderC).evaluate([MatrixProduct().evaluate(arranged(inputs))])
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    let matrices = [inputs[0].transposed(orderA), inputs[1].transposed(orderB)]
    let back = Transpose(orderC).inverse
    let gradients = MatrixProduct().gradients(
      matrices, output: output.transposed(back), upstream: upstream.transposed(back))
    return zip(gradients, [orderA, orderB]).map { $0?.transposed(Transpose($1).inverse) }
  }

  public func formula(_ inputs: [Formula]) -> Formula { MatrixProduct().formula(inputs) }

  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    MatrixProduct().derivatives(inputs, output: output)
  }

  /// The sum of products, with its elements where they lie in A and B.
  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let arranged = arranged(inputs)
    let product = MatrixProduct().resultType(arranged).shape
    let rule = MatrixProduct().element(
      Transpose(orderC).offset(of: index, in: product), of: arranged)
    let orders = [orderA, orderB]
    return ElementRule(
      sources: rule.sources.map { source in
        let offset = Transpose(orders[source.input])
          .offset(of: source.element, in: inputs[source.input].shape)
        return .init(input: source.input, element: offset)
      }, formula: rule.formula, derivatives: rule.derivatives)
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    guard let a = try? Transpose(orderA).outputType([inputs[0]]) else { return 0 }
    return MatrixProduct().flops(inputs: [a, inputs[1]], output: output)
  }

  public func product(inputs: [TensorType], output: TensorType) -> ProductSize? {
    guard let a = try? Transpose(orderA).outputType([inputs[0]]).shape,
      let b = try? Transpose(orderB).outputType([inputs[1]]).shape
    else { return nil }
    let (m, k, n) = (a[-2], a[-1], b[-1])
    return ProductSize(m: m, n: n, k: k, count: output.shape.count / max(1, m * n))
  }

  /// Another transpose before an operand is one order with this one's.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    let (a, b) = (inputs[0].arranged(orderA), inputs[1].arranged(orderB))
    guard a != nil || b != nil else { return nil }
    return .operation(
      ArrangedMatrixProduct(
        orderA: a?.order ?? orderA, orderB: b?.order ?? orderB, orderC: orderC),
      inputs: [a?.node ?? inputs[0].id, b?.node ?? inputs[1].id])
  }

  public static var samples: [Sample] {
    [
      Sample(
        ArrangedMatrixProduct(orderA: [0, 2, 1, 3], orderB: [0, 2, 3, 1], orderC: [0, 1, 2, 3]),
        [.numbers([2, 3, 2, 4], seed: 1), .numbers([2, 5, 2, 4], seed: 2)]),
      Sample(
        ArrangedMatrixProduct(orderA: [0, 1, 3, 2], orderB: [0, 2, 1, 3], orderC: [0, 2, 1, 3]),
        [.numbers([2, 2, 3, 5], seed: 1), .numbers([2, 3, 2, 4], seed: 2)]),
      Sample(
        ArrangedMatrixProduct(
          orderA: [0, 2, 3, 1, 4], orderB: [0, 2, 3, 4, 1], orderC: [0, 3, 1, 2, 4]),
        [.numbers([2, 3, 2, 2, 4], seed: 1), .numbers([2, 5, 2, 1, 4], seed: 2)]),
      Sample(
        ArrangedMatrixProduct(orderA: [1, 0], orderB: [1, 0], orderC: [0, 1]),
        [.numbers([4, 3], seed: 1), .numbers([2, 4], seed: 2)]),
      Sample(
        ArrangedMatrixProduct(orderA: [1, 2, 0], orderB: [0, 1], orderC: [1, 0, 2]),
        [.numbers([4, 2, 3], seed: 1), .numbers([4, 2], seed: 2)]),
    ]
  }
}

extension Node {
  /// Where this node is a transpose that a product in the given order can read in place: what it
  /// transposes, and the order of its axes.
  func arranged(_ order: [Int]) -> (node: ID, order: [Int])? {
    guard let transpose = operation as? Transpose else { return nil }
    let whole = order.map { transpose.permutation[$0] }
    // Rows or columns of neighbors are what a product reads.
    let neighbors = whole.count - 1
    guard whole.count >= 2, whole.suffix(2).contains(neighbors) else { return nil }
    return (inputs[0], whole)
  }
}
