import ClassicNetworks
import Datasets
import Foundation
import Tensors

/// Numbers that a script of `References` has written.
func referenceNumbers<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
  let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "References/\(name).json")
  return try JSONDecoder().decode(type, from: Data(contentsOf: path))
}

/// Rows with classes, which get the names 0, 1, ….
func classified(_ rows: [[Double]], _ labels: [Int], name: String = "rows") -> Dataset {
  let count = (labels.max() ?? 0) + 1
  return Dataset(
    name: name, features: Tensor(rows),
    targets: .classes(Tensor(labels.map { Int32($0) }), names: (0..<count).map(String.init)))
}

extension Dataset {
  /// Some rows; their classes are numbered anew, from `first` on.
  func part(_ range: Range<Int>, fromClass first: Int = 0, to last: Int) -> Dataset {
    var part = rows(Array(range))
    guard case .classes(let labels, let names) = part.targets else { return part }
    let kept = labels.integers.indices.filter { (first...last).contains(labels.integers[$0]) }
    part = part.rows(kept)
    part.targets = .classes(
      Tensor(kept.map { Int32(labels.integers[$0] - first) }), names: Array(names[first...last]))
    return part
  }
}

/// The largest difference between two lists; infinite where their lengths differ.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}
