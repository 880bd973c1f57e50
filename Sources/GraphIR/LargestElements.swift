import Tensors

/// For every window of a pooling, the place of its largest element: the first of equal ones, in
/// row-major order. What is not a number counts as the largest.
struct LargestElements {
  /// The windows' elements.
  private let map: SpatialMap
  private let input: Tensor

  init(_ windows: PoolingWindows, _ input: Tensor, output: Shape) {
    map = SpatialMap(windows: windows, input: input.shape, output: output)
    self.input = input
  }

  /// The elements of a window, for an element of the output.
  func window(_ index: Int) -> [Int] { map.sources(of: index).map(\.offset) }

  /// The window's largest element, for an element of the output.
  func place(_ index: Int) -> Int {
    let window = window(index)
    var best = window[0]
    for offset in window.dropFirst() {
      let (value, largest) = (input.element(offset), input.element(best))
      if value > largest || (value.isNaN && !largest.isNaN) { best = offset }
    }
    return best
  }

  /// Every window's largest element, in the order of the output.
  var places: [Int] { (0..<map.output.count).map { place($0) } }

  /// The elements of the output that an element of the input is the largest for.
  func choosing(_ offset: Int) -> [Int] {
    map.transposed.sources(of: offset).map(\.offset).filter { place($0) == offset }
  }
}
