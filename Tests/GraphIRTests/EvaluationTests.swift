import GraphIR
import Tensors
import Testing

@Suite("Plain evaluations")
struct EvaluationTests {
  private let nan = Double.nan

  @Test("Element-wise operations, against numbers from tables")
  func elementwise() throws {
    let x = Tensor([-2.0, -0.5, 0, 1, 3])
    let expected: [(any Operation, [Double])] = [
      (Absolute(), [2, 0.5, 0, 1, 3]),
      (Sign(), [-1, -1, 0, 1, 1]),
      (Step(), [0, 0, 1, 1, 1]),
      (ReLU(), [0, 0, 0, 1, 3]),
      (LeakyReLU(), [-0.02, -0.005, 0, 1, 3]),
      (LeakyReLU(slope: 0.2), [-0.4, -0.1, 0, 1, 3]),
      (ELU(), [-0.8646647167633873, -0.3934693402873666, 0, 1, 3]),
      (Square(), [4, 0.25, 0, 1, 9]),
      (Softsign(), [-2.0 / 3, -1.0 / 3, 0, 0.5, 0.75]),
      (
        GELU(),
        [-0.04550026389635841, -0.15426876936299344, 0, 0.8413447460685429, 2.9959503059051]
      ),
      (
        SiLU(),
        [-0.2384058440442351, -0.18877033439907273, 0, 0.7310585786300049, 2.8577223804673]
      ),
      (
        Softplus(),
        [
          0.1269280110429725, 0.4740769841801067, 0.6931471805599453, 1.3132616875182228,
          3.0485873515737421,
        ]
      ),
      (
        ErrorFunction(),
        [-0.9953222650189527, -0.5204998778130465, 0, 0.8427007929497149, 0.9999779095030014]
      ),
      (
        Tanh(),
        [-0.9640275800758169, -0.46211715726000975, 0, 0.7615941559557649, 0.9950547536867305]
      ),
    ]
    for (operation, values) in expected {
      let result = try evaluate(operation, x)
      #expect(result.isClose(to: values), "\(operation.description): \(result)")
    }
  }

