import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing

/// What the peers found, as References/make-resonance.py wrote it.
struct ResonanceReference: Decodable {
  struct Binary: Decodable {
    var rows: [[Double]]
    var labels: [Int32]
  }

  struct Found: Decodable {
    var rho: Double?
    var choice: Double?
    var alpha: Double?
    var beta: Double?
    var epsilon: Double?
    var labels: [Int]?
    var links: [Int]?
    var templates: [[Double]]?
    var targets: [[Double]]?
    var predicted: [Double]?
    var up: [[Double]]?
    var down: [[Double]]?
    var matches: [Double]?
    var settings: [String: Double]?
  }

  let binary: Binary
  let found: [String: Found]

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    binary = try container.decode(Binary.self, forKey: Key(stringValue: "binary"))
    var found: [String: Found] = [:]
    for key in container.allKeys where key.stringValue != "binary" {
      found[key.stringValue] = try container.decode(Found.self, forKey: key)
    }
    self.found = found
  }

  static func read() throws -> ResonanceReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/resonance.json")
    return try JSONDecoder().decode(ResonanceReference.self, from: Data(contentsOf: file))
  }

  subscript(_ name: String) -> Found {
    get throws { try #require(found[name], "\(name) is not in the references") }
  }

  /// Noisy copies of six binary patterns.
  var rows: Dataset {
    Dataset(
      name: "binary", features: Tensor(binary.rows),
      targets: .classes(Tensor(binary.labels), names: (0..<6).map { "pattern \($0)" }))
  }

  /// The flowers, one of each species in turn.
  static func mixedIris() throws -> Dataset {
    try Dataset.builtIn("iris").rows((0..<150).map { $0 % 3 * 50 + $0 / 3 })
  }
}

/// The largest difference between numbers; infinite where they are of another count.
func difference(_ tensor: Tensor, _ rows: [[Double]]) -> Double {
  let expected = rows.flatMap { $0 }
  guard tensor.count == expected.count else { return .infinity }
  return zip(tensor.doubles, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// The category of each row in the last pass.
func lastCategories(_ trace: ResonanceTrace, rows: Int) -> [Int] {
  var found = [Int](repeating: -1, count: rows)
  for step in trace.steps { found[step.row] = step.category ?? -1 }
  return found
}
