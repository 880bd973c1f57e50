import Charts
import Testing

@Suite struct TerminalTests {
  @Test func sparkline() {
    #expect(Sparkline([0, 1, 2, 3, 4, 5, 6, 7]).text == "▁▂▃▄▅▆▇█")
    #expect(Sparkline([3, 1, .nan, 2]).text == "█▁ ▅")
    #expect(Sparkline([2, 2, 2]).text == "▄▄▄")
    #expect(Sparkline([]).text == "")
    #expect(Sparkline([.infinity]).text == " ")
    #expect(Sparkline([0, 0, 1, 1], width: 2).text == "▁█")
  }

  @Test func brailleDots() {
    var canvas = BrailleCanvas(columns: 2, rows: 1)
    canvas.set(0, 0)
    canvas.set(1, 3)
    canvas.set(9, 9)
    #expect(canvas.character(column: 0, row: 0) == "⢁")
    #expect(canvas.character(column: 1, row: 0) == " ")
    canvas.line(from: (x: 2, y: 3), to: (x: 3, y: 0))
    #expect(canvas.character(column: 1, row: 0) == "⡜")
  }

  @Test func plot() {
    let plot = TerminalPlot(
      title: "Loss", xLabel: "epoch", series: [Series("training", values: [4, 2, 1, 0.5, 0])],
      width: 40, height: 5)
    #expect(plot.text == expected)
  }

  @Test func everyNameHasARowOfItsOwn() {
    let plot = TerminalPlot(
      series: ["a1", "b2", "c3"].map { Series($0, values: [1, 2]) }, height: 4, colored: true)
    for name in ["a1", "b2", "c3"] { #expect(plot.text.components(of: name) == 1) }
    #expect(plot.text.contains("\u{1B}[34m"))
  }

  @Test func nothingToPlot() {
    #expect(TerminalPlot(title: "t", series: []).text == "t\nno finite values\n")
    let flat = TerminalPlot(series: [Series("", values: [.nan, 5])], width: 1, height: 1)
    #expect(flat.text.split(separator: "\n").allSatisfy { $0.count <= 24 })
  }
}

private let expected = """
  Loss
  4 ┤⠑⠢⡀
    │  ⠈⠑⠤⡀
  2 ┤     ⠈⠒⠤⣀⣀
    │          ⠉⠑⠒⠢⠤⢄⣀⡀
  0 ┤                 ⠈⠉⠑⠒⠒⠢⠤⠤⠤⣀⣀ training
    └───────┬────────────┬───────
            2            4
                epoch

  """
