import Formulas
import Tensors

/// The terms that convolutions are sums of: x times w belongs to y.
///
/// All three operations – y from x and w, and with y's place taken by a gradient g, x's gradient
/// from g and w and w's from x and g – sum the products of the same triples of elements.
struct ConvolutionTerms {
  /// One of the three tensors.
  enum Part { case input, weight, output }

  /// The places in row-major order, one in each tensor.
  struct Term {
    let input: Int
    let weight: Int
    let output: Int

    subscript(part: Part) -> Int {
      switch part {
      case .input: input
      case .weight: weight
      case .output: output
      }
    }
  }

  let sizes: ConvolutionSizes

  init(_ sizes: ConvolutionSizes) { self.sizes = sizes }

  private var geometry: ConvolutionGeometry { sizes.geometry }

  /// Where a place of the output and one of the kernel meet: the numbers of the places in x, w and
  /// y, or nil where the kernel meets padding.
  private func places(_ example: Int, output: [Int], kernel: [Int]) -> Term? {
    var (input, weight, result) = (example, 0, example)
    for axis in 0..<geometry.rank {
      let place =
        output[axis] * geometry.strides[axis] - geometry.before[axis]
        + kernel[axis] * geometry.dilations[axis]
      guard place >= 0, place < sizes.input[axis] else { return nil }
      input = input * sizes.input[axis] + place
      weight = weight * sizes.kernel[axis] + kernel[axis]
      result = result * sizes.output[axis] + output[axis]
    }
    return Term(input: input, weight: weight, output: result)
  }

  /// The term of two places that meet, a channel of the output and one of its group's in the input.
  private func term(_ places: Term, outputChannel: Int, channel: Int) -> Term {
    let first = outputChannel / sizes.width * sizes.depth
    return Term(
      input: places.input * sizes.channels + first + channel,
      weight: (places.weight * sizes.depth + channel) * sizes.outputChannels + outputChannel,
      output: places.output * sizes.outputChannels + outputChannel)
  }

  /// The terms of one element of y, by the places of the kernel.
  private func terms(ofOutput index: Int) -> [Term] {
    let (example, places, channel) = Self.split(index, sizes.output, sizes.outputChannels)
    return Self.places(sizes.kernel).flatMap { kernel in
      self.places(example, output: places, kernel: kernel).map { meeting in
        (0..<sizes.depth).map { term(meeting, outputChannel: channel, channel: $0) }
      } ?? []
    }
  }

  /// The terms of one element of x, by the places of the kernel.
  private func terms(ofInput index: Int) -> [Term] {
    let (example, places, channel) = Self.split(index, sizes.input, sizes.channels)
    let group = channel / sizes.depth
    return Self.places(sizes.kernel).flatMap { kernel -> [Term] in
      var output: [Int] = []
      for axis in 0..<geometry.rank {
        let distance =
          places[axis] + geometry.before[axis] - kernel[axis] * geometry.dilations[axis]
        let (place, rest) = distance.quotientAndRemainder(dividingBy: geometry.strides[axis])
        guard rest == 0, (0..<sizes.output[axis]).contains(place) else { return [] }
        output.append(place)
      }
      return self.places(example, output: output, kernel: kernel).map { meeting in
        (group * sizes.width..<(group + 1) * sizes.width).map {
          term(meeting, outputChannel: $0, channel: channel % sizes.depth)
        }
      } ?? []
    }
  }

  /// The terms of one element of w: all places where it is used.
  private func terms(ofWeight index: Int) -> [Term] {
    let (rest, outputChannel) = index.quotientAndRemainder(dividingBy: sizes.outputChannels)
    let (_, kernel, channel) = Self.split(rest, sizes.kernel, sizes.depth)
    let places = Self.places(sizes.output)
    return (0..<sizes.batch).flatMap { example in
      places.compactMap {
        self.places(example, output: $0, kernel: kernel).map {
          term($0, outputChannel: outputChannel, channel: channel)
        }
      }
    }
  }

  /// The terms of one element of a part.
  func terms(of part: Part, at index: Int) -> [Term] {
    switch part {
    case .output: terms(ofOutput: index)
    case .input: terms(ofInput: index)
    case .weight: terms(ofWeight: index)
    }
  }

