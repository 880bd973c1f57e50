import Tensors

/// Groups of elements that are standardized together, for the plain evaluations.
struct StandardizedGroups {
  /// For each group, the offsets of its elements.
  let groups: [[Int]]

  /// The groups that a mean over some axes is taken of.
  init(_ shape: Shape, axes: [Int]) { groups = Mean(axes: axes).groups(shape) }

  /// The group of an element, and the element's place in it.
  func group(of offset: Int) -> (members: [Int], place: Int) {
    for members in groups {
      if let place = members.firstIndex(of: offset) { return (members, place) }
    }
    preconditionFailure("element \(offset) is in no group")
  }

  /// Numbers in groups, each group replaced by another as long.
  func mapping(_ values: [[Double]], _ body: ([[Double]]) -> [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values[0].count)
    for members in groups {
      let parts = values.map { list in members.map { list[$0] } }
      for (offset, value) in zip(members, body(parts)) { result[offset] = value }
    }
    return result
  }
}

/// The mean, and what a standard deviation with ε under its root is.
struct Moments {
  let mean: Double
  let variance: Double

  init(_ x: [Double]) {
    let mean = x.reduce(0, +) / Double(x.count)
    self.mean = mean
    variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
  }
}

extension Shape {
  /// Refuses axes that this shape does not have, that are named twice, or that hold nothing.
  func expectAxesToStandardize(_ axes: [Int]) throws {
    _ = try Variance(axes: axes).outputShape(self)
    guard !axes.isEmpty else { throw TypeError("expects at least 1 axis, found none") }
  }
}
