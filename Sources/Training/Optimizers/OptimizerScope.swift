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
  /// E, a floating-point scalar: what the step makes small, for rules that ask whether it has grown;
  /// nil where it is not known.
  public let loss: Expression?

  /// A scope for one parameter.
  ///
  /// - Parameters:
  ///   - learningRate: A floating-point scalar; Float64 keeps it exact.
  ///   - step: A Float64 scalar, the number of this update, from 1.
  ///   - parameter: The variable that will be updated.
  ///   - parameterName: Its name.
  ///   - states: Where the states that the optimizer asks for are listed.
  ///   - isWrittenOut: Whether the rule is written for readers; false unless told otherwise.
  ///   - loss: E, in the same graph; nil unless told otherwise.
  public init(
    learningRate: Expression, step: Expression, parameter: Expression, parameterName: String,
    states: OptimizerStates, isWrittenOut: Bool = false, loss: Expression? = nil
  ) {
    self.scheduledRate = learningRate
    self.step = step
    self.parameter = parameter
    self.parameterName = parameterName
    self.states = states
    self.isWrittenOut = isWrittenOut
    self.loss = loss
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

  /// A state: the variable `optimizer/NAME/PARAMETER` of the parameter's type. Asked for twice, it
  /// is the same variable.
  ///
  /// - Parameters:
  ///   - symbol: The letter that the texts write it with.
  ///   - start: What all its elements are before the first update; 0 unless told otherwise.
  public func state(_ name: String, symbol: String, start: Double = 0) -> Expression {
    let state = states.state(
      "\(OptimizerStates.prefix)\(name)/\(parameterName)", beside: parameter, start: start)
    return named(symbol, state)
  }

  /// E and what it was in the step before (0 before the first): one state for all parameters.
  /// Without a loss the graph's builder remembers the error.
  public var lossAndLast: (loss: Expression, last: Expression) {
    guard let loss else {
      parameter.builder.fail("the rule needs the loss, which this step does not tell it")
      return (scheduledRate, scheduledRate)
    }
    return (loss, states.last(loss))
  }

  /// One of two values by a comparison; a rule that is written out shows both, with the condition.
  public func either(_ condition: Expression, _ a: Expression, _ b: Expression) -> Expression {
    .apply(Select(showsCases: isWrittenOut), to: [condition, a, b])
  }

  /// A step times the schedule's factor, for rules whose learning rate is only where their own rates
  /// begin. A rule that is written out is one step without a schedule.
  ///
  /// - Parameter rate: The optimizer's learning rate.
  public func scheduled(_ step: Expression, from rate: Double) -> Expression {
    isWrittenOut ? step : step * factor(preciseRate / rate)
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
  func state(_ name: String, beside parameter: Expression, start: Double) -> Expression {
    if let state = known[name] { return state }
    let state = parameter.builder.variable(name, parameter.type)
    known[name] = state
    all.append((name, state.type))
    if start != 0 {
      startingValues[name] = Tensor(
        filledWith: start, shape: state.shape, type: state.scalarType)
    }
    return state
  }

  /// The state that keeps the loss for the next step.
  func last(_ loss: Expression) -> Expression {
    if let state = known[Self.lastLoss] { return state }
    let state = loss.builder.variable(Self.lastLoss, loss.type)
    known[Self.lastLoss] = state
    all.append((Self.lastLoss, state.type))
    loss.builder.update(state, with: loss)
    return state
  }

  /// The name of the state that keeps the loss for the next step.
  public static let lastLoss = "optimizer/lastLoss"

  /// What those states are before the first update that do not begin as zeros.
  public private(set) var startingValues: [String: Tensor] = [:]

  /// What training starts with, for every state.
  public var initialValues: [String: Tensor] {
    known.mapValues { .zeros($0.shape, type: $0.scalarType) }.merging(startingValues) { $1 }
  }
}
