import Foundation
import Interchange
import Layers

extension TrainingReport {
  /// The report as JSON with sorted keys, to be read by ``init(json:layers:)`` or any other
  /// program. Numbers that JSON cannot say are the texts `"Infinity"`, `"-Infinity"` and `"NaN"`;
  /// in metrics of values they are `null`.
  ///
  /// - Throws: `EncodingError` where a layer of your own does not encode.
  public func json() throws -> String {
    try jsonText(self, isPretty: true) + "\n"
  }

  /// Reads what ``json()`` wrote.
  ///
  /// - Parameters:
  ///   - json: The text.
  ///   - layers: Kinds of layers of your own that the model may hold.
  /// - Throws: ``TrainingError/data(_:)`` with the place in the text and what is wrong there.
  public init(json: String, layers: [any Layer.Type] = []) throws {
    let decoder = jsonDecoder()
    decoder.userInfo[.layerTypes] = layers
    do {
      self = try decoder.decode(TrainingReport.self, from: Foundation.Data(json.utf8))
    } catch {
      throw TrainingError.data("the training report is damaged: \(error.words)")
    }
  }

  /// Writes the report, whole or not at all: as a page to a path that ends in `.html` or `.htm`,
  /// as JSON to one that ends in `.json`.
  ///
  /// - Throws: ``TrainingError/setting(name:found:expected:)`` for another ending;
  ///   `InterchangeError` where the file cannot be written.
  public func write(to path: String) throws {
    let lowercased = path.lowercased()
    let text: String
    if lowercased.hasSuffix(".html") || lowercased.hasSuffix(".htm") {
      text = page()
    } else if lowercased.hasSuffix(".json") {
      text = try json()
    } else {
      throw TrainingError.setting(
        name: "report", found: "\"\(path)\"",
        expected: "a path that ends in .html for a page or .json for JSON")
    }
    try AtomicFile.write(text, to: path, describing: "the training report")
  }
}
