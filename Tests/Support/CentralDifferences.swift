import Differentiation
import Execution
import GraphIR
import Tensors

/// Compares gradients, and gradients of gradients, with central differences in Float64.
public struct GradientCheck {
  /// |found − expected| / max(1, |found|, |expected|), the worst over all elements.
  public private(set) var firstOrder = 0.0
  public private(set) var secondOrder = 0.0

  /// Checks a function of some tensors; its elements are weighed with fixed numbers and summed.
  public init(
    at point: [Tensor], _ function: ([Expression]) -> Expression
  ) throws {
    let builder = GraphBuilder()
    let arguments = point.enumerated().map { builder.input("\($0)", $1.type) }
    let value = function(arguments).cast(to: .float64)
    let weights = value.constant(.numbersForCheck(value.shape, seed: 11))
    let scalar = (value * weights).sum()
    let variables = arguments.filter { $0.scalarType.isFloatingPoint }
    let gradients = gradient(of: scalar, withRespectTo: variables)
    var slope = scalar.constant(0)
    for (index, gradient) in gradients.enumerated() {
      let weights = gradient.constant(
        .numbersForCheck(gradient.shape, seed: UInt64(20 + index)))
      slope = slope + (gradient * weights).sum()
    }
    let curvatures = gradient(of: slope, withRespectTo: variables)
    builder.output("value", scalar)
    builder.output("slope", slope)
    let graph = try builder.finish()

    var values = Dictionary(uniqueKeysWithValues: point.enumerated().map { ("\($0)", $1) })
    let trace = try Trace(graph, values)
    for (number, argument) in variables.enumerated() {
      let name = String(describing: graph.nodes[argument.id].inputName ?? "")
      guard let start = values[name] else { continue }
      for element in 0..<start.count {
        /// Five-point central difference; its error is O(h⁴).
        func difference(_ output: String) throws -> Double {
          let h = 1e-3
          func at(_ offset: Double) throws -> Double {
            var moved = start.doubles
            moved[element] += offset
            values[name] = Tensor(moved, shape: start.shape)
            defer { values[name] = start }
            return try Trace(graph, values)[output]!.scalar
          }
          return (8 * (try at(h) - at(-h)) - (try at(2 * h) - at(-2 * h))) / (12 * h)
        }
        func error(_ found: Double, _ expected: Double) -> Double {
          abs(found - expected) / max(1, abs(found), abs(expected))
        }
        firstOrder = max(
          firstOrder,
          error(trace[gradients[number].id].element(element), try difference("value")))
        secondOrder = max(
          secondOrder,
          error(trace[curvatures[number].id].element(element), try difference("slope")))
      }
    }
  }
}

extension Tensor {
  /// Fixed Float64 numbers in ±[0.5, 1.5], all different.
  public static func numbersForCheck(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, name: "check")
    return Tensor(
      (0..<shape.count).map { _ in
        random.uniform(0.5, 1.5) * (random.uniform() < 0.5 ? -1 : 1)
      }, shape: shape)
  }
}

extension Node {
  fileprivate var inputName: String? {
    if case .input(let name) = content { name } else { nil }
  }
}
