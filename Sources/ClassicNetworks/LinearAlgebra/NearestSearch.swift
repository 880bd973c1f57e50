import Execution
import GraphIR
import Tensors

/// Finds the nearest of other rows for each row of data, time after time for the same data.
///
/// ‖w‖² − 2 x · w orders the rows w as ‖x − w‖² does. It is first taken in Float32, of rows less the
/// data's mean and divided by their largest number, from one product of matrices; all rows that its
/// rounding might hide are then measured in Float64, difference by difference. So what is found is what
/// differences alone would find.
package final class NearestSearch {
  private let data: Matrix
  private let means: [Double]
  /// 1 / the largest number of rows less their mean, as a power of two; 0 where that is none.
  private let scale: Double
  /// Scaled rows.
  private let narrow: [Float]
  /// ‖x‖² of them.
  private let lengths: [Double]
  /// How many numbers a part of the rows has, or its products.
  private let partSize: Int
  private var products: [[Int]: Executor] = [:]

  package init(_ data: Matrix, partSize: Int = 1 << 22) {
    (self.data, self.partSize) = (data, partSize)
    let means = data.columnMeans
    self.means = means
    var largest = 0.0
    data.values.withUnsafeBufferPointer { values in
      for row in 0..<data.rows {
        for column in 0..<data.columns {
          largest = max(largest, abs(values[row * data.columns + column] - means[column]))
        }
      }
    }
    // A power of two, so that nothing is rounded.
    let scale = largest > 0 ? 1 / largest.binade : 1
    self.scale = means.allSatisfy(\.isFinite) && scale.isFinite ? scale : 0
    (narrow, lengths) = Self.scaled(data, means, scale)
  }

  /// (x − mean) · scale in Float32, and the squared lengths.
  private static func scaled(_ rows: Matrix, _ means: [Double], _ scale: Double) -> (
    [Float], [Double]
  ) {
    let columns = rows.columns
    var lengths = [Double](repeating: 0, count: rows.rows)
    let narrow = [Float](unsafeUninitializedCapacity: rows.values.count) { narrow, count in
      askForLargePages(UnsafeMutableRawBufferPointer(narrow))
      lengths.withUnsafeMutableBufferPointer { lengths in
        rows.values.withUnsafeBufferPointer { values in
          means.withUnsafeBufferPointer { means in
            forEachPart(of: rows.rows, least: (1 << 20) / max(columns, 1)) { part in
              for row in part {
                var sum = 0.0
                for place in row * columns..<(row + 1) * columns {
                  let value = Float((values[place] - means[place - row * columns]) * scale)
                  narrow[place] = value
                  sum += Double(value) * Double(value)
                }
                lengths[row] = sum
              }
            }
          }
        }
      }
      count = rows.values.count
    }
    return (narrow, lengths)
  }

  /// Lowers each row's number to its squared distance from one of the rows, where that is less.
  package func lower(_ distances: inout [Double], toward row: Int) {
    let columns = data.columns
    narrow.withUnsafeBytes { narrow in
      guard let start = narrow.baseAddress else { return }
      for other in 0..<data.rows {
        // What it is at least, in scaled numbers.
        let product = Self.product(start + 4 * row * columns, start + 4 * other * columns, columns)
        let least = lengths[row] + lengths[other] - 2 * product - doubt(row, lengths[other])
        guard !(least >= distances[other] * scale * scale) || scale == 0 else { continue }
        distances[other] = min(distances[other], data.squaredDistance(row, data, other))
      }
    }
  }

  /// Σ aᵢ bᵢ of numbers in Float32.
  private static func product(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Double
  {
    let whole = count / 16 * 16
    var sums = SIMD16<Float>.zero
    for place in stride(from: 0, to: 4 * whole, by: 64) {
      sums +=
        a.loadUnaligned(fromByteOffset: place, as: SIMD16<Float>.self)
        * b.loadUnaligned(fromByteOffset: place, as: SIMD16<Float>.self)
    }
    var sum = sums.sum()
    for place in stride(from: 4 * whole, to: 4 * count, by: 4) {
      sum +=
        a.load(fromByteOffset: place, as: Float.self)
        * b.load(fromByteOffset: place, as: Float.self)
    }
    return Double(sum)
  }

  /// By how much ‖w‖² − 2 x · w may be off, of a row x and another of some ‖w‖² at most: n + 8 roundings
  /// of ‖x‖² + ‖w‖², and what products lose that are too small for Float32.
  private func doubt(_ row: Int, _ other: Double) -> Double {
    let count = Double(data.columns)
    return (count + 8) * 0x1p-24 * (lengths[row] + other) + count * 0x1p-120
  }

  /// - Parameters:
  ///   - others: The rows to choose from.
  ///   - findsSecond: Whether the next nearest are asked for.
  /// - Precondition: As many columns as the data have, and at least one row.
  package func nearest(to others: Matrix, findsSecond: Bool = true) -> NearestRows {
    precondition(data.columns == others.columns && others.rows > 0)
    var pairs = [NearestPair](repeating: NearestPair(), count: data.rows)
    // Compiling a plan takes some tens of microseconds.
    if data.rows * data.columns * others.rows < 1 << 16 || !search(others, findsSecond, &pairs) {
      for row in 0..<data.rows {
        pairs[row] = NearestPair()
        for other in 0..<others.rows {
          pairs[row].take(other, data.squaredDistance(row, others, other))
        }
      }
    }
    return NearestRows(pairs)
  }

  /// - Returns: Whether the numbers are such that Float32 can hold them.
  private func search(_ others: Matrix, _ findsSecond: Bool, _ pairs: inout [NearestPair]) -> Bool {
    let (scaled, otherLengths) = Self.scaled(others, means, scale)
    let longest = otherLengths.max() ?? 0
    guard scale > 0, otherLengths.allSatisfy({ $0 < 0x1p100 }) else { return false }
    // Places that no row has are infinitely far.
    let width = (others.rows + 15) / 16 * 16
    let columns = data.columns
    let far =
      otherLengths.map { Float($0) } + [Float](repeating: .infinity, count: width - others.rows)
    let rows = scaled + [Float](repeating: 0, count: (width - others.rows) * columns)
    let size = min(data.rows, max(64, partSize / max(width, columns)))
    for start in stride(from: 0, to: data.rows, by: size) {
      let part = start..<min(start + size, data.rows)
      guard let executor = executor(part.count, width) else { return false }
      if start == 0 || part.count < size {
        guard (try? executor.setInput("others", Tensor(rows, shape: [width, columns]))) != nil,
          (try? executor.setInput("lengths", Tensor(far))) != nil
        else { return false }
      }
      let isSet: Void? = try? executor.withInput("rows") { bytes in
        narrow.withUnsafeBytes {
          bytes.copyMemory(
            from: UnsafeRawBufferPointer(
              rebasing: $0[4 * part.lowerBound * columns..<4 * part.upperBound * columns]))
        }
      }
      executor.run()
      guard isSet != nil,
        let values = try? executor.outputBytes("values").bindMemory(to: Float.self),
        let least = try? executor.outputBytes("least").bindMemory(to: Float.self)
      else { return false }
      let groups = width / 16
      for row in part {
        let place = row - start
        let line = UnsafeBufferPointer(rebasing: values[place * width..<(place + 1) * width])
        let short = UnsafeBufferPointer(rebasing: least[place * groups..<(place + 1) * groups])
        take(row, others, line, short, longest, findsSecond, &pairs[row])
      }
    }
    return true
  }

  /// Measures the rows that may be the nearest, or the two nearest.
  ///
  /// - Parameters:
  ///   - values: ‖w‖² − 2 x · w of each.
  ///   - least: The least of every sixteen that lie as far apart as there are sixteens.
  private func take(
    _ row: Int, _ others: Matrix, _ values: UnsafeBufferPointer<Float>,
    _ least: UnsafeBufferPointer<Float>, _ longest: Double, _ findsSecond: Bool,
    _ pair: inout NearestPair
  ) {
    var (smallest, second) = (Float.infinity, Float.infinity)
    for value in least where value < second {
      if value < smallest { (smallest, second) = (value, smallest) } else { second = value }
    }
    // Both values that are compared may be off.
    let limit = ((findsSecond ? second : smallest) + Float(2 * doubt(row, longest))).nextUp
    for (group, value) in least.enumerated() where value <= limit {
      for other in stride(from: group, to: others.rows, by: least.count)
      where values[other] <= limit {
        pair.take(other, data.squaredDistance(row, others, other))
      }
    }
  }

  /// ‖w‖² − 2 x · w for so many rows x and w.
  private func executor(_ rows: Int, _ width: Int) -> Executor? {
    if let executor = products[[rows, width]] { return executor }
    let builder = GraphBuilder()
    let x = builder.input("rows", TensorType([rows, data.columns], .float32))
    let w = builder.input("others", TensorType([width, data.columns], .float32))
    let lengths = builder.input("lengths", TensorType([width], .float32))
    let values = lengths - x.matmul(w, transposeB: true) * 2
    builder.output("values", values)
    builder.output("least", values.reshaped([rows, 16, width / 16]).min(axes: [1]))
    guard let graph = try? builder.finish(),
      let executor = try? Executor(Plan(graph), pool: products.values.first?.pool)
    else { return nil }
    products[[rows, width]] = executor
    return executor
  }
}
