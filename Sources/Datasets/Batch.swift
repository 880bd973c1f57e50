import Tensors

/// The rows of one training step: `inputs` of shape `[size] + inputShape`, and their targets.
public struct Batch: Sendable {
  /// The features of the batch's rows.
  public var inputs: Tensor
  /// Class numbers `[size]` or `[size, steps]`, or values `[size, outputs]`.
  public var targets: Tensor

  /// A batch from its parts.
  public init(inputs: Tensor, targets: Tensor) {
    self.inputs = inputs
    self.targets = targets
  }
}

/// The batches of one epoch, as the indices of their rows.
///
/// The order is a pure function of `(count, seed, epoch)`, so that training can go on in the
/// middle of an epoch: `order[7]` is the same batch whether or not batches 0…6 were asked for.
///
/// ```swift
/// let order = BatchOrder(count: 5, size: 2, epoch: 0, seed: 1, shuffle: false)
/// print(order.map(Array.init))      // [[0, 1], [2, 3], [4]]
/// ```
public struct BatchOrder: RandomAccessCollection, Sendable {
  /// The rows of the whole epoch.
  public let rows: [Int]
  /// Rows of a full batch; the last one may have fewer.
  public let size: Int
  /// The number of batches.
  public let endIndex: Int

  /// The batches of an epoch over `count` rows.
  ///
  /// - Parameters:
  ///   - size: rows of a batch; the last batch has what is left.
  ///   - epoch: the number of the epoch, which chooses the order.
  ///   - seed: the seed of the shuffling stream `shuffle/EPOCH`.
  ///   - shuffle: whether rows are shuffled, or come in their own order.
  ///   - dropsLast: whether a last batch that is not full is left out.
  /// - Precondition: `size` is positive.
  public init(
    count: Int, size: Int, epoch: Int, seed: UInt64, shuffle: Bool, dropsLast: Bool = false
  ) {
    precondition(size > 0, "a batch of \(size) rows")
    self.size = size
    if shuffle {
      var random = RandomStream(seed: seed, name: "shuffle/\(epoch)")
      rows = random.permutation(count)
    } else {
      rows = Array(0..<count)
    }
    endIndex = dropsLast ? count / size : (count + size - 1) / size
  }

  /// The batches of an epoch in which each place of a batch follows a part of the rows of its own: row
  /// r of batch w is row r · (count / size) + w. What is left of the rows is not in any batch.
  ///
  /// ```swift
  /// let order = BatchOrder(streamsOf: 7, size: 2)
  /// print(order.map(Array.init))      // [[0, 3], [1, 4], [2, 5]]
  /// ```
  ///
  /// - Parameter size: rows of a batch.
  /// - Precondition: `size` is positive.
  public init(streamsOf count: Int, size: Int) {
    precondition(size > 0, "a batch of \(size) rows")
    self.size = size
    let batches = count / size
    rows = (0..<batches).flatMap { batch in (0..<size).map { $0 * batches + batch } }
    endIndex = batches
  }

  public var startIndex: Int { 0 }

  /// The rows of batch number `position`.
  public subscript(position: Int) -> ArraySlice<Int> {
    rows[position * size..<Swift.min((position + 1) * size, rows.count)]
  }
}

extension Dataset {
  /// The batches of an epoch over this dataset, as the indices of their rows.
  ///
  /// - Precondition: `size` is positive.
  public func batches(
    size: Int, epoch: Int, seed: UInt64, shuffle: Bool = true, dropsLast: Bool = false
  ) -> BatchOrder {
    BatchOrder(
      count: count, size: size, epoch: epoch, seed: seed, shuffle: shuffle, dropsLast: dropsLast)
  }

  /// The features and targets of the given rows.
  ///
  /// - Precondition: every index lies in `0..<count`.
  public func batch(_ indices: some Collection<Int>) -> Batch {
    Batch(inputs: features.rows(indices), targets: targets.tensor.rows(indices))
  }
}
