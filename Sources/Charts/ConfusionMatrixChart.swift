/// How often each class was taken for each other: rows are the actual classes, columns the
/// predicted ones.
///
/// Each cell shows its count and is shaded by √(count / row sum), so that rare mistakes stay
/// visible; right answers and mistakes have different colors. Zeros are left blank from eleven
/// classes on. A tooltip on each cell says it in words. Long names are shortened and have the
/// whole name as tooltip. Made for 2 to about 30 classes.
public struct ConfusionMatrixChart: Chart, Hashable {
  public var title: String
  public var labels: [String]
  /// `counts[actual][predicted]`; negative counts and missing rows count as zero.
  public var counts: [[Int]]

  public init(title: String = "", labels: [String], counts: [[Int]]) {
    self.title = title
    self.labels = labels
    self.counts = counts
  }

  public var svg: String {
    let size = labels.count
    let cells = (0..<size).map { row -> [CellGrid.Cell] in
      let line = (0..<size).map { column in
        row < counts.count && column < counts[row].count ? max(0, counts[row][column]) : 0
      }
      let total = line.reduce(0.0) { $0 + Double($1) }
      return line.enumerated().map { column, count in
        let share = total > 0 ? Double(count) / total : 0
        return CellGrid.Cell(
          text: count == 0 && size > 10 ? "" : String(count),
          color: row == column ? Palette.good : Palette.bad,
          shade: share.squareRoot() * 0.9,
          tooltip: count == 0
            ? nil
            : "\(labels[row]) predicted as \(labels[column]): \(count)"
              + " (\(NumberText.percent(share)))")
      }
    }
    return CellGrid(
      title: title, rowLabels: labels, columnLabels: labels, rowAxis: "actual",
      columnAxis: "predicted", cells: cells
    ).svg
  }
}
