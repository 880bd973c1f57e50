import Execution
import GraphIR
import Tensors

extension RadialBasis {
  /// ΦᵀΦ and ΦᵀT over all rows, where the last column of Φ are ones; nil for short rows, whose
  /// distances are those of their differences.
  ///
  /// Distances, φ and sums of a part of the rows are one plan: what it needs of memory stays in the
  /// caches, and is the same for all parts.
  ///
  /// - Parameter partSize: How many numbers a part of the rows has, or its φ.
  package func plannedSums(_ rows: Matrix, _ targets: Matrix, partSize: Int = 1 << 21) -> (
    squares: Matrix, products: Matrix
  )? {
    guard rows.columns > Matrix.shortColumns else { return nil }
    let (units, outputs) = (centers.rows, targets.columns)
    let variables = VariableStore()
    let size = min(rows.rows, max(64, partSize / max(units, rows.columns)))
    var executors: [Int: Executor] = [:]
    do {
      let start: [(String, Tensor)] = [
        ("centers", centers.tensor), ("lengths", Tensor(centers.squaredLengths)),
        ("factors", Tensor(widths.map { -0.5 / ($0 * $0) })),
        ("squares", .zeros([units, units], type: .float64)),
        ("products", .zeros([units, outputs], type: .float64)),
        ("sums", .zeros([units], type: .float64)),
      ]
      for first in stride(from: 0, to: rows.rows, by: size) {
        let part = first..<min(first + size, rows.rows)
        let executor =
          try executors[part.count]
          ?? Executor(
            Plan(sums(part.count, rows.columns, outputs)), variables: variables,
            pool: executors.values.first?.pool)
        if executors.isEmpty {
          for (name, tensor) in start { try variables.set(name, tensor) }
        }
        executors[part.count] = executor
        for (name, matrix) in [("rows", rows), ("targets", targets)] {
          try executor.withInput(name) { bytes in
            matrix.values.withUnsafeBytes {
              bytes.copyMemory(
                from: UnsafeRawBufferPointer(
                  rebasing: $0[
                    8 * part.lowerBound * matrix.columns..<8 * part.upperBound * matrix.columns]))
            }
          }
        }
        executor.run()
      }
    } catch {
      return nil
    }
    guard let squares = variables["squares"]?.doubles, let sums = variables["sums"]?.doubles,
      let products = variables["products"]?.doubles
    else { return nil }
    var all = Matrix(rows: units + 1, columns: units + 1)
    for unit in 0..<units {
      all.values.replaceSubrange(
        unit * (units + 1)..<unit * (units + 1) + units,
        with: squares[unit * units..<(unit + 1) * units])
      (all[unit, units], all[units, unit]) = (sums[unit], sums[unit])
    }
    all[units, units] = Double(rows.rows)
    let totals = targets.columnMeans.map { $0 * Double(targets.rows) }
    return (all, Matrix(rows: units + 1, columns: outputs, products + totals))
  }

  private func sums(_ rows: Int, _ columns: Int, _ outputs: Int) throws -> Graph {
    let units = centers.rows
    let builder = GraphBuilder()
    let x = builder.input("rows", TensorType([rows, columns], .float64))
    let t = builder.input("targets", TensorType([rows, outputs], .float64))
    func variable(_ name: String, _ shape: Shape) -> Expression {
      builder.variable(name, TensorType(shape, .float64))
    }
    let (c, lengths) = (variable("centers", [units, columns]), variable("lengths", [units]))
    let squares = variable("squares", [units, units])
    let products = variable("products", [units, outputs])
    let sums = variable("sums", [units])
    let distances =
      x.squared().sum(axes: [1], keepingAxes: true) - x.matmul(c, transposeB: true) * 2 + lengths
    let phi = exp(maximum(distances, 0) * variable("factors", [units]))
    builder.update(squares, with: squares + phi.matmul(phi, transposeA: true))
    builder.update(products, with: products + phi.matmul(t, transposeA: true))
    builder.update(sums, with: sums + phi.sum(axes: [0]))
    return try builder.finish()
  }
}