  @Test("Large arguments neither overflow nor lose what is left")
  func extremes() throws {
    let x = Tensor([-1000.0, -30, 1000])
    #expect(try evaluate(Softplus(), x).isClose(to: [0, 9.357622968839737e-14, 1000]))
    #expect(try evaluate(Sigmoid(), x).doubles == [0, 9.357622968839299e-14, 1])
    #expect(try evaluate(SiLU(), x).doubles[2] == 1000)
    let tail = try evaluate(GELU(), Tensor([-10.0])).scalar
    #expect(abs(tail / -7.619853024160525e-23 - 1) < 1e-9)
    #expect(try evaluate(Softmax(), Tensor([1000.0, 1000])).doubles == [0.5, 0.5])
    #expect(try evaluate(LogSoftmax(), Tensor([0.0, 1000])).doubles == [-1000, 0])
    #expect(
      try evaluate(LogSumExp(axes: [0]), Tensor([1000.0, 1000])).isClose(to: [1000.6931471805599]))
    let low = -Double.infinity
    #expect(try evaluate(LogSumExp(axes: [0]), Tensor([low, low])).scalar == low)
    #expect(try evaluate(LogSumExp(axes: [0]), Tensor([low, 2])).scalar == 2)
  }

  @Test("Powers, also of negative numbers")
  func powers() throws {
    let a = Tensor([2.0, -2, -2, -2, 0, 0, 9])
    let b = Tensor([10.0, 3, 2, -1, 0, 2, 0.5])
    #expect(try evaluate(Power(), a, b).isClose(to: [1024, -8, 4, -0.5, 1, 0, 3]))
    #expect(try evaluate(Power(), Tensor(-2.0), Tensor(0.5)).scalar.isNaN)
  }

  @Test("Integers count as integers, and wrap around")
  func integerArithmetic() throws {
    let (a, b) = (integers(7, -3, .max), integers(2, -3, 1))
    #expect(try evaluate(Add(), a, b) == integers(9, -6, .min))
    #expect(try evaluate(Subtract(), a, b) == integers(5, 0, .max - 1))
    #expect(try evaluate(Multiply(), a, b) == integers(14, 9, .max))
    #expect(try evaluate(Maximum(), a, b) == integers(7, -3, .max))
    #expect(try evaluate(Minimum(), a, b) == integers(2, -3, 1))
    #expect(try evaluate(Comparison(.equal), a, b) == integers(0, 1, 0))
    #expect(try evaluate(Negate(), integers(5, .min)) == integers(-5, .min))
    #expect(try evaluate(Absolute(), integers(-5, .min)) == integers(5, .min))
    #expect(try evaluate(Sign(), integers(-5, 0, 9)) == integers(-1, 0, 1))
    #expect(try evaluate(Select(), integers(1, 0, 2), a, b) == integers(7, -3, .max))
  }

  @Test("What is not a number stays visible")
  func notANumber() throws {
    for operation: any Operation in [Maximum(), Minimum()] {
      #expect(
        try evaluate(operation, Tensor([nan, 1]), Tensor([1, nan])).doubles.allSatisfy { $0.isNaN })
    }
    for operation: any Operation in [ReLU(), Sign(), Softplus(), Tanh(), Absolute()] {
      #expect(try evaluate(operation, Tensor([nan])).scalar.isNaN, "\(operation.description)")
    }
    #expect(try evaluate(ReduceMaximum(axes: [0]), Tensor([1, nan, 2])).scalar.isNaN)
    #expect(try evaluate(LogSumExp(axes: [0]), Tensor([1, nan, 2])).scalar.isNaN)
    #expect(try evaluate(ArgMax(axis: 0), Tensor([1, nan, 2])) == integers(1, shape: []))
    #expect(try evaluate(Step(), Tensor([nan])).scalar == 0)
    #expect(try evaluate(Comparison(.notEqual), Tensor([nan]), Tensor([nan])).scalar == 1)
  }

  @Test("Comparisons")
  func comparisons() throws {
    let (a, b) = (Tensor([1.0, 2, 3]), Tensor([2.0]))
    let expected: [(Comparison.Relation, [Double])] = [
      (.equal, [0, 1, 0]), (.notEqual, [1, 0, 1]), (.less, [1, 0, 0]), (.lessOrEqual, [1, 1, 0]),
      (.greater, [0, 0, 1]), (.greaterOrEqual, [0, 1, 1]),
    ]
    for (relation, values) in expected {
      #expect(try evaluate(Comparison(relation), a, b).doubles == values)
    }
  }

  @Test("Broadcasting")
  func broadcasting() throws {
    let (column, row) = (Tensor([10.0, 20], shape: [2, 1]), Tensor([1.0, 2, 3]))
    #expect(try evaluate(Add(), column, row) == Tensor([[11, 12, 13], [21, 22, 23]]))
    #expect(try evaluate(Subtract(), Tensor(100.0), column) == Tensor([[90], [80]]))
    #expect(
      try evaluate(BroadcastTo([2, 2, 2]), column)
        == Tensor([10.0, 10, 20, 20, 10, 10, 20, 20], shape: [2, 2, 2]))
    #expect(try evaluate(Add(), Tensor([] as [Double]), Tensor([1.0])).count == 0)
    #expect(
      try evaluate(Select(), integers(1, 0, shape: [2, 1]), row, Tensor(0.0))
        == Tensor([[1, 2, 3], [0, 0, 0]]))
  }

  @Test("Matrix products, transposed and in batches")
  func products() throws {
    let a = Tensor([[1, 2, 3], [4, 5, 6]])
    let b = Tensor([[1, 0], [2, 1], [0, 3]])
    let product = Tensor([[5, 11], [14, 23]])
    #expect(try evaluate(MatrixProduct(), a, b) == product)
    let (aT, bT) = (try evaluate(Transpose([1, 0]), a), try evaluate(Transpose([1, 0]), b))
    #expect(try evaluate(MatrixProduct(transposeA: true), aT, b) == product)
    #expect(try evaluate(MatrixProduct(transposeB: true), a, bT) == product)
    #expect(try evaluate(MatrixProduct(transposeA: true, transposeB: true), aT, bT) == product)
    let batch = try evaluate(Concatenate(axis: 0), b.reshaped([1, 3, 2]), b.reshaped([1, 3, 2]))
    #expect(
      try evaluate(MatrixProduct(), a, batch)
        == Tensor([5.0, 11, 14, 23, 5, 11, 14, 23], shape: [2, 2, 2]))
    #expect(
      try evaluate(
        MatrixProduct(), .zeros([2, 0], type: .float64), .zeros([0, 2], type: .float64))
        == .zeros([2, 2], type: .float64))
  }

  @Test("Reductions, also of nothing")
  func reductions() throws {
    let x = Tensor([[1, 5, 3], [4, 2, 5]])
    #expect(try evaluate(Sum(axes: [0]), x) == Tensor([5.0, 7, 8]))
    #expect(try evaluate(Sum(axes: [1], keepingAxes: true), x) == Tensor([[9], [11]]))
    #expect(try evaluate(Mean(axes: [0, 1]), x).isClose(to: [20.0 / 6]))
    #expect(try evaluate(ReduceMaximum(axes: [1]), x) == Tensor([5.0, 5]))
    #expect(try evaluate(ReduceMinimum(axes: [0]), x) == Tensor([1.0, 2, 3]))
    #expect(try evaluate(ArgMax(axis: 1), x) == integers(1, 2))
    #expect(try evaluate(ArgMax(axis: 0), x) == integers(1, 0, 1))
    #expect(try evaluate(ArgMax(axis: 0), Tensor([4.0, 7, 7])) == integers(1, shape: []))
    let none = Tensor.zeros([0, 2], type: .float64)
    #expect(try evaluate(Sum(axes: [0]), none) == Tensor([0.0, 0]))
    #expect(try evaluate(Mean(axes: [0]), none).doubles.allSatisfy { $0.isNaN })
    #expect(try evaluate(ReduceMaximum(axes: [1]), none) == Tensor([] as [Double]))
    #expect(try evaluate(Softmax(), .zeros([2, 0], type: .float64)).count == 0)
  }

  @Test("Softmax along the last axis")
  func softmaxRows() throws {
    let x = Tensor([[1, 2, 3], [0, 0, 0]])
    let expected = [
      0.09003057317038046, 0.24472847105479767, 0.6652409557748219, 1.0 / 3, 1.0 / 3, 1.0 / 3,
    ]
    #expect(try evaluate(Softmax(), x).isClose(to: expected))
    #expect(
      try evaluate(LogSoftmax(), Tensor([1.0, 2, 3])).isClose(
        to: [-2.4076059644443806, -1.4076059644443804, -0.4076059644443804]))
    #expect(
      try evaluate(LogSumExp(axes: [1]), x).isClose(to: [3.4076059644443806, 1.0986122886681098]))
  }
}
