import Differentiation
import Execution
import GraphIR
import Layers
import Tensors

/// Names of the variables and outputs of the errors' plans.
enum JacobianName {
  static let errors = "errors"
  static let jacobian = "jacobian"
  static let curvature = "curvature"
  static let slope = "slope"
  static let seed = "seed"
  static let gradient = "gradient"
  static let input = "rows"
  static let target = "targets of rows"
}

/// The Jacobian of all errors, with JᵀJ and Jᵀe.
///
/// Of networks whose weights meet rows in matrix products – layers of dense units, whatever stands
/// between them – it is one plan: for each output one reverse walk over all rows, whose sums over the
/// rows are left out. Of all others it takes a reverse walk for each error: through a plan of one row
/// where rows do not mix, else through one of all rows.
final class ErrorJacobian {
  /// What gives the outputs, JᵀJ and Jᵀe.
  private let products: Executor
  private let walks: ErrorWalks?

  init(_ objective: Objective) throws {
    if let graph = try Self.atOnce(objective) {
      products = try objective.executor(graph)
      walks = nil
    } else {
      let builder = GraphBuilder()
      let (errors, weights) = (objective.errorCount, objective.weightCount)
      Self.writeProducts(
        builder, builder.input(JacobianName.jacobian, TensorType([errors, weights], .float64)),
        builder.input(JacobianName.errors, TensorType([errors], .float64)))
      products = try objective.executor(builder.finish())
      walks = try ErrorWalks(objective)
    }
  }

  func run() throws {
    try walks?.run(into: products)
    products.run()
  }

  func output(_ name: String) throws -> [Double] { try products.output(name).doubles }

  private static func writeProducts(
    _ builder: GraphBuilder, _ jacobian: Expression, _ errors: Expression
  ) {
    let column = errors.reshaped([errors.shape.count, 1])
    builder.output(JacobianName.jacobian, jacobian)
    builder.output(JacobianName.errors, errors)
    builder.output(JacobianName.curvature, jacobian.matmul(jacobian, transposeA: true))
    builder.output(JacobianName.slope, jacobian.matmul(column, transposeA: true))
  }

  /// Everything in one graph; nil where the network is not of that form.
  private static func atOnce(_ objective: Objective) throws -> Graph? {
    let (program, rows) = (objective.program, objective.rows)
    let builder = GraphBuilder()
    let traced = try program.tracedObjective(builder, rows: rows)
    let errors = try program.errors(traced, rows: rows)
    let input = builder.variable(StepProgram.ObjectiveName.input, program.batchedInput(rows))
    let outputs = errors.shape.count / max(rows, 1)
    let flat = errors.reshaped([rows, outputs])
    var blocks: [Expression] = []
    for output in 0..<outputs {
      var weight = [Double](repeating: 0, count: outputs)
      weight[output] = 1
      let all = rowGradients(
        of: flat, weighted: Tensor(weight), withRespectTo: traced.trained, rows: [input])
      guard let all else { return nil }
      blocks.append(
        concatenate(
          all.map { $0.reshaped([rows, $0.shape.count / rows]).cast(to: .float64) }, axis: 1))
    }
    guard !blocks.isEmpty else { return nil }
    writeProducts(
      builder, concatenate(blocks, axis: 0),
      flat.transposed().reshaped([rows * outputs]).cast(to: .float64))
    return try builder.finish()
  }
}

extension StepProgram {
  /// The errors of so many rows.
  ///
  /// - Throws: ``TrainingError`` where the loss is no sum of squares.
  func errors(_ traced: ModelTrace, rows: Int, targetName: String = ObjectiveName.target) throws
    -> Expression
  {
    let target = traced.output.builder.variable(targetName, batchedTarget(rows))
    guard let squares = loss.squaredErrors(traced.output, target: target) else {
      throw TrainingError.setting(
        name: "the loss", found: type(of: loss).kind,
        expected: "\(MeanSquaredError.kind) or \(HalfSquaredError.kind): "
          + "\(type(of: optimizer).kind) is for sums of squares")
    }
    return squares.errors
  }
}
