import Documents
import Explanation
import Formulas
import Testing

@Suite struct PictureNetworkTests {
  static let network = NetworkDrawing(
    columns: [
      [.init("i1", value: 0.05), .init("i2", value: 0.1)],
      [.init("h1", value: 0.593269992), .init("h2", value: 0.596884378)],
      [.init("o1", value: 0.75136507), .init("o2", value: 0.772928465)],
    ],
    edges: (0..<8).map { index in
      .init(
        column: index / 4, from: index % 2, to: index / 2 % 2, symbol: .symbol("w\(index + 1)"),
        value: 0.15 + 0.05 * Double(index))
    },
    biases: [
      .init(column: 1, symbol: "b1", value: 0.35), .init(column: 2, symbol: "b2", value: 0.6),
    ],
    targets: [.init("t1", value: 0.01), .init("t2", value: 0.99)],
    errors: [.init("E_o1", value: 0.274811083), .init("E_o2", value: 0.0235600256)],
    total: .init("E_total", value: 0.298371109))

  @Test func textNamesEveryNumber() throws {
    let picture = Self.network.picture(language: .english, digits: 4, caption: "The network")
    let text = try #require(picture.text)
    for part in [
      "inputs", "hidden", "outputs", "i1 = 0.05", "i2 → h1: w2 = 0.2", "h2 → o2: w8 = 0.5",
      "1 → b1 = 0.35", "h1 = 0.5933", "o2 = 0.7729", "t2 = 0.99", "E_o1 = 0.2748",
      "E_total = 0.2984",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 78 })
    let chinese = Self.network.picture(language: .chinese, digits: 4, caption: "网络")
    #expect(chinese.text?.contains("隐藏层") == true)
    #expect(chinese.svg.contains("输出层"))
  }

  @Test func drawingHasEveryNeuronAndWeight() {
    let picture = Self.network.picture(language: .english, digits: 4, caption: "The network")
    // Six neurons and two biases; eight weights and four lines of biases, each with a head.
    #expect(picture.svg.occurrences(of: "<circle") == 8)
    #expect(picture.svg.occurrences(of: "<polygon") == 12)
    #expect(picture.tikz?.occurrences(of: "circle[radius") == 8)
    for value in ["0.5933", "0.7514", "0.2748", "0.2984", "0.15", "0.35"] {
      #expect(picture.svg.contains(value), "\(value)")
      #expect(picture.tikz?.contains(value) == true, "\(value)")
    }
  }

  /// Labels of one column of weights are at least a line's height apart.
  @Test(arguments: [1, 2, 3, 5, 8]) func labelsDoNotCover(_ units: Int) {
    let inputs = max(1, 40 / (units * 2))
    let edges = (0..<inputs).flatMap { from in
      (0..<units).map { to in
        NetworkDrawing.Edge(
          column: 0, from: from, to: to, symbol: .symbol("w\(from * units + to + 1)"), value: 0.5)
      }
    }
    let count = min(8, inputs)
    let network = NetworkDrawing(
      columns: [
        (1...count).map { .init(.symbol("i\($0)")) }, (1...units).map { .init(.symbol("h\($0)")) },
      ], edges: edges.filter { $0.from < count })
    let svg = network.picture(language: .english, digits: 4, caption: "").svg
    // The ground below each label is a rectangle.
    let heights = svg.split(separator: "<rect ").dropFirst().compactMap { part in
      part.firstRange(of: " y=\"").flatMap { range in
        Double(part[range.upperBound...].prefix { $0 != "\"" })
      }
    }.sorted()
    #expect(heights.count == count * units)
    for (upper, lower) in zip(heights, heights.dropFirst()) { #expect(lower - upper >= 15) }
  }

  @Test func largeColumnsAreShortened() {
    let network = NetworkDrawing(
      columns: [784, 16, 10].map { count in (1...count).map { .init(.symbol("n\($0)")) } })
    let picture = network.picture(language: .english, digits: 4, caption: "")
    // Four neurons and three dots in each column; 4 · 4 lines twice, without heads or labels.
    #expect(picture.svg.occurrences(of: "<circle") == 3 * (4 + 3))
    #expect(picture.svg.occurrences(of: "<line") == 32)
    #expect(picture.svg.occurrences(of: "<polygon") == 0)
    #expect(picture.svg.contains("(784)"))
    #expect(picture.text?.contains("… (784)  n784") == true)
  }
}

extension String {
  fileprivate func occurrences(of part: String) -> Int { ranges(of: part).count }
}
