import Datasets
import Differentiation
import Execution
import GraphIR
import Layers
import Tensors

/// The second derivatives of a network's loss over the rows of a data set, by its weights: what
/// pruning asks for. Computed in Float64, without penalties, with the network as it predicts.
///
/// ```swift
/// let curvature = try LossCurvature(model, on: data)
/// let diagonal = try curvature.hessianDiagonal(at: curvature.start)
/// ```
public struct LossCurvature: Sendable {
  /// The trained parameters as one list.
  public let vector: WeightVector
  /// The model's own weights.
  public let start: [Double]

  let model: TrainedModel
  let features: Tensor
  let targets: Tensor

  /// - Throws: ``TrainingError/data(_:)`` where the data do not fit the model.
  public init(_ model: TrainedModel, on data: Dataset) throws {
    var model = model
    model.precision = .float64
    model.parameters = model.parameters.cast(to: .float64)
    model.checkpoint = nil
    try model.check(data.inputShape.prefixed(by: data.count))
    let prepared = try PreparedData(data, for: model)
    features = try model.scaling.apply(to: data.features).cast(to: .float64)
    targets = prepared.targets
    vector = WeightVector(try model.model.declarations(input: model.inputShape, type: .float64))
    start = vector.values(of: model.parameters)
    self.model = model
  }

  private var rows: Int { features.shape[0] }

  // MARK: Graphs

  /// A forward pass over rows, with the weights as inputs.
  private struct Forward {
    let builder: GraphBuilder
    let output: Expression
    let weights: [Expression]
  }

  private func forward(rows: Int) -> Forward {
    let builder = GraphBuilder()
    let input = builder.input(
      StepProgram.Name.input, TensorType(model.inputShape.prefixed(by: rows), .float64))
    let traced = trace(model.model, input: input, training: false)
    let weights = zip(traced.declarations, traced.parameters).filter { $0.0.isTrained }.map(\.1)
    return Forward(builder: builder, output: traced.output, weights: weights)
  }

  private func loss(_ output: Expression) -> Expression {
    let target = output.builder.input(
      StepProgram.Name.target, TensorType(targets.shape, targets.scalarType))
    return model.loss(output, target: target)
  }

  private func executor(_ builder: GraphBuilder, at weights: [Double]) throws -> Executor {
    let variables = VariableStore()
    let parameters = vector.parameters(weights, in: model.parameters)
    for (name, tensor) in parameters { try variables.set(name, tensor) }
    return try Executor(Plan(builder.finish()), variables: variables)
  }

  private static func slope(_ part: WeightVector.Part) -> String { "slope of \(part.name)" }
  private static func direction(_ part: WeightVector.Part) -> String { "along \(part.name)" }

  /// What lies in the outputs `slope of …`, one behind the other.
  private func slopes(_ executor: Executor) throws -> [Double] {
    try vector.parts.flatMap { try executor.output(Self.slope($0)).doubles }
  }

  private func setDirection(_ direction: [Double], in executor: Executor) throws {
    for part in vector.parts {
      let values = Array(direction[part.start..<part.start + part.shape.count])
      try executor.setInput(
        Self.direction(part), Tensor(values, shape: part.shape, type: .float64))
    }
  }

  /// Hv for as many directions as are asked for, with one plan.
  private func products(at weights: [Double]) throws -> Executor {
    let pass = forward(rows: rows)
    let total = loss(pass.output)
    let gradients = gradient(of: total, withRespectTo: pass.weights)
    let along = zip(vector.parts, gradients).map { part, slope in
      (slope * pass.builder.input(Self.direction(part), slope.type)).sum()
    }
    guard let first = along.first else { throw TrainingError.data("the network has no weights") }
    let product = gradient(
      of: along.dropFirst().reduce(first, +), withRespectTo: pass.weights)
    for (part, slope) in zip(vector.parts, product) {
      pass.builder.output(Self.slope(part), slope)
    }
    let executor = try executor(pass.builder, at: weights)
    try executor.setInput(StepProgram.Name.input, features)
    try executor.setInput(StepProgram.Name.target, targets)
    return executor
  }

  // MARK: Results

  /// E over all rows.
  public func loss(at weights: [Double]) throws -> Double {
    let pass = forward(rows: rows)
    pass.builder.output(StepProgram.Name.loss, loss(pass.output))
    let executor = try executor(pass.builder, at: weights)
    try executor.setInput(StepProgram.Name.input, features)
    try executor.setInput(StepProgram.Name.target, targets)
    executor.run()
    return try executor.output(StepProgram.Name.loss).scalar
  }

  /// H v: the gradient of g · v, which is differentiated as any other graph.
  ///
  /// - Throws: `GraphError` where the network cannot be differentiated twice.
  public func hessianProduct(_ direction: [Double], at weights: [Double]) throws -> [Double] {
    let executor = try products(at: weights)
    try setDirection(direction, in: executor)
    executor.run()
    return try slopes(executor)
  }

