import GraphIR

/// Places in one arena for values that each live for some instructions of a plan.
package struct ArenaLayout {
  /// Memory that one value after another may take.
  private struct Block {
    let size: Int
    let birth: Int
    var lastUse: Int
    var offset = 0
  }

  private let alignment: Int
  private var blocks: [Block] = []
  /// The block of each value that may still be written over.
  private var owned: [Node.ID: Int] = [:]
  /// The block of each value.
  private var block: [Node.ID: Int] = [:]

  /// Up to so many blocks are placed by their sizes, which takes the square of their number.
  private static let mostBySize = 2048

  package init(alignment: Int) { self.alignment = alignment }

  /// Notes a value.
  ///
  /// - Parameters:
  ///   - owner: The value.
  ///   - size: Its bytes.
  ///   - birth: The instruction that computes it, and no earlier one than that of the last value.
  ///   - lastUse: The last instruction that reads it.
  package mutating func add(_ owner: Node.ID, size: Int, from birth: Int, until lastUse: Int) {
    let size = max(alignment, (size + alignment - 1) / alignment * alignment)
    (owned[owner], block[owner]) = (blocks.count, blocks.count)
    blocks.append(Block(size: size, birth: birth, lastUse: max(birth, lastUse)))
  }

  /// Whether a value has a block.
  func holds(_ value: Node.ID) -> Bool { block[value] != nil }

  /// Gives the block of one value to another; false where it was handed over already.
  package mutating func handOver(_ source: Node.ID, to owner: Node.ID, until lastUse: Int) -> Bool {
    guard let index = owned.removeValue(forKey: source) else { return false }
    (owned[owner], block[owner]) = (index, index)
    blocks[index].lastUse = lastUse
    return true
  }

  /// Where each value lies, and the bytes of all.
  ///
  /// Blocks take the first gap that is free as long as they live: in the order of time, which reuses
  /// what is in the caches, or the largest first, where that saves a tenth of the memory or more.
  package func placed() -> (offsets: [Node.ID: Int], size: Int) {
    var (best, size) = placedByTime()
    if blocks.count <= Self.mostBySize {
      let (other, otherSize) = placedBySize()
      if otherSize <= size - size / 10, otherSize < size { (best, size) = (other, otherSize) }
    }
    return (block.mapValues { best[$0] }, size)
  }

  private func placedByTime() -> (offsets: [Int], size: Int) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var size = 0
    // Blocks in use, by offset.
    var used: [Int] = []
    var time = -1
    for (index, block) in blocks.enumerated() {
      if block.birth > time {
        time = block.birth
        used.removeAll { blocks[$0].lastUse < time }
      }
      let place = gap(for: block.size, among: used, offsets)
      offsets[index] = place.offset
      used.insert(index, at: place.index)
      size = max(size, place.offset + block.size)
    }
    return (offsets, size)
  }

  /// Source: Y. Pisarchyk, J. Lee, "Efficient memory management for deep neural net inference" (2020),
  /// arXiv:2001.03288, greedy by size.
  private func placedBySize() -> (offsets: [Int], size: Int) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var size = 0
    // By offset.
    var placed: [Int] = []
    let order = blocks.indices.sorted {
      (blocks[$1].size, $0) < (blocks[$0].size, $1)
    }
    for index in order {
      let block = blocks[index]
      let beside = placed.filter {
        blocks[$0].birth <= block.lastUse && block.birth <= blocks[$0].lastUse
      }
      offsets[index] = gap(for: block.size, among: beside, offsets).offset
      let place = placed.firstIndex { offsets[$0] > offsets[index] } ?? placed.count
      placed.insert(index, at: place)
      size = max(size, offsets[index] + block.size)
    }
    return (offsets, size)
  }

  /// The first gap between blocks that may lie one over another, given by offset.
  private func gap(for size: Int, among used: [Int], _ offsets: [Int]) -> (offset: Int, index: Int)
  {
    var (offset, index) = (0, 0)
    while index < used.count, offsets[used[index]] - offset < size {
      offset = max(offset, offsets[used[index]] + blocks[used[index]].size)
      index += 1
    }
    return (offset, index)
  }
}
