import Tensors

/// Inputs do not fit an operation.
public struct TypeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found and what was expected.
  public let description: String

  public init(_ description: String) { self.description = description }
}

extension [TensorType] {
  /// The only input of an operation that has one.
  ///
  /// - Throws: ``TypeError`` where there are more or fewer.
  public func single() throws -> TensorType {
    try expect(1)
    return self[0]
  }

  /// The two inputs of an operation that has two.
  ///
  /// - Throws: ``TypeError`` where there are more or fewer.
  public func pair() throws -> (TensorType, TensorType) {
    try expect(2)
    return (self[0], self[1])
  }

  /// Refuses another number of inputs.
  func expect(_ number: Int) throws {
    guard count == number else {
      throw TypeError("expects \(number) input\(number == 1 ? "" : "s"), found \(count)")
    }
  }
}

extension TensorType {
  /// Refuses integers.
  func expectFloatingPoint() throws {
    guard scalarType.isFloatingPoint else {
      throw TypeError("expects floating-point numbers, found \(self)")
    }
  }

  /// Refuses types whose elements could not be counted or addressed, such as come from damaged
  /// files: below 2⁴⁸ elements no size, stride or sum of sizes overflows.
  func expectAddressable() throws {
    guard shape.dimensions.allSatisfy({ $0 >= 0 }) else {
      throw TypeError("\(self) has a negative size; expects sizes of 0 or more")
    }
    let positive = Shape(shape.dimensions.map { Swift.max($0, 1) })
    guard let count = positive.checkedCount, count <= 1 << 48 else {
      throw TypeError("\(self) is too large; expects at most 2⁴⁸ elements")
    }
  }
}

extension Shape {
  /// Refuses an axis that this shape does not have.
  func expectAxis(_ axis: Int) throws {
    guard dimensions.indices.contains(axis) else {
      throw TypeError(
        "axis \(axis) does not exist in shape \(self)"
          + (rank == 0 ? ", a scalar" : ": expects 0 to \(rank - 1)"))
    }
  }
}
