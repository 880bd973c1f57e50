import Tensors

extension Tensor {
  /// Bytes of one row: of everything at one index of the first axis.
  public var bytesPerRow: Int {
    shape.dimensions.dropFirst().reduce(1, *) * scalarType.size
  }

  /// Copies rows, in the order of `indices`, to the start of `destination`: no more than one
  /// memory copy a row, and nothing is allocated.
  ///
  /// - Precondition: every index is that of a row, and `destination` has room for all of them.
  @inlinable
  public func gatherRows(
    _ indices: some Sequence<Int>, into destination: UnsafeMutableRawBufferPointer
  ) {
    let rowCount = shape[0]
    let size = bytesPerRow
    guard size > 0 else { return }
    withUnsafeBytes { source in
      var offset = 0
      for index in indices {
        precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
        precondition(offset + size <= destination.count, "no room for row \(index)")
        UnsafeMutableRawBufferPointer(rebasing: destination[offset..<offset + size])
          .copyMemory(
            from: UnsafeRawBufferPointer(rebasing: source[index * size..<(index + 1) * size]))
        offset += size
      }
    }
  }

  /// The given rows as a tensor of the same type.
  ///
  /// - Precondition: every index is that of a row.
  public func rows(_ indices: some Collection<Int>) -> Tensor {
    var result = shape
    result[0] = indices.count
    return Tensor(shape: result, type: scalarType) { gatherRows(indices, into: $0) }
  }
}
