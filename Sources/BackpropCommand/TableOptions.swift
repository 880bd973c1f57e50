import ArgumentParser
import Backprop
import Foundation

/// What a data file does not say of itself.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column of a table to be learned (default: the last one).", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "Whether the targets of a table are classes or values: auto takes text as classes and "
        + "numbers as values.", valueName: "kind"))
  var targetKind = TargetKind.auto

  @Option(
    help: ArgumentHelp(
      "Columns of numbers that are categories, with commas between them.",
      valueName: "columns"))
  var categorical: NameList?

  @Option(
    help: ArgumentHelp("Columns to leave out, with commas between them.", valueName: "columns"))
  var ignore: NameList?

  @Option(
    help: ArgumentHelp(
      "Whether a table begins with a line of names: auto says so where no cell of the first line "
        + "is a number.", valueName: "auto|yes|no"))
  var header = Header.auto

  @Option(
    help: ArgumentHelp(
      "The file of the targets, for .npy and IDX files (default: by its name beside DATA).",
      valueName: "file"), completion: Completions.data)
  var targets: String?

  /// Options of tables, and whether they were given.
  private var given: [(name: String, isGiven: Bool)] {
    [
      ("--target", target != nil), ("--target-kind", targetKind != .auto),
      ("--categorical", categorical != nil), ("--ignore", ignore != nil),
      ("--header", header != .auto),
    ]
  }

  /// Refuses options that mean nothing for the data.
  ///
  /// - Parameter form: What rows are made of, where that can be said; nil for a command that takes
  ///   rows as they are.
  func check(_ paths: [String], form: FormOptions?) throws {
    if let form, let path = paths.first {
      try form.check(path, table: given + [("--targets", targets != nil)])
    }
    try checkTableOptions(given, targets: targets, for: paths)
  }

  var readOptions: ReadOptions {
    ReadOptions(
      target: target, targetKind: targetKind.kind, categorical: categorical?.names ?? [],
      ignored: ignore?.names ?? [], hasHeader: header.isThere, targetsPath: targets)
  }
}

/// Refuses options of tables for data that are none, and a file of targets for data that bring
/// theirs.
///
/// - Parameters:
///   - options: Options of tables, and whether they were given.
///   - targets: The file of the targets.
///   - paths: The data; one table among them is enough.
func checkTableOptions(
  _ options: [(name: String, isGiven: Bool)], targets: String?, for paths: [String]
) throws {
  guard let path = paths.first else { return }
  let given = options.first { $0.isGiven }
  guard given != nil || targets != nil else { return }
  let isTable = try paths.contains { try Dataset.isTable($0) }
  if let given, !isTable {
    throw UsageError("\(path) is no table; \(given.name) cannot be used")
  }
  guard targets != nil else { return }
  if try Dataset.isTable(path) {
    throw UsageError("\(path) is a table, which holds its targets; --targets cannot be used")
  }
  var isFolder: ObjCBool = false
  let isFile = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  if isNamedSet(path) || (isFile && isFolder.boolValue) || path.lowercased().hasSuffix(".npz") {
    throw UsageError("\(path) brings its targets; --targets cannot be used")
  }
}

/// Whether a path is the name of a data set.
func isNamedSet(_ path: String) -> Bool {
  (Dataset.builtInNames + DatasetDownload.all.map(\.name)).contains(path)
}

/// Says so where a file has the name of a data set, which goes first.
func noteShadowed(_ path: String) {
  guard isNamedSet(path), FileManager.default.fileExists(atPath: path) else { return }
  Console.shared.note("\(path) is the data set of that name; the file of that name is ./\(path)")
}
