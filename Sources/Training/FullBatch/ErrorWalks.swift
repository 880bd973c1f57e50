import Datasets
import Differentiation
import Execution
import GraphIR
import Layers
import Tensors

/// A Jacobian of errors by one reverse walk for each of them: right for every layer.
final class ErrorWalks {
  private let objective: Objective
  private let executor: Executor
  /// The rows of the plan: one, or all.
  private let blockRows: Int
  /// Errors of a row.
  private let outputs: Int

  init(_ objective: Objective) throws {
    self.objective = objective
    let program = objective.program
    let whole = GraphBuilder()
    let all = try program.tracedObjective(whole, rows: objective.rows)
    let input = whole.variable(
      StepProgram.ObjectiveName.input, program.batchedInput(objective.rows))
    blockRows = keepsRowsApart(all.output, rows: [input]) ? 1 : objective.rows
    outputs = objective.errorCount / max(objective.rows, 1)

    let builder = GraphBuilder()
    let rows = builder.variable(JacobianName.input, program.batchedInput(blockRows))
    let traced = trace(program.model, input: rows, training: true)
    let errors = try program.errors(traced, rows: blockRows, targetName: JacobianName.target)
    let seed = builder.input(JacobianName.seed, errors.type)
    let slope = gradient(of: (errors * seed).sum(), withRespectTo: traced.trained)
    builder.output(JacobianName.errors, errors.cast(to: .float64))
    builder.output(JacobianName.gradient, StepProgram.flat(slope, builder))
    executor = try objective.executor(builder.finish())
  }

  /// Writes J and e to where a plan of their products reads them.
  func run(into products: Executor) throws {
    let (rows, weights) = (objective.rows, objective.weightCount)
    let data = [
      (StepProgram.ObjectiveName.input, JacobianName.input),
      (StepProgram.ObjectiveName.target, JacobianName.target),
    ].compactMap { all, part in objective.variables[all].map { (part, $0) } }
    try products.withInput(JacobianName.jacobian) { jacobian in
      try products.withInput(JacobianName.errors) { errors in
        for first in stride(from: 0, to: rows, by: blockRows) {
          for (name, tensor) in data {
            try objective.variables.set(name, tensor.rows(first..<first + blockRows))
          }
          for row in 0..<blockRows {
            for output in 0..<outputs {
              try setSeed(row * outputs + output)
              executor.run()
              // Output after output, in each the rows in order.
              let place = output * rows + first + row
              let gradient = try executor.outputBytes(JacobianName.gradient)
              let start = place * weights * 8
              jacobian[start..<start + weights * 8].copyBytes(from: gradient)
              let error = try executor.outputBytes(JacobianName.errors)
              let own = (row * outputs + output) * 8
              errors[place * 8..<place * 8 + 8].copyBytes(from: error[own..<own + 8])
            }
          }
        }
      }
    }
  }

  private func setSeed(_ place: Int) throws {
    let count = blockRows * outputs
    var seed = [Double](repeating: 0, count: count)
    seed[place] = 1
    let type = try executor.outputType(JacobianName.errors)
    try executor.setInput(
      JacobianName.seed,
      Tensor(seed, shape: type.shape, type: objective.program.options.precision))
  }
}
