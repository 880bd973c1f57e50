import Documents
import Formulas

extension NetworkLayout {
  func drawing(language: Language) -> Drawing {
    let title = Phrase("The network", "网络结构")[language]
    var drawing = Drawing(width: width, height: height, title: title)
    guard !shown.isEmpty else { return drawing }
    // Lines first, then their labels, then the neurons over them.
    var labels: [(Formula, Drawing.Point)] = []
    drawEdges(in: &drawing, &labels)
    drawBiases(in: &drawing, &labels)
    write(labels, in: &drawing)
    for column in shown.indices {
      drawing.label(
        .text(network.title(of: column, language: language)), at: .init(x(column), 16),
        size: Self.labelSize, color: .faint)
      if shown[column].contains(nil) {
        drawing.label(
          .text("(\(network.columns[column].count))"), at: .init(x(column), 31), size: 12,
          color: .faint)
      }
      for (row, neuron) in shown[column].enumerated() {
        let place = point(column, row: row)
        if let neuron {
          draw(network.columns[column][neuron], at: place, in: &drawing)
        } else {
          for offset in [-8.0, 0, 8] {
            drawing.circle(
              at: .init(place.x, place.y + offset), radius: 1.8, stroke: nil, fill: .ink)
          }
        }
      }
    }
    drawErrors(in: &drawing)
    return drawing
  }

  private func draw(
    _ neuron: NetworkDrawing.Neuron, at place: Drawing.Point, in drawing: inout Drawing
  ) {
    drawing.circle(at: place, radius: Self.radius, stroke: .init(.ink, width: 1.3), fill: .paper)
    let needed = Self.width(neuron.symbol, 15)
    let size = 15 * (2 * Self.radius - 7) / max(needed, 1)
    let text = neuron.symbol.text
    if size < 8, let open = text.firstIndex(of: "["), text.hasSuffix("]") {
      // The column says which layer it is: of a pixel the place is enough.
      let inside = String(text[text.index(after: open)...].dropLast())
      let width = 0.5 * Double(inside.count)
      drawing.label(
        .text(inside), at: place, size: min(11, (2 * Self.radius - 5) / max(width, 1)))
    } else {
      drawing.label(.formula(neuron.symbol), at: place, size: min(15, max(9, size)))
    }
    if let value = neuron.value {
      drawing.label(
        .text(numbers.text(value)), at: .init(place.x, place.y + Self.radius + 9), size: 12.5,
        color: .accent, hasHalo: true)
    }
  }

  /// The point on the way from one neuron to another at a distance from its middle.
  private func edge(_ from: Drawing.Point, _ to: Drawing.Point, _ distance: Double) -> Drawing.Point
  {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 1e-9)
    return .init(from.x + dx / length * distance, from.y + dy / length * distance)
  }

  private func at(_ share: Double, _ from: Drawing.Point, _ to: Drawing.Point) -> Drawing.Point {
    .init(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
  }

  /// The weights; all lines of a network without a list of them, among the neurons shown.
  private var visibleEdges: [NetworkDrawing.Edge] {
    if let edges = network.edges { return edges }
    return shown.indices.dropLast().flatMap { column in
      shown[column].compactMap { $0 }.flatMap { from in
        shown[column + 1].compactMap { $0 }.map { to in
          NetworkDrawing.Edge(column: column, from: from, to: to)
        }
      }
    }
  }

  private func drawEdges(in drawing: inout Drawing, _ labels: inout [(Formula, Drawing.Point)]) {
    let stroke = Drawing.Stroke(.faint, width: network.isLabeled ? 1 : 0.6)
    for item in visibleEdges {
      guard let from = point(item.column, neuron: item.from),
        let to = point(item.column + 1, neuron: item.to)
      else { continue }
      let (start, end) = (edge(from, to, Self.radius), edge(to, from, Self.radius + 1))
      if network.isLabeled {
        drawing.arrow(from: start, to: end, stroke)
      } else {
        drawing.line(from: start, to: end, stroke)
      }
      if network.isLabeled, let symbol = item.symbol {
        labels.append(
          (numbers.label(symbol, item.value), at(labelShare(item.column), from, to)))
      }
    }
  }

  private func drawBiases(in drawing: inout Drawing, _ labels: inout [(Formula, Drawing.Point)]) {
    for column in shown.indices.dropLast() {
      let biases = network.biases.filter { $0.column == column + 1 }
      guard !biases.isEmpty else { continue }
      let node = point(column, row: rows[column] - 1)
      for (row, neuron) in shown[column + 1].enumerated() {
        guard let neuron, let bias = biases.first(where: { $0.to == neuron || $0.to == nil }) else {
          continue
        }
        let to = point(column + 1, row: row)
        let (start, end) = (edge(node, to, 14), edge(to, node, Self.radius + 1))
        let stroke = Drawing.Stroke(.faint, width: network.isLabeled ? 1 : 0.6, isDashed: true)
        if network.isLabeled {
          drawing.arrow(from: start, to: end, stroke)
          if bias.to != nil {
            labels.append(
              (numbers.label(bias.symbol, bias.value), at(labelShare(column), node, to)))
          }
        } else {
          drawing.line(from: start, to: end, stroke)
        }
      }
      drawing.circle(
        at: node, radius: 14, stroke: .init(.ink, width: 1, isDashed: true), fill: .paper)
      drawing.label(.text("1"), at: node, size: 14)
      if network.isLabeled, let shared = biases.first(where: { $0.to == nil }) {
        drawing.label(
          .formula(numbers.label(shared.symbol, shared.value)), at: .init(node.x, node.y + 24),
          size: Self.labelSize)
      }
    }
  }

  private func write(_ labels: [(Formula, Drawing.Point)], in drawing: inout Drawing) {
    // All grounds before all labels, so that none covers a label.
    for (label, place) in labels {
      let width = Self.width(label, Self.labelSize)
      drawing.rectangle(
        at: .init(place.x - width / 2, place.y - 7), width: width, height: 14, cornerRadius: 3,
        stroke: nil, fill: .paper)
    }
    for (label, place) in labels {
      drawing.label(.formula(label), at: place, size: Self.labelSize)
    }
  }

  /// The target and the error of each output, to its right, and the total below them.
  private func drawErrors(in drawing: inout Drawing) {
    let last = shown.count - 1
    let left = x(last) + Self.radius + 12
    for (row, neuron) in shown[last].enumerated() {
      guard let neuron else { continue }
      let place = point(last, row: row)
      let both = [network.targets, network.errors].compactMap { list in
        list.indices.contains(neuron) ? list[neuron] : nil
      }
      for (line, item) in both.enumerated() {
        let offset = (Double(line) - Double(both.count - 1) / 2) * 19
        drawing.label(
          .formula(numbers.label(item.symbol, item.value)), at: .init(left, place.y + offset),
          anchor: .start, size: Self.labelSize)
      }
    }
    if let total = network.total {
      let lowest = point(last, row: max(0, shown[last].count - 1)).y
      drawing.label(
        .formula(numbers.label(total.symbol, total.value)),
        at: .init(left, min(height - 12, lowest + Self.radius + 30)), anchor: .start,
        size: Self.labelSize + 1)
    }
  }
}
