import Tensors

/// Writes a graph: every operation on its expressions adds a node.
///
/// A shape that does not fit never traps. The builder remembers the first error, with the layer
/// that met it, and ``finish()`` throws it; the nodes after it are of no account.
public final class GraphBuilder {
  /// The nodes so far.
  public private(set) var nodes: [Node] = []
  /// The first thing that went wrong.
  public private(set) var firstError: GraphError?
  private var outputs: [(name: String, node: Node.ID)] = []
  private var updates: [(variable: Node.ID, value: Node.ID)] = []
  /// The path of the layer that is writing.
  private(set) var path = ""
  /// Whether a loop is written as its steps, one after another, rather than as one operation:
  /// derivations are read from that.
  public let writesLoopsOut: Bool
  /// What the values written so far are called, where somebody said so; kept where loops are written
  /// out.
  public private(set) var notes: [ValueNote] = []
  /// The step of the loop that is being written out, from 0; nil outside of loops.
  var loopStep: Int?
  /// The first declaration of each input and variable.
  private var declared: [String: Node.ID] = [:]

  public init(writesLoopsOut: Bool = false) { self.writesLoopsOut = writesLoopsOut }

  /// A builder of a graph inside of another, such as a loop's body, that the layer at a path writes.
  convenience init(path: String) {
    self.init()
    self.path = path
  }

  // MARK: Leaves

  /// A value that is given anew for every run. A name that is declared already gives the same value.
  public func input(_ name: String, _ type: TensorType) -> Expression {
    declare(name, .input(name), type)
  }

  /// A value that is kept between runs: a parameter, an optimizer's state. A name that is declared
  /// already gives the same value.
  public func variable(_ name: String, _ type: TensorType) -> Expression {
    declare(name, .variable(name), type)
  }

  private func declare(_ name: String, _ content: Node.Content, _ type: TensorType) -> Expression {
    guard let known = declared[name] else {
      let expression = append(content, checked(type, of: name))
      declared[name] = expression.id
      return expression
    }
    switch (nodes[known].content, content) {
    case (.input, .input), (.variable, .variable):
      if nodes[known].type != type {
        fail("\(name): declared as \(nodes[known].type), and again as \(type)")
      }
    default: fail("\(name): declared both as an input and as a variable")
    }
    return Expression(builder: self, id: known)
  }

  /// A value that never changes.
  public func constant(_ tensor: Tensor) -> Expression {
    append(.constant(tensor), tensor.type)
  }

  /// The type, or after an error that of a scalar, so that nothing is ever sized by it.
  private func checked(_ type: TensorType, of name: String) -> TensorType {
    do {
      try type.expectAddressable()
      return type
    } catch {
      fail("\(name): \(error)")
      return TensorType(.scalar, type.scalarType)
    }
  }

  // MARK: Operations

  /// The result of an operation. Where its inputs do not fit, the error is remembered and the
  /// result stands for the first input.
  public func apply(_ operation: any Operation, to inputs: [Expression]) -> Expression {
    let types = inputs.map(\.type)
    do {
      for input in inputs where input.builder !== self {
        throw TypeError("an input belongs to another graph")
      }
      let type = try operation.outputType(types)
      try type.expectAddressable()
      return append(.operation(operation, inputs: inputs.map(\.id)), type)
    } catch {
      fail("\(operation.description): \(error)")
      return inputs.first { $0.builder === self } ?? constant(Tensor(0))
    }
  }

  private func append(_ content: Node.Content, _ type: TensorType) -> Expression {
    nodes.append(Node(id: nodes.count, content: content, type: type, path: path))
    return Expression(builder: self, id: nodes.count - 1)
  }

  // MARK: Results

  /// Names a result of the graph.
  public func output(_ name: String, _ value: Expression) {
    guard value.builder === self else { return fail("\(name): it belongs to another graph") }
    guard !outputs.contains(where: { $0.name == name }) else {
      return fail("two outputs are named \(name)")
    }
    outputs.append((name, value.id))
  }

  /// Has every run replace a variable by a value of the same type, computed from what the
  /// variables were before the run.
  public func update(_ variable: Expression, with value: Expression) {
    guard variable.builder === self, value.builder === self else {
      return fail("an update's variable or value belongs to another graph")
    }
    guard case .variable(let name) = nodes[variable.id].content else {
      return fail("only a variable can be updated, and node %\(variable.id) is none")
    }
    guard value.type == variable.type else {
      return fail("\(name) is \(variable.type), its update is \(value.type)")
    }
    guard !updates.contains(where: { $0.variable == variable.id }) else {
      return fail("\(name) is updated twice")
    }
    updates.append((variable.id, value.id))
  }

  /// Keeps what a value is called.
  func note(_ note: ValueNote) {
    if writesLoopsOut { notes.append(note) }
  }

  // MARK: Errors and paths

  /// Remembers an error, unless there was one before, with the path of the current layer.
  public func fail(_ message: String) {
    if firstError == nil {
      firstError = GraphError(path: path, message: message)
    }
  }

  /// Runs `body` with nodes and errors marked as written by the layer at `path`.
  public func at<R>(path: String, _ body: () throws -> R) rethrows -> R {
    let outer = self.path
    self.path = path
    defer { self.path = outer }
    return try body()
  }

  /// The graph.
  ///
  /// - Throws: ``GraphError``, the first thing that went wrong while it was written.
  public func finish() throws -> Graph {
    if let firstError { throw firstError }
    return Graph(nodes: nodes, outputs: outputs, updates: updates)
  }
}

/// The first thing that went wrong while a graph was written.
public struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer that met it, such as `hidden`; empty outside layers.
  public let path: String
  /// What was found and what was expected.
  public let message: String

  public init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// `hidden: matmul: [32, 784] × [728, 16]: 784 columns meet 728 rows`.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
