import GraphIR
import Tensors

/// The layers of a model, their output shapes and parameters: a table.
public struct ModelSummary: Hashable, Sendable, Codable {
  /// One layer.
  public struct Row: Hashable, Sendable, Codable {
    /// The layer's path; empty for a model that is one layer.
    public let path: String
    /// How many layers it is part of.
    public let depth: Int
    /// What it is: `dense, 16 units, sigmoid`.
    public let layer: String
    /// The shape of its output for one example.
    public let output: Shape
    /// Its parameters' numbers, with those of the layers that it is made of; parameters that an
    /// earlier layer has brought in are not counted again.
    public let parameterCount: Int
  }

  /// The shape of one example.
  public let input: Shape
  /// The layers, each followed by the layers that it is made of.
  public let rows: [Row]
  /// The numbers in all parameters.
  public let parameterCount: Int
}

extension ModelSummary: CustomStringConvertible {
  /// A table with aligned columns, and the total below.
  public var description: String {
    let header = ["layer", "kind", "output", "parameters"]
    let cells = rows.map { row in
      [
        String(repeating: "  ", count: max(0, row.depth)) + (row.path.isEmpty ? "–" : row.path),
        row.layer, row.output.description, row.parameterCount.grouped,
      ]
    }
    let total = "\(parameterCount.grouped) parameter\(parameterCount == 1 ? "" : "s")"
    return alignedTable([header] + cells, numbers: [3]) + "\n" + total
  }
}
