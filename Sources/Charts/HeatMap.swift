/// A matrix of values as shaded cells, such as weights or correlations.
///
/// The shade grows with |value| relative to the largest magnitude; negative values have a color
/// of their own. Values are written into the cells up to twelve columns, and are always in the
/// tooltips. A value that is not finite is a blank cell with a dash.
public struct HeatMap: Chart, Hashable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var rowLabels: [String]
  public var columnLabels: [String]
  /// One array for each row; missing values stay blank.
  public var values: [[Double]]

  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", rowLabels: [String],
    columnLabels: [String], values: [[Double]]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.values = values
  }

  public var svg: String {
    let largest = values.joined().filter(\.isFinite).map { abs($0) }.max() ?? 0
    let showsText = columnLabels.count <= 12
    let cells = zip(values, rowLabels).map { row, rowLabel in
      zip(row, columnLabels).map { value, columnLabel in
        let text = value.isFinite ? NumberText.compact(value, digits: 3) : "–"
        return CellGrid.Cell(
          text: showsText || !value.isFinite ? text : "",
          color: value < 0 ? Palette.bad : Palette.good,
          shade: value.isFinite && largest > 0 ? abs(value) / largest * 0.9 : 0,
          tooltip: "\(rowLabel), \(columnLabel): \(NumberText.compact(value))")
      }
    }
    return CellGrid(
      title: title, rowLabels: rowLabels, columnLabels: columnLabels, rowAxis: yLabel,
      columnAxis: xLabel, cells: cells
    ).svg
  }
}
