import Tensors

/// Which elements each result of a pooling is made of: along every axis between the batch and the
/// channels, a window of neighbors.
///
/// The input has shape [batch, sizes…, channels]. Padding is never an element: a window at the rim
/// just holds fewer.
public enum PoolingWindows: Hashable, Sendable {
  /// Windows of one length, a fixed step apart.
  case sliding(SlidingWindows)
  /// As many windows as asked for along each axis: of m over n elements, the i-th holds those from
  /// ⌊i n / m⌋ to before ⌈(i + 1) n / m⌉.
  case adaptive([Int])

  /// The number of axes that windows run over.
  public var rank: Int {
    switch self {
    case .sliding(let sliding): sliding.window.count
    case .adaptive(let sizes): sizes.count
    }
  }

  /// How plans print them.
  public var description: String {
    switch self {
    case .sliding(let sliding): sliding.description
    case .adaptive(let sizes): "to \(Shape(sizes))"
    }
  }

  /// The shape of the result.
  ///
  /// - Throws: ``TypeError`` where the windows do not fit the input.
  public func outputShape(_ input: Shape) throws -> Shape {
    try input.expectSpatialAxes(rank)
    var shape = input
    for axis in 0..<rank {
      guard input[axis + 1] >= 1 else {
        throw TypeError("expects at least 1 element along axis \(axis + 1), found shape \(input)")
      }
      switch self {
      case .sliding(let sliding):
        shape[axis + 1] = try sliding.count(over: input[axis + 1], axis: axis)
      case .adaptive(let sizes):
        guard sizes[axis] >= 1, sizes[axis] <= mostSpatialTaps else {
          throw TypeError(
            "expects 1 to \(mostSpatialTaps) windows along each axis, found \(Shape(sizes))")
        }
        shape[axis + 1] = sizes[axis]
      }
    }
    return shape
  }

  /// For each window along an axis of `size` elements, the elements in it.
  ///
  /// - Precondition: ``outputShape(_:)`` accepts the input, and gives `count` windows.
  func elements(along axis: Int, size: Int, count: Int) -> [[Int]] {
    (0..<count).map { elements(of: $0, along: axis, size: size, count: count) }
  }

  /// The elements of one window along an axis.
  func elements(of window: Int, along axis: Int, size: Int, count: Int) -> [Int] {
    switch self {
    case .sliding(let sliding):
      return sliding.places(of: window, axis: axis).filter { (0..<size).contains($0) }
    case .adaptive:
      // Quotient and rest apart, so that no product leaves the range of Int.
      let (whole, rest) = size.quotientAndRemainder(dividingBy: count)
      let start = window * whole + window * rest / count
      return Array(start..<((window + 1) * whole + ((window + 1) * rest + count - 1) / count))
    }
  }

  /// For each window along an axis, how many places of it a mean counts: its elements, and with
  /// `padding` the places of the padding.
  func counts(along axis: Int, size: Int, count: Int, padding: Bool) -> [Int] {
    guard padding, case .sliding(let sliding) = self else {
      return elements(along: axis, size: size, count: count).map(\.count)
    }
    let counted = -sliding.before[axis]..<(size + sliding.after[axis])
    return (0..<count).map { sliding.places(of: $0, axis: axis).count { counted.contains($0) } }
  }
}

/// Windows of one length, a fixed step apart; a value for each axis.
public struct SlidingWindows: Hashable, Sendable {
  /// How many elements a window takes along each axis.
  public let window: [Int]
  /// How far each window is from the next.
  public let strides: [Int]
  /// How far the first window begins before the first element.
  public let before: [Int]
  /// How far windows may reach behind the last element.
  public let after: [Int]
  /// The distance between two neighbors in a window: 1 but for dilated ones.
  public let dilations: [Int]
  /// Whether the last window may reach further than `after`, so that no element is left out; it
  /// still begins at an element, or in the padding before.
  public let roundsUp: Bool

