/// What a file does not say of itself, or says otherwise than the user means it.
public struct ReadOptions: Hashable, Sendable {
  /// What kind of targets a table's target column has.
  public enum TargetKind: String, Hashable, Sendable, CaseIterable {
    /// Classes where the column holds text, values where it holds numbers.
    case automatic
    /// Classes: text or whole numbers.
    case classes
    /// Values: numbers.
    case values
  }

  /// The target column's name; nil: the last column.
  public var target: String?
  /// Whether a table has a target column; where it has none, all columns are features.
  public var hasTarget = true
  /// Whether the targets are classes or values.
  public var targetKind: TargetKind
  /// Columns that hold categories although they look like numbers.
  public var categorical: [String]
  /// Columns to leave out: identifiers, names.
  public var ignored: [String]
  /// Whether a table has a header line; nil: found out.
  public var hasHeader: Bool?
  /// The file of the targets, where features lie in one file (`.npy`, IDX) and targets in
  /// another; nil: a file of the matching name beside it.
  public var targetsPath: String?
  /// How images become rows.
  public var images: ImageOptions
  /// How a text becomes rows; nil: the file is no text.
  public var text: TextOptions?
  /// How a column becomes the rows of a time series; nil: a table's rows are rows.
  public var series: SeriesOptions?

  /// Options; each has a default that finds things out from the file.
  public init(
    target: String? = nil, targetKind: TargetKind = .automatic, categorical: [String] = [],
    ignored: [String] = [], hasHeader: Bool? = nil, targetsPath: String? = nil,
    images: ImageOptions = ImageOptions(), text: TextOptions? = nil, series: SeriesOptions? = nil
  ) {
    self.target = target
    self.targetKind = targetKind
    self.categorical = categorical
    self.ignored = ignored
    self.hasHeader = hasHeader
    self.targetsPath = targetsPath
    self.images = images
    self.text = text
    self.series = series
  }
}
