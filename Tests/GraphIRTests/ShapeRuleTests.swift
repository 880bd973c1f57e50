import GraphIR
import Tensors
import Testing

@Suite("Shape rules")
struct ShapeRuleTests {
  @Test("Broadcasting follows NumPy")
  func broadcasting() throws {
    #expect(try Add().outputType([f32([3, 1]), f32([4])]) == f32([3, 4]))
    #expect(try Add().outputType([i32([]), i32([2])]) == i32([2]))
    #expect(try Add().outputType([f32([0]), f32([1])]) == f32([0]))
    #expect(
      refusal(Add(), f32([2]), f32([3])) == "shapes [2] and [3] do not broadcast to one another")
    #expect(
      refusal(Add(), f32([2]), f64([2]))
        == "expects two values of one element type, found float32 [2] and float64 [2]")
    #expect(
      refusal(Divide(), i32([2]), i32([2])) == "expects floating-point numbers, found int32 [2]")
    #expect(refusal(Add(), f32([2])) == "expects 2 inputs, found 1")
    #expect(refusal(Tanh(), i32([2])) == "expects floating-point numbers, found int32 [2]")
    #expect(refusal(Absolute(), i32([2])) == "accepted")
    #expect(try Select().outputType([i32([2, 1]), f32([3]), f32([])]) == f32([2, 3]))
    #expect(
      refusal(Select(), i32([2]), f32([3]), f32([]))
        == "shapes [2], [3] and [] do not broadcast to one another")
  }

  @Test("Products")
  func products() throws {
    #expect(try MatrixProduct().outputType([f32([32, 784]), f32([784, 16])]) == f32([32, 16]))
    #expect(
      try MatrixProduct().outputType([f32([5, 1, 2, 3]), f32([4, 3, 2])]) == f32([5, 4, 2, 2]))
    #expect(
      refusal(MatrixProduct(), f32([32, 784]), f32([728, 16]))
        == "[32, 784] × [728, 16]: 784 columns meet 728 rows")
    #expect(
      refusal(MatrixProduct(transposeB: true), f32([2, 3]), f32([3, 4]))
        == "[2, 3] × [3, 4]ᵀ: 3 columns meet 4 rows")
    #expect(refusal(MatrixProduct(), f32([3]), f32([3, 4])).hasPrefix("expects matrices, found"))
  }

  @Test("Reductions")
  func reductions() throws {
    #expect(try Sum(axes: [0, 2]).outputType([f32([2, 3, 4])]) == f32([3]))
    #expect(Sum(axes: [2, 0]) == Sum(axes: [0, 2]))
    #expect(try Sum(axes: [1], keepingAxes: true).outputType([f32([2, 3])]) == f32([2, 1]))
    #expect(
      refusal(Sum(axes: [2]), f32([2, 3]))
        == "axis 2 does not exist in shape [2, 3]: expects 0 to 1")
    #expect(
      refusal(Mean(axes: [-1]), f32([2])) == "axis -1 does not exist in shape [2]: expects 0 to 0")
    #expect(refusal(Sum(axes: [0, 0]), f32([2])) == "expects each axis once, found axes [0, 0]")
    #expect(refusal(Sum(axes: [0]), f32([])) == "axis 0 does not exist in shape [], a scalar")
    for operation: any Operation in [
      ReduceMaximum(axes: [0]), ReduceMinimum(axes: [0]), LogSumExp(axes: [0]), ArgMax(axis: 0),
    ] {
      #expect(
        refusal(operation, f32([0, 3]))
          == "expects at least 1 element along axis 0, found shape [0, 3]")
      #expect(refusal(operation, f32([3, 0])) == "accepted")
    }
    #expect(refusal(ArgMax(axis: 4), f32([2])).hasPrefix("axis 4 does not exist"))
    #expect(refusal(Softmax(), f32([])) == "expects at least 1 axis, found float32 []")
  }

  @Test("Movement")
  func movement() throws {
    #expect(refusal(Reshape([4]), f32([2, 3])) == "[2, 3] has 6 elements, [4] has 4")
    #expect(
      refusal(Reshape([-2, -3]), f32([2, 3])) == "[2, 3] has 6 elements, [-2, -3] cannot hold them")
    #expect(
      refusal(Transpose([0, 0]), f32([2, 3]))
        == "expects each axis of shape [2, 3] once, found permutation [0, 0]")
    #expect(refusal(BroadcastTo([2, 4]), f32([3])) == "shape [3] does not broadcast to [2, 4]")
    #expect(refusal(BroadcastTo([3]), f32([2, 3])) == "shape [2, 3] does not broadcast to [3]")
    #expect(
      refusal(Concatenate(axis: 0), f32([2, 3]), f32([2, 4]))
        == "expects values that differ along axis 0 alone, found float32 [2, 3] and float32 [2, 4]")
    #expect(
      refusal(Slice(axes: [1], starts: [2], ends: [5]), f32([2, 3]))
        == "expects a range within 0 to 3 along axis 1, found 2 to 5")
    #expect(
      refusal(Slice(axes: [0], starts: [0], ends: [1], steps: [0]), f32([2]))
        == "expects a step of at least 1, found 0")
    #expect(
      refusal(Slice(axes: [0], starts: [], ends: [1]), f32([2])) == "expects a start, an end and a "
        + "step for each axis, found 1 axes, 0 starts, 1 ends and 1 steps")
    #expect(
      refusal(Pad(before: [1], after: [1]), f32([2, 3]))
        == "expects widths for the 2 axes of shape [2, 3], found [1] before, [1] after and [0] between"
    )
    #expect(refusal(Pad(before: [-1], after: [0]), f32([2])).hasPrefix("expects widths from 0 to"))
    #expect(
      refusal(Pad(before: [1], after: [0], value: 0.5), i32([2]))
        == "expects an integer to pad int32 [2] with, found 0.5")
    #expect(
      try Slice(axes: [0], starts: [1], ends: [6], steps: [.max]).outputType([f32([7])]) == f32([1])
    )
  }

  @Test("Indices, types and noise")
  func indices() throws {
    #expect(
      refusal(Gather(), f32([3, 2]), f32([4]))
        == "expects a vector of int32 indices, found float32 [4]")
    #expect(refusal(Gather(axis: 2), f32([3, 2]), i32([4])).hasPrefix("axis 2 does not exist"))
    #expect(
      refusal(ScatterAdd(axis: 0, size: 3), f32([4]), i32([5]))
        == "expects int32 [4] as indices, found int32 [5]")
    #expect(
      refusal(ScatterAdd(axis: 0, size: -3), f32([4]), i32([4]))
        == "expects a size of 0 or more, found -3")
    #expect(refusal(OneHot(depth: 3), f32([2])) == "expects int32 labels, found float32 [2]")
    #expect(refusal(OneHot(depth: 0), i32([2])) == "expects a depth of at least 1, found 0")
    #expect(
      refusal(UniformNoise(shape: [2], stream: 0), i32([3]))
        == "expects a key of type int32 [4], found int32 [3]")
    #expect(
      refusal(UniformNoise(shape: [2], type: .int32, stream: 0), i32([4]))
        == "expects floating-point numbers, found int32 [2]")
    #expect(
      refusal(UniformNoise(shape: [-2], stream: 0), i32([4]))
        == "expects at most 2³⁴ random numbers, found shape [-2]")
  }
}
