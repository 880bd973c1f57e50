import Charts
import Datasets
import Tensors

/// Rows and units in a plane: that of their two features, or that of the rows' first two principal
/// components.
struct PlaneView {
  let rows: [Point]
  let units: [Point]
  let labels: (x: String, y: String)
  /// What the plane is, as an end to a caption; empty where it is the features' own.
  let note: String

  /// - Parameters:
  ///   - rows: Scaled rows.
  ///   - units: Weights for them.
  init(rows: Matrix, units: Matrix, facts: ClassicFacts) throws {
    guard rows.columns != 2 else {
      func points(_ matrix: Matrix) throws -> [Point] {
        let plain = try facts.scaling.inverse(of: matrix.tensor).doubles
        return (0..<matrix.rows).map { Point(x: plain[2 * $0], y: plain[2 * $0 + 1]) }
      }
      (self.rows, self.units, note) = (try points(rows), try points(units), "")
      let names = facts.featureNames.count == 2 ? facts.featureNames : ["x₁", "x₂"]
      labels = (names[0], names[1])
      return
    }
    let plane = PrincipalPlane(rows)
    self.rows = plane.places(rows).map { Point(x: $0.x, y: $0.y) }
    self.units = plane.places(units).map { Point(x: $0.x, y: $0.y) }
    labels = ("first principal component", "second")
    note = " The plane is that in which the rows vary most."
  }

  /// The rows as a series for each class, or as one.
  func series(_ data: Dataset) -> [Series] {
    guard case .classes(let labels, let names) = data.targets, labels.shape.rank == 1 else {
      return [Series("", points: rows)]
    }
    let numbers = labels.integers
    return names.enumerated().map { number, name in
      Series(name, points: zip(numbers, rows).filter { $0.0 == number }.map(\.1))
    }
  }
}
