import Documents
import GraphIR

/// A worksheet that comes with this library.
public struct WorkedExample: Sendable {
  /// What it is asked for by: `mazur`.
  public let name: String
  public let title: Phrase
  /// One line on what it shows.
  public let summary: Phrase
  /// The worksheet's text.
  public let yaml: String

  init(_ name: String, title: Phrase, summary: Phrase, yaml: String) {
    self.name = name
    self.title = title
    self.summary = summary
    self.yaml = yaml
  }

  /// The worksheet.
  ///
  /// - Throws: ``WorksheetError``, never for the examples as they are.
  public func worksheet() throws -> Worksheet {
    try Worksheet(yaml: yaml, name: "\(name).yaml")
  }
}

/// Worksheets that come with this library, to read, to print and to begin one's own from.
///
/// ```swift
/// let worksheet = try WorkedExamples.named("mazur").worksheet()
/// ```
public enum WorkedExamples {
  /// All of them, one line each.
  public static let all: [WorkedExample] = [
    mazur, cda2018, regularized, elman, xor, momentum, adam,
  ]

  /// The example of a name; capitals, spaces, hyphens and underscores do not matter.
  ///
  /// - Throws: ``WorksheetError`` with the nearest name where there is none of this name.
  public static func named(_ name: String) throws -> WorkedExample {
    let key = name.worksheetKey
    guard let example = all.first(where: { $0.name.worksheetKey == key }) else {
      throw WorksheetError(
        file: nil,
        message: "there is no worked example \(quotedInBrief(name)); "
          + suggestion(for: name, in: all.map(\.name)))
    }
    return example
  }
}
