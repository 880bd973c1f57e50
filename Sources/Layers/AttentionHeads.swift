import GraphIR
import Tensors

/// The heads of an attention, and its two products in each.
///
/// Where several heads of queries share one of keys and values, the products have an axis for the
/// heads that share, along which the keys and values are repeated.
struct AttentionHeads {
  /// The heads of queries.
  let count: Int
  /// The heads of keys and values, a divisor of `count`.
  let keyValueCount: Int
  /// The features of a head.
  let size: Int

  private var sharing: Int { count / keyValueCount }

  /// q kᵀ / √d for queries [batch, steps, heads, d] and keys [batch, memory's steps, heads, d]:
  /// [batch, heads…, steps, memory's steps].
  func scores(queries: Expression, keys: Expression) -> Expression {
    let scale = 1 / Double(size).squareRoot()
    return grouped(queries).matmul(byHead(keys), transposeB: true) * scale
  }

  /// The values [batch, memory's steps, heads, d] by the weights: [batch, steps, heads, d].
  func context(weights: Expression, values: Expression) -> Expression {
    let context = weights.matmul(byHead(values))
    if sharing == 1 { return context.transposed([0, 2, 1, 3]) }
    return context.transposed([0, 3, 1, 2, 4])
  }

  /// Queries with the heads before the steps: [batch, heads, steps, d], or [batch, heads of keys,
  /// heads that share it, steps, d].
  private func grouped(_ x: Expression) -> Expression {
    if sharing == 1 { return x.transposed([0, 2, 1, 3]) }
    let (batch, steps) = (x.shape[0], x.shape[1])
    return x.reshaped([batch, steps, keyValueCount, sharing, size]).transposed([0, 2, 3, 1, 4])
  }

  /// Keys or values with the heads before the steps: [batch, heads, steps, d], or [batch, heads, 1,
  /// steps, d].
  private func byHead(_ x: Expression) -> Expression {
    if sharing == 1 { return x.transposed([0, 2, 1, 3]) }
    return x.reshaped([x.shape[0], x.shape[1], keyValueCount, 1, size])
      .transposed([0, 2, 3, 1, 4])
  }
}

/// Which steps an attention may look at.
struct AttentionMask {
  let isCausal: Bool
  let steps: Int
  let memorySteps: Int
  /// [batch, memory's steps], 0 where the memory is padding.
  let memoryMask: Expression?

  /// What stands for a score of minus infinity: its softmax is 0, and where nothing may be looked
  /// at, everything weighs the same.
  private static let never = -1e30

  /// The scores [batch, heads…, steps, memory's steps], far below all others where a step may not be
  /// looked at.
  func applied(to scores: Expression) -> Expression {
    guard let allowed = allowed(scores) else { return scores }
    return select(allowed, scores, Self.never)
  }

  private func allowed(_ scores: Expression) -> Expression? {
    let past = isCausal ? scores.constant(self.past.cast(to: scores.scalarType)) : nil
    guard let memoryMask else { return past }
    var shape = [Int](repeating: 1, count: scores.shape.rank)
    shape[0] = memoryMask.shape[0]
    shape[shape.count - 1] = memorySteps
    let present = memoryMask.reshaped(Shape(shape))
    return past.map { $0 * present } ?? present
  }

  /// 1 where a step is not later than one's own: [steps, memory's steps].
  private var past: Tensor {
    let values = (0..<steps).flatMap { step in
      (0..<memorySteps).map { $0 <= step ? 1.0 : 0 }
    }
    return Tensor(values, shape: [steps, memorySteps])
  }
}
