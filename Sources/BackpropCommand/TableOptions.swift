import ArgumentParser
import Backprop

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

  var readOptions: ReadOptions {
    ReadOptions(
      target: target, targetKind: targetKind.kind, categorical: categorical?.names ?? [],
      ignored: ignore?.names ?? [], hasHeader: header.isThere, targetsPath: targets)
  }
}
