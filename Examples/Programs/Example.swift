import Backprop
import Foundation

/// A lesson that runs: a network of one kind, trained on data that show what it is good for.
package protocol Example: Sendable {
  /// The name on the command line.
  var name: String { get }

  /// One line of what is learned.
  var summary: String { get }

  /// The networks, by the names of their files in `Examples/Models`.
  var models: [String: any Layer] { get }

  /// Trains and tests.
  ///
  /// - Returns: What came of it, in words and in numbers.
  /// - Throws: What reading the data, training and writing pictures throw.
  func run(_ settings: Settings) throws -> Outcome
}

/// Every example, in the order of the lessons.
package enum ExampleList {
  package static let all: [any Example] = [
    LeNet(), Rows(), CharacterTransformer(), CharacterLSTM(), Sunspots(), MackeyGlass(),
    AutoEncoder(), VariationalAutoEncoder(), GAN(),
  ]
}

/// What an example came to.
package struct Outcome: Sendable {
  /// A line or a few.
  package var text: String
  /// The figures of the text, by name.
  package var figures: [String: Double]

  package init(_ text: String, _ figures: [String: Double]) {
    self.text = text
    self.figures = figures
  }
}

/// How an example is run.
package struct Settings: Sendable {
  /// Whether only so much is done as shows that the network learns: some seconds.
  package var isReduced = false
  /// The folder with MNIST's four files; nil where `backprop data fetch mnist` has put them.
  package var mnist: String?
  /// The folder for pictures; nil writes none.
  package var output: String?
  /// Where all random numbers start.
  package var seed: UInt64 = 1
  /// Told how things go, a line at a time.
  package var report: @Sendable (String) -> Void = { _ in }

  package init() {}

  /// MNIST's training and test images; with the reduced form, the first ones.
  ///
  /// - Throws: `DatasetError` where there are none.
  func digits(reducedTo count: Int) throws -> (training: Dataset, test: Dataset) {
    let source = try Dataset.read(mnist ?? "mnist")
    let test = source.test ?? source.train
    guard isReduced else { return (source.train, test) }
    return (source.train.first(count), test.first(1000))
  }

  /// A setup that tells of each epoch.
  var setup: TrainingSetup {
    TrainingSetup(observe: { [report] event in
      guard case .epoch(let record, let seconds) = event else { return }
      report(
        "epoch \(record.epoch): loss \(record.trainingLoss.rounded(to: 4)), "
          + "\(seconds.rounded(to: 1)) s")
    })
  }

  /// Writes a chart into the folder for pictures, where there is one.
  func write(_ chart: some Chart, as name: String) throws {
    guard let output else { return }
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name + ".svg")
    try Data(chart.svg.utf8).write(to: file, options: .atomic)
    report("\(file.path)")
  }

  /// A file that comes with the examples.
  static func file(_ path: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../\(path)").standardizedFileURL.path
  }
}

extension Dataset {
  /// The first rows.
  func first(_ rows: Int) -> Dataset { self.rows(Array(0..<min(rows, count))) }
}

extension Double {
  /// The number with so many decimals, as text.
  func rounded(to decimals: Int) -> String { String(format: "%.\(decimals)f", self) }

  /// A share in percent, as text.
  var percent: String { (100 * self).rounded(to: 2) + " %" }
}

/// Rows of pixels from 0 to 1 as pictures of 28 × 28, each under its caption.
func pictures(_ rows: Tensor, _ caption: (Int) -> String = { _ in "" }) -> [GrayImage] {
  let pixels = rows.doubles
  return (0..<rows.shape[0]).map { row in
    GrayImage(
      width: 28, height: 28, values: Array(pixels[row * 784..<(row + 1) * 784]),
      caption: caption(row))
  }
}
