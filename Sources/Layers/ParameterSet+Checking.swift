import GraphIR
import Tensors

extension ParameterSet {
  /// Refuses parameters that are not those that a model asks for, such as from another model's
  /// file.
  ///
  /// - Parameter declarations: What the model asks for.
  /// - Throws: ``LayerError`` for the first parameter that is unknown (with the nearest name),
  ///   missing, or of another shape or element type (with both):
  ///   `hidden.weight: input has 784 features, weight expects 728`.
  public func check(against declarations: [ParameterDeclaration]) throws {
    let known = Set(declarations.map(\.name))
    for name in names where !known.contains(name) {
      throw LayerError(
        "\(name): the model has no such parameter; "
          + suggestion(for: name, in: declarations.map(\.name)))
    }
    for declaration in declarations {
      guard let tensor = self[declaration.name] else {
        throw LayerError("\(declaration.name): missing; expected \(declaration.type)")
      }
      guard tensor.type != declaration.type else { continue }
      throw LayerError("\(declaration.name): \(declaration.mismatch(with: tensor.type))")
    }
  }
}

extension ParameterDeclaration {
  /// What is wrong with a tensor of another type than this parameter's.
  fileprivate func mismatch(with found: TensorType) -> String {
    let (own, other) = (type.shape, found.shape)
    let both = "found \(found), expected \(type)"
    // The usual slip, a matrix made for inputs of another size, in the user's own terms.
    let isFeatures =
      isWeight && own.rank == 2 && other.rank == 2 && own[1] == other[1] && own[0] != other[0]
    guard isFeatures else { return both }
    return "input has \(own[0]) features, weight expects \(other[0]) (\(both))"
  }
}
