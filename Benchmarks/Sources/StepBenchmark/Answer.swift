import Backprop
import Foundation

/// One line of JSON for `compare.py`.
struct Answer: Encodable {
  var peer = "backprop"
  var name: String
  /// The time of a step, a prediction or an epoch: medians, or one figure for each epoch.
  var microseconds: [Double]?
  var version = "this tree; \(BLAS.shared.library ?? "built-in product")"
  /// The peak of the process's resident memory.
  var bytes: Int?
  /// A number that stands for all bits of the parameters.
  var bits: String?

  enum CodingKeys: String, CodingKey {
    case name = "case"
    case peer, microseconds, version, bytes, bits
  }

  init(_ name: String, microseconds: [Double]? = nil) {
    self.name = name
    self.microseconds = microseconds
  }

  func send() { sendLine(self) }
}

/// Prints a value as one line of JSON, at once.
func sendLine(_ value: some Encodable) {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard var line = try? encoder.encode(value) else { return }
  line.append(UInt8(ascii: "\n"))
  FileHandle.standardOutput.write(line)
}

/// Answers each line "CASE AMOUNT" of standard input.
func answerLines(_ answer: (String, Double) throws -> Answer) throws {
  while let line = readLine() {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 2, let amount = Double(words[1]) else { continue }
    try answer(words[0], amount).send()
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
