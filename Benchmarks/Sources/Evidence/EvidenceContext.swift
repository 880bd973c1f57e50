import Backprop
import Foundation

/// What a run of the program was told.
struct EvidenceOptions {
  var mnist: String?
  var seeds: Int?
  var output: String?
}

/// What a topic prints through, and where it finds data and peers.
final class EvidenceContext {
  private let topic: String
  private let options: EvidenceOptions
  private let date = EvidenceMachine.today
  private var text = ""

  init(topic: String, options: EvidenceOptions) {
    (self.topic, self.options) = (topic, options)
  }

  // MARK: Markdown

  func begin(_ title: String) {
    say("# \(title), \(date)")
    say(EvidenceMachine.description + " Made by `evidence \(topic)`.")
  }

  func heading(_ words: String) { say("## \(words)") }

  /// A paragraph.
  func say(_ words: String) {
    let part = (text.isEmpty ? "" : "\n") + words + "\n"
    text += part
    FileHandle.standardOutput.write(Data(part.utf8))
  }

  /// A table; the first column is of words, the others are of figures.
  func table(_ columns: [String], _ rows: [[String]]) {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = columns.indices.map { $0 == 0 ? "---" : "--:" }
    say(([columns, rule] + rows).map(line).joined(separator: "\n"))
  }

  /// A chart as a file beside the results, where they are written to files.
  func picture(_ name: String, _ chart: any Chart, caption: String) throws {
    guard let folder = options.output else { return }
    let file = "\(date)-\(topic)-\(name).svg"
    try Data(chart.svg.utf8).write(to: URL(filePath: folder).appending(path: file))
    say("![\(caption)](\(file))")
  }

  /// Writes what was said to its file.
  func finish() throws {
    guard let folder = options.output else { return }
    let file = URL(filePath: folder).appending(path: "\(date)-\(topic).md")
    try Data(text.utf8).write(to: file)
    FileHandle.standardError.write(Data("written to \(file.path)\n".utf8))
  }

  // MARK: Data and seeds

  /// The seeds of a topic that takes so many of them unless told otherwise: 0, 1, ….
  func seeds(_ standard: Int) -> Range<UInt64> { 0..<UInt64(options.seeds ?? standard) }

  /// The folder with MNIST's files.
  var mnistFolder: String {
    options.mnist ?? ["../shared/data/mnist", "mnist"].first {
      FileManager.default.fileExists(atPath: $0)
    } ?? "mnist"
  }

  /// MNIST's 60,000 and 10,000 rows.
  ///
  /// - Throws: `DatasetError` where the files are missing, `EvidenceError` where there is no test part.
  func mnist() throws -> (train: Dataset, test: Dataset) {
    let source = try Dataset.readMNIST(mnistFolder)
    guard let test = source.test else { throw EvidenceError("\(mnistFolder): no test rows") }
    return (source.train, test)
  }

  // MARK: Peers

  /// What a script of `peers/classic` answers: the last line that it prints, as JSON; nil where no
  /// Python was named. The script is given the words as its arguments.
  ///
  /// - Throws: `EvidenceError` where it fails or says something else.
  func peer<Answer: Decodable>(
    _ script: String, _ words: [String] = [], as type: Answer.Type = Answer.self
  ) throws -> Answer? {
    try EvidencePeer.ask(script, words)
  }

  /// The path of FANN's library; nil where none was named.
  var fann: String? { ProcessInfo.processInfo.environment["BACKPROP_FANN"] }
}

/// What a piece of work gives, and the seconds that it took.
func timed<Value>(_ work: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
  let clock = ContinuousClock()
  let start = clock.now
  let value = try work()
  return (value, (clock.now - start) / .seconds(1))
}

/// A figure with so many digits after the point; of a peer that was not run it says so.
func figure(_ value: Double?, _ digits: Int) -> String {
  guard let value else { return "not run" }
  return String(format: "%.\(digits)f", value)
}

/// A share as percents.
func percent(_ value: Double?, _ digits: Int = 2) -> String {
  value.map { figure(100 * $0, digits) + " %" } ?? "not run"
}

/// A small difference, such as 3e-14.
func tiny(_ value: Double?) -> String {
  guard let value else { return "not run" }
  return value == 0 ? "0" : String(format: "%.0e", value)
}

/// Mean and range of several figures: `0.52 (0.49–0.55)`.
func spread(_ values: [Double]?, _ digits: Int) -> String {
  guard let values, let least = values.min(), let most = values.max() else { return "not run" }
  let mean = values.reduce(0, +) / Double(values.count)
  guard values.count > 1 else { return figure(mean, digits) }
  return "\(figure(mean, digits)) (\(figure(least, digits))–\(figure(most, digits)))"
}

/// How many times longer the peer took.
func ratio(_ own: Double, _ peer: Double?) -> String {
  peer.map { figure($0 / own, 1) } ?? "not run"
}

/// The largest difference of two lists; infinite where they differ in length.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
