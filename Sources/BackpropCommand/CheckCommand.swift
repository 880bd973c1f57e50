import ArgumentParser
import Backprop
import Foundation

/// `backprop check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Marks a derivation made by hand.",
    discussion: """
      CLAIMS is a worksheet with a list "claims:", or a CSV file of lines "name,value"; then --of \
      says which worksheet or worked example the values are of. A value may be any quantity of the \
      derivation, as it is usually written: net_h1, out_o1, E_total, dE/dw5, δ_o1, w5+.

      Each claim is right, right to its digits, wrong, or follows from an earlier mistake. For a \
      wrong one the right working is shown, and the usual slips are tried: which of them gives \
      exactly the claimed number?

      EXAMPLES
        backprop check homework.yaml
        backprop check claims.csv --of mazur
        backprop check claims.csv --of homework.yaml --language zh --format html --output marks.html

      Exit status: 0 when everything is right, 1 when anything is wrong or cannot be read.
      """)

  @Argument(
    help: ArgumentHelp("A worksheet, or a CSV file of names and values.", valueName: "claims"),
    completion: .file())
  var claims: String

  @Option(
    help: ArgumentHelp(
      "The worksheet or worked example that a CSV file's values are of.", valueName: "worksheet"),
    completion: .file())
  var of: String?

  @OptionGroup(title: "The document") var document: DocumentOptions

  func run() throws {
    try document.checkOutput(inputs: [claims] + (of.map { [$0] } ?? []))
    let (sheet, found) = try read()
    guard !found.isEmpty else {
      throw CommandError(
        "\(claims): there are no claims; expected names and values"
          + (of == nil ? " under \"claims:\"" : ""))
    }
    let marking: Marking
    do {
      marking = try Marking(found, of: sheet)
    } catch let error as MarkingError {
      throw CommandError("\(claims): \(error)")
    }
    try document.write(
      marking.document(language: document.language, digits: document.digits),
      json: JSON.encoded(marking.report))
    try Console.shared.checkOutput()
    if !marking.isAllRight { throw EarlyExit(status: 1) }
  }

  private func read() throws -> (Worksheet, [Claim]) {
    let isTable = claims.lowercased().hasSuffix(".csv")
    guard let of else {
      guard !isTable else {
        throw UsageError(
          "\(claims): --of is missing, the worksheet or worked example that the values are of")
      }
      let sheet = try Worksheet(contentsOf: claims)
      return (sheet, sheet.claims)
    }
    let sheet =
      FileManager.default.fileExists(atPath: of)
      ? try Worksheet(contentsOf: of) : try WorkedExamples.named(of).worksheet()
    let found =
      isTable ? try Claim.read(contentsOf: claims) : try Worksheet(contentsOf: claims).claims
    return (sheet, found)
  }
}

extension CheckCommand: JSONSpeaking {
  var speaksJSON: Bool { document.format == .json && document.output == nil }
}
