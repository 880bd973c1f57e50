import ArgumentParser
import Backprop

/// Which rows are for what.
struct RowsOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the training rows to watch instead of learning from, 0 for none (default: "
        + "0.1 of 50 rows or more, else 0; 0 with --folds).", valueName: "share"))
  var validation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the rows to hold back for a test at the end; taken before the validation "
        + "rows (default: 0). Of texts and time series the last rows are taken, else they are drawn.",
      valueName: "share"))
  var test: Double?

  @Option(
    help: ArgumentHelp(
      "Data for the test at the end. Without it, MNIST's folders and folders of images with a "
        + "train and a test folder are tested on the part that they bring.", valueName: "data"),
    completion: Completions.data)
  var testData: String?

  func validate() throws {
    for (option, share) in [("--validation", validation), ("--test", test)] {
      if let share, !(share >= 0 && share < 1) {
        throw ValidationError("\(option): found \(exact(share)), expected 0 to below 1")
      }
    }
    if testData != nil, let test, test > 0 {
      throw ValidationError("--test and --test-data exclude one another")
    }
  }

  /// The rows of a source, divided.
  ///
  /// - Parameter watches: Whether some of 50 rows or more are watched without being asked for.
  func parts(
    of path: String, _ options: ReadOptions, seed: UInt64, watches: Bool, note: (String) -> Void
  ) throws -> DatasetParts {
    let source = try Dataset.read(path, options: options)
    guard source.train.hasTargets else {
      throw CommandError("\(path): found features without targets; expected something to learn")
    }
    let test = test ?? 0
    if test > 0, source.test != nil {
      throw CommandError("\(path): brings a test part of its own; expected no --test")
    }
    let rest = Double(source.train.count) * (1 - test)
    var parts = try source.parts(
      test: test, validation: validation ?? (watches && rest.rounded() >= 50 ? 0.1 : 0), seed: seed)
    if let testData {
      let rows =
        if let form = parts.training.form {
          try Dataset.read(testData, options: options.matching(form, parts.training.classNames))
            .train
        } else if try Dataset.holdsImages(testData) {
          try Dataset.read(testData, options: options.matching(images: parts.training.inputShape))
            .preferredTest
        } else if try !Dataset.isTable(testData) {
          try Dataset.read(testData, options: options).preferredTest
        } else if let encoder = parts.encoder {
          try ModelRows.table(testData, encoder, options, needsTargets: true)
        } else {
          try NumberTable(testData, hasHeader: options.hasHeader, like: parts.training).rows(
            target: options.target, needsTargets: true, note: note)
        }
      parts.test = try ModelRows.aligned(rows, to: parts.training)
      guard parts.test?.hasTargets == true else {
        throw CommandError("\(testData): found features without targets; expected a test's answers")
      }
      guard parts.test?.inputShape == parts.training.inputShape else {
        throw CommandError(
          "\(testData): found rows of shape \(parts.test?.inputShape ?? []), expected "
            + "\(parts.training.inputShape), as in \(path)")
      }
    }
    return parts
  }
}

extension DatasetSource {
  /// The test part, where there is one.
  var preferredTest: Dataset { test ?? train }
}
