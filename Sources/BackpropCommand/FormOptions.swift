import ArgumentParser
import Backprop
import Foundation

/// What rows are made of, where the data are images, a text, or a time series.
struct FormOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The size that all images are brought to, width × height in pixels (default: the one that "
        + "they have).", valueName: "32x32"),
    transform: { text in
      guard let size = ImageOptions.Size(text) else {
        throw UsageError(
          "expected a width and a height of 1 to \(ImageOptions.Size.longest) pixels, such as 32x32"
        )
      }
      return size
    })
  var size: ImageOptions.Size?

  @Flag(help: "Makes images gray: one number a pixel in place of red, green and blue.")
  var gray = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Reads DATA as a text, whose rows are so many characters each; the next character is learned "
        + "at every step. Needs --model.", valueName: "characters"))
  var context: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The characters from the start of one row of a text to that of the next (default: the "
        + "context, so that rows do not overlap and an epoch sees each character once).",
      valueName: "characters"))
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      "Reads a column of a table as a time series: a row holds some values in turn, and a later "
        + "one is learned. Parts are divided by time, never drawn.", valueName: "column"))
  var series: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The values of a row of a time series (default: 12).", valueName: "values"))
  var window: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many steps after a row's last value the learned one lies (default: 1).",
      valueName: "steps"))
  var horizon: Int?

  @Option(
    help: ArgumentHelp(
      "Where the test rows of a time series begin: a cell of the table's first other column, such "
        + "as a date, or the number of a row.", valueName: "row|cell"))
  var testFrom: String?

  private var seriesOptions: [(name: String, isGiven: Bool)] {
    [
      ("--series", series != nil), ("--window", window != nil), ("--horizon", horizon != nil),
      ("--test-from", testFrom != nil),
    ]
  }

  private var textOptions: [(name: String, isGiven: Bool)] {
    [("--context", context != nil), ("--stride", stride != nil)]
  }

  private var imageOptions: [(name: String, isGiven: Bool)] {
    [("--size", size != nil), ("--gray", gray)]
  }

  func validate() throws {
    for (name, value, most) in [
      ("--context", context, TextOptions.longest), ("--stride", stride, TextOptions.longest),
      ("--window", window, SeriesOptions.longest), ("--horizon", horizon, SeriesOptions.longest),
    ] {
      if let value, !(1...most).contains(value) {
        throw ValidationError("\(name): found \(value), expected 1 to \(most.grouped)")
      }
    }
    if stride != nil, context == nil {
      throw ValidationError("--stride is for texts; expected --context with it")
    }
    let kinds = [imageOptions, textOptions, seriesOptions].compactMap { options in
      options.first { $0.isGiven }?.name
    }
    if kinds.count > 1 {
      throw ValidationError("\(kinds[0]) and \(kinds[1]) are for different kinds of data")
    }
  }

  /// Refuses options that mean nothing for the data.
  ///
  /// - Parameter table: Options of tables whose rows are rows, and whether they were given.
  func check(_ path: String, table: [(name: String, isGiven: Bool)]) throws {
    func name(_ options: [(name: String, isGiven: Bool)]) -> String? {
      options.first { $0.isGiven }?.name
    }
    let isNamed = isNamedSet(path)
    if let option = name(imageOptions), try !Dataset.holdsImages(path) {
      throw UsageError("\(path) is no folder of images; \(option) cannot be used")
    }
    if context != nil {
      if isNamed { throw UsageError("\(path) is no text; --context cannot be used") }
      if let option = name(table) {
        throw UsageError("\(option) is for tables; --context reads \(path) as a text")
      }
    }
    if let option = name(seriesOptions) {
      guard try Dataset.builtInSeriesNames.contains(path) || Dataset.isTable(path) else {
        throw UsageError("\(path) is no table and no time series; \(option) cannot be used")
      }
      if series == nil, !isNamed {
        throw UsageError("\(option) is for time series; expected --series COLUMN with it")
      }
      if let other = name(table.filter { $0.name != "--header" }) {
        throw UsageError("\(other) cannot be used with \(option): a row of a series is learned")
      }
    }
  }

  /// The options of reading, with what was said here.
  func applied(to options: ReadOptions) -> ReadOptions {
    var options = options
    options.images = ImageOptions(size: size, isGray: gray ? true : nil)
    if let context { options.text = TextOptions(context: context, stride: stride) }
    if seriesOptions.contains(where: \.isGiven) {
      options.series = SeriesOptions(
        column: series, window: window ?? 12, horizon: horizon ?? 1, testFrom: testFrom)
    }
    return options
  }
}

extension RowForm {
  /// What a row is, in words.
  var words: String {
    switch self {
    case .text(let context, let stride):
      "\(counted(context, "character")) of a text"
        + (stride == context ? "" : ", each row \(stride) after the last")
    case .series(let column, let window, let horizon):
      "\(counted(window, "value")) of \"\(column)\" in turn; the target lies "
        + "\(counted(horizon, "step")) after them"
    }
  }
}
