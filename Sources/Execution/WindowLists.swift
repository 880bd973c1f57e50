import CKernels
import GraphIR
import Tensors

/// The windows of a pooling as kernels read them.
struct WindowLists: Sendable {
  /// For each axis and each place of the result, what it is made of. Axes that are missing come
  /// first, of size 1.
  private let lists: [[[SpatialMap.Tap]]]
  private let inSizes: [Int]
  private let outSizes: [Int]
  private let map: SpatialMap
  /// Whether no element is in two windows.
  let isDisjoint: Bool
  /// Whether every element is in a window.
  let isComplete: Bool

  /// Longer lists of what windows hold are not written down; the plain evaluation has such.
  private static let mostTaps = 1 << 22

  /// Nil where the kernels have no such windows.
  init?(_ map: SpatialMap) {
    let axes = map.taps.count
    guard axes <= Int(BP_AXES), map.output.count > 0, map.input.count > 0,
      map.taps.allSatisfy({ $0.reduce(0) { $0 + $1.count } <= Self.mostTaps })
    else { return nil }
    self.map = map
    let missing = [Int](repeating: 1, count: Int(BP_AXES) - axes)
    lists = missing.map { _ in [[SpatialMap.Tap(index: 0, weight: 1)]] } + map.taps
    inSizes = missing + map.input.dimensions[1...axes]
    outSizes = missing + map.output.dimensions[1...axes]
    let visited = zip(lists, inSizes).map { lists, size in
      lists.flatMap { $0.map(\.index) }.reduce(into: [Int](repeating: 0, count: size)) {
        $0[$1] += 1
      }
    }
    isDisjoint = visited.allSatisfy { $0.allSatisfy { $0 <= 1 } }
    isComplete = visited.allSatisfy { $0.allSatisfy { $0 >= 1 } }
  }

  /// The elements of the largest window.
  var mostElements: Int { lists.reduce(1) { $0 * ($1.map(\.count).max() ?? 0) } }

  /// The kernel's arguments without addresses and tasks.
  func window(_ code: bp_window_code, _ type: ScalarType, _ store: ArgumentStore) -> bp_window {
    var work = bp_window()
    work.type = type.kernelType
    work.code = code
    work.batch = Int64(map.input[0])
    work.channels = Int64(map.input[-1])
    fill(&work.in_sizes, inSizes)
    fill(&work.out_sizes, outSizes)
    fill(&work.taps, lists.map { Self.taps($0, store) })
    work.is_disjoint = isDisjoint ? 1 : 0
    work.is_complete = isComplete ? 1 : 0
    return work
  }

  /// The lists of one axis, one after the other.
  private static func taps(_ lists: [[SpatialMap.Tap]], _ store: ArgumentStore) -> bp_taps {
    var starts: [Int64] = [0]
    for list in lists { starts.append(starts[starts.count - 1] + Int64(list.count)) }
    let all = lists.flatMap { $0 }
    return bp_taps(
      starts: store.store(contentsOf: starts),
      indices: store.store(contentsOf: all.map { Int64($0.index) }),
      weights: store.store(contentsOf: all.map(\.weight)))
  }
}
