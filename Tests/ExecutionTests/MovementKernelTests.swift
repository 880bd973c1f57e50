import Execution
import GraphIR
import Tensors
import Testing

/// Operations that move elements, fill them in or convert them, against their plain evaluations:
/// nothing may differ.
@Suite struct MovementKernelTests {
  private let agreement = Agreement()
  private static let types = [ScalarType.float64, .float32, .int32]

  private func expect(_ operation: any Operation, _ inputs: Tensor...) throws {
    try agreement.expect(operation, inputs, tolerance: 0)
  }

  /// Different numbers, so that every misplaced element shows.
  private func numbers(_ shape: Shape, _ type: ScalarType) -> Tensor {
    Tensor((0..<shape.count).map { Double($0) - 7 }, shape: shape, type: type)
  }

  @Test(arguments: types) func transposes(type: ScalarType) throws {
    for a in Agreement.sizes {
      for b in Agreement.sizes {
        try expect(Transpose([1, 0]), numbers([a, b], type))
        guard a * b <= 4225 else { continue }
        let x = numbers([a, b, 5], type)
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
          try expect(Transpose(order), x)
        }
      }
      try expect(Transpose([3, 1, 0, 2]), numbers([2, a, 3, 4], type))
    }
  }

  @Test(arguments: types) func `slices, pads and concatenations`(type: ScalarType) throws {
    for a in Agreement.sizes {
      for b in Agreement.sizes where a * b <= 65_000 {
        let x = numbers([a, b], type)
        try expect(Slice(axes: [0], starts: [a / 3], ends: [a]), x)
        try expect(Slice(axes: [1], starts: [b / 2], ends: [b], steps: [2]), x)
        try expect(
          Slice(axes: [0, 1], starts: [0, b - 1], ends: [a, b], steps: [3, 1]), x)
        try expect(Pad(before: [1, 0], after: [0, 3], value: 2), x)
        try expect(Pad(before: [0, 2], after: [1, 0], between: [1, 2]), x)
        try expect(Concatenate(axis: 0), x, numbers([2, b], type), x)
        try expect(Concatenate(axis: 1), x, x, numbers([a, 3], type))
      }
    }
  }

  @Test(arguments: types) func `gathers and scatters`(type: ScalarType) throws {
    for size in Agreement.sizes {
      for count in Agreement.sizes {
        // Some of the indices lie outside, some come twice.
        let indices = Tensor((0..<count).map { Int32(($0 * 7) % (size + 2)) - 1 })
        for (shape, axis) in [([size, 3], 0), ([3, size], 1), ([2, size, 5], 1)] {
          var given = shape
          given[axis] = count
          try expect(Gather(axis: axis), numbers(Shape(shape), type), indices)
          guard type.isFloatingPoint else { continue }
          try expect(
            ScatterAdd(axis: axis, size: size), numbers(Shape(given), type), indices)
        }
      }
    }
  }

  @Test func `one-hot vectors`() throws {
    for count in Agreement.sizes {
      for depth in Agreement.sizes where count * depth <= 65_000 {
        let labels = Tensor((0..<count).map { Int32($0 % (depth + 2)) - 1 })
        for type in [ScalarType.float32, .float64] {
          try expect(OneHot(depth: depth, type: type), labels)
        }
      }
    }
  }

  @Test func casts() throws {
    let edges = [
      -0.0, 0.1, -0.5, 1.5, -2.9, 16_777_217, 2_147_483_520, 2_147_483_647, 2_147_483_648,
      -2_147_483_648, -2_147_483_649, 1e10, -1e10, 1e-40, 1e39, -1e300, .infinity, -.infinity, .nan,
    ]
    for from in Self.types {
      for to in Self.types where from != to {
        for size in Agreement.sizes {
          let values = (0..<size).map { edges[$0 % edges.count] + Double($0 / edges.count) }
          try expect(Cast(to), Tensor(values).cast(to: from))
        }
      }
    }
  }

  @Test func `random numbers`() throws {
    let key = Tensor([1, -5, 70_000, 3] as [Int32])
    for size in Agreement.sizes + [16_383, 16_385, 50_001] {
      for type in [ScalarType.float32, .float64] {
        try expect(UniformNoise(shape: [size], type: type, stream: 9), key)
      }
    }
  }
}
