import Tensors

/// For every window of a pooling, the place of its largest element: the first of equal ones, in
/// row-major order. What is not a number counts as the largest.
struct LargestElements {
  private let windows: PoolingWindows
  private let input: Tensor
  private let output: Shape

  init(_ windows: PoolingWindows, _ input: Tensor, output: Shape) {
    self.windows = windows
    self.input = input
    self.output = output
  }

  /// The elements of all windows.
  private var map: SpatialMap {
    SpatialMap(windows: windows, input: input.shape, output: output)
  }

  /// The elements of a window, for an element of the output: of this one alone, since derivations
  /// ask for one element at a time.
  func window(_ index: Int) -> [Int] {
    SpatialMap.sources(of: index, input: input.shape, output: output) { axis, place in
      windows.elements(
        of: place, along: axis, size: input.shape[axis + 1], count: output[axis + 1]
      ).map { SpatialMap.Tap(index: $0, weight: 1) }
    }.map(\.offset)
  }

  /// The window's largest element, for an element of the output.
  func place(_ index: Int) -> Int { largest(of: window(index)) }

  private func largest(of window: [Int]) -> Int {
    var best = window[0]
    for offset in window.dropFirst() {
      let (value, largest) = (input.element(offset), input.element(best))
      if value > largest || (value.isNaN && !largest.isNaN) { best = offset }
    }
    return best
  }

  /// Every window's largest element, in the order of the output.
  var places: [Int] {
    let map = map
    return (0..<output.count).map { largest(of: map.sources(of: $0).map(\.offset)) }
  }

  /// The elements of the output that an element of the input is the largest for.
  func choosing(_ offset: Int) -> [Int] {
    map.transposed.sources(of: offset).map(\.offset).filter { place($0) == offset }
  }
}
