import Tensors

/// What a name or a path has given: rows to train on and, where the source has them, rows to test
/// on.
public struct DatasetSource: Sendable {
  /// The rows to train on (and to split validation rows from).
  public var train: Dataset
  /// The rows that the source itself sets aside for the test.
  public var test: Dataset?
  /// How the table's columns became numbers; nil where the source is no table.
  public var encoder: TableEncoder?
  /// The table, kept to be encoded anew when rows are held back, and the options it was read
  /// with.
  var table: (Table, ReadOptions)?

  /// A source of rows that are numbers already.
  public init(train: Dataset, test: Dataset? = nil) {
    self.train = train
    self.test = test
  }

  /// A source of a table's rows, encoded as learned from all of them.
  ///
  /// - Throws: `DatasetError`; see `TableEncoder.learn(from:trainingRows:options:)`.
  public init(table: Table, options: ReadOptions = ReadOptions()) throws {
    let encoder = try TableEncoder.learn(from: table, options: options)
    train = try encoder.dataset(of: table)
    self.encoder = encoder
    self.table = (table, options)
  }

  /// Holds back a share of the rows for validation.
  ///
  /// A table is encoded anew, as learned from the rows that remain for training; a category that
  /// only a validation row has gives zeros there.
  ///
  /// - Parameters:
  ///   - fraction: the share of validation rows, 0…1; classes are divided evenly.
  ///   - seed: chooses the rows.
  /// - Throws: `DatasetError` where the rows that remain have nothing in some column.
  public func validationSplit(fraction: Double, seed: UInt64) throws -> DatasetParts {
    try parts(test: 0, validation: fraction, seed: seed)
  }
}

/// Rows divided by what they are for.
public struct DatasetParts: Sendable {
  /// The rows that weights, scaling and encoding are learned from.
  public var training: Dataset
  /// The rows held back to watch the training.
  public var validation: Dataset
  /// The rows for the test after it.
  public var test: Dataset?
  /// How a table's columns became numbers, learned from the training rows.
  public var encoder: TableEncoder?
}
