import Tensors

/// How a kernel moves over its input: along each axis between batch and channels, and in which
/// groups of channels.
///
/// Along an axis, with stride s, padding p before, dilation d and n places of the input, place r of
/// the output and place k of the kernel meet the input's place r s − p + k d. There are
/// ⌊(n + p + p′ − d (K − 1) − 1) / s⌋ + 1 places of the output for a padding p′ after and K places
/// of the kernel. What lies outside the input counts as 0.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// How far the kernel moves from one place of the output to the next, for each axis.
  public let strides: [Int]
  /// How many zeros there are before the input, for each axis.
  public let before: [Int]
  /// How many zeros there are behind the input, for each axis.
  public let after: [Int]
  /// How far apart in the input neighbors in the kernel are, for each axis.
  public let dilations: [Int]
  /// Into how many parts the channels are cut: the i-th part of the output's channels is made of
  /// the i-th part of the input's.
  public let groups: Int

  /// - Parameters:
  ///   - strides: How far the kernel moves, for each axis.
  ///   - before: How many zeros there are before the input; none for nil.
  ///   - after: How many zeros there are behind the input; as many as before it for nil.
  ///   - dilations: How far apart neighbors in the kernel are; 1 for nil.
  ///   - groups: Into how many parts the channels are cut.
  public init(
    strides: [Int], before: [Int]? = nil, after: [Int]? = nil, dilations: [Int]? = nil,
    groups: Int = 1
  ) {
    self.strides = strides
    self.before = before ?? strides.map { _ in 0 }
    self.after = after ?? self.before
    self.dilations = dilations ?? strides.map { _ in 1 }
    self.groups = groups
  }

  /// The number of axes that the kernel moves along.
  public var rank: Int { strides.count }

  /// Nothing is larger than this, so that no sum or product of two sizes overflows.
  private static let largest = Int(Int32.max)

  /// How many places there are along each axis of the output.
  ///
  /// - Parameters:
  ///   - input: The input's sizes along the axes, without batch and channels.
  ///   - kernel: The kernel's sizes.
  /// - Throws: ``TypeError`` where the kernel does not fit the input, or nothing fits.
  public func outputSizes(input: [Int], kernel: [Int]) throws -> [Int] {
    guard
      [before, after, dilations, input, kernel].allSatisfy({ $0.count == rank }), rank >= 1
    else {
      throw TypeError(
        "expects a stride, padding before and after, a dilation and a kernel size for each of "
          + "\(input.count) axes, found strides \(strides), padding \(before) before and "
          + "\(after) after, dilations \(dilations) and kernel \(kernel)")
    }
    try check(strides, "strides", from: 1)
    try check(dilations, "dilations", from: 1)
    try check(before + after, "padding", from: 0)
    try check(kernel, "kernel sizes", from: 1)
    try check(input, "input sizes", from: 1)
    return try (0..<rank).map { axis in
      let padded = input[axis] + before[axis] + after[axis]
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      guard padded <= Self.largest else {
        throw TypeError("an input of \(padded) places, with padding, is too large")
      }
      guard reach <= padded else {
        throw TypeError(
          "the kernel reaches over \(reach) places along axis \(axis + 1), but the input has "
            + "\(padded)"
            + (padded == input[axis] ? "" : ": \(input[axis]) and \(padded - input[axis]) padding"))
      }
      return (padded - reach) / strides[axis] + 1
    }
  }

  private func check(_ sizes: [Int], _ name: String, from least: Int) throws {
    guard sizes.allSatisfy({ (least...Self.largest).contains($0) }) else {
      throw TypeError("expects \(name) from \(least) to \(Self.largest), found \(sizes)")
    }
  }

  /// What plans print of it: what is not as usual.
  public var description: String {
    var parts: [String] = []
    if strides.contains(where: { $0 != 1 }) { parts.append("strides \(strides)") }
    if (before + after).contains(where: { $0 != 0 }) {
      parts.append(
        before == after ? "padding \(before)" : "padding \(before) before, \(after) after")
    }
    if dilations.contains(where: { $0 != 1 }) { parts.append("dilations \(dilations)") }
    if groups != 1 { parts.append("\(groups) groups") }
    return parts.joined(separator: ", ")
  }
}

/// The sizes of a convolution: of input x [batch, input…, channels], weight w [kernel…,
/// channels / groups, outputChannels] and output y [batch, output…, outputChannels].
public struct ConvolutionSizes: Hashable, Sendable {
  public let batch: Int
  /// Along the axes that the kernel moves along.
  public let input: [Int]
  public let kernel: [Int]
  public let output: [Int]
  public let channels: Int
  public let outputChannels: Int
  public let geometry: ConvolutionGeometry

  /// The shapes of x, w and y.
  public var inputShape: Shape { Shape([batch] + input + [channels]) }
  public var weightShape: Shape { Shape(kernel + [depth, outputChannels]) }
  public var outputShape: Shape { Shape([batch] + output + [outputChannels]) }

  /// The input's channels that one channel of the output is made of.
  public var depth: Int { channels / geometry.groups }
  /// The output's channels in a group.
  public var width: Int { outputChannels / geometry.groups }

  /// The sizes for an input and a weight, or as much as is known of them.
  ///
  /// - Throws: ``TypeError`` where they do not fit.
  init(
    batch: Int, input: [Int], channels: Int, kernel: [Int], outputChannels: Int,
    _ geometry: ConvolutionGeometry
  ) throws {
    output = try geometry.outputSizes(input: input, kernel: kernel)
    let groups = geometry.groups
    guard groups >= 1 else { throw TypeError("expects at least 1 group, found \(groups)") }
    guard channels >= 1, outputChannels >= 1 else {
      throw TypeError(
        "expects at least 1 channel, found \(channels) in the input and \(outputChannels) in the "
          + "output")
    }
    guard channels % groups == 0, outputChannels % groups == 0 else {
      throw TypeError(
        "\(groups) groups do not divide \(channels) channels of the input and \(outputChannels) of "
          + "the output")
    }
    self.batch = batch
    self.input = input
    self.kernel = kernel
    self.channels = channels
    self.outputChannels = outputChannels
    self.geometry = geometry
  }

  /// Multiplications and additions; `.max` where these are too many to count.
  package var flops: Int {
    let (terms, overflow) = outputShape.count.multipliedReportingOverflow(
      by: 2 * Shape(kernel).count)
    let (flops, tooMany) = terms.multipliedReportingOverflow(by: depth)
    return overflow || tooMany ? .max : flops
  }
}

extension TensorType {
  /// The sizes between the first and the last axis of a shape [batch, sizes…, channels].
  ///
  /// - Throws: ``TypeError`` where there are not as many axes.
  func spatialSizes(_ rank: Int, _ name: String) throws -> [Int] {
    try expectFloatingPoint()
    guard shape.rank == rank + 2 else {
      throw TypeError(
        "expects \(rank + 2) axes – batch, \(rank) of places, channels – in the \(name), found "
          + "shape \(shape)")
    }
    return Array(shape.dimensions[1...rank])
  }

  /// The sizes before the last two axes of a shape [kernel…, channels / groups, outputChannels].
  ///
  /// - Throws: ``TypeError`` where there are not as many axes.
  func kernelSizes(_ rank: Int) throws -> [Int] {
    try expectFloatingPoint()
    guard shape.rank == rank + 2 else {
      throw TypeError(
        "expects \(rank + 2) axes – \(rank) of the kernel, channels of the input, channels of the "
          + "output – in the weight, found shape \(shape)")
    }
    return Array(shape.dimensions[..<rank])
  }
}
