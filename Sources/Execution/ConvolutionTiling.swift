import CKernels
import GraphIR

/// How a convolution is cut into strips, tasks and tiles: by sizes alone, so that results do not
/// depend on threads.
struct ConvolutionTiling {
  /// The rows of a strip: what is finished at a time.
  let stripRows: Int
  /// How many strips a task does, one after the other.
  let unitsPerTask: Int
  /// How much of the result's last axis a task does.
  let tileWidth: Int

  /// The rows of a result, or of what the weights' gradient is summed over, and what each of them
  /// needs.
  struct Rows {
    let count: Int
    let columns: Int
    /// The result's channels, and the source's row, with padding.
    let channels: Int
    let sourceElements: Int
  }

  /// A strip and its source stay in the second-level cache, and what the weights' gradient reads
  /// many times in the first.
  private static let stripBytes = 96 << 10
  private static let sourceBytes = 192 << 10
  private static let pixelsOfSum = 224
  /// Neighboring strips read some rows twice.
  private static let leastRows = 2
  private static let leastPixels = 24

  /// A task should have at least this much work (floating-point operations).
  private static let leastWork = 0.15e6
  private static let mostTasks = 32
  /// The memory that parts of the weights' gradient may take, in elements.
  private static let largestParts = 1 << 21
  /// In steps of a vector: what copying takes for each element of a weight to its panels, of a weight
  /// that is transposed on the way, of the parts of a weight's gradient, and of the source; and what a
  /// task takes to begin.
  private static let packing = 0.3
  private static let transposing = 1.2
  private static let adding = 1.5
  private static let copying = 0.1
  private static let starting = 1000.0

  /// - Parameters:
  ///   - elementSize: Bytes of a number.
  ///   - panel: Elements of the panels that weights are packed to.
  init(
    _ sizes: ConvolutionSizes, _ code: bp_convolution_code, rows: Rows, elementSize: Int,
    panel: Int
  ) {
    let isSum = code == BP_CONVOLVE_WEIGHT_GRADIENT
    let fitting =
      isSum
      ? Self.pixelsOfSum / max(1, rows.columns)
      : min(
        Self.stripBytes / max(1, rows.columns * rows.channels * elementSize),
        Self.sourceBytes / max(1, rows.sourceElements * elementSize))
    let least = max(Self.leastRows, (Self.leastPixels + rows.columns - 1) / max(1, rows.columns))
    let most = min(rows.count, max(least, fitting))
    let strips = (rows.count + most - 1) / most
    stripRows = (rows.count + strips - 1) / strips
    let units = max(1, sizes.batch * ((rows.count + stripRows - 1) / stripRows))

    let work = Double(sizes.flops)
    let arithmetic = work / Double(2 * panel)
    let weights = Double(sizes.weightShape.count)
    let source = Double(
      (code == BP_CONVOLVE_INPUT_GRADIENT ? sizes.outputShape : sizes.inputShape).count)
    let isCut = sizes.geometry.groups > 1
    var best: (cost: Double, units: Int, width: Int) = (.infinity, units, rows.channels)
    var wanted = 1
    while wanted <= min(units, Self.mostTasks) {
      let unitsPerTask = (units + wanted - 1) / wanted
      let parts = (units + unitsPerTask - 1) / unitsPerTask
      wanted *= 2
      if isSum, parts > 1, Double(parts) * weights > Double(Self.largestParts) { continue }
      var tiles = 1
      while tiles <= Self.mostTasks, tiles == 1 || !isCut && (tiles - 1) * panel < rows.channels {
        let width = (rows.channels + tiles * panel - 1) / (tiles * panel) * panel
        let count = (rows.channels + width - 1) / width
        let tasks = Double(parts * count)
        defer { tiles *= 2 }
        if tasks > 1, work / tasks < Self.leastWork { continue }
        let preparing =
          switch code {
          case BP_CONVOLVE: Self.packing
          case BP_CONVOLVE_INPUT_GRADIENT: Self.transposing
          default: parts > 1 ? Self.adding : 0
          }
        let cost =
          0.5 * arithmetic / tasks + Double(parts) * weights * preparing
          + Double(count) * source * Self.copying + tasks * Self.starting
        if cost < best.cost { best = (cost, unitsPerTask, min(width, rows.channels)) }
      }
    }
    (unitsPerTask, tileWidth) = (best.units, best.width)
  }
}
