import GraphIR
import Tensors

/// The gradients of a scalar with respect to other values of its graph, as more of that graph.
///
/// Reverse accumulation: starting from ∂E/∂E = 1, the nodes between the values and E are visited
/// from last to first; each operation's gradient rule says what reaches its inputs, and what
/// reaches a node by several ways is added up. Every result is an ordinary expression, so it can be
/// printed, planned, and differentiated again. One pass over the graph, without recursion: O(nodes).
///
/// ```swift
/// let builder = GraphBuilder()
/// let x = builder.input("x", TensorType([3], .float64))
/// let slope = gradient(of: (x * x).sum(), withRespectTo: [x])[0]     // 2x
/// ```
///
/// - Parameters:
///   - value: E, a floating-point scalar. Anything else is remembered as an error by its builder.
///   - variables: The values to differentiate with respect to, leaves or not.
/// - Returns: ∂E/∂v for each v, of v's type; zeros where E does not depend on v.
///
/// Source: S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16 (1976),
/// doi:10.1007/BF01931367; D. Rumelhart, G. Hinton, R. Williams, Nature 323 (1986),
/// doi:10.1038/323533a0.
public func gradient(of value: Expression, withRespectTo variables: [Expression]) -> [Expression] {
  let builder = value.builder
  guard value.shape.rank == 0, value.scalarType.isFloatingPoint else {
    builder.fail("a gradient is taken of a floating-point scalar, found \(value.type)")
    return variables
  }

  // Which nodes depend on a variable: nothing else needs a gradient.
  let forward = builder.nodes[...value.id]
  var depends = [Bool](repeating: false, count: forward.count)
  for variable in variables where variable.id < depends.count { depends[variable.id] = true }
  for node in forward where !depends[node.id] {
    depends[node.id] = node.inputs.contains { depends[$0] }
  }

  var upstream = [Expression?](repeating: nil, count: forward.count)
  upstream[value.id] = value.constant(1)
  for node in forward.reversed() where depends[node.id] {
    guard let gradient = upstream[node.id], let operation = node.operation else { continue }
    let inputs = node.inputs.map { Expression(builder: builder, id: $0) }
    let output = Expression(builder: builder, id: node.id)
    let reaching = builder.at(path: node.path) {
      operation.gradients(inputs, output: output, upstream: gradient)
    }
    for (input, contribution) in zip(inputs, reaching) where depends[input.id] {
      guard let contribution else { continue }
      upstream[input.id] = upstream[input.id].map { $0 + contribution } ?? contribution
    }
  }

  return variables.map { variable in
    let reached = variable.id < upstream.count ? upstream[variable.id] : nil
    return reached ?? builder.constant(.zeros(variable.shape, type: variable.scalarType))
  }
}
