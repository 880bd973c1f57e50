import Documents
import Explanation
import Foundation
import Testing

/// Whole printed documents, letter by letter, so that a change of any word or number is seen.
@Suite("Printed derivations")
struct PrintedTests {
  /// What is printed: the files of `Printed/`.
  static let files = [
    "mazur.en.txt", "mazur.zh.txt", "cda-2018.en.txt", "regularized.en.txt", "elman.zh.txt",
    "xor.en.txt", "adam.en.txt", "momentum.zh.txt", "mazur.en.md", "mazur-forward.en.tex",
    "mazur-forward.zh.tex", "mazur-forward.zh.html", "mazur-w1.en.txt", "mazur-sequential.en.txt",
    "784-16-10.en.txt", "convolution.en.txt", "convolution-weight.zh.txt",
    "convolution-pixel.en.md", "marking.en.txt", "marking.zh.txt", "marking.en.md",
  ]

  /// What writes the files anew instead of comparing them.
  static let variable = "BACKPROP_WRITE_PRINTED"

  static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Printed")
  }

  @Test(arguments: files)
  func `is what it was`(file: String) throws {
    let text = try Self.text(file)
    let place = Self.folder.appending(path: file)
    if ProcessInfo.processInfo.environment[Self.variable] != nil {
      try text.write(to: place, atomically: true, encoding: .utf8)
      return
    }
    let expected = try String(contentsOf: place, encoding: .utf8)
    guard text != expected else { return }
    let (found, known) = (Self.lines(text), Self.lines(expected))
    let line =
      zip(found, known).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(found.count, known.count)
    func shown(_ lines: [String]) -> String { line < lines.count ? lines[line] : "the end" }
    Issue.record(
      """
      Printed/\(file), line \(line + 1):
        found    \(shown(found))
        expected \(shown(known))
      If this is meant, run the tests once with \(Self.variable)=1 and look at what git says has \
      changed.
      """)
  }

  @Test func `the folder holds these files alone`() throws {
    if ProcessInfo.processInfo.environment[Self.variable] != nil { return }
    let there = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(there) == Set(Self.files))
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  // MARK: The documents

  /// The document of a file name: WHAT.LANGUAGE.FORM.
  private static func text(_ file: String) throws -> String {
    let parts = file.split(separator: ".").map(String.init)
    try #require(parts.count == 3)
    let language = try #require(Language(rawValue: parts[1]))
    return try write(document(parts[0], language), as: parts[2])
  }

  private static func document(_ name: String, _ language: Language) throws -> Document {
    switch name {
    case "marking": return try marking().document(language: language)
    case "784-16-10":
      return try StepExplanation(
        DerivationReferenceTests.large, selection: .weight("hidden.weight[405,7]")
      ).document(language: language)
    case "convolution":
      return try StepExplanation(ArchitectureProblems.image).document(language: language)
    case "convolution-weight":
      return try StepExplanation(
        ArchitectureProblems.image, selection: .weight("conv.weight[0,1,0,1]")
      ).document(language: language)
    case "convolution-pixel":
      return try StepExplanation(
        ArchitectureProblems.image, selection: .neuron("conv[1,2,0]")
      ).document(language: language)
    case "mazur-w1":
      return try explanation("mazur", language, selection: .weight("w1"))
        .document(language: language)
    case "mazur-sequential":
      return try explanation("mazur", language, order: .sequential).document(language: language)
    case "mazur-forward":
      return try explanation("mazur", language)
        .document(language: language, style: ExplanationStyle(part: .forward))
    default: return try explanation(name, language).document(language: language)
    }
  }

  /// As `backprop explain` makes it.
  private static func explanation(
    _ name: String, _ language: Language, selection: Selection? = nil,
    order: UpdateOrder = .simultaneous
  ) throws -> StepExplanation {
    let example = try WorkedExamples.named(name)
    let worksheet = try example.worksheet()
    var problem = Derivations.problem(worksheet)
    problem.order = order
    return try StepExplanation(
      problem, title: example.title[language], selection: selection,
      iterations: worksheet.iterations)
  }

  /// The article's own numbers: one is wrong, and one follows from it.
  private static func marking() throws -> Marking {
    try Marking(
      DerivationTextTests.claims(DerivationTextTests.claims),
      of: WorkedExamples.named("cda-2018").worksheet())
  }

  private static func write(_ document: Document, as form: String) throws -> String {
    switch form {
    case "txt": return TextWriter(width: 100).write(document)
    case "md": return MarkdownWriter().write(document)
    case "tex": return LaTeXWriter().write(document)
    case "html": return HTMLWriter().write(document)
    default:
      Issue.record("\(form) is no form of a document")
      return ""
    }
  }
}
