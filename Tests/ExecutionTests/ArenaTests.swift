import Execution
import Tensors
import Testing

/// Where the values of a plan lie.
@Suite struct ArenaTests {
  /// Values with their sizes and lifetimes.
  private typealias Value = (size: Int, birth: Int, lastUse: Int)

  private func layout(_ values: [Value], alignment: Int = 1) -> (offsets: [Int: Int], size: Int) {
    var arena = ArenaLayout(alignment: alignment)
    for (id, value) in values.enumerated() {
      arena.add(id, size: value.size, from: value.birth, until: value.lastUse)
    }
    return arena.placed()
  }

  @Test func largeValuesAreNotKeptApartBySmallOnes() {
    // In the order of time the gaps of 50 would hold none of the values of 100.
    let found = layout([(100, 0, 5), (50, 0, 1), (100, 1, 5), (50, 1, 2), (100, 3, 5)])
    #expect(found.size == 300)
  }

  @Test func whereNothingIsSavedTheOrderOfTimeStays() {
    let found = layout([(10, 0, 1), (20, 1, 2), (10, 2, 3), (20, 3, 4)])
    #expect(found.offsets == [0: 0, 1: 10, 2: 0, 3: 10])
    #expect(found.size == 30)
  }

  @Test func aHandedOverBlockLivesOn() {
    var arena = ArenaLayout(alignment: 64)
    arena.add(0, size: 100, from: 0, until: 1)
    let (isGiven, isGivenTwice) = (
      arena.handOver(0, to: 1, until: 3), arena.handOver(0, to: 2, until: 3)
    )
    #expect(isGiven && !isGivenTwice)
    arena.add(3, size: 1, from: 2, until: 3)
    let found = arena.placed()
    #expect(found.offsets == [0: 0, 1: 0, 3: 128])
    #expect(found.size == 192)
  }

  @Test(arguments: 0..<50)
  func valuesThatLiveTogetherLieApart(seed: Int) {
    var random = RandomStream(seed: UInt64(seed), name: "arena")
    var birth = 0
    let values = (0..<(seed % 2 == 0 ? 60 : 2100)).map { _ -> Value in
      birth += Int.random(in: 0...1, using: &random)
      return (
        Int.random(in: 1...1000, using: &random), birth,
        birth + Int.random(in: 0...10, using: &random)
      )
    }
    let found = layout(values, alignment: 64)
    let places = values.indices.sorted {
      found.offsets[$0, default: -1] < found.offsets[$1, default: -1]
    }
    for (place, first) in places.enumerated() {
      let (start, value) = (found.offsets[first, default: -1], values[first])
      #expect(start >= 0 && start % 64 == 0 && start + value.size <= found.size)
      for second in places[(place + 1)...] {
        guard found.offsets[second, default: -1] < start + value.size else { break }
        let other = values[second]
        #expect(other.birth > value.lastUse || value.birth > other.lastUse)
      }
    }
  }
}
