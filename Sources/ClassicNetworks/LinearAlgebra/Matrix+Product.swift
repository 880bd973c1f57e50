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
      let product = compiled(other, transposed, otherTransposed, m: m, n: n)
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

  /// The product as a plan of one operation; nil where none can be made.
  private func compiled(
    _ other: Matrix, _ transposed: Bool, _ otherTransposed: Bool, m: Int, n: Int
  ) -> Matrix? {
    let builder = GraphBuilder()
    let a = builder.input("a", TensorType([rows, columns], .float64))
    let b = builder.input("b", TensorType([other.rows, other.columns], .float64))
    builder.output(
      "product",
      a.matmul(b, transposeA: transposed, transposeB: otherTransposed))
    guard let graph = try? builder.finish(), let executor = try? Executor(Plan(graph)),
      (try? executor.setInput("a", tensor)) != nil,
      (try? executor.setInput("b", other.tensor)) != nil
    else { return nil }
    executor.run()
    return (try? executor.output("product")).map {
      Matrix(rows: m, columns: n, $0.doubles)
    }
  }
}
