/// The line that shows a run while it goes on, made to fit the terminal.
package struct LiveLine {
  private static let cells = 6...20

  private let epoch: Int
  private let epochs: Int
  private let share: Double
  private let loss: Double
  private let validation: Double?
  private let rate: Double
  private let secondsLeft: Double

  /// - Parameters:
  ///   - epoch: The epoch under way, counted from 1.
  ///   - epochs: How many there are.
  ///   - share: How much of the epoch is done, 0…1.
  ///   - rate: Rows a second.
  package init(
    epoch: Int, epochs: Int, share: Double, loss: Double, validation: Double?, rate: Double,
    secondsLeft: Double
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.share = share
    self.loss = loss
    self.validation = validation
    self.rate = rate
    self.secondsLeft = secondsLeft
  }

  /// The line in so many characters at most. The bar shrinks first, then the speed is written
  /// shorter, and then one part after the other goes: the bar, the speed, the losses; the epoch
  /// and the time that is left stay to the end.
  package func text(width: Int) -> String {
    let start = "epoch \(epoch)/\(epochs)"
    let lossPart = ["loss \(short(loss))"]
    let watched = validation.map { ["validation \(short($0))"] } ?? []
    let end = ["\(time(secondsLeft)) left"]
    for pace in [speed(rate), shortSpeed(rate)] {
      let rest = ([start] + lossPart + watched + [pace] + end).joined(separator: "  ")
      let room = min(width - rest.count - 1, Self.cells.upperBound)
      if room >= Self.cells.lowerBound {
        let first = "\(start) \(bar(room))"
        return ([first] + lossPart + watched + [pace] + end).joined(separator: "  ")
      }
    }
    let pace = [shortSpeed(rate)]
    let choices = [
      lossPart + watched + pace + end, lossPart + watched + end, lossPart + end, end, [],
    ]
    let lines = choices.map { ([start] + $0).joined(separator: "  ") }
    return lines.first { $0.count <= width } ?? ""
  }

  private func bar(_ cells: Int) -> String {
    let done = (Double(epoch - 1) + share) / Double(max(1, epochs))
    let filled = min(cells, max(0, Int(done * Double(cells))))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
  }
}
