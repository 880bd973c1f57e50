import ArgumentParser
import Backprop
import Foundation

extension Language: ExpressibleByArgument {}

/// The forms that an explanation can be printed in.
enum DocumentFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, latex, html, json
}

/// In which form and language a document is written, and where to.
struct DocumentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The form: text for a terminal, markdown, latex (pdflatex; Chinese with xelatex), html (one "
        + "page that needs nothing else), or json.", valueName: "text|markdown|latex|html|json"))
  var format = DocumentFormat.text

  @Option(help: ArgumentHelp("The language: English or Chinese.", valueName: "en|zh"))
  var language = Language.english

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Significant digits, 1 to 17.", valueName: "number"))
  var digits = 9

  @Option(
    help: ArgumentHelp("A file to write to instead of the screen.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Replaces the file of --output if it is there already.")
  var overwrite = false

  func validate() throws {
    guard (1...17).contains(digits) else {
      throw ValidationError("--digits: found \(digits), expected 1 to 17")
    }
  }

  /// Refuses an output file that could not be written, before any work.
  func checkOutput(inputs: [String]) throws {
    guard let output else { return }
    try OutputFile.check(output, option: "--output", replaces: overwrite, inputs: inputs)
  }

  /// Writes a document, or what says the same as JSON.
  func write(_ document: Document, json: @autoclosure () throws -> JSON) throws {
    let text: String
    switch format {
    case .text:
      let isShown = Console.shared.isTerminal && output == nil
      let plain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
      text = TextWriter(
        width: isShown ? min(max(Console.shared.width, 40), 120) : 100,
        usesColor: isShown && !plain
      ).write(document)
    case .markdown: text = MarkdownWriter().write(document)
    case .latex: text = LaTeXWriter().write(document)
    case .html: text = HTMLWriter().write(document)
    case .json: text = try json().text + "\n"
    }
    try write(text: text)
  }

  /// Writes a text as it is.
  func write(text: String) throws {
    guard let output else {
      Console.shared.write(text.hasSuffix("\n") ? text : text + "\n")
      return
    }
    try AtomicFile.write(
      text.hasSuffix("\n") ? text : text + "\n", to: output, describing: "the document")
  }
}
