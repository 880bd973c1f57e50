import GraphIR
import Tensors

/// What the scopes of one application of a model have in common: the graph, and what the layers
/// declared so far.
final class ScopeCollector {
  let builder: GraphBuilder
  let scalarType: ScalarType
  let isTraining: Bool
  private(set) var declarations: [ParameterDeclaration] = []
  private(set) var calls: [LayerCall] = []
  /// The declared parameters' expressions, in order.
  private(set) var parameters: [Expression] = []
  /// The random key, once something has asked for it.
  private(set) var randomKey: Expression?
  /// The states' next values, by name.
  private var updates: [String: Expression] = [:]
  /// What a training step leaves to the next one.
  var carried: [CarriedValue] = []
  /// What the layers add to the loss.
  private(set) var penalty: Expression?
  /// Which steps of the sequences at hand are there.
  var mask: Expression?
  private var places: [String: Int] = [:]
  /// What the graph held before: a model that is applied twice has its parameters once.
  private var earlier: [String: Expression] = [:]
  private var earlierKey: Expression?
  private var nextStream: UInt32 = 0
  private var depth = 0
  private var called: Set<String> = []

  init(builder: GraphBuilder, scalarType: ScalarType, isTraining: Bool) {
    self.builder = builder
    self.scalarType = scalarType
    self.isTraining = isTraining
    for node in builder.nodes {
      switch node.content {
      case .variable(let name): earlier[name] = Expression(builder: builder, id: node.id)
      case .input(Scope.randomKeyName): earlierKey = Expression(builder: builder, id: node.id)
      case .operation(let operation, _) where operation is UniformNoise: nextStream += 1
      default: break
      }
    }
  }

  /// A variable that the graph had before.
  func variable(named name: String) -> Expression? { earlier[name] }

  /// The largest number of elements that one parameter may have: 2³², 16 GiB of float32.
  private static let largestParameter = 1 << 32

  func parameter(_ declaration: ParameterDeclaration, path: String) -> Expression {
    let (name, type) = (declaration.name, declaration.type)
    func refused(_ message: String) -> Expression {
      builder.at(path: name) { builder.fail(message) }
      return builder.constant(Tensor(0, type: type.scalarType))
    }
    guard let count = type.shape.checkedCount, count <= Self.largestParameter else {
      return refused("shape \(type.shape) is too large; expected at most 2³² numbers")
    }
    if let problem = declaration.initializer.problem(for: type.shape) { return refused(problem) }
    let known = places[name].map { parameters[$0] } ?? earlier[name]
    if let known, known.type != type {
      return refused("used as \(known.type) and as \(type); a shared parameter has one type")
    }
    if let place = places[name] { return parameters[place] }
    let parameter = known ?? builder.at(path: path) { builder.variable(name, type) }
    places[name] = declarations.count
    declarations.append(declaration)
    parameters.append(parameter)
    return parameter
  }

  func state(_ declaration: ParameterDeclaration, path: String) -> Expression {
    updates[declaration.name] ?? parameter(declaration, path: path)
  }

  func update(_ state: Expression, with value: Expression, path: String) {
    let place = declarations.indices.first { place in
      let current = updates[declarations[place].name] ?? parameters[place]
      return current.id == state.id && !declarations[place].isTrained
    }
    guard let place else {
      return builder.at(path: path) { builder.fail("node %\(state.id) is no state to update") }
    }
    let (name, type) = (declarations[place].name, declarations[place].type)
    guard value.type == type else {
      return builder.at(path: name) { builder.fail("updated with \(value.type), expected \(type)") }
    }
    if isTraining { updates[name] = value }
  }

  /// The states that a training step replaces, and by what.
  var stateUpdates: [(state: Expression, value: Expression)] {
    zip(declarations, parameters).compactMap { declaration, parameter in
      updates[declaration.name].map { (parameter, $0) }
    }
  }

  func add(penalty value: Expression, path: String) {
    guard isTraining else { return }
    builder.at(path: path) {
      guard value.shape.rank == 0, value.scalarType.isFloatingPoint else {
        return builder.fail("a penalty is \(value.type), expected one floating-point number")
      }
      penalty = penalty.map { $0 + value } ?? value
    }
  }

  func noise(_ shape: Shape, path: String) -> Expression {
    let key =
      randomKey ?? earlierKey
      ?? builder.at(path: "") { builder.input(Scope.randomKeyName, TensorType([4], .int32)) }
    randomKey = key
    defer { nextStream += 1 }
    return builder.at(path: path) {
      uniformNoise(key: key, shape: shape, type: scalarType, stream: nextStream)
    }
  }

  /// Applies a layer in its scope, and records that it was.
  func call(_ layer: any Layer, _ input: Expression, in scope: Scope) -> Expression {
    builder.at(path: scope.path) {
      if let problem = layer.problem {
        builder.fail("\(type(of: layer).kind): \(problem)")
        return input
      }
      guard called.insert(scope.path).inserted else { return layer(input, in: scope) }
      let (place, first) = (calls.count, declarations.count)
      calls.append(LayerCall(path: scope.path, depth: depth, layer: layer))
      depth += 1
      let output = layer(input, in: scope)
      depth -= 1
      calls[place].output = output.shape
      calls[place].node = output.id
      calls[place].parameterCount = Array(declarations[first...]).trainedCount
      return output
    }
  }

  /// Records what a layer has made of every step on its way to an output that does not hold them, for
  /// derivations, which write loops out and speak of each step.
  func record(steps value: Expression, of layer: any Layer, in scope: Scope) {
    guard builder.writesLoopsOut else { return }
    calls.append(
      LayerCall(
        path: scope.path, depth: depth, layer: layer, output: value.shape, node: value.id))
  }
}

/// A layer's part in an application of a model.
public struct LayerCall {
  /// Where the layer stands: `encoder.hidden`; empty for the model itself.
  public let path: String
  /// How many layers it is inside of.
  public let depth: Int
  public let layer: any Layer
  /// The shape of its output.
  public internal(set) var output: Shape = []
  /// The node of its output.
  public internal(set) var node: Node.ID = 0
  /// The trainable numbers that it declared first.
  public internal(set) var parameterCount = 0
}
