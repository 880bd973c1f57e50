import GraphIR
import Tensors

/// Which values of a graph hold rows that do not mix: row r of such a value depends on row r of the
/// data alone, beside what is the same for all rows.
///
/// The first axis of such a value holds the rows, in order; where a layer has merged it with others, m
/// neighboring places of it belong to one row.
struct RowKinds {
  enum Kind {
    /// The same for all rows: parameters, and what follows from them.
    case fixed
    /// A row for each row of the data.
    case rows
    /// Anything else.
    case mixed
  }

  private var kinds: [Kind] = []

  /// - Parameters:
  ///   - leaves: Values that hold rows to begin with, leaves or not.
  ///   - count: How many rows there are.
  init(_ nodes: some Sequence<Node>, leaves: Set<Node.ID>, count: Int) {
    var types: [TensorType] = []
    for node in nodes {
      types.append(node.type)
      guard let operation = node.operation, !leaves.contains(node.id) else {
        kinds.append(leaves.contains(node.id) ? .rows : .fixed)
        continue
      }
      let inputs = node.inputs.map { (kinds[$0], types[$0].shape) }
      if inputs.allSatisfy({ $0.0 == .fixed }) {
        kinds.append(.fixed)
      } else if inputs.contains(where: { $0.0 == .mixed }) || node.type.shape.rank == 0 {
        kinds.append(.mixed)
      } else {
        let keeps = Self.keepsRows(operation, inputs, node.type.shape, count)
        kinds.append(keeps ? .rows : .mixed)
      }
    }
  }

  subscript(_ value: Expression) -> Kind {
    kinds.indices.contains(value.id) ? kinds[value.id] : .mixed
  }

  /// Whether an operation some of whose inputs are rows, and none mixed, gives rows. Operations that
  /// are not named here may well do so; nobody relies on it.
  private static func keepsRows(
    _ operation: any Operation, _ inputs: [(kind: Kind, shape: Shape)], _ output: Shape,
    _ count: Int
  ) -> Bool {
    // The same number of places on the first axis, and no axis put before it.
    func isInPlace(_ shape: Shape) -> Bool {
      shape.rank == output.rank && shape[0] == output[0]
    }
    let rows = inputs.filter { $0.kind == .rows }.map(\.shape)
    switch operation {
    case is Reshape: return count > 0 && output[0].isMultiple(of: count)
    case let reduction as any Reduction: return !reduction.axes.contains(0)
    case is Softmax, is LogSoftmax: return output.rank >= 2
    case let slice as Slice: return !slice.axes.contains(0)
    case let transpose as Transpose: return transpose.permutation.first == 0
    case let concatenate as Concatenate: return concatenate.axis != 0 && rows.allSatisfy(isInPlace)
    case is BroadcastTo: return rows.allSatisfy(isInPlace)
    case let product as MatrixProduct:
      if output.rank == 2 {
        return inputs[0].kind == .rows && inputs[1].kind == .fixed && !product.transposeA
      }
      return rows.allSatisfy(isInPlace)
    case is Convolve: return inputs[0].kind == .rows && inputs[1].kind == .fixed
    case is MaxPool, is AveragePool: return true
    default: return operation.structure == .elementwise && rows.allSatisfy(isInPlace)
    }
  }
}
