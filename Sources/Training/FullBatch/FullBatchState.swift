import Layers
import Tensors

/// What a full-batch rule remembers: vectors and numbers by name, in Float64.
///
/// A checkpoint holds them as the tensors `optimizer/NAME`, so that nothing is rounded.
public struct FullBatchState: Hashable, Sendable {
  private var values: [String: [Double]] = [:]

  /// Nothing.
  public init() {}

  /// The vector of a name; nil where there is none.
  public subscript(name: String) -> [Double]? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// Keeps a number.
  public mutating func set(_ name: String, _ value: Double) { values[name] = [value] }

  /// A vector that was kept.
  ///
  /// - Parameter count: How many numbers it has, unless it is empty: the rule had none yet.
  /// - Throws: ``TrainingError`` where it is missing, or has another number of elements.
  public func vector(_ name: String, count: Int) throws -> [Double] {
    guard let values = values[name] else {
      throw TrainingError.data("the checkpoint lacks the optimizer's \(name)")
    }
    guard values.isEmpty || values.count == count else {
      throw TrainingError.data(
        "the checkpoint's \(name) has \(values.count) numbers, expected \(count)")
    }
    return values
  }

  /// Vectors of one length that were kept one behind the other.
  ///
  /// - Throws: ``TrainingError`` where they are missing, or are no whole number of vectors.
  public func vectors(_ name: String, count: Int) throws -> [[Double]] {
    guard let values = values[name], count > 0, values.count.isMultiple(of: count) else {
      throw TrainingError.data("the checkpoint lacks the optimizer's \(name)")
    }
    return stride(from: 0, to: values.count, by: count).map { Array(values[$0..<$0 + count]) }
  }

  /// A number that was kept.
  ///
  /// - Throws: ``TrainingError`` where it is missing.
  public func number(_ name: String) throws -> Double {
    guard let values = values[name], values.count == 1 else {
      throw TrainingError.data("the checkpoint lacks the optimizer's \(name)")
    }
    return values[0]
  }

  /// A count that was kept.
  ///
  /// - Throws: ``TrainingError`` where it is missing or no count.
  public func count(_ name: String) throws -> Int {
    let value = try number(name)
    guard let count = Int(exactly: value), count >= 0 else {
      throw TrainingError.data("the checkpoint's \(name) is \(value.plainText), expected a count")
    }
    return count
  }
}

extension FullBatchState {
  /// What a checkpoint holds of it.
  var tensors: ParameterSet {
    ParameterSet(
      values.sorted { $0.key < $1.key }
        .map { (OptimizerStates.prefix + $0.key, Tensor($0.value, shape: [$0.value.count])) })
  }

  /// What a checkpoint held.
  ///
  /// - Throws: ``TrainingError`` where a number is not finite.
  init(_ tensors: ParameterSet) throws {
    for (name, tensor) in tensors where name.hasPrefix(OptimizerStates.prefix) {
      guard tensor.scalarType == .float64, tensor.isFinite else {
        throw TrainingError.data("the checkpoint's \(name) is damaged, expected finite numbers")
      }
      values[String(name.dropFirst(OptimizerStates.prefix.count))] = tensor.doubles
    }
  }
}
