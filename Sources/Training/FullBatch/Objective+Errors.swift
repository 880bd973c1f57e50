import Execution
import GraphIR
import Layers
import Tensors

/// What follows from the errors e and their Jacobian J, J_ij = ∂eᵢ/∂wⱼ, at some weights.
public struct LinearizedErrors: Sendable {
  /// JᵀJ in row-major order.
  public let curvature: [Double]
  /// Jᵀe.
  public let slope: [Double]
}

extension Objective {
  /// The factor with which E is factor · Σ e² beside its penalties; nil where E is no sum of squares.
  public var squaredErrorFactor: Double? {
    let builder = GraphBuilder()
    let output = builder.input("output", TensorType(errorShape, program.options.precision))
    let target = builder.input("target", program.batchedTarget(rows))
    return program.loss.squaredErrors(output, target: target)?.factor
  }

  /// The kind of the loss.
  public var lossKind: String { type(of: program.loss).kind }

  /// λ₂ of the run.
  public var l2: Double { program.options.l2 }

  /// How many errors there are: rows · outputs.
  public var errorCount: Int { errorShape.count }

  /// The shape of the network's outputs over all rows.
  private var errorShape: Shape {
    let row = try? program.model.outputShape(input: program.inputShape)
    return Shape([rows] + (row?.dimensions ?? []))
  }

  /// λ₂ for each weight: that of the penalty for weights, 0 for biases.
  public var decay: [Double] {
    declarations.filter(\.isTrained).flatMap {
      [Double](repeating: $0.isWeight ? program.options.l2 : 0, count: $0.type.shape.count)
    }
  }

  /// Whether E has a penalty that is no sum of squares of weights: λ₁, or one of a layer.
  public var hasOtherPenalties: Bool {
    let builder = GraphBuilder()
    let input = builder.input("input", program.batchedInput(rows))
    return program.options.l1 > 0
      || trace(program.model, input: input, training: true).penalty != nil
  }

  /// JᵀJ and Jᵀe at w.
  ///
  /// - Throws: ``TrainingError`` where the loss is no sum of squares, w has another size, or J is too
  ///   large to hold.
  public func linearized(at w: [Double]) throws -> LinearizedErrors {
    let jacobian = try preparedJacobian()
    try set(w)
    try jacobian.run()
    return LinearizedErrors(
      curvature: try jacobian.output(JacobianName.curvature),
      slope: try jacobian.output(JacobianName.slope))
  }

  /// J in row-major order and e, at w. The errors stand output after output, in each the rows in order.
  ///
  /// - Throws: As ``linearized(at:)``.
  public func jacobian(at w: [Double]) throws -> (jacobian: [Double], errors: [Double]) {
    let jacobian = try preparedJacobian()
    try set(w)
    try jacobian.run()
    return (
      try jacobian.output(JacobianName.jacobian), try jacobian.output(JacobianName.errors)
    )
  }

  /// Numbers of the largest Jacobian, and weights of the largest JᵀJ, that are tried.
  private static let most = (numbers: 1 << 29, weights: 20_000)

  private func preparedJacobian() throws -> ErrorJacobian {
    if let jacobian { return jacobian }
    let (numbers, isTooLarge) = errorCount.multipliedReportingOverflow(by: weightCount)
    guard !isTooLarge, numbers <= Self.most.numbers, weightCount <= Self.most.weights else {
      throw TrainingError.setting(
        name: "\(type(of: program.optimizer).kind), the Jacobian",
        found: "\(errorCount) errors and \(weightCount) weights",
        expected: "at most \(Self.most.numbers) numbers and \(Self.most.weights) weights")
    }
    let made = try ErrorJacobian(self)
    jacobian = made
    return made
  }
}
