import BackpropCommand
import Testing

/// The line that is rewritten while a run goes on, in terminals of any width.
@Suite struct LiveLines {
  private static let line = LiveLine(
    epoch: 123, epochs: 500, share: 0.5, loss: 0.01234, validation: 0.02345, rate: 1_123_456,
    secondsLeft: 83)

  @Test func showsAllWhereThereIsRoom() {
    #expect(
      Self.line.text(width: 120)
        == "epoch 123/500 ████░░░░░░░░░░░░░░░░  loss 0.01234  validation 0.02345  "
        + "1,123,456 samples/s  1:23 left")
  }

  @Test func givesUpTheBarAndThenTheSpeed() {
    let narrow = Self.line.text(width: 79)
    #expect(narrow.count <= 79 && narrow.contains("1.1 M/s  1:23 left") && narrow.contains("█"))
    #expect(
      Self.line.text(width: 70)
        == "epoch 123/500  loss 0.01234  validation 0.02345  1.1 M/s  1:23 left")
    #expect(Self.line.text(width: 60).hasSuffix("validation 0.02345  1:23 left"))
    #expect(Self.line.text(width: 25) == "epoch 123/500  1:23 left")
  }

  @Test(arguments: 0...120)
  func fitsAndCutsNoWord(width: Int) {
    let text = Self.line.text(width: width)
    #expect(text.count <= width)
    #expect(width < 24 || text.hasSuffix("1:23 left"))
  }
}
