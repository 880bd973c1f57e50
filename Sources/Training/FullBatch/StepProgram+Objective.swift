import Differentiation
import GraphIR
import Layers
import Tensors

/// The loss over all rows as a function of the weights, for rules that move all of them at once.
extension StepProgram {
  /// What is asked of the objective.
  enum ObjectivePart {
    /// E.
    case value
    /// E and ∂E/∂w.
    case gradient
  }

  /// Names of the objective's variables and outputs beside the parameters'.
  enum ObjectiveName {
    static let input = "all rows"
    static let target = "all targets"
    static let gradient = "gradient"
  }

  /// The objective over so many rows, which are variables, so that several plans share them. The
  /// gradient is one vector in Float64, parameter after parameter.
  ///
  /// - Throws: `GraphError`, where the network does not fit its input or target; ``TrainingError``
  ///   where the loss depends on more than the weights.
  func objective(rows: Int, _ part: ObjectivePart) throws -> Traced {
    let builder = GraphBuilder()
    let traced = try tracedObjective(builder, rows: rows)
    let target = builder.variable(ObjectiveName.target, batchedTarget(rows))
    let total = total(traced, target: target)
    builder.output(Name.loss, total)
    if part == .gradient {
      let gradients = gradient(of: total, withRespectTo: traced.trained)
      builder.output(ObjectiveName.gradient, Self.flat(gradients, builder))
    }
    return Traced(
      graph: try builder.finish(), parameters: traced.declarations, states: [])
  }

  /// The network over all rows.
  ///
  /// - Throws: ``TrainingError`` where what it gives depends on more than the weights.
  func tracedObjective(_ builder: GraphBuilder, rows: Int) throws -> ModelTrace {
    let input = builder.variable(ObjectiveName.input, batchedInput(rows))
    let traced = trace(model, input: input, training: true)
    let problem: String? =
      if traced.randomKey != nil {
        "random numbers in training (dropout, noise)"
      } else if !traced.stateUpdates.isEmpty {
        "statistics that training leaves behind (batch normalization)"
      } else if !traced.carried.isEmpty {
        "states that batches leave to one another"
      } else {
        nil
      }
    if let problem {
      throw TrainingError.setting(
        name: "the network", found: problem,
        expected: "none: \(type(of: optimizer).kind) needs a loss that depends on the weights alone"
      )
    }
    return traced
  }

  /// Tensors as one vector in Float64, one behind the other.
  static func flat(_ tensors: [Expression], _ builder: GraphBuilder) -> Expression {
    guard !tensors.isEmpty else { return builder.constant(.zeros([0], type: .float64)) }
    return concatenate(tensors.map { $0.reshaped([$0.shape.count]).cast(to: .float64) })
  }
}

extension ModelTrace {
  /// The parameters that are trained.
  var trained: [Expression] {
    zip(declarations, parameters).filter { $0.0.isTrained }.map { $0.1 }
  }
}
