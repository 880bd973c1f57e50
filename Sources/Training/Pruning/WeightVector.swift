import Layers
import Tensors

/// The trained parameters of a network as one list of numbers, in the order of their declarations.
public struct WeightVector: Hashable, Sendable {
  /// One parameter's part of the list.
  struct Part: Hashable, Sendable {
    let name: String
    let shape: Shape
    let start: Int
    /// Whether it multiplies an input; a bias does not.
    let isWeight: Bool
  }

  let parts: [Part]
  /// How many numbers there are.
  public let count: Int

  init(_ declarations: [ParameterDeclaration]) {
    var (parts, count): ([Part], Int) = ([], 0)
    for declaration in declarations where declaration.isTrained {
      let shape = declaration.type.shape
      parts.append(
        Part(
          name: declaration.name, shape: shape, start: count, isWeight: declaration.isWeight))
      count += shape.count
    }
    self.parts = parts
    self.count = count
  }

  /// The place in the list of an element of a parameter; nil where there is none.
  public func place(of name: String, _ element: Int) -> Int? {
    parts.first { $0.name == name && (0..<$0.shape.count).contains(element) }
      .map { $0.start + element }
  }

  /// The parameter and the element, in row-major order, at a place of the list.
  public func element(at place: Int) -> (name: String, element: Int) {
    let part = parts.last { $0.start <= place }
    return (part?.name ?? "", place - (part?.start ?? 0))
  }

  /// `hidden.weight[0,3]`.
  public func name(of place: Int) -> String {
    guard let part = parts.last(where: { $0.start <= place }) else { return "\(place)" }
    let element = place - part.start
    let position = zip(part.shape.strides, part.shape.dimensions).map { stride, size in
      "\(element / max(1, stride) % max(1, size))"
    }
    return "\(part.name)[\(position.joined(separator: ","))]"
  }

  /// The numbers of a set of parameters.
  func values(of parameters: ParameterSet) -> [Double] {
    parts.flatMap { parameters[$0.name]?.doubles ?? [Double](repeating: 0, count: $0.shape.count) }
  }

  /// A set of parameters with these numbers in place of its own.
  func parameters(_ values: [Double], in parameters: ParameterSet) -> ParameterSet {
    var result = parameters
    for part in parts {
      let type = parameters[part.name]?.scalarType ?? .float64
      result[part.name] = Tensor(
        Array(values[part.start..<part.start + part.shape.count]), shape: part.shape, type: type)
    }
    return result
  }

  /// The places that are removed.
  func removed(_ kept: [Bool]) -> RemovedWeights {
    var places: [String: [Int]] = [:]
    for part in parts {
      places[part.name] = (0..<part.shape.count).filter { !kept[part.start + $0] }
    }
    return RemovedWeights(places)
  }

  /// Whether each number is kept.
  func kept(without removed: RemovedWeights) -> [Bool] {
    var kept = [Bool](repeating: true, count: count)
    for (name, places) in removed.places {
      for element in places {
        if let place = place(of: name, element) { kept[place] = false }
      }
    }
    return kept
  }

  /// Whether each number is a weight, and no bias.
  var areWeights: [Bool] {
    parts.flatMap { [Bool](repeating: $0.isWeight, count: $0.shape.count) }
  }
}
