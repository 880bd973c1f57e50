import GraphIR
import Tensors

/// What reaches pieces that were cut out of one value: parts of its elements, or slices along an axis.
///
/// Kept until all are there, they are put side by side at once; each by itself would be a value of the
/// whole size, nearly all zeros.
struct Pieces {
  /// What reaches parts.
  private(set) var parts: [Part: Expression] = [:]
  /// The parts in the order in which they came, which results must not leave to chance.
  private var order: [Part] = []
  /// What reaches slices along one axis.
  private var slices: [Slice: Expression] = [:]

  /// Keeps what reaches the result of an operation, where that cuts a piece out; else false.
  mutating func add(_ gradient: Expression, of operation: any Operation) -> Bool {
    if let part = operation as? Part {
      if parts[part] == nil { order.append(part) }
      parts[part] = parts[part].map { $0 + gradient } ?? gradient
      return true
    }
    guard let slice = operation as? Slice, slice.axes.count == 1, slice.steps == [1],
      slice.starts[0] < slice.ends[0]
    else { return false }
    slices[slice] = slices[slice].map { $0 + gradient } ?? gradient
    return true
  }

  /// ∂E/∂v of the whole value v; nil where there are no pieces.
  func joined(as node: Node, _ builder: GraphBuilder) -> Expression? {
    let shape = node.type.shape
    let flat = order.compactMap { part in
      parts[part].map { gradient in
        Piece(
          gradient: gradient.reshaped([part.shape.count]), start: part.start,
          size: part.shape.count)
      }
    }
    var wholes = joined(flat, axis: 0, of: [shape.count], node, builder)
    for (axis, slices) in Dictionary(grouping: slices, by: { $0.key.axes[0] })
      .sorted(by: { $0.key < $1.key })
    {
      wholes += joined(
        slices.map { slice, gradient in
          Piece(
            gradient: gradient, start: slice.starts[0], size: slice.ends[0] - slice.starts[0])
        }, axis: axis, of: shape, node, builder)
    }
    return wholes.first.map { first in
      wholes.dropFirst().reduce(first.reshaped(shape)) { $0 + $1.reshaped(shape) }
    }
  }

  /// A gradient's place along an axis.
  private struct Piece {
    let gradient: Expression
    let start: Int
    let size: Int
  }

  /// Values of the whole size: one, where no two pieces overlap.
  private func joined(
    _ pieces: [Piece], axis: Int, of shape: Shape, _ node: Node, _ builder: GraphBuilder
  ) -> [Expression] {
    // A sort that keeps the order of equal pieces, as Swift's does.
    var waiting = pieces.sorted { ($0.start, $0.size) < ($1.start, $1.size) }
    var wholes: [Expression] = []
    while !waiting.isEmpty {
      var (row, left, end): ([Expression], [Piece], Int) = ([], [], 0)
      func gap(to start: Int) {
        guard start > end else { return }
        var size = shape
        size[axis] = start - end
        let zero = builder.constant(Tensor(0, type: node.type.scalarType))
        row.append(zero.broadcast(to: size))
      }
      for piece in waiting {
        guard piece.start >= end else {
          left.append(piece)
          continue
        }
        gap(to: piece.start)
        row.append(piece.gradient)
        end = piece.start + piece.size
      }
      gap(to: shape[axis])
      wholes.append(row.count == 1 ? row[0] : concatenate(row, axis: axis))
      waiting = left
    }
    return wholes
  }
}