  /// - Parameters:
  ///   - window: How many elements a window takes along each axis.
  ///   - strides: How far each window is from the next; a window's length for nil.
  ///   - before: How far the first window begins before the first element; 0 for nil.
  ///   - after: How far windows may reach behind the last element; as `before` for nil.
  ///   - dilations: The distance between neighbors in a window; 1 for nil.
  ///   - roundsUp: Whether the last window may reach further, so that no element is left out.
  public init(
    window: [Int], strides: [Int]? = nil, before: [Int]? = nil, after: [Int]? = nil,
    dilations: [Int]? = nil, roundsUp: Bool = false
  ) {
    self.window = window
    self.strides = strides ?? window
    self.before = before ?? window.map { _ in 0 }
    self.after = after ?? self.before
    self.dilations = dilations ?? window.map { _ in 1 }
    self.roundsUp = roundsUp
  }

  var description: String {
    var text = "window \(Shape(window)), strides \(Shape(strides))"
    if before.contains(where: { $0 != 0 }) || after != before {
      text += ", padding \(Shape(before)) before, \(Shape(after)) after"
    }
    if dilations.contains(where: { $0 != 1 }) { text += ", dilations \(Shape(dilations))" }
    return roundsUp ? text + ", rounded up" : text
  }

  /// How many windows there are along an axis.
  func count(over size: Int, axis: Int) throws -> Int {
    let lists = [window, strides, before, after, dilations]
    guard lists.allSatisfy({ $0.count == window.count }) else {
      throw TypeError("expects a number for each of \(window.count) axes, found \(description)")
    }
    let most = Int(Int32.max)
    for list in [window, strides, dilations] where !(1...most).contains(list[axis]) {
      throw TypeError(
        "expects windows, strides and dilations of 1 to \(most), found \(description)")
    }
    for list in [before, after] where !(0...most).contains(list[axis]) {
      throw TypeError("expects a padding of 0 to \(most), found \(description)")
    }
    // Sizes are below 2⁴⁸ and settings below 2³¹, so that nothing here overflows.
    let reach = dilations[axis] * (window[axis] - 1)
    let free = size + before[axis] + after[axis] - reach - 1
    guard free >= 0 else {
      throw TypeError(
        "the window takes \(reach + 1) places along axis \(axis + 1), "
          + "found \(size) elements and a padding of \(before[axis]) and \(after[axis])")
    }
    var count = free / strides[axis] + 1
    if roundsUp, free % strides[axis] != 0, count * strides[axis] < size + before[axis] {
      count += 1
    }
    let (places, overflow) = count.multipliedReportingOverflow(by: window[axis])
    guard !overflow, places <= mostSpatialTaps else {
      throw TypeError(
        "\(count) windows of \(window[axis]) along axis \(axis + 1) are too many; "
          + "expects at most \(mostSpatialTaps) elements in all of them")
    }
    // Each window has to hold an element.
    guard before[axis] <= reach, (count - 1) * strides[axis] - before[axis] < size,
      window[axis] == 1 || dilations[axis] <= size
    else {
      throw TypeError(
        "a window along axis \(axis + 1) holds padding alone: "
          + "found \(size) elements and \(description)")
    }
    return count
  }

  /// The places of a window along an axis, those in the padding among them.
  fileprivate func places(of window: Int, axis: Int) -> [Int] {
    let start = window * strides[axis] - before[axis]
    return (0..<self.window[axis]).map { start + $0 * dilations[axis] }
  }
}

/// The longest list that is written of what the results along one axis are made of.
let mostSpatialTaps = 1 << 24

extension Shape {
  /// Refuses shapes other than [batch, sizes…, channels] with so many sizes.
  func expectSpatialAxes(_ count: Int) throws {
    guard count >= 1, rank == count + 2 else {
      throw TypeError(
        "expects [batch, \(count) size\(count == 1 ? "" : "s"), channels], found shape \(self)")
    }
  }
}
