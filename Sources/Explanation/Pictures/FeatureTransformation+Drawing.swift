import Charts
import Documents
import Formulas

extension FeatureTransformation {
  /// Draws the examples at their places, each with its inputs; names of points that fall together
  /// stand in one line, in the color given for them.
  func drawExamples(
    at places: [(x: Double, y: Double)], in area: inout PlotArea, plot: inout CharacterPlot,
    names: Drawing.Color = .ink
  ) {
    var groups: [(at: Drawing.Point, names: [String])] = []
    for (example, place) in zip(examples, places) {
      guard let at = area.place(place.x, place.y) else { continue }
      let name =
        "(\(NumberText.compact(example.input.x, digits: 3)), "
        + "\(NumberText.compact(example.input.y, digits: 3)))"
      let near = groups.firstIndex {
        abs($0.at.x - at.x) < 40 && abs($0.at.y - at.y) < 16
      }
      if let near { groups[near].names.append(name) } else { groups.append((at, [name])) }
      plot.put(example.isPositive ? "●" : "○", x: place.x, y: place.y)
      area.draw { drawing in
        if example.isPositive {
          drawing.circle(
            at: at, radius: 6, stroke: .init(.rgb(0xFF_FFFF), width: 1.2), fill: Self.positive)
        } else {
          drawing.circle(
            at: at, radius: 5.4, stroke: .init(Self.negative, width: 2.4), fill: .rgb(0xFF_FFFF))
        }
      }
    }
    // With many examples names would only cover the points.
    guard examples.count <= 12 else { return }
    area.draw { drawing in
      for group in groups {
        drawing.label(
          .text(group.names.joined(separator: " ")), at: .init(group.at.x, group.at.y - 16),
          size: 12, color: names)
      }
    }
  }

  func surfacePicture(_ language: Language) -> Picture? {
    guard let first = surface.outputs.first, first.count > 1, surface.outputs.count > 1,
      surface.outputs.allSatisfy({ $0.count == first.count }),
      let x = Scale([surface.x.lowerBound, surface.x.upperBound]),
      let y = Scale([surface.y.lowerBound, surface.y.upperBound])
    else { return nil }
    var area = PlotArea(
      title: Phrase("The output over the inputs", "输出随输入的变化")[language], size: (300, 300),
      x: x, y: y, names: (.formula(inputNames.0), .formula(inputNames.1)))
    var plot = CharacterPlot(columns: 45, rows: 19, x: x, y: y)
    shade(&area)
    drawBoundary(&area)
    for row in 0..<plot.rows {
      for column in 0..<plot.columns {
        let (x, y) = plot.value(column: column, row: row)
        plot.put(Self.shadeCharacter(output(x, y)), column: column, row: row)
      }
    }
    drawExamples(
      at: examples.map { $0.input }, in: &area, plot: &plot, names: .rgb(0x11_1111))
    let threshold = Formula.rounded(outputThreshold, digits: 3)
    let caption: RichText =
      language == .english
      ? "The output over the plane of inputs, from 0 (orange, light) to 1 (blue, dark); on the line it is \(threshold)"
      : "输出在输入平面上的取值，由 0（橙色，浅）到 1（蓝色，深）；分类边界上输出为 \(threshold)"
    return area.drawing.picture(
      text: plot.text(xName: inputNames.0.text, yName: inputNames.1.text), caption: caption)
  }

  /// The output at a point, between the grid's values.
  func output(_ x: Double, _ y: Double) -> Double {
    let rows = surface.outputs
    func split(_ value: Double, _ range: ClosedRange<Double>, _ count: Int) -> (Int, Double) {
      let length = range.upperBound - range.lowerBound
      let position = length > 0 ? (value - range.lowerBound) / length * Double(count - 1) : 0
      let whole = min(max(Int(position.rounded(.down)), 0), count - 2)
      return (whole, min(max(position - Double(whole), 0), 1))
    }
    let (i, f) = split(y, surface.y, rows.count)
    let (j, g) = split(x, surface.x, rows[0].count)
    let low = rows[i][j] * (1 - g) + rows[i][j + 1] * g
    let high = rows[i + 1][j] * (1 - g) + rows[i + 1][j + 1] * g
    return low * (1 - f) + high * f
  }

