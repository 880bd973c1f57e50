import Charts
import Documents
import Formulas

/// Lines over one axis as a drawing, for LaTeX, where charts have no form of their own.
struct CurvePlot {
  let curves: [Curve]
  let argument: Formula

  /// The commands of a `tikzpicture`'s inside; nil where there is nothing to draw.
  var tikz: String? {
    let points = curves.flatMap(\.points)
    guard let x = Scale(points.map(\.x).filter(\.isFinite)),
      let y = Scale(points.map(\.y).filter(\.isFinite), isRounded: true)
    else { return nil }
    var area = PlotArea(
      title: argument.text, size: (340, 190), x: x, y: y, names: (.formula(argument), .text("")))
    let colors: [Drawing.Color] = [.accent, .rgb(0xD5_5E00), .rgb(0x00_9070)]
    var left = 40.0
    for (index, curve) in curves.enumerated() {
      let stroke = Drawing.Stroke(
        colors[index % colors.count], width: 1.6, isDashed: index % 2 == 1)
      // Pieces are shorter than a dash: a dashed curve leaves out every other few of them.
      area.line(curve.points, .init(stroke.color, width: stroke.width), gaps: index % 2 == 1)
      let name = Drawing.Label.formula(curve.name)
      area.draw { drawing in
        drawing.line(from: .init(left, 10), to: .init(left + 22, 10), stroke)
        drawing.label(name, at: .init(left + 28, 10), anchor: .start, size: 13)
      }
      left += 44 + NetworkLayout.width(curve.name, 13)
    }
    return area.drawing.tikz
  }
}
