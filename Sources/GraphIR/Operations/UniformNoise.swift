import Formulas
import Tensors

/// Random numbers, uniform in [0, 1), that are a pure function of a key.
///
/// The input is an Int32 key of four words: seed low, seed high, step low, step high. Element i is
/// ⌊w / 2⁸⌋ · 2⁻²⁴ with w the word i mod 4 of Philox's block for the counter
/// (⌊i / 4⌋, stream, step low, step high) under the seed. No gradient flows.
public struct UniformNoise: Operation {
  public static let name = "uniformNoise"

  /// The shape of the result.
  public let shape: Shape
  /// The type of the result's elements, float32 or float64; the numbers are the same.
  public let type: ScalarType
  /// Which of the independent streams of a key: each use has its own.
  public let stream: UInt32

  public init(shape: Shape, type: ScalarType = .float32, stream: UInt32) {
    self.shape = shape
    self.type = type
    self.stream = stream
  }

  public var attributes: String { "\(shape), \(type.rawValue), stream \(stream)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    let key = try inputs.single()
    guard key == TensorType([4], .int32) else {
      throw TypeError("expects a key of type int32 [4], found \(key)")
    }
    let type = TensorType(shape, type)
    try type.expectFloatingPoint()
    guard let count = shape.checkedCount, count <= 1 << 34 else {
      throw TypeError("expects at most 2³⁴ random numbers, found shape \(shape)")
    }
    return type
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let words = self.words(inputs[0])
    return Tensor((0..<shape.count).map { number($0, words) }, shape: shape, type: type)
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    .constant(number(index, words(inputs[0])))
  }

  private func words(_ key: Tensor) -> [UInt32] {
    key.integers.map { UInt32(truncatingIfNeeded: $0) }
  }

  /// The random number at a place, of the key's four words.
  private func number(_ index: Int, _ words: [UInt32]) -> Double {
    let counter = SIMD4(UInt32(index / 4), stream, words[2], words[3])
    let block = Philox.block(counter: counter, key: SIMD2(words[0], words[1]))
    return Double(block[index % 4] >> 8) * 0x1p-24
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [nil]
  }

  public func formula(_ inputs: [Formula]) -> Formula { .call("uniform", [0, 1]) }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] { [nil] }
  public func flops(inputs: [TensorType], output: TensorType) -> Int { 0 }

  public static var samples: [Sample] {
    let key = Tensor([1, 0, -7, 0] as [Int32])
    return [
      Sample(UniformNoise(shape: [7], stream: 0), [key]),
      Sample(UniformNoise(shape: [2, 3], type: .float64, stream: 5), [key]),
    ]
  }
}

/// Random numbers, uniform in [0, 1), that are a pure function of a key.
///
/// - Parameters:
///   - key: Four Int32 words: seed low, seed high, step low, step high.
///   - shape: The shape of the result.
///   - type: The type of the result's elements, float32 or float64.
///   - stream: Which of the independent streams of the key: each use has its own.
public func uniformNoise<T: TensorAlgebra>(
  key: T, shape: Shape, type: ScalarType = .float32, stream: UInt32
) -> T {
  T.apply(UniformNoise(shape: shape, type: type, stream: stream), to: [key])
}
