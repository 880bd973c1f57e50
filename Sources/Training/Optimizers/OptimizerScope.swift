import Formulas
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
  /// Whether the rule is written for readers: every step of the texts a value of its own, rather than
  /// in the cheapest form. Both are equal but for rounding.
  public let isWrittenOut: Bool

  /// A scope for one parameter.
  ///
  /// - Parameters:
  ///   - learningRate: A floating-point scalar; Float64 keeps it exact.
  ///   - step: A Float64 scalar, the number of this update, from 1.
  ///   - parameter: The variable that will be updated.
  ///   - parameterName: Its name.
  ///   - states: Where the states that the optimizer asks for are listed.
  ///   - isWrittenOut: Whether the rule is written for readers; false unless told otherwise.
  public init(
    learningRate: Expression, step: Expression, parameter: Expression, parameterName: String,
    states: OptimizerStates, isWrittenOut: Bool = false
  ) {
    self.scheduledRate = learningRate
    self.step = step
    self.parameter = parameter
    self.parameterName = parameterName
    self.states = states
    self.isWrittenOut = isWrittenOut
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
  ///
  /// - Parameter symbol: The letter that the texts write it with.
  public func state(_ name: String, symbol: String) -> Expression {
    let state = states.state(
      "\(OptimizerStates.prefix)\(name)/\(parameterName)", beside: parameter)
    return named(symbol, state)
  }

  /// The same value, remembered as what the texts write with this letter.
  public func named(_ symbol: String, _ value: Expression) -> Expression {
    states.formulas[value.id] = .symbol(symbol)
    return value
  }

  /// A setting, or a number that follows from settings, of the parameter's type.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - formula: What the texts write for it: `β_1`, `1 − β_1`.
  ///   - isPrecise: Whether it is Float64, whatever the parameter's type.
  public func constant(_ value: Double, _ formula: Formula, isPrecise: Bool = false) -> Expression {
    let type = isPrecise ? .float64 : parameter.scalarType
    let constant = parameter.builder.constant(Tensor(value, type: type))
    states.formulas[constant.id] = formula
    return constant
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
  /// What the texts write for states, settings and other values, by node: a letter, which stands for
  /// something of each weight where it is no setting.
  public internal(set) var formulas: [Node.ID: Formula] = [:]
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
