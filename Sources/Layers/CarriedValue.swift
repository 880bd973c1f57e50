import GraphIR
import Tensors

/// What a training step leaves to the next one, in a variable of the graph.
public struct CarriedValue {
  /// The variable's name, with its shape: batches of another size have numbers of their own.
  public let name: String
  /// What the step before left; zeros at the start.
  public let variable: Expression
  /// What this step leaves.
  public internal(set) var value: Expression
}

extension ScopeCollector {
  /// The carried value of this name and shape; zeros outside training.
  func carried(_ name: String, _ shape: Shape, path: String) -> Expression {
    builder.at(path: path) {
      guard isTraining else {
        return builder.constant(Tensor(0, type: scalarType)).broadcast(to: shape)
      }
      let full = "\(Scope.carriedPrefix)\(name) \(shape)"
      if let known = carried.first(where: { $0.name == full }) { return known.value }
      let variable = variable(named: full) ?? builder.variable(full, TensorType(shape, scalarType))
      carried.append(CarriedValue(name: full, variable: variable, value: variable))
      return variable
    }
  }

  func carry(_ state: Expression, with value: Expression, path: String) {
    guard isTraining else { return }
    builder.at(path: path) {
      guard let place = carried.firstIndex(where: { $0.value.id == state.id }) else {
        return builder.fail("node %\(state.id) is no carried value")
      }
      guard value.type == state.type else {
        return builder.fail(
          "\(carried[place].name): carried as \(value.type), expected \(state.type)")
      }
      carried[place].value = value
    }
  }
}
