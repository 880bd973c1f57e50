import CKernels
import GraphIR
import Tensors

/// The windows of a pooling as kernels read them.
struct WindowLists: Sendable {
  /// For each row and each column of the result, what it is made of. Of three axes the first two
  /// are one axis of rows.
  private let rows: [[SpatialMap.Tap]]
  private let columns: [[SpatialMap.Tap]]
  private let inRows: Int
  private let inColumns: Int
  private let map: SpatialMap
  /// Whether no element is in two windows.
  let isDisjoint: Bool
  /// Whether every element is in a window.
  let isComplete: Bool

  /// Axes between batch and channels.
  private static let mostAxes = 3
  /// Longer lists of what windows hold are not written down; the plain evaluation has such.
  private static let mostTaps = 1 << 22

  /// Nil where the kernels have no such windows.
  init?(_ map: SpatialMap) {
    let axes = map.taps.count
    let counts = map.taps.map { $0.reduce(0) { $0 + $1.count } }
    guard axes <= Self.mostAxes, map.output.count > 0, map.input.count > 0,
      counts.allSatisfy({ $0 <= Self.mostTaps }),
      axes < Self.mostAxes || counts[0] * counts[1] <= Self.mostTaps
    else { return nil }
    self.map = map
    let one = [[SpatialMap.Tap(index: 0, weight: 1)]]
    let sizes = map.input.dimensions[1...axes]
    rows =
      switch axes {
      case 3: Self.joined(map.taps[0], map.taps[1], size: sizes[2])
      case 2: map.taps[0]
      default: one
      }
    columns = map.taps.last ?? one
    inRows = sizes.dropLast().reduce(1, *)
    inColumns = sizes.last ?? 1
    let visited = [(rows, inRows), (columns, inColumns)].map { lists, size in
      lists.flatMap { $0.map(\.index) }.reduce(into: [Int](repeating: 0, count: size)) {
        $0[$1] += 1
      }
    }
    isDisjoint = visited.allSatisfy { $0.allSatisfy { $0 <= 1 } }
    isComplete = visited.allSatisfy { $0.allSatisfy { $0 >= 1 } }
  }

  /// The elements of the largest window.
  var mostElements: Int { [rows, columns].reduce(1) { $0 * ($1.map(\.count).max() ?? 0) } }

  /// The lists of two axes as those of one, whose second part has a `size`.
  private static func joined(
    _ outer: [[SpatialMap.Tap]], _ inner: [[SpatialMap.Tap]], size: Int
  ) -> [[SpatialMap.Tap]] {
    outer.flatMap { above in
      inner.map { below in
        above.flatMap { a in
          below.map {
            SpatialMap.Tap(index: a.index * size + $0.index, weight: a.weight * $0.weight)
          }
        }
      }
    }
  }

  /// The kernel's arguments without addresses and tasks.
  func window(_ code: bp_window_code, _ type: ScalarType, _ store: ArgumentStore) -> bp_window {
    var work = bp_window()
    work.type = type.kernelType
    work.code = code
    work.batch = Int64(map.input[0])
    work.channels = Int64(map.input[-1])
    work.in_rows = Int64(inRows)
    work.in_columns = Int64(inColumns)
    work.out_rows = Int64(rows.count)
    work.out_columns = Int64(columns.count)
    let channels = map.input[-1]
    work.rows = Self.taps(rows, step: inColumns * channels, type, store)
    work.columns = Self.taps(columns, step: channels, type, store)
    work.is_disjoint = isDisjoint ? 1 : 0
    work.is_complete = isComplete ? 1 : 0
    return work
  }

  /// The lists of one axis, one after the other; a place is `step` elements behind the one before.
  private static func taps(
    _ lists: [[SpatialMap.Tap]], step: Int, _ type: ScalarType, _ store: ArgumentStore
  ) -> bp_taps {
    var starts: [Int64] = [0]
    for list in lists { starts.append(starts[starts.count - 1] + Int64(list.count)) }
    let all = lists.flatMap { $0 }
    let weights = all.map(\.weight)
    return bp_taps(
      starts: store.store(contentsOf: starts),
      indices: store.store(contentsOf: all.map { Int64($0.index) }),
      offsets: store.store(contentsOf: all.map { Int64($0.index * step) }),
      weights: type == .float64
        ? UnsafeRawPointer(store.store(contentsOf: weights))
        : UnsafeRawPointer(store.store(contentsOf: weights.map { Float($0) })))
  }
}
