import GraphIR
import Tensors

/// A layer's view of the model that it is applied in: its place, and what it may ask for.
///
/// Parameters are named by the path of their scope – `hidden.weight` – and exist once for each
/// name: a layer that is applied twice in one scope uses the same parameters twice.
public struct Scope {
  /// The path of the layer: `encoder.hidden`; empty at the top.
  public let path: String
  let collector: ScopeCollector

  init(path: String, collector: ScopeCollector) {
    self.path = path
    self.collector = collector
  }

  /// The name of the graph input that random numbers are made from: four Int32 words, seed low,
  /// seed high, step low, step high.
  public static let randomKeyName = "random key"

  /// Whether the model is applied for training; layers such as dropout act only then.
  public var isTraining: Bool { collector.isTraining }

  /// The element type of the parameters.
  public var scalarType: ScalarType { collector.scalarType }

  /// A parameter of this layer, of the scope's element type.
  ///
  /// - Parameters:
  ///   - name: Its name within the layer: `weight`.
  ///   - shape: Its shape. A shape other than at an earlier call with this name is an error.
  ///   - initializer: Its numbers before training.
  ///   - isWeight: Whether penalties on weights apply to it.
  public func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, isWeight: Bool = false
  ) -> Expression {
    check(name)
    let declaration = ParameterDeclaration(
      name: joined(name), type: TensorType(shape, scalarType), initializer: initializer,
      isWeight: isWeight)
    return collector.parameter(declaration, path: path)
  }

  /// Numbers of this layer that are kept with the parameters – saved and loaded – but not trained:
  /// running statistics, what a recurrent layer carries from batch to batch.
  ///
  /// - Parameters:
  ///   - name: Its name within the layer: `mean`.
  ///   - shape: Its shape. A shape other than at an earlier call with this name is an error.
  ///   - initializer: Its numbers before training.
  /// - Returns: Its value, or what ``update(_:with:)`` was told earlier in this application.
  public func state(_ name: String, _ shape: Shape, _ initializer: Initializer) -> Expression {
    check(name)
    let declaration = ParameterDeclaration(
      name: joined(name), type: TensorType(shape, scalarType), initializer: initializer,
      isWeight: false, isTrained: false)
    return collector.state(declaration, path: path)
  }

  /// Has a training step replace a state by a value of its type. Outside training this does
  /// nothing.
  ///
  /// - Parameters:
  ///   - state: What ``state(_:_:_:)`` gave.
  ///   - value: Its next value.
  public func update(_ state: Expression, with value: Expression) {
    collector.update(state, with: value, path: path)
  }

  /// Adds a number to the loss of a training step: a penalty on what a layer does. Outside training
  /// this does nothing.
  public func penalty(_ value: Expression) { collector.add(penalty: value, path: path) }

  /// Which steps of the sequences at hand are there: [batch, steps], 1 for an element and 0 for
  /// padding; nil where all are. Layers that know set it, and those after them heed it.
  public var mask: Expression? {
    get { collector.mask }
    nonmutating set { collector.mask = newValue }
  }

  /// Random numbers, uniform in [0, 1), different in each training step.
  ///
  /// They are a function of the graph's input ``randomKeyName`` and of how many calls came before
  /// this one in the model, so that each call has numbers of its own, and the same ones for the
  /// same key.
  public func noise(_ shape: Shape) -> Expression { collector.noise(shape, path: path) }

  /// Applies a layer as a named part of this one.
  ///
  /// Its parameters' names begin with `name`, and nodes and errors carry its path. Under one name
  /// a layer may be applied several times: its parameters are shared.
  public func apply(_ layer: any Layer, to input: Expression, as name: String) -> Expression {
    collector.call(layer, input, in: child(name))
  }

  /// The scope of a named part of this layer.
  public func child(_ name: String) -> Scope {
    check(name)
    return Scope(path: joined(name), collector: collector)
  }

  /// Records that something does not fit: `found …, expected …`. The first error of a model, with
  /// its path, is what finishing the graph throws.
  public func fail(_ message: String) {
    collector.builder.at(path: path) { collector.builder.fail(message) }
  }

  private func joined(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private func check(_ name: String) {
    guard name.isEmpty || name.contains(where: { $0 == "." || $0 == "/" || $0.isWhitespace }) else {
      return
    }
    fail("the name \"\(name)\" is not allowed; expected letters without spaces, dots and slashes")
  }
}
