import CKernels

/// How a product is cut into tiles: by sizes alone, so that results do not depend on threads.
struct GemmTiling {
  let rows: Int
  let columns: Int
  /// Into how many parts the sums are cut.
  let sumPieces: Int
  let tasks: Int
  /// Whether the product is large enough for a library's overhead to pay.
  let wantsLibrary: Bool

  /// A task should have at least this much work (floating-point operations), or handing it to
  /// another thread costs more than it brings: less than a microsecond.
  private static let leastWork = 0.15e6
  /// More tiles than this bring no better balance, unless each of them is large.
  private static let mostTiles = 8
  private static let largeTile = 1e9
  /// Sums of at least this length are cut, into at most ``mostTiles`` parts, as long as a part is no
  /// shorter than the left matrix is high and no more numbers than ``mostParts`` are to be added up: a
  /// thread then reads its own rows of the right matrix alone, which are the weights that it also
  /// updates. The parts, of `m · n` numbers each, go from thread to thread in place of the `k · n` weights.
  private static let leastSum = 64
  private static let mostParts = 1 << 15
  /// Fewer columns than this are not cut for the sake of more tasks.
  private static let leastColumns = 64
  /// Below this much work the built-in product is as fast as a library's, or faster: with AVX-512 it
  /// is near what the processor can do, and it fetches what follows while it computes.
  private static let libraryWork = bp_cpu_current() == BP_CPU_AVX512 ? 6e9 : 1e9

  init(m: Int, n: Int, k: Int, transposes: (a: Bool, b: Bool), batch: Int) {
    let work = 2 * Double(m) * Double(n) * Double(k)
    if batch == 1, !transposes.a, !transposes.b, n > 1, k >= Self.leastSum,
      work >= 2 * Self.leastWork
    {
      let wanted = min(Self.mostTiles, max(2, Int(work / (3 * Self.leastWork))))
      let pieces = min(wanted, k / m, Self.mostParts / (m * n))
      if pieces > 1 {
        rows = m
        columns = Candidate.piece(n, max(1, min(wanted / pieces, n / Self.leastColumns)), unit: 32)
        sumPieces = pieces
        tasks = pieces * ((n + columns - 1) / columns)
        wantsLibrary = false
        return
      }
    }
    sumPieces = 1
    wantsLibrary = work >= Self.libraryWork
    let most = max(Double(Self.mostTiles), min(64, work / Self.largeTile))
    // Few rows are over when the right matrix has been read.
    let time = max(work, 2 * Candidate.rowsPerRead * Double(n) * Double(k))
    let wanted = batch > 1 ? 1 : Int(min(most, max(1, time / Self.leastWork)))
    var best = Candidate(m: m, n: n, k: k, transposes: transposes, pieces: (1, 1))
    var rowPieces = 1
    while rowPieces <= wanted {
      var columnPieces = 1
      while rowPieces * columnPieces <= wanted {
        let candidate = Candidate(
          m: m, n: n, k: k, transposes: transposes, pieces: (rowPieces, columnPieces))
        if candidate.cost < best.cost { best = candidate }
        columnPieces *= 2
      }
      rowPieces *= 2
    }
    (rows, columns) = (best.rows, best.columns)
    tasks = max(1, batch) * best.tasks
  }

  /// Tiles of so many whole rows.
  init(m: Int, n: Int, rowsATask: Int) {
    (rows, columns) = (rowsATask, n)
    sumPieces = 1
    tasks = max(1, (m + rowsATask - 1) / rowsATask)
    wantsLibrary = false
  }

  /// One way to cut a product.
  private struct Candidate {
    let rows: Int
    let columns: Int
    let tasks: Int
    /// What it costs, about, as a share of the arithmetic.
    let cost: Double

    /// A register tile's height and width, and how much longer copying an element of a matrix to
    /// where the tiles want it takes than multiplying it once.
    private static let tile = (rows: 12, columns: 32)
    private static let packing = 16.0
    /// Reading an element of the right matrix takes as long as this many rows' work with it.
    static let rowsPerRead = 3.0
    /// What a pass over a row costs, in multiplications; and where the product's rows are those of
    /// a weight matrix, which is then updated: more than one tensor is read beside each.
    private static let (pass, updatePass) = (1200.0, 4800.0)
    /// A right matrix of so many elements is read where it lies, and so is a left one that is not
    /// much larger beside tiles that are no wider than this.
    private static let inFirstCache = 8192
    private static let inSecondCache = 1 << 18
    private static let narrow = 128

    init(
      m: Int, n: Int, k: Int, transposes: (a: Bool, b: Bool), pieces: (rows: Int, columns: Int)
    ) {
      rows = Self.piece(m, pieces.rows, unit: 4)
      columns = Self.piece(n, pieces.columns, unit: 16)
      let rowTiles = max(1, (m + rows - 1) / rows)
      let columnTiles = max(1, (n + columns - 1) / columns)
      tasks = rowTiles * columnTiles
      let isDirect =
        !transposes.b
        && (columns * k <= Self.inFirstCache || columns <= Self.tile.columns
          || rows <= 2 * Self.tile.rows)
      func waste(_ length: Int, _ unit: Int) -> Double {
        Double((length + unit - 1) / unit * unit) / Double(length) - 1
      }
      let packed =
        isDirect
        ? 0
        : Self.packing / Double(rows)
          + (columns > Self.narrow || rows * k > Self.inSecondCache
            ? Self.packing / Double(columns) : 0)
      // Each row of a tile is a pass of its own for what follows the product.
      let pass = transposes.a ? Self.updatePass : Self.pass
      let breaks = columnTiles > 1 ? pass / Double(columns * max(1, k)) : 0
      // Several threads read the same of the right matrix, which another has just written.
      let sharing = rowTiles > 1 ? Self.rowsPerRead / Double(rows) : 0
      // Threads wait for the last task.
      let waiting = 0.3 / Double(tasks)
      let height = columns <= 16 ? 16 : Self.tile.rows
      // Low tiles read the right matrix too often, and narrow ones the left.
      let lowness = rows < m && rows < (columns > Self.tile.columns ? 32 : 16) ? 1.0 : 0
      let narrowest = isDirect ? Self.tile.columns : 2 * Self.tile.columns
      let narrowness = columns < n && columns < narrowest ? 0.1 : 0
      cost =
        packed + breaks + sharing + waiting + lowness + narrowness
        + 0.3 * waste(rows, min(height, max(1, m))) + waste(columns, min(16, max(1, n)))
    }

    /// The length of each piece, rounded up to whole units.
    static func piece(_ length: Int, _ pieces: Int, unit: Int) -> Int {
      max(1, pieces == 1 ? length : ((length + pieces - 1) / pieces + unit - 1) / unit * unit)
    }
  }
}
