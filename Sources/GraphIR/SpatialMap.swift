import Formulas
import Tensors

/// Which elements a result between the batch and the channels is made of, and by how much: along
/// each axis a short list, the weight of an element being the product over the axes.
///
/// Poolings, their gradients and resizing are of this form; kernels run on its lists.
package struct SpatialMap: Sendable {
  /// An element of an axis, and its weight.
  package struct Tap: Hashable, Sendable {
    package let index: Int
    package let weight: Double

    package init(index: Int, weight: Double) {
      self.index = index
      self.weight = weight
    }
  }

  /// The input's shape, [batch, sizes…, channels].
  package let input: Shape
  /// The output's shape, with the same batch and channels.
  package let output: Shape
  /// For each axis between batch and channels and each place of the output, what it is made of.
  package let taps: [[[Tap]]]

  /// The lists for a window's elements, each of weight 1 or of its part in the window's mean.
  package init(
    windows: PoolingWindows, input: Shape, output: Shape, meanCountingPadding: Bool? = nil
  ) {
    self.input = input
    self.output = output
    taps = (0..<windows.rank).map { axis in
      let (size, count) = (input[axis + 1], output[axis + 1])
      let elements = windows.elements(along: axis, size: size, count: count)
      guard let countsPadding = meanCountingPadding else {
        return elements.map { $0.map { Tap(index: $0, weight: 1) } }
      }
      let counts = windows.counts(
        along: axis, size: size, count: count, padding: countsPadding)
      return zip(elements, counts).map { elements, count in
        elements.map { Tap(index: $0, weight: 1 / Double(count)) }
      }
    }
  }

  init(input: Shape, output: Shape, taps: [[[Tap]]]) {
    self.input = input
    self.output = output
    self.taps = taps
  }

  /// The map's adjoint: every weight between the same two elements, read the other way.
  var transposed: SpatialMap {
    let lists = taps.enumerated().map { axis, places in
      var lists = [[Tap]](repeating: [], count: input[axis + 1])
      for (place, taps) in places.enumerated() {
        for tap in taps { lists[tap.index].append(Tap(index: place, weight: tap.weight)) }
      }
      return lists
    }
    return SpatialMap(input: output, output: input, taps: lists)
  }

  /// What an element of the output is made of, in the input's order: offsets and weights.
  func sources(of index: Int) -> [(offset: Int, weight: Double)] {
    Self.sources(of: index, input: input, output: output) { axis, place in taps[axis][place] }
  }

  /// The same from the lists that one element needs.
  ///
  /// - Parameter taps: What a place along an axis of the output is made of.
  static func sources(
    of index: Int, input: Shape, output: Shape, taps: (_ axis: Int, _ place: Int) -> [Tap]
  ) -> [(offset: Int, weight: Double)] {
    var rest = index / output[-1]
    var places: [Int] = []
    for axis in (0..<output.rank - 2).reversed() {
      places.insert(rest % output[axis + 1], at: 0)
      rest /= output[axis + 1]
    }
    var found = [(offset: rest, weight: 1.0)]
    for (axis, place) in places.enumerated() {
      let own = taps(axis, place)
      found = found.flatMap { start in
        own.map { (start.offset * input[axis + 1] + $0.index, start.weight * $0.weight) }
      }
    }
    return found.map { ($0.offset * input[-1] + index % output[-1], $0.weight) }
  }
}

/// An operation whose results are weighted sums of a ``SpatialMap``.
package protocol SpatiallyLinear: Operation {
  /// The lists for given shapes, which the shape rule has accepted.
  func map(_ input: Shape, to output: Shape) -> SpatialMap
}

extension SpatiallyLinear {
  private func map(_ inputs: [Tensor]) -> SpatialMap {
    map(inputs[0].shape, to: resultType(inputs).shape)
  }

  public func evaluate(_ inputs: [Tensor]) -> Tensor {
    let map = map(inputs)
    func summed<T: RealScalar>(_ values: [T]) -> Tensor {
      let sums = (0..<map.output.count).map { index in
        // Long sums of Float32 would lose digits.
        T(map.sources(of: index).reduce(0.0) { $0 + $1.weight * Double(values[$1.offset]) })
      }
      return Tensor(sums.map { Double($0) }, shape: map.output, type: inputs[0].scalarType)
    }
    switch inputs[0].storage {
    case .float32(let values): return summed(values)
    case .float64(let values): return summed(values)
    case .int32: preconditionFailure("\(Self.name) is not defined for integers")
    }
  }

  public func element(_ index: Int, of inputs: [Tensor]) -> ElementRule {
    let found = map(inputs).sources(of: index)
    let sources = found.map { ElementRule.Source(input: 0, element: $0.offset) }
    guard let weight = found.first?.weight else { return .constant(0) }
    if weight == 1, found.allSatisfy({ $0.weight == 1 }) { return .sum(of: sources) }
    let shares = found.map { Formula.share($0.weight) }
    if found.allSatisfy({ $0.weight == weight }) {
      return ElementRule(
        sources: sources, formula: { Formula.total($0).times(share: shares[0]) },
        derivatives: { _, _ in shares })
    }
    return ElementRule(
      sources: sources, formula: { .total(zip($0, shares).map { $0.times(share: $1) }) },
      derivatives: { _, _ in shares })
  }

  public func flops(inputs: [TensorType], output: TensorType) -> Int {
    let axes = map(inputs[0].shape, to: output.shape).taps
    let taps = axes.reduce(1) { $0 * $1.reduce(0) { $0 + $1.count } }
    return 2 * output.shape[0] * taps * output.shape[-1]
  }
}

extension Formula {
  /// A part of a whole: one over a whole number as a fraction, else the number.
  fileprivate static func share(_ weight: Double) -> Formula {
    let count = (1 / weight).rounded()
    return abs(weight * count - 1) < 1e-14 && count > 1 ? 1 / .number(count) : .number(weight)
  }

  /// This times a share of it: x / n for 1 / n.
  fileprivate func times(share: Formula) -> Formula {
    if case .quotient(1, let count) = share { return self / count }
    return share == 1 ? self : share * self
  }
}