  /// An element of a part as the sum of products of the other two parts' elements.
  func element(_ index: Int, of part: Part, from factors: (Part, Part)) -> ElementRule {
    let terms = terms(of: part, at: index)
    let count = terms.count
    return ElementRule(
      sources: terms.map { .init(input: 0, element: $0[factors.0]) }
        + terms.map { .init(input: 1, element: $0[factors.1]) },
      formula: { values in .total((0..<count).map { values[$0] * values[count + $0] }) },
      derivatives: { values, _ in Array(values[count...] + values[..<count]) },
      derivative: { index, values, _ in values[(index + count) % (2 * count)] })
  }

  /// All elements of a part as sums of products of the other two parts' elements.
  func evaluate(_ part: Part, from factors: (Part, Part), _ inputs: [Tensor]) -> Tensor {
    let shape =
      switch part {
      case .input: sizes.inputShape
      case .weight: sizes.weightShape
      case .output: sizes.outputShape
      }
    func sums<T: RealScalar>(_ a: [T], _ b: [T]) -> [T] {
      var result = [T](repeating: 0, count: shape.count)
      let kernels = Self.places(sizes.kernel)
      for output in Self.places([sizes.batch] + sizes.output) {
        for kernel in kernels {
          guard let meeting = places(output[0], output: Array(output[1...]), kernel: kernel)
          else { continue }
          for outputChannel in 0..<sizes.outputChannels {
            for channel in 0..<sizes.depth {
              let term = term(meeting, outputChannel: outputChannel, channel: channel)
              result[term[part]] += a[term[factors.0]] * b[term[factors.1]]
            }
          }
        }
      }
      return result
    }
    switch (inputs[0].storage, inputs[1].storage) {
    case (.float32(let a), .float32(let b)): return Tensor(sums(a, b), shape: shape)
    case (.float64(let a), .float64(let b)): return Tensor(sums(a, b), shape: shape)
    default: preconditionFailure("convolution: inputs differ in element type")
    }
  }

  /// All places of some sizes, in row-major order.
  private static func places(_ sizes: [Int]) -> [[Int]] {
    sizes.reduce([[]]) { places, size in places.flatMap { place in (0..<size).map { place + [$0] } }
    }
  }

  /// An index in a shape [first, sizes…, last] by its three parts.
  private static func split(_ index: Int, _ sizes: [Int], _ last: Int) -> (Int, [Int], Int) {
    var (rest, channel) = index.quotientAndRemainder(dividingBy: last)
    var places: [Int] = []
    for size in sizes.reversed() {
      places.append(rest % size)
      rest /= size
    }
    return (rest, places.reversed(), channel)
  }
}

extension Tensor {
  /// Inputs for the samples of a geometry: x and w, and a gradient of y.
  static func convolutionSample(
    _ input: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry
  ) -> (geometry: ConvolutionGeometry, x: Tensor, w: Tensor, g: Tensor)? {
    guard
      let output = try? Convolve(geometry).outputType([
        TensorType(input, .float64), TensorType(weight, .float64),
      ])
    else { return nil }
    return (
      geometry, .numbers(input, seed: 1), .numbers(weight, seed: 2), .numbers(output.shape, seed: 3)
    )
  }

  /// One axis and two, with every attribute.
  static let convolutionSamples = [
    convolutionSample([2, 5, 2], [3, 2, 3], ConvolutionGeometry(strides: [1])),
    convolutionSample(
      [1, 6, 2], [3, 1, 4],
      ConvolutionGeometry(strides: [2], before: [2], after: [1], dilations: [2], groups: 2)),
    convolutionSample(
      [2, 3, 4, 1], [2, 2, 1, 2], ConvolutionGeometry(strides: [1, 1], before: [1, 0])),
    convolutionSample(
      [1, 4, 3, 2], [3, 2, 2, 1],
      ConvolutionGeometry(strides: [2, 3], before: [1, 0], after: [0, 2])),
    convolutionSample(
      [1, 3, 4, 3], [2, 2, 1, 3],
      ConvolutionGeometry(strides: [1, 2], before: [1, 1], dilations: [2, 1], groups: 3)),
    convolutionSample([1, 2, 2, 3], [1, 1, 3, 2], ConvolutionGeometry(strides: [1, 1])),
    convolutionSample(
      [1, 2, 3, 2, 1], [2, 2, 1, 1, 1], ConvolutionGeometry(strides: [1, 1, 1], before: [0, 1, 0])),
  ].compactMap { $0 }
}
