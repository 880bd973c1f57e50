import Execution
import GraphIR
import Tensors
import Testing

/// Fast kernels against plain evaluations, at sizes around the widths of vectors and blocks.
@Suite struct KernelTests {
  private static let sizes = [1, 3, 17, 63, 64, 65, 1000, 5000]

  @Test func `element-wise loops at odd sizes`() throws {
    for type in Operations.all {
      for sample in type.samples.prefix(1) where sample.operation.structure == .elementwise {
        for size in Self.sizes {
          let inputs = sample.inputs.enumerated().map { index, input -> Tensor in
            guard input.scalarType.isFloatingPoint else { return input }
            let values = input.doubles
            return Tensor(
              (0..<size).map { values[$0 % values.count] + 0.001 * Double($0 + index) })
          }
          guard (try? sample.operation.outputType(inputs.map(\.type))) != nil else { continue }
          try expectAgreement(sample.operation, inputs, tolerance: 1e-14)
          try expectAgreement(
            sample.operation, inputs.map { $0.cast(to: .float32) }, tolerance: 2e-6)
        }
      }
    }
  }

  @Test func `matrix products at odd sizes, every transposition`() throws {
    for (m, n, k) in [
      (1, 1, 1), (1, 2, 2), (3, 17, 5), (17, 3, 64), (63, 65, 64), (65, 10, 128), (2, 1000, 3),
      (130, 257, 300),
    ] {
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        let a = Tensor.numbers(transposeA ? [k, m] : [m, k], seed: 1)
        let b = Tensor.numbers(transposeB ? [n, k] : [k, n], seed: 2)
        let operation = MatrixProduct(transposeA: transposeA, transposeB: transposeB)
        try expectAgreement(operation, [a, b], tolerance: 1e-12)
        try expectAgreement(
          operation, [a.cast(to: .float32), b.cast(to: .float32)], tolerance: 1e-4)
      }
    }
  }

  @Test func `reductions and rows at odd sizes`() throws {
    for size in Self.sizes {
      for operation in [
        Sum(axes: [0]), Sum(axes: [1]), Mean(axes: [1]), ReduceMaximum(axes: [0]), Softmax(),
        LogSoftmax(), LogSumExp(axes: [1]),
      ] as [any Operation] {
        let x = Tensor.numbers([3, size], seed: 5)
        try expectAgreement(operation, [x], tolerance: 1e-12)
        try expectAgreement(operation, [x.cast(to: .float32)], tolerance: 1e-4)
        let columns = Tensor.numbers([size, 3], seed: 6)
        try expectAgreement(operation, [columns], tolerance: 1e-12)
      }
    }
  }

  @Test func `every operation that computes has a fast kernel`() {
    let plain = Operations.all.filter { type in
      type.samples.first?.operation.structure != .view && !KernelTable.hasKernel(type)
    }
    #expect(plain.isEmpty, "\(plain.map { $0.name })")
  }
}
