import Tensors

/// One use of an operation, for the checks that run over all of them.
public struct Sample: Sendable {
  /// The operation with its attributes.
  public let operation: any Operation
  /// Float64 inputs (or Int32, where the operation takes indices).
  public let inputs: [Tensor]

  public init(_ operation: any Operation, _ inputs: [Tensor]) {
    self.operation = operation
    self.inputs = inputs
  }
}

extension Tensor {
  /// Float64 numbers drawn uniformly from `range` with a fixed seed, none nearer to 0 than 0.01,
  /// where many operations have a kink.
  package static func numbers(
    _ shape: Shape, in range: ClosedRange<Double> = -2...2, seed: UInt64 = 1
  ) -> Tensor {
    var random = RandomStream(seed: seed, name: "sample")
    let values = (0..<shape.count).map { _ in
      var value = 0.0
      repeat { value = random.uniform(range.lowerBound, range.upperBound) } while abs(value) < 0.01
      return value
    }
    return Tensor(values, shape: shape)
  }
}
