import GraphIR
import Tensors

/// The layers of a model, their output shapes, parameters and floating-point operations: a table.
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
    /// The floating-point operations of its forward pass for one example, with those of the layers
    /// that it is made of: see ``ModelSummary/flops``.
    public let flops: Int?
  }

  /// The shape of one example.
  public let input: Shape
  /// The layers, each followed by the layers that it is made of.
  public let rows: [Row]
  /// The numbers in all parameters.
  public let parameterCount: Int
  /// The floating-point operations of a forward pass of one example, as the model is evaluated:
  /// without the loss, and without what acts in training alone, such as dropout.
  ///
  /// A multiply-add counts as two, and a loop's body in every step. They are those of the graph as
  /// the layers write it; a plan, which leaves out what it can do without, may run fewer. Nil where
  /// the model cannot be applied to one example, and in summaries of files from before they were
  /// counted.
  public let flops: Int?
}

extension ModelSummary: CustomStringConvertible {
  /// A table with aligned columns, and the totals below.
  public var description: String { table() + "\n" + totals }

  /// The table, with one column more.
  package func table(adding column: (title: String, cells: [String])? = nil) -> String {
    let hasFlops = flops != nil
    let header =
      ["layer", "kind", "output", "parameters"] + (hasFlops ? ["FLOPs"] : [])
      + (column.map { [$0.title] } ?? [])
    let cells = rows.enumerated().map { place, row in
      [
        String(repeating: "  ", count: max(0, row.depth)) + (row.path.isEmpty ? "–" : row.path),
        row.layer, row.output.description, row.parameterCount.grouped,
      ] + (hasFlops ? [row.flops?.grouped ?? "–"] : []) + (column.map { [$0.cells[place]] } ?? [])
    }
    return alignedTable([header] + cells, numbers: [3, 4, 5])
  }

  /// The parameters and the operations of the whole model.
  package var totals: String {
    let parameters = "\(parameterCount.grouped) parameter\(parameterCount == 1 ? "" : "s")"
    guard let flops else { return parameters }
    return parameters
      + "; \(flops.grouped) FLOPs forward for one example (a multiply-add counts as two)"
  }
}
