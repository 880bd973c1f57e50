import Layers
import Tensors

/// The weights that pruning has taken out of a network: they are 0, and training leaves them at 0.
///
/// In a model's file they are the tensors `pruned/NAME`, Int32, with the places of the removed weights
/// in the parameter NAME, in row-major order.
public struct RemovedWeights: Hashable, Sendable {
  /// What the names of their tensors in a file begin with.
  static let prefix = "pruned/"

  /// The places in each parameter, ascending; parameters that lack none are left out.
  public let places: [String: [Int]]

  /// - Parameter places: The places in each parameter, in row-major order.
  public init(_ places: [String: [Int]] = [:]) {
    self.places = places.mapValues { Array(Set($0)).sorted() }.filter { !$0.value.isEmpty }
  }

  /// How many there are.
  public var count: Int { places.values.reduce(0) { $0 + $1.count } }

  /// Whether there are none.
  public var isEmpty: Bool { places.isEmpty }

  /// 0 for removed weights, 1 for others; nil where the parameter lacks none.
  func mask(_ name: String, _ shape: Shape, _ type: ScalarType) -> Tensor? {
    guard let removed = places[name] else { return nil }
    var values = [Double](repeating: 1, count: shape.count)
    for place in removed where values.indices.contains(place) { values[place] = 0 }
    return Tensor(values, shape: shape, type: type)
  }

  /// The parameters with 0 in place of what is removed.
  func applied(to parameters: ParameterSet) -> ParameterSet {
    ParameterSet(
      parameters.map { name, tensor in
        guard let removed = places[name] else { return (name, tensor) }
        var values = tensor.doubles
        for place in removed where values.indices.contains(place) { values[place] = 0 }
        return (name, Tensor(values, shape: tensor.shape, type: tensor.scalarType))
      })
  }

  /// - Throws: ``TrainingError/data(_:)`` where a parameter or a place is not there, or a removed
  ///   weight is not 0.
  func check(against parameters: ParameterSet) throws {
    for (name, removed) in places.sorted(by: { $0.key < $1.key }) {
      guard let tensor = parameters[name], tensor.scalarType.isFloatingPoint else {
        throw TrainingError.data("weights of \(name) are removed, which the network has not")
      }
      let values = tensor.doubles
      for place in removed {
        guard values.indices.contains(place) else {
          throw TrainingError.data(
            "weight \(place) of \(name) is removed; expected 0 to \(values.count - 1)")
        }
        guard values[place] == 0 else {
          throw TrainingError.data(
            "weight \(place) of \(name) is removed; found \(values[place].plainText), expected 0")
        }
      }
    }
  }

  /// The tensors in a file.
  var tensors: [(name: String, tensor: Tensor)] {
    places.sorted { $0.key < $1.key }.map { name, removed in
      (Self.prefix + name, Tensor(removed.map { Int32(truncatingIfNeeded: $0) }))
    }
  }
}
