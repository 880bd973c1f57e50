import Tensors

extension DatasetSource {
  /// Holds back a share of the rows for the test, and of the rest a share for validation.
  ///
  /// Both are divided as in `validationSplit(fraction:seed:)`: a table is encoded as learned from
  /// the rows that remain for training, and a category that only a held-back row has gives zeros.
  ///
  /// - Parameters:
  ///   - test: The share of test rows, 0…1; with 0 the source's own test rows stay.
  ///   - validation: The share of validation rows among the others, 0…1; with 0 the validation
  ///     part has no rows.
  ///   - seed: Chooses the rows.
  /// - Throws: `DatasetError` where the rows that remain have nothing in some column.
  public func parts(test: Double, validation: Double, seed: UInt64) throws -> DatasetParts {
    let all = Array(0..<train.count)
    let (rest, tested) = test > 0 ? train.splitIndices(fraction: 1 - test, seed: seed) : (all, [])
    let (kept, watched) =
      validation > 0
      ? (test > 0 ? train.rows(rest) : train).splitIndices(fraction: 1 - validation, seed: seed)
      : (Array(rest.indices), [])
    let (rows, held) = (kept.map { rest[$0] }, watched.map { rest[$0] })
    guard let (table, options) = table else {
      return DatasetParts(
        training: train.rows(rows), validation: train.rows(held),
        test: test > 0 ? train.rows(tested) : self.test, encoder: encoder)
    }
    let encoder = try TableEncoder.learn(from: table, trainingRows: rows, options: options)
    func part(_ rows: [Int], _ unknown: TableEncoder.UnknownCategory) throws -> Dataset {
      var part = try encoder.dataset(of: table, rows: rows, unknown: unknown)
      part.name = train.name
      return part
    }
    return DatasetParts(
      training: try part(rows, .refused), validation: try part(held, .zeros),
      test: test > 0 ? try part(tested, .zeros) : self.test, encoder: encoder)
  }
}
