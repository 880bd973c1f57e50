import Datasets

/// In which order a run sees its rows.
public enum RowOrder: String, Hashable, Sendable, Codable, CaseIterable {
  /// In a new random order in every epoch.
  case shuffled
  /// In their own order.
  case sequential
  /// As stretches of series that go on from batch to batch: with batches of b of the n rows, row r of
  /// batch w is row r · ⌊n / b⌋ + w, so that each place in the batch follows its own part of the rows.
  /// The last n − b · ⌊n / b⌋ rows are left out. With states that are carried from batch to batch
  /// (`Recurrence.carriesState`) this is truncated backpropagation through time over the series, in
  /// memory that does not grow with their length.
  ///
  /// Source: R. Williams, J. Peng, "An efficient gradient-based algorithm for on-line training of
  /// recurrent network trajectories", Neural Computation 2 (1990), doi:10.1162/neco.1990.2.4.490.
  case streams

  /// The batches of an epoch.
  func batches(_ count: Int, size: Int, epoch: Int, seed: UInt64) -> BatchOrder {
    switch self {
    case .shuffled, .sequential:
      BatchOrder(count: count, size: size, epoch: epoch, seed: seed, shuffle: self == .shuffled)
    case .streams: BatchOrder(streamsOf: count, size: size)
    }
  }

  /// The rows of an epoch, where batches have so many.
  func rows(of count: Int, size: Int) -> Int {
    self == .streams ? count / size * size : count
  }

  /// What it does, in a report's words.
  var words: String {
    switch self {
    case .shuffled: "random, new in every epoch"
    case .sequential: "as in the data"
    case .streams: "each place in the batch follows its own part of the data"
    }
  }
}
