import Datasets
import Foundation
import Tensors
import Testing

@Suite("Time series as rows of windows")
struct SeriesTests {
  let folder: TemporaryFolder
  private static let table =
    "month,sold,price\n" + (1...9).map { "2024-0\($0),\($0 * 10),1\n" }.joined()

  init() throws { folder = try TemporaryFolder() }

  private func read(_ options: SeriesOptions, _ text: String = table) throws -> DatasetSource {
    try Dataset.read(try folder.write(text, "sales.csv"), options: ReadOptions(series: options))
  }

  private func error(_ options: SeriesOptions, _ text: String = table) -> String {
    message { try read(options, text) }.replacingOccurrences(of: folder.path + "/", with: "")
  }

  @Test("a row holds values in turn, its target a later one, its number the target's")
  func windows() throws {
    let data = try read(SeriesOptions(column: "sold", window: 3, horizon: 2)).train
    #expect(data.features.shape == [5, 3, 1] && data.inputShape == [3, 1])
    #expect(data.rows([1]).features.doubles == [20, 30, 40])
    #expect(data.targets == .values(Tensor([[50], [60], [70], [80], [90]]), names: ["sold"]))
    #expect(data.rowNumbers == [5, 6, 7, 8, 9] && data.featureNames == ["t−2", "t−1", "t"])
    #expect(data.form == .series(column: "sold", window: 3, horizon: 2))
    let beyond = SeriesOptions(column: "sold", window: 3, horizon: 2, reachesBeyond: true)
    let all = try read(beyond).train
    #expect(all.count == 7 && !all.hasTargets && all.rowNumbers?.last == 11)
    #expect(all.rows([6]).features.doubles == [70, 80, 90])
  }

  @Test("the test rows begin where they are told to, by a cell or a row's number")
  func testFrom() throws {
    for place in ["2024-07", "7"] {
      let source = try read(
        SeriesOptions(column: "sold", window: 2, horizon: 1, testFrom: place))
      #expect(source.train.rowNumbers == [3, 4, 5, 6] && source.test?.rowNumbers == [7, 8, 9])
    }
    let parts = try read(SeriesOptions(column: "sold", window: 2)).parts(
      test: 0.3, validation: 0.2, seed: 5)
    #expect(parts.training.rowNumbers == [3, 4, 5, 6] && parts.validation.rowNumbers == [7])
    #expect(parts.test?.rowNumbers == [8, 9])
  }

  @Test("all values of a window share one scaling")
  func scaling() throws {
    let data = try read(SeriesOptions(column: "sold", window: 2)).train
    guard case .standard(let mean, let deviation) = try Scaling.learn(.standard, from: data) else {
      Issue.record("another scaling")
      return
    }
    #expect(mean == [45, 45] && deviation[0] == deviation[1])
    #expect(try Scaling.learn(.minMax, from: data) == .minMax(low: [10, 10], high: [80, 80]))
    #expect(try Scaling.learn(.divide(by: 2), from: data) == .divide(by: 2))
  }

  @Test("series that cannot be are refused with words")
  func refusals() {
    let sold = SeriesOptions(column: "sold", window: 2)
    #expect(error(SeriesOptions(column: "slod")).contains("\"price\" – \"sold\"?"))
    #expect(error(SeriesOptions()).contains("no column for the time series"))
    #expect(
      error(SeriesOptions(column: "sold", window: 9)) == "sales.csv: found 9 values; "
        + "expected at least 11, for a window of 9 and a horizon of 1")
    #expect(error(SeriesOptions(column: "sold", window: .max)).contains("a window of"))
    #expect(error(SeriesOptions(column: "sold", window: 2, horizon: 0)).contains("a horizon of 0"))
    #expect(error(SeriesOptions(column: "month")).contains("found the text \"2024-01\""))
    #expect(error(sold, "t,sold\n1,2\n2,\n3,4\n4,1\n5,6\n").contains("line 3, column \"sold\""))
    var from = sold
    from.testFrom = "2025"
    #expect(error(from).contains("a cell of the column \"month\", or the number of a row, 1 to 9"))
    from.testFrom = "3"
    #expect(error(from).contains("a row from 4 to 9"))
  }

  @Test("sunspots: 309 years, their sum, and the test's first row by its year")
  func sunspots() throws {
    let data = try Dataset.builtIn("sunspots", series: SeriesOptions(window: 1))
    let values = data.features.doubles + data.targets.tensor.doubles.suffix(1)
    #expect(values.count == 309 && values.first == 5 && values.last == 2.9)
    #expect(abs(values.reduce(0, +) - 15373.4) < 1e-6 && values.max() == 190.2)
    let source = try Dataset.read(
      "sunspots", options: ReadOptions(series: SeriesOptions(testFrom: "1921")))
    #expect(source.test?.rowNumbers?.first == 222 && source.train.count == 209)
    #expect(source.test?.targets.tensor.doubles.first == 26.1)
  }

  /// The reference was integrated in Python with steps of 0.002.
  @Test("mackey-glass agrees with a solution in far smaller steps")
  func mackeyGlass() throws {
    let series = TimeSeries.mackeyGlass(count: 151, seed: 0, skipping: 0)
    let expected = [
      0: 1.2, 1: 1.117562210768431, 17: 0.4919720967103583, 50: 1.0609543628974973,
      100: 1.0137240165240975, 118: 0.5422881339320444, 150: 1.1264885752529568,
    ]
    for (time, value) in expected { #expect(abs(series.values[time] - value) < 1e-8, "\(time)") }
    let rows = try Dataset.builtIn("mackey-glass", rows: 60, series: SeriesOptions(window: 18))
    #expect(rows.count == 42 && abs(rows.features.doubles[0] - 1.0137240165) < 1e-8)
    let other = try Dataset.builtIn("mackey-glass", rows: 60, seed: 1)
    #expect(try other.features != Dataset.builtIn("mackey-glass", rows: 60).features)
  }
}