  /// Cells of few shades, so that neighbors of one shade can be drawn as one.
  private func shade(_ area: inout PlotArea) {
    let (cells, shades) = (30, 16.0)
    let (xs, ys) = (surface.x, surface.y)
    func x(_ cell: Double) -> Double {
      xs.lowerBound + (xs.upperBound - xs.lowerBound) * cell / Double(cells)
    }
    func y(_ cell: Double) -> Double {
      ys.lowerBound + (ys.upperBound - ys.lowerBound) * cell / Double(cells)
    }
    for row in 0..<cells {
      var start = 0
      let levels = (0..<cells).map { column in
        let value = output(x(Double(column) + 0.5), y(Double(row) + 0.5))
        return (min(max(value, 0), 1) * shades).rounded() / shades
      }
      while start < cells {
        let end = levels[start...].firstIndex { $0 != levels[start] } ?? cells
        if let low = area.place(x(Double(start)), y(Double(row))),
          let high = area.place(x(Double(end)), y(Double(row + 1)))
        {
          // A little more than the cell, so that no seam shows.
          let color = Self.color(levels[start])
          area.draw { drawing in
            drawing.rectangle(
              at: .init(low.x, high.y), width: high.x - low.x, height: low.y - high.y,
              stroke: .init(color, width: 0.4), fill: color)
          }
        }
        start = end
      }
    }
  }

  /// Where the output passes its threshold, through each cell of a grid by linear interpolation.
  private func drawBoundary(_ area: inout PlotArea) {
    let cells = 40
    let (xs, ys) = (surface.x, surface.y)
    func corner(_ column: Int, _ row: Int) -> (x: Double, y: Double, value: Double) {
      let x = xs.lowerBound + (xs.upperBound - xs.lowerBound) * Double(column) / Double(cells)
      let y = ys.lowerBound + (ys.upperBound - ys.lowerBound) * Double(row) / Double(cells)
      return (x, y, output(x, y) - outputThreshold)
    }
    for row in 0..<cells {
      for column in 0..<cells {
        let corners = [
          corner(column, row), corner(column + 1, row), corner(column + 1, row + 1),
          corner(column, row + 1),
        ]
        var crossings: [Point] = []
        for (index, a) in corners.enumerated() {
          let b = corners[(index + 1) % 4]
          guard (a.value >= 0) != (b.value >= 0) else { continue }
          let share = a.value / (a.value - b.value)
          crossings.append(Point(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share))
        }
        for start in stride(from: 0, to: crossings.count - 1, by: 2) {
          area.line([crossings[start], crossings[start + 1]], .init(.rgb(0x22_2222), width: 1.4))
        }
      }
    }
  }

  /// From light orange by way of white to light blue: dark text stays legible on all of them.
  private static func color(_ share: Double) -> Drawing.Color {
    let ends: [(Double, Double, Double)] = [(240, 163, 94), (255, 255, 255), (111, 177, 224)]
    let position = min(max(share, 0), 1) * 2
    let index = position >= 1 ? 1 : 0
    let rest = position - Double(index)
    let (a, b) = (ends[index], ends[index + 1])
    func mixed(_ a: Double, _ b: Double) -> UInt32 { UInt32((a + (b - a) * rest).rounded()) }
    return .rgb(mixed(a.0, b.0) << 16 | mixed(a.1, b.1) << 8 | mixed(a.2, b.2))
  }

  private static func shadeCharacter(_ value: Double) -> Character {
    switch value {
    case ..<0.25: " "
    case ..<0.5: "░"
    case ..<0.75: "▒"
    default: "▓"
    }
  }
}
