import Tensors

// What the plain evaluations of operations that only move elements have in common.

/// The row-major offsets at which a tensor is read with other sizes and strides than its own.
public struct StridedOffsets: Sequence, IteratorProtocol {
  private let sizes: [Int]
  private let strides: [Int]
  private var index: [Int]
  private var offset = 0
  private var remaining: Int

  /// The offsets for the given sizes, outermost first, and the step along each.
  public init(sizes: [Int], strides: [Int]) {
    self.sizes = sizes
    self.strides = strides
    index = [Int](repeating: 0, count: sizes.count)
    remaining = sizes.reduce(1, *)
  }

  /// The offsets at which a tensor of a smaller shape is read when it is broadcast to `target`.
  public init(of shape: Shape, to target: Shape) {
    self.init(sizes: target.dimensions, strides: shape.strides(broadcastTo: target))
  }

  public mutating func next() -> Int? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    defer {
      var axis = sizes.count - 1
      while axis >= 0 {
        index[axis] += 1
        offset += strides[axis]
        if index[axis] < sizes[axis] { break }
        offset -= strides[axis] * sizes[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return offset
  }
}

extension Tensor {
  /// The elements at row-major offsets, in their order, in another shape.
  func elements(at offsets: some Sequence<Int>, shape: Shape) -> Tensor {
    switch storage {
    case .float32(let values): Tensor(offsets.map { values[$0] }, shape: shape)
    case .float64(let values): Tensor(offsets.map { values[$0] }, shape: shape)
    case .int32(let values): Tensor(offsets.map { values[$0] }, shape: shape)
    }
  }

  /// The elements whose index along each axis is listed, in the order of the lists; `filling`
  /// where an index is nil or lies outside this tensor.
  func picking(_ indices: [[Int?]], filling: Double = 0) -> Tensor {
    let strides = shape.strides
    var offsets: [Int?] = [0]
    for (axis, list) in indices.enumerated() {
      let steps = list.map { index in
        index.flatMap { $0 >= 0 && $0 < shape[axis] ? $0 * strides[axis] : nil }
      }
      offsets = offsets.flatMap { start in
        steps.map { step in start.flatMap { start in step.map { start + $0 } } }
      }
    }
    let result = Shape(indices.map(\.count))
    switch storage {
    case .float32(let values):
      return Tensor(offsets.map { $0.map { values[$0] } ?? Float(filling) }, shape: result)
    case .float64(let values):
      return Tensor(offsets.map { $0.map { values[$0] } ?? filling }, shape: result)
    case .int32(let values):
      let filling = Int32(exactly: filling) ?? 0
      return Tensor(offsets.map { $0.map { values[$0] } ?? filling }, shape: result)
    }
  }
}
