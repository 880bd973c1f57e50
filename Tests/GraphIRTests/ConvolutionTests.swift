import GraphIR
import Tensors
import Testing

@Suite("Convolutions")
struct ConvolutionTests {
  private func geometry(
    _ strides: [Int], before: [Int]? = nil, after: [Int]? = nil, dilations: [Int]? = nil,
    groups: Int = 1
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      strides: strides, before: before, after: after, dilations: dilations, groups: groups)
  }

  @Test("A kernel is moved without being turned over")
  func byHand() throws {
    let (x, w) = (
      Tensor([1.0, 2, 3, 4], shape: [1, 4, 1]), Tensor([10.0, 1], shape: [2, 1, 1])
    )
    let plain = try evaluate(Convolve(geometry([1])), x, w)
    #expect(plain == Tensor([12.0, 23, 34], shape: [1, 3, 1]))
    let padded = try evaluate(Convolve(geometry([2], before: [1], after: [0])), x, w)
    #expect(padded == Tensor([1.0, 23], shape: [1, 2, 1]))
    let dilated = try evaluate(Convolve(geometry([1], dilations: [3])), x, w)
    #expect(dilated == Tensor([14.0], shape: [1, 1, 1]))
    let spread = try evaluate(
      ConvolveInputGradient(geometry([2]), inputSizes: [5]),
      Tensor([1.0, 2], shape: [1, 2, 1]), w)
    #expect(spread == Tensor([10.0, 1, 20, 2, 0], shape: [1, 5, 1]))
    let shared = try evaluate(
      ConvolveWeightGradient(geometry([1]), kernelSizes: [2]), x,
      Tensor([1.0, 0, 100], shape: [1, 3, 1]))
    #expect(shared == Tensor([301.0, 402], shape: [2, 1, 1]))
  }

  @Test("Groups see their own channels")
  func groups() throws {
    let x = Tensor([1.0, 10, 100, 1000], shape: [1, 1, 4])
    let w = Tensor([1.0, 2, 3, 4, 5, 6, 7, 8], shape: [1, 2, 4])
    let y = try evaluate(Convolve(geometry([1], groups: 2)), x, w)
    #expect(y == Tensor([51.0, 62, 7300, 8400], shape: [1, 1, 4]))
  }

  @Test("Shapes")
  func shapes() throws {
    let same = Convolve(geometry([1, 1], before: [1, 1]))
    #expect(
      try same.outputType([f32([64, 28, 28, 1]), f32([3, 3, 1, 32])]) == f32([64, 28, 28, 32]))
    #expect(same.description == "convolution(padding [1, 1])")
    let back = ConvolveInputGradient(geometry([2, 2], before: [1, 1]), inputSizes: [28, 27])
    #expect(
      try back.outputType([f32([4, 14, 14, 8]), f32([3, 3, 2, 8])]) == f32([4, 28, 27, 2]))
    #expect(
      back.description == "convolutionInputGradient(to [28, 27], strides [2, 2], padding [1, 1])")
    let flops = Convolve(geometry([1])).flops(
      inputs: [f32([2, 5, 3]), f32([2, 3, 7])], output: f32([2, 4, 7]))
    #expect(flops == 2 * 2 * 4 * 7 * 2 * 3)
  }

  @Test("What does not fit is refused with words")
  func refusals() {
    let plain = Convolve(geometry([1]))
    #expect(
      refusal(plain, f32([2, 3, 1]), f32([4, 1, 1]))
        == "the kernel reaches over 4 places along axis 1, but the input has 3")
    #expect(
      refusal(
        Convolve(geometry([1], before: [1], dilations: [5])), f32([2, 3, 1]), f32([2, 1, 1]))
        == "the kernel reaches over 6 places along axis 1, but the input has 5: 3 and 2 padding")
    #expect(
      refusal(plain, f32([2, 3, 4]), f32([2, 3, 1]))
        == "the input has 4 channels, the weight expects 3")
    #expect(
      refusal(Convolve(geometry([1], groups: 3)), f32([2, 3, 4]), f32([2, 1, 6]))
        == "3 groups do not divide 4 channels of the input and 6 of the output")
    #expect(
      refusal(Convolve(geometry([1], groups: 0)), f32([2, 3, 4]), f32([2, 1, 6]))
        == "expects at least 1 group, found 0")
    #expect(
      refusal(plain, f32([2, 3]), f32([2, 1, 6]))
        == "expects 3 axes – batch, 1 of places, channels – in the input, found shape [2, 3]")
    #expect(
      refusal(plain, f32([2, 3, 1]), f64([2, 1, 6]))
        == "expects values of one floating-point type, found float32 [2, 3, 1] and "
        + "float64 [2, 1, 6]")
    #expect(
      refusal(plain, f32([2, 0, 1]), f32([2, 1, 6]))
        == "expects input sizes from 1 to 2147483647, found [0]")
    #expect(
      refusal(Convolve(geometry([.max], before: [-1])), f32([2, 3, 1]), f32([2, 1, 1]))
        == "expects strides from 1 to 2147483647, found [9223372036854775807]")
    #expect(
      refusal(
        ConvolveInputGradient(geometry([2]), inputSizes: [9]), f32([1, 3, 2]), f32([2, 1, 2]))
        == "a convolution of [9] has [4] places, the gradient has [3]")
    #expect(
      refusal(
        ConvolveWeightGradient(geometry([1]), kernelSizes: [2]), f32([1, 3, 2]), f32([2, 2, 2]))
        == "the input has 1 examples, the gradient 2")
  }
}
