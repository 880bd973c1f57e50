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

  /// The offset at a place in the sequence, at the cost of the number of axes.
  public subscript(place: Int) -> Int {
    var (rest, offset) = (place, 0)
    for axis in sizes.indices.reversed() {
      offset += rest % sizes[axis] * strides[axis]
      rest /= sizes[axis]
    }
    return offset
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

/// An operation that takes the elements of its first input by their index along each axis.
protocol Picking: Operation {
  /// For a place along an axis of the output, the index along the same axis of the input; nil, or
  /// what lies outside the input, where there is none.
  func index(_ place: Int, along axis: Int, of inputs: [Tensor]) -> Int?

  /// The element where there is none to take; 0 unless told otherwise.
  var filling: Double { get }
}

extension Picking {
  var filling: Double { 0 }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let shape = resultType(inputs).shape
    let indices = shape.dimensions.indices.map { axis in
      (0..<shape[axis]).map { index($0, along: axis, of: inputs) }
    }
    return inputs[0].picking(indices, filling: filling)
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let (input, shape) = (inputs[0].shape, resultType(inputs).shape)
    var (rest, offset, step) = (index, 0, 1)
    for axis in shape.dimensions.indices.reversed() {
      let place = rest % shape[axis]
      guard let taken = self.index(place, along: axis, of: inputs),
        (0..<input[axis]).contains(taken)
      else { return .constant(filling) }
      offset += taken * step
      step *= input[axis]
      rest /= shape[axis]
    }
    return .copy(of: .init(input: 0, element: offset))
  }
}
