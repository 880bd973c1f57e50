import GraphIR
import Tensors
import Testing

@Suite("Poolings and resizing")
struct PoolingTests {
  private func shape(_ windows: PoolingWindows, _ input: Shape) -> Shape? {
    try? windows.outputShape(input)
  }

  private func refusal(_ windows: PoolingWindows, _ input: Shape) -> String? {
    do {
      _ = try windows.outputShape(input)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("There are as many windows as the formula says")
  func counts() {
    #expect(shape(.sliding(SlidingWindows(window: [2, 2])), [1, 5, 6, 3]) == [1, 2, 3, 3])
    let rounded = SlidingWindows(window: [2, 2], roundsUp: true)
    #expect(shape(.sliding(rounded), [1, 5, 6, 3]) == [1, 3, 3, 3])
    // A last window that would begin behind all elements is left out.
    let late = SlidingWindows(window: [1], strides: [3], before: [0], roundsUp: true)
    #expect(shape(.sliding(late), [1, 5, 1]) == [1, 2, 1])
    let dilated = SlidingWindows(window: [3], strides: [1], dilations: [2])
    #expect(shape(.sliding(dilated), [1, 5, 1]) == [1, 1, 1])
    #expect(shape(.adaptive([3]), [1, 2, 1]) == [1, 3, 1])
  }

  @Test("What does not fit is refused in words")
  func refusals() {
    #expect(
      refusal(.sliding(SlidingWindows(window: [4])), [1, 3, 1])
        == "the window takes 4 places along axis 1, found 3 elements and a padding of 0 and 0")
    #expect(
      refusal(.sliding(SlidingWindows(window: [2])), [1, 4, 4, 1])
        == "expects [batch, 1 size, channels], found shape [1, 4, 4, 1]")
    let jumping = SlidingWindows(window: [2], strides: [1], before: [4], dilations: [4])
    #expect(refusal(.sliding(jumping), [1, 3, 1])?.contains("holds padding alone") == true)
    let far = SlidingWindows(window: [1], strides: [1], before: [1])
    #expect(refusal(.sliding(far), [1, 3, 1])?.contains("holds padding alone") == true)
    #expect(refusal(.sliding(SlidingWindows(window: [.max])), [1, 3, 1]) != nil)
    #expect(refusal(.sliding(SlidingWindows(window: [2], strides: [0])), [1, 3, 1]) != nil)
    #expect(refusal(.sliding(SlidingWindows(window: [2], strides: [1, 2])), [1, 3, 1]) != nil)
    let long = SlidingWindows(window: [1 << 16], strides: [1])
    #expect(refusal(.sliding(long), [1, 1 << 20, 1])?.contains("are too many") == true)
    #expect(refusal(.adaptive([1 << 40]), [1, 3, 1]) != nil)
    #expect(refusal(.adaptive([0]), [1, 3, 1]) != nil)
    #expect(refusal(.adaptive([2]), [1, 0, 1]) != nil)
  }

  @Test("The gradient of a maximum goes to the first of equal elements")
  func ties() {
    let windows = PoolingWindows.sliding(SlidingWindows(window: [3], strides: [2]))
    let x = Tensor([1.0, 4, 4, 4, 2], shape: [1, 5, 1])
    let g = Tensor([10.0, 1], shape: [1, 2, 1])
    #expect(MaxPoolGradient(windows).evaluate([x, g]).doubles == [0, 10, 1, 0, 0])
    #expect(MaxPool(windows).evaluate([x]).doubles == [4, 4])
  }

  @Test("Padding counts in a mean where asked, what is rounded up never")
  func means() {
    let windows = PoolingWindows.sliding(
      SlidingWindows(window: [2], before: [1], after: [0], roundsUp: true))
    let x = Tensor([2.0, 4, 6, 8], shape: [1, 4, 1])
    #expect(AveragePool(windows).evaluate([x]).doubles == [2, 5, 8])
    #expect(AveragePool(windows, countsPadding: true).evaluate([x]).doubles == [1, 5, 8])
    #expect(AveragePool(.adaptive([3])).evaluate([x]).doubles == [3, 5, 7])
  }

  @Test("Resizing reads the nearest element, or between two")
  func resizing() {
    let x = Tensor([0.0, 10], shape: [1, 2, 1])
    #expect(Resize([4]).evaluate([x]).doubles == [0, 0, 10, 10])
    #expect(Resize([4], mode: .linear).evaluate([x]).doubles == [0, 2.5, 7.5, 10])
    #expect(Resize([3], mode: .linearWithAlignedCorners).evaluate([x]).doubles == [0, 5, 10])
  }

  @Test("Standardized elements have mean 0 and variance 1")
  func standardizing() {
    let x = Tensor([1.0, 3, 10, 20, 4, 8], shape: [3, 2])
    #expect(Standardize(axes: [1], epsilon: 0).evaluate([x]).doubles == [-1, 1, -1, 1, -1, 1])
    #expect(Variance(axes: [1]).evaluate([x]).doubles == [1, 25, 4])
    #expect(throws: TypeError.self) { try Standardize(axes: [2]).outputType([x.type]) }
    #expect(throws: TypeError.self) { try Standardize(axes: []).outputType([x.type]) }
    #expect(throws: TypeError.self) {
      try Standardize(axes: [0], epsilon: -.infinity).outputType([x.type])
    }
  }
}
