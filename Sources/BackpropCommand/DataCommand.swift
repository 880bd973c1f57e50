import ArgumentParser
import Backprop
import Foundation
import Synchronization

/// `backprop data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Lists the data sets that have a name, and downloads some.",
    subcommands: [DataListCommand.self, DataFetchCommand.self])
}

/// `backprop data list`.
struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the data sets that have a name.",
    discussion: "Each name can stand wherever a command takes DATA.")

  @Flag(help: "Prints one JSON object a line.")
  var json = false

  func run() throws {
    var rows = [["name", "rows", "features", "targets", "source"]]
    for name in Dataset.builtInNames {
      let data = try Dataset.builtIn(name)
      let targets =
        data.classNames.isEmpty
        ? counted(data.targets.outputCount, "value") : counted(data.classNames.count, "class")
      rows.append([
        name, data.count.grouped, "\(data.inputShape.count)", targets, data.source,
      ])
      if json {
        Console.shared.line(
          JSON.object([
            ("name", .string(name)), ("rows", .integer(data.count)),
            ("features", .integer(data.inputShape.count)), ("classes", .strings(data.classNames)),
            ("source", .string(data.source)), ("attribution", .string(data.attribution)),
          ]).text)
      }
    }
    for download in DatasetDownload.all {
      let folder = DatasetDownload.defaultFolder(for: download.name)
      let isThere = download.files.allSatisfy {
        FileManager.default.fileExists(atPath: "\(folder)/\($0.name)")
      }
      rows.append([
        download.name, "70,000", "784", "10 classes",
        isThere ? "in \(folder)" : "to be fetched: backprop data fetch \(download.name)",
      ])
      if json {
        Console.shared.line(
          JSON.object([
            ("name", .string(download.name)), ("rows", 70_000), ("features", 784),
            ("folder", .string(folder)), ("fetched", .bool(isThere)),
          ]).text)
      }
    }
    if !json { Console.shared.line(alignedTable(rows, numbers: [1, 2])) }
  }
}

/// `backprop data fetch`.
struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Downloads a data set.",
    discussion: """
      What is there already, with the right checksum, is not downloaded again; what was broken \
      off goes on where it stopped.

      EXAMPLES
        backprop data fetch mnist
        backprop data fetch fashion-mnist --into data/fashion-mnist
      """)

  @Argument(
    help: ArgumentHelp(
      "One of " + DatasetDownload.all.map(\.name).joined(separator: ", ") + ".",
      valueName: "name"), completion: .list(DatasetDownload.all.map(\.name)))
  var name: String

  @Option(
    help: ArgumentHelp(
      "The folder (default: NAME in $BACKPROP_DATA, else backprop/NAME in the cache folder, "
        + "where the name alone finds it).", valueName: "folder"), completion: .directory)
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Where to download from in place of the public mirrors; may be given more than once.",
      valueName: "url"))
  var mirror: [String] = []

  @Flag(name: [.short, .long], help: "Prints nothing but errors.")
  var quiet = false

  func validate() throws {
    try checkingUsage { _ = try DatasetDownload.named(name) }
    _ = try mirrors()
  }

  private func mirrors() throws -> [URL] {
    try mirror.map { text in
      guard let url = URL(string: text.hasSuffix("/") ? text : text + "/"), url.scheme != nil
      else {
        throw ValidationError("--mirror: found \"\(text)\", expected an address such as https://…/")
      }
      return url
    }
  }

  func run() throws {
    let console = Console.shared
    let lastShown = Mutex<ContinuousClock.Instant?>(nil)
    let folder = try DatasetDownload.named(name).fetch(
      into: into, mirrors: mirror.isEmpty ? nil : try mirrors()
    ) { [quiet] progress in
      if quiet { return }
      guard case .received = progress else {
        console.line("\(progress)")
        return
      }
      let isDue = lastShown.withLock { last in
        let now = ContinuousClock.now
        if let before = last, now - before < .milliseconds(100) { return false }
        last = now
        return true
      }
      if isDue { console.live("\(progress)") }
    }
    if !quiet { console.line("\(name): in \(folder)") }
  }
}
