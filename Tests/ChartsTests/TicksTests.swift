import Charts
import Testing

@Suite struct TicksTests {
  @Test func steps() {
    #expect(Ticks.step(for: 0.2) == (2, -1))
    #expect(Ticks.step(for: 0.21) == (5, -1))
    #expect(Ticks.step(for: 6) == (1, 1))
    #expect(Ticks.step(for: 1) == (1, 0))
  }

  @Test func linearLabels() {
    #expect(Ticks.linear(from: 0, to: 1).labels == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks.linear(from: 1, to: 30).labels == ["10", "20", "30"])
    #expect(
      Ticks.linear(from: -0.1, to: 0.1, count: 4).labels == ["−0.10", "−0.05", "0", "0.05", "0.10"])
    #expect(Ticks.linear(from: 0, to: 1e5).labels == ["0", "20k", "40k", "60k", "80k", "100k"])
    #expect(Ticks.linear(from: 0, to: 3e6, count: 3).labels == ["0", "1M", "2M", "3M"])
    #expect(Ticks.linear(from: 0, to: 2e-8, count: 2).labels == ["0", "1e−8", "2e−8"])
  }

  @Test func wholeNumbersHaveWholeTicks() {
    #expect(Scale([1, 2, 3])?.ticks(count: 6).labels == ["1", "2", "3"])
    #expect(Scale([1, 2.5, 3])?.ticks(count: 4).labels == ["1.0", "1.5", "2.0", "2.5", "3.0"])
  }

  @Test func linearValuesAreExact() {
    #expect(Ticks.linear(from: 0, to: 0.5).values == [0, 0.1, 0.2, 0.3, 0.4, 0.5])
  }

  @Test func logarithmic() {
    #expect(
      Ticks.logarithmic(from: 1e-4, to: 10).labels == ["0.0001", "0.001", "0.01", "0.1", "1", "10"])
    #expect(Ticks.logarithmic(from: 0.03, to: 2).labels == ["0.05", "0.1", "0.2", "0.5", "1", "2"])
    #expect(Ticks.logarithmic(from: 1e-30, to: 1).values.count <= 7)
    #expect(Ticks.logarithmic(from: 2.1, to: 2.9).values.count >= 2)
  }

  @Test(
    arguments: [
      [0, 0], [1e300, -1e300], [1, 1 + 1e-13], [-5, -5],
      [.leastNonzeroMagnitude, .leastNonzeroMagnitude * 9], [0.1, 0.3], [7],
    ] as [[Double]])
  func everyRangeHasTicksAndPositions(values: [Double]) throws {
    let scale = try #require(Scale(values, isRounded: true))
    let ticks = scale.ticks(count: 5)
    #expect(ticks.values.count == ticks.labels.count)
    #expect(ticks.values.count < 20)
    for value in values {
      let position = try #require(scale.position(value))
      #expect(position >= -1e-9 && position <= 1 + 1e-9)
    }
  }

  @Test func scaleOfNothing() {
    #expect(Scale([.nan, .infinity]) == nil)
    #expect(Scale([-1, 0], isLogarithmic: true) == nil)
    #expect(Scale([1, 10], isLogarithmic: true)?.position(0) == nil)
    #expect(Scale([0, 1])?.position(.nan) == nil)
  }
}
