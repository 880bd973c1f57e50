import Execution
import GraphIR
import Tensors

extension Matrix {
  /// A B, or with a transposed factor; by the same kernels as the networks' own products where that
  /// pays.
  ///
  /// - Precondition: The sizes fit.
  func times(_ other: Matrix, transposed: Bool = false, otherTransposed: Bool = false) -> Matrix {
    let (m, k) = transposed ? (columns, rows) : (rows, columns)
    let (k2, n) = otherTransposed ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(k == k2, "a product of \(m) × \(k) and \(k2) × \(n)")
    // Compiling a plan takes some tens of microseconds.
    if m * n * k >= 1 << 16,
      let product = MatrixProduct(
        (rows, columns), (other.rows, other.columns), transposed: transposed,
        otherTransposed: otherTransposed)?.of(self, other)
    {
      return product
    }
    let a = transposed ? self.transposed : self
    let b = otherTransposed ? other : other.transposed
    var result = Matrix(rows: m, columns: n)
    a.values.withUnsafeBufferPointer { a in
      b.values.withUnsafeBufferPointer { b in
        result.values.withUnsafeMutableBufferPointer { result in
          for row in 0..<m {
            for column in 0..<n {
              var sum = 0.0
              for place in 0..<k { sum += a[row * k + place] * b[column * k + place] }
              result[row * n + column] = sum
            }
          }
        }
      }
    }
    return result
  }
}

/// A product of two matrices, compiled once for many of one size.
final class MatrixProduct {
  private let executor: Executor
  private let size: (rows: Int, columns: Int)

  /// Nil where no plan can be made.
  init?(
    _ first: (rows: Int, columns: Int), _ second: (rows: Int, columns: Int),
    transposed: Bool = false, otherTransposed: Bool = false
  ) {
    let builder = GraphBuilder()
    let a = builder.input("a", TensorType([first.rows, first.columns], .float64))
    let b = builder.input("b", TensorType([second.rows, second.columns], .float64))
    builder.output("product", a.matmul(b, transposeA: transposed, transposeB: otherTransposed))
    guard let graph = try? builder.finish(), let executor = try? Executor(Plan(graph)) else {
      return nil
    }
    self.executor = executor
    size = (
      transposed ? first.columns : first.rows, otherTransposed ? second.rows : second.columns
    )
  }

  /// The product of two matrices; nil where they have other sizes.
  func of(_ a: Matrix, _ b: Matrix) -> Matrix? {
    guard (try? executor.setInput("a", a.tensor)) != nil,
      (try? executor.setInput("b", b.tensor)) != nil
    else { return nil }
    executor.run()
    return (try? executor.output("product")).map {
      Matrix(rows: size.rows, columns: size.columns, $0.doubles)
    }
  }
}
