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

  let reached = gradients(
    from: [(value, value.constant(1))], withRespectTo: variables)
  return zip(variables, reached).map { variable, gradient in
    gradient ?? builder.constant(.zeros(variable.shape, type: variable.scalarType))
  }
}

/// The reverse walk: what reaches some values from what has reached others.
///
/// - Parameters:
///   - seeds: Values v, and ∂E/∂v as far as it comes from outside this walk, of v's type.
///   - variables: The values to differentiate with respect to.
/// - Returns: ∂E/∂v for each of the variables; nil where none of the seeds depends on it.
func gradients(
  from seeds: [(value: Expression, upstream: Expression)], withRespectTo variables: [Expression]
) -> [Expression?] {
  guard let builder = seeds.first?.value.builder, let last = seeds.map(\.value.id).max() else {
    return variables.map { _ in nil }
  }

  // Which nodes depend on a variable: nothing else needs a gradient.
  let forward = builder.nodes[...last]
  var depends = [Bool](repeating: false, count: forward.count)
  for variable in variables where variable.id < depends.count { depends[variable.id] = true }
  for node in forward where !depends[node.id] {
    depends[node.id] = node.inputs.contains { depends[$0] }
  }

  var upstream = [Expression?](repeating: nil, count: forward.count)
  /// What reaches pieces of a value, before it reaches the value.
  var pieces: [Node.ID: Pieces] = [:]
  func add(_ contribution: Expression, to node: Node.ID) {
    upstream[node] = upstream[node].map { $0 + contribution } ?? contribution
  }
  for (value, gradient) in seeds { add(gradient, to: value.id) }
  for node in forward.reversed() where depends[node.id] {
    guard let operation = node.operation else {
      if let whole = pieces[node.id]?.joined(as: node, builder) { add(whole, to: node.id) }
      continue
    }
    let inputs = node.inputs.map { Expression(builder: builder, id: $0) }
    let output = Expression(builder: builder, id: node.id)
    let reaching: [Expression?] = builder.at(path: node.path) {
      if let loop = operation as? Loop {
        return loopGradients(
          loop, inputs, upstream: pieces[node.id]?.parts ?? [:],
          needed: node.inputs.map { depends[$0] })
      }
      if let whole = pieces[node.id]?.joined(as: node, builder) { add(whole, to: node.id) }
      guard let gradient = upstream[node.id] else { return [] }
      if pieces[node.inputs[0], default: Pieces()].add(gradient, of: operation) { return [] }
      return operation.gradients(inputs, output: output, upstream: gradient)
    }
    for (input, contribution) in zip(inputs, reaching) where depends[input.id] {
      if let contribution { add(contribution, to: input.id) }
    }
  }
  return variables.map { $0.id < upstream.count ? upstream[$0.id] : nil }
}
