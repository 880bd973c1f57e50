import Execution
import Tensors
import Testing

/// Batches picked from many rows.
struct RowTests {
  @Test(arguments: [ScalarType.float32, .float64], [1, 3])
  func `rows of bytes become the numbers that scaling gives`(type: ScalarType, threads: Int) throws
  {
    let pool = ThreadPool(threads: threads, scratchSize: 64)
    for (rows, width) in [(1, 1), (5, 17), (64, 784), (300, 65)] {
      let values = (0..<rows * width).map { Float(($0 * 37 + $0 / 256) % 256) }
      let features = Tensor(values, shape: [rows, width])
      let picked = (0..<rows + 3).map { ($0 * 11) % rows }
      let taken = picked.flatMap { values[($0 * width)..<(($0 + 1) * width)] }.map(Double.init)
      let shape: Shape = [picked.count, width]
      let copied = Tensor(shape: shape, type: .float32) {
        pool.gather(picked[...], of: features, into: $0)
      }
      #expect(copied.doubles == taken)
      for divisor in [1.0, 255, 16, 3, 254.5, 0.125] {
        let source = try #require(ByteRows(features, dividedBy: divisor, type: type))
        let found = Tensor(shape: shape, type: type) {
          pool.gather(picked[...], of: source, into: $0)
        }
        #expect(found == Tensor(taken.map { $0 / divisor }, shape: shape, type: type))
      }
    }
  }

  @Test func `numbers that are no bytes stay as they are`() {
    let whole = (0..<5000).map { Double($0 % 256) }
    #expect(ByteRows(Tensor(whole, shape: [50, 100]), dividedBy: 255, type: .float64) != nil)
    for stray in [256, -1, 0.5, -0.0, .nan, .infinity, 1e300] {
      for place in [0, 4095, 4096, 4999] {
        var values = whole
        values[place] = stray
        for type in [ScalarType.float32, .float64] {
          let tensor = Tensor(values, shape: [50, 100], type: type)
          #expect(ByteRows(tensor, dividedBy: 255, type: type) == nil, "\(stray) at \(place)")
        }
      }
    }
    let tensor = Tensor(whole, shape: [50, 100])
    for divisor in [0, -1, .nan, .infinity, 1e-320, 1e45] {
      #expect(ByteRows(tensor, dividedBy: divisor, type: .float32) == nil)
    }
  }
}
