import GraphIR
import Tensors

/// The gradients of each row's own value: of Eᵣ with respect to some variables, for all rows r at once.
///
/// A gradient of Σᵣ Eᵣ is in the end a sum over the rows: Xᵀ D for a weight that rows X meet, Σᵣ dᵣ
/// for a bias. With the sum left out it holds a gradient for each row: xᵣ dᵣᵀ, dᵣ. So one reverse
/// walk, over all rows, gives what would else take one for each.
///
/// - Parameters:
///   - values: E, with a row in each place of its first axis.
///   - weight: What the elements of a row are weighted by before they are added, of the shape of a row:
///     Eᵣ = Σ weight · values[r].
///   - variables: The values to differentiate with respect to.
///   - data: Values that hold the rows of the data, such as the graph's input.
/// - Returns: For each variable [rows] + its shape; nil where rows mix, or where a gradient is no such
///   sum, as with layers that use a weight in other ways.
package func rowGradients(
  of values: Expression, weighted weight: Tensor, withRespectTo variables: [Expression],
  rows data: [Expression]
) -> [Expression]? {
  let builder = values.builder
  let count = values.shape[0]
  // All rows have the same seed, but each gets its own.
  let seed = builder.constant(
    weight.cast(to: values.scalarType).reshaped(Shape([1] + weight.shape.dimensions))
  ).broadcast(to: values.shape)
  let sums = gradients(from: [(values, seed)], withRespectTo: variables)
  let kinds = RowKinds(
    builder.nodes, leaves: Set(data.map(\.id) + [seed.id]), count: count)
  let single = RowSums(kinds: kinds, count: count)
  var results: [Expression] = []
  for (variable, sum) in zip(variables, sums) {
    let shape = Shape([count] + variable.shape.dimensions)
    guard let sum else {
      results.append(builder.constant(Tensor(0, type: variable.scalarType)).broadcast(to: shape))
      continue
    }
    guard let each = single.leftOut(of: sum) else { return nil }
    results.append(each)
  }
  return results
}

/// Whether row r of a value depends on row r of the data alone; false also where that is not known.
package func keepsRowsApart(_ value: Expression, rows data: [Expression]) -> Bool {
  let count = data.first?.shape.dimensions.first ?? 0
  return RowKinds(value.builder.nodes, leaves: Set(data.map(\.id)), count: count)[value] == .rows
}

/// Takes the sum over the rows out of a value.
private struct RowSums {
  let kinds: RowKinds
  let count: Int

  /// A value of the shape [rows] + the sum's, whose sum over the rows it is; nil where it is not known.
  func leftOut(of sum: Expression) -> Expression? {
    let node = sum.builder.nodes[sum.id]
    guard let operation = node.operation, count > 0 else { return nil }
    let inputs = node.inputs.map { Expression(builder: sum.builder, id: $0) }
    let shape = Shape([count] + sum.shape.dimensions)
    switch operation {
    case is Add, is Subtract:
      guard inputs.allSatisfy({ $0.shape == sum.shape }), let a = leftOut(of: inputs[0]),
        let b = leftOut(of: inputs[1])
      else { return nil }
      return operation is Add ? a + b : a - b
    case is Multiply:
      guard let fixed = inputs.firstIndex(where: { kinds[$0] == .fixed }),
        inputs[1 - fixed].shape == sum.shape
      else { return nil }
      return leftOut(of: inputs[1 - fixed]).map { $0 * inputs[fixed] }
    case is Negate: return leftOut(of: inputs[0]).map { -$0 }
    case is Reshape: return leftOut(of: inputs[0])?.reshaped(shape)
    case let transpose as Transpose:
      return leftOut(of: inputs[0])?.transposed([0] + transpose.permutation.map { $0 + 1 })
    case let reduction as Sum:
      let axes = reduction.axes.map { $0 + 1 }
      if kinds[inputs[0]] == .rows, reduction.axes.first == 0 {
        return rowwise(inputs[0]).sum(axes: axes).reshaped(shape)
      }
      return leftOut(of: inputs[0])?.sum(axes: axes).reshaped(shape)
    case let product as MatrixProduct:
      guard product.transposeA, !product.transposeB, sum.shape.rank == 2,
        inputs.allSatisfy({ kinds[$0] == .rows && $0.shape.rank == 2 })
      else { return nil }
      let (a, b) = (rowwise(inputs[0]), rowwise(inputs[1]))
      if a.shape[1] > 1 { return a.matmul(b, transposeA: true) }
      return a.reshaped([count, sum.shape[0], 1]) * b
    default: return nil
    }
  }

  /// [rows, m, …] of a value whose first axis has m places for each row.
  private func rowwise(_ value: Expression) -> Expression {
    let dimensions = value.shape.dimensions
    return value.reshaped(Shape([count, dimensions[0] / count] + dimensions.dropFirst()))
  }
}
