/// Numbers in a dense, row-major array of any rank.
///
/// A tensor is a value: copies are independent, and are made only when one is written to.
///
/// ```swift
/// let a = Tensor([[1, 2], [3, 4]])
/// print(a.shape)      // [2, 2]
/// print(a[1, 0])      // 3.0
/// ```
public struct Tensor: Hashable, Sendable {
  /// The elements, by type.
  public enum Storage: Hashable, Sendable {
    case float32([Float])
    case float64([Double])
    case int32([Int32])
  }

  /// The sizes along each axis.
  public let shape: Shape
  /// The elements in row-major order.
  public private(set) var storage: Storage

  /// A tensor over elements in row-major order.
  ///
  /// - Precondition: the number of elements is `shape.count`.
  public init(_ storage: Storage, shape: Shape) {
    self.shape = shape
    self.storage = storage
    precondition(
      elementCount == shape.count,
      "\(elementCount) elements cannot fill a tensor of shape \(shape)")
  }

  private var elementCount: Int {
    switch storage {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int32(let values): values.count
    }
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// The type of the elements.
  public var scalarType: ScalarType {
    switch storage {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    }
  }
}

// MARK: - Making tensors

extension Tensor {
  /// A Float32 tensor; without a shape, a vector. Literals without a type are Float64.
  @_disfavoredOverload
  public init(_ values: [Float], shape: Shape? = nil) {
    self.init(.float32(values), shape: shape ?? [values.count])
  }

  /// A Float64 tensor; without a shape, a vector.
  public init(_ values: [Double], shape: Shape? = nil) {
    self.init(.float64(values), shape: shape ?? [values.count])
  }

  /// An Int32 tensor; without a shape, a vector. Literals without a type are Float64.
  @_disfavoredOverload
  public init(_ values: [Int32], shape: Shape? = nil) {
    self.init(.int32(values), shape: shape ?? [values.count])
  }

  /// A Float64 matrix from its rows.
  ///
  /// - Precondition: all rows have the same length.
  public init(_ rows: [[Double]]) {
    let width = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == width }, "rows of a matrix differ in length")
    self.init(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  /// A tensor of the given type whose elements are `values`, rounded to that type.
  public init(_ values: [Double], shape: Shape, type: ScalarType) {
    switch type {
    case .float32: self.init(.float32(values.map { Float($0) }), shape: shape)
    case .float64: self.init(.float64(values), shape: shape)
    case .int32: self.init(.int32(values.map { whole($0) }), shape: shape)
    }
  }

  /// A scalar of the given type, Float64 unless told otherwise.
  public init(_ value: Double, type: ScalarType = .float64) {
    self.init(filledWith: value, shape: .scalar, type: type)
  }

  /// A tensor whose elements all equal `value`.
  public init(filledWith value: Double, shape: Shape, type: ScalarType) {
    let count = shape.count
    switch type {
    case .float32:
      self.init(.float32([Float](repeating: Float(value), count: count)), shape: shape)
    case .float64: self.init(.float64([Double](repeating: value, count: count)), shape: shape)
    case .int32: self.init(.int32([Int32](repeating: whole(value), count: count)), shape: shape)
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, type: ScalarType) -> Tensor {
    Tensor(filledWith: 0, shape: shape, type: type)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, type: ScalarType) -> Tensor {
    Tensor(filledWith: 1, shape: shape, type: type)
  }

  /// A tensor filled by writing to uninitialised memory, which `fill` must initialise whole.
  public init(
    shape: Shape, type: ScalarType,
    initializingBytesWith fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let count = shape.count
    func make<T>(_: T.Type) throws -> [T] {
      try [T](unsafeUninitializedCapacity: count) { buffer, initialized in
        try fill(UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
    }
    do {
      switch type {
      case .float32: self.init(.float32(try make(Float.self)), shape: shape)
      case .float64: self.init(.float64(try make(Double.self)), shape: shape)
      case .int32: self.init(.int32(try make(Int32.self)), shape: shape)
      }
    }
  }
}

// MARK: - Reading and writing

extension Tensor {
  /// All elements as Float64, in row-major order.
  public var doubles: [Double] {
    switch storage {
    case .float32(let values): values.map { Double($0) }
    case .float64(let values): values
    case .int32(let values): values.map { Double($0) }
    }
  }

  /// All elements as Float32, in row-major order.
  public var floats: [Float] {
    switch storage {
    case .float32(let values): values
    case .float64(let values): values.map { Float($0) }
    case .int32(let values): values.map { Float($0) }
    }
  }

  /// All elements as integers, in row-major order: fractions are cut off, what is too large becomes
  /// the nearest integer there is, and NaN becomes 0.
  public var integers: [Int] {
    switch storage {
    case .float32(let values): values.map { whole(Double($0)) }
    case .float64(let values): values.map { whole($0) }
    case .int32(let values): values.map { Int($0) }
    }
  }

  /// The first element as Float64: the value of a scalar.
  public var scalar: Double { element(0) }

  /// Whether no element is infinite or not a number.
  public var isFinite: Bool {
    switch storage {
    case .float32(let values): values.allSatisfy { $0.isFinite }
    case .float64(let values): values.allSatisfy { $0.isFinite }
    case .int32: true
    }
  }

  /// The element at a row-major offset, as Float64.
  public func element(_ offset: Int) -> Double {
    switch storage {
    case .float32(let values): Double(values[offset])
    case .float64(let values): values[offset]
    case .int32(let values): Double(values[offset])
    }
  }

  /// The element at the given index along each axis, as Float64.
  public subscript(indices: Int...) -> Double {
    get { element(offset(of: indices)) }
    set {
      let offset = offset(of: indices)
      switch storage {
      case .float32(var values):
        storage = .int32([])
        values[offset] = Float(newValue)
        storage = .float32(values)
      case .float64(var values):
        storage = .int32([])
        values[offset] = newValue
        storage = .float64(values)
      case .int32(var values):
        storage = .int32([])
        values[offset] = whole(newValue)
        storage = .int32(values)
      }
    }
  }

  private func offset(of indices: [Int]) -> Int {
    precondition(
      indices.count == shape.rank, "\(indices.count) indices for a tensor of shape \(shape)")
    var offset = 0
    for (index, size) in zip(indices, shape.dimensions) {
      precondition(index >= 0 && index < size, "index \(indices) lies outside \(shape)")
      offset = offset * size + index
    }
    return offset
  }

  /// Calls `body` with the elements' memory.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    switch storage {
    case .float32(let values): try values.withUnsafeBytes(body)
    case .float64(let values): try values.withUnsafeBytes(body)
    case .int32(let values): try values.withUnsafeBytes(body)
    }
  }

  /// The same elements in another shape.
  ///
  /// - Precondition: both shapes have the same number of elements.
  public func reshaped(_ shape: Shape) -> Tensor { Tensor(storage, shape: shape) }

  /// The elements converted to another type: rounded to the nearest float; to Int32, fractions
  /// are cut off, what is too large becomes the nearest integer there is, and NaN becomes 0.
  public func cast(to type: ScalarType) -> Tensor {
    if type == scalarType { return self }
    return switch type {
    case .float32: Tensor(.float32(floats), shape: shape)
    case .float64: Tensor(.float64(doubles), shape: shape)
    case .int32: Tensor(.int32(doubles.map { whole($0) }), shape: shape)
    }
  }
}

/// A number without its fraction: the nearest integer that the type has, 0 for NaN.
private func whole<T: FixedWidthInteger>(_ value: Double) -> T {
  T(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
}
