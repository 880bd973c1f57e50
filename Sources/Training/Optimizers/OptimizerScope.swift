import GraphIR
import Tensors

/// What an optimizer works with while it writes the update of one parameter.
public struct OptimizerScope {
  /// The parameter's name, such as `hidden.weight`.
  public let parameterName: String
  /// The parameter, for the type of its states and of its factors.
  public let parameter: Expression
  /// η as it was fed, after the schedule: a scalar in whatever type the step's graph has it.
  public let scheduledRate: Expression
  /// t, the number of this update, from 1: a Float64 scalar.
  public let step: Expression
  /// Where the states are listed.
  public let states: OptimizerStates

  /// A scope for one parameter.
  ///
  /// - Parameters:
  ///   - learningRate: A floating-point scalar; Float64 keeps it exact.
  ///   - step: A Float64 scalar, the number of this update, from 1.
  ///   - parameter: The variable that will be updated.
  ///   - parameterName: Its name.
  ///   - states: Where the states that the optimizer asks for are listed.
  public init(
    learningRate: Expression, step: Expression, parameter: Expression, parameterName: String,
    states: OptimizerStates
  ) {
    self.scheduledRate = learningRate
    self.step = step
    self.parameter = parameter
    self.parameterName = parameterName
    self.states = states
  }

  /// η, a scalar of the parameter's type.
  public var learningRate: Expression { scheduledRate.cast(to: parameter.scalarType) }

  /// η as a Float64 scalar, for factors that are computed in Float64.
  public var preciseRate: Expression { scheduledRate.cast(to: .float64) }

  /// A scalar computed in Float64, as one of the parameter's type.
  ///
  /// Factors that change from step to step are computed in Float64 and rounded once; they are the
  /// same nodes for every parameter, which the plan computes once.
  public func factor(_ value: Expression) -> Expression { value.cast(to: parameter.scalarType) }

  /// A state: the variable `optimizer/NAME/PARAMETER` of the parameter's type, which starts as
  /// zeros. Asked for twice, it is the same variable.
  public func state(_ name: String) -> Expression {
    states.state("\(OptimizerStates.prefix)\(name)/\(parameterName)", beside: parameter)
  }

  /// Has every step replace a state by a value of its type.
  public func update(_ state: Expression, with value: Expression) {
    parameter.builder.update(state, with: value)
  }
}

/// The states that the optimizer's updates in one graph remember, in the order in which they were
/// asked for.
public final class OptimizerStates {
  /// What the names of all states begin with.
  public static let prefix = "optimizer/"

  private var known: [String: Expression] = [:]
  /// The variables' names and types: what a checkpoint saves and restores.
  public private(set) var all: [(name: String, type: TensorType)] = []

  public init() {}

  /// The variable of this name and of the parameter's type.
  func state(_ name: String, beside parameter: Expression) -> Expression {
    if let state = known[name] { return state }
    let state = parameter.builder.variable(name, parameter.type)
    known[name] = state
    all.append((name, state.type))
    return state
  }

  /// Zeros for every state, by name: what training starts with.
  public var initialValues: [String: Tensor] {
    known.mapValues { .zeros($0.shape, type: $0.scalarType) }
  }
}