  /// hₖₖ = ∂²E/∂wₖ², exactly: one product with H for each weight. Those that are not kept are 0.
  public func hessianDiagonal(at weights: [Double], kept: [Bool]? = nil) throws -> [Double] {
    let executor = try products(at: weights)
    var diagonal = [Double](repeating: 0, count: vector.count)
    var direction = diagonal
    for place in diagonal.indices where kept?[place] ?? true {
      direction[place] = 1
      try setDirection(direction, in: executor)
      executor.run()
      diagonal[place] = try slopes(executor)[place]
      direction[place] = 0
    }
    return diagonal
  }

  /// The vectors x with H ≈ Σ x xᵀ, which is H where the outputs fit their targets: for each row x =
  /// Jᵀ l for the columns l of L, with J = ∂o/∂w and L Lᵀ = ∂²E/∂o². (For squared errors these
  /// are the outputs' gradients, scaled; E must be convex in the outputs.)
  ///
  /// - Parameter body: Takes each vector, row by row.
  /// - Throws: ``TrainingError/data(_:)`` where the loss is not convex.
  public func forEachOuterFactor(at weights: [Double], _ body: ([Double]) throws -> Void) throws {
    let factors = try outputFactors(at: weights)
    let pass = forward(rows: 1)
    let seed = pass.builder.input("seed", pass.output.type)
    let slopes = gradient(of: (pass.output * seed).sum(), withRespectTo: pass.weights)
    for (part, slope) in zip(vector.parts, slopes) {
      pass.builder.output(Self.slope(part), slope)
    }
    let executor = try executor(pass.builder, at: weights)
    for row in 0..<rows {
      try executor.setInput(StepProgram.Name.input, features.rows(row..<row + 1))
      for factor in factors[row] {
        try executor.setInput("seed", Tensor(factor, shape: pass.output.shape, type: .float64))
        executor.run()
        try body(self.slopes(executor))
      }
    }
  }

  /// For each row the columns l of L, with L Lᵀ = ∂²E/∂o² for the row's outputs o.
  private func outputFactors(at weights: [Double]) throws -> [[[Double]]] {
    let pass = forward(rows: rows)
    pass.builder.output(StepProgram.Name.output, pass.output)
    let forward = try executor(pass.builder, at: weights)
    try forward.setInput(StepProgram.Name.input, features)
    forward.run()
    let outputs = try forward.output(StepProgram.Name.output)

    let builder = GraphBuilder()
    let output = builder.input(StepProgram.Name.output, outputs.type)
    let seed = builder.input("seed", outputs.type)
    let slope = gradient(of: loss(output), withRespectTo: [output])[0]
    builder.output(
      "column", gradient(of: (slope * seed).sum(), withRespectTo: [output])[0])
    let columns = try executor(builder, at: weights)
    try columns.setInput(StepProgram.Name.output, outputs)
    try columns.setInput(StepProgram.Name.target, targets)

    let width = outputs.count / max(1, rows)
    var blocks = [[Double]](repeating: [Double](repeating: 0, count: width * width), count: rows)
    for column in 0..<width {
      var seed = [Double](repeating: 0, count: outputs.count)
      for row in 0..<rows { seed[row * width + column] = 1 }
      try columns.setInput("seed", Tensor(seed, shape: outputs.shape, type: .float64))
      columns.run()
      let values = try columns.output("column").doubles
      for row in 0..<rows {
        for place in 0..<width { blocks[row][place * width + column] = values[row * width + place] }
      }
    }
    // A row that fits has next to no curvature, and rounding leaves little of that: what is small is
    // so beside the other rows, or beside what a row counts.
    let largest = blocks.reduce(1e-9 / Double(max(1, rows))) { largest, block in
      (0..<width).reduce(largest) { max($0, abs(block[$1 * width + $1])) }
    }
    return try blocks.map { try Self.columns(of: $0, width, largest) }
  }

  /// The columns of L, L Lᵀ = A, for a positive semidefinite A; those that are zero are left out.
  private static func columns(of block: [Double], _ width: Int, _ largest: Double) throws
    -> [[Double]]
  {
    var rest = block
    var columns: [[Double]] = []
    for pivot in 0..<width {
      let value = rest[pivot * width + pivot]
      guard value > 1e-14 * largest else {
        guard value >= -1e-6 * largest else {
          throw TrainingError.data("the loss is not convex in the outputs, as pruning needs it")
        }
        continue
      }
      let column = (0..<width).map {
        $0 < pivot ? 0 : rest[$0 * width + pivot] / value.squareRoot()
      }
      for i in pivot..<width {
        for j in pivot..<width { rest[i * width + j] -= column[i] * column[j] }
      }
      columns.append(column)
    }
    return columns
  }
}
