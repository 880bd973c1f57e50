import GraphIR
import Tensors

extension Layer {
  /// The parameters that the model asks for.
  ///
  /// - Parameters:
  ///   - input: The shape of one example, without the batch axis: `[784]`.
  ///   - type: The element type.
  /// - Throws: `GraphError` where the model does not fit the input or itself.
  public func declarations(input: Shape, type: ScalarType = .float32) throws
    -> [ParameterDeclaration]
  {
    try inspected(input, type).declarations
  }

  /// The parameters before training.
  ///
  /// Each parameter has a random stream of its own, by the seed and its name, so that changing one
  /// layer does not change how another starts.
  ///
  /// - Throws: `GraphError` where the model does not fit the input or itself.
  public func initialParameters(input: Shape, type: ScalarType = .float32, seed: UInt64) throws
    -> ParameterSet
  {
    var parameters = ParameterSet()
    for declaration in try declarations(input: input, type: type) {
      var random = RandomStream(seed: seed, name: "initial/" + declaration.name)
      parameters[declaration.name] = try declaration.initializer.tensor(
        shape: declaration.type.shape, type: declaration.type.scalarType, random: &random)
    }
    return parameters
  }

  /// The number of trainable numbers.
  ///
  /// - Throws: `GraphError` where the model does not fit the input or itself.
  public func parameterCount(input: Shape) throws -> Int {
    try declarations(input: input).trainedCount
  }

  /// The shape of the output for one example, without the batch axis.
  ///
  /// - Throws: `GraphError` where the model does not fit the input or itself; ``LayerError`` where
  ///   it mixes up examples.
  public func outputShape(input: Shape) throws -> Shape {
    let shape = try inspected(input, .float32).output.shape
    guard shape.rank >= 1, shape[0] == inspectionBatch else {
      throw LayerError(
        "the output for a batch of \(inspectionBatch) has shape \(shape), "
          + "expected a first axis of \(inspectionBatch)")
    }
    return Shape(Array(shape.dimensions.dropFirst()))
  }

  /// A table of the model's layers, their output shapes, parameters and floating-point operations.
  ///
  /// ```swift
  /// let model = Sequential {
  ///   Dense(units: 16, activation: .sigmoid, name: "hidden")
  ///   Dense(units: 10)
  /// }
  /// print(try model.summary(input: [784]))
  /// // layer   kind                      output  parameters   FLOPs
  /// // hidden  dense, 16 units, sigmoid  [16]        12,560  25,168
  /// // dense2  dense, 10 units           [10]           170     330
  /// // 12,730 parameters; 25,498 FLOPs forward for one example (a multiply-add counts as two)
  /// ```
  ///
  /// - Parameter input: The shape of one example, without the batch axis.
  /// - Throws: `GraphError` where the model does not fit the input or itself.
  public func summary(input: Shape) throws -> ModelSummary {
    let traced = try inspected(input, .float32)
    // Not half of what two examples take: what is done once for a batch would be halved too.
    let single = try? inspected(input, .float32, batch: 1)
    let counts = single.map { FlopCounts($0.output.builder.nodes, of: $0.output.id) }
    // A plain sequence at the top is the table itself, not a line of it.
    let hidesTop = Self.self == Sequential.self
    let rows = traced.calls.dropFirst(hidesTop ? 1 : 0).map { call in
      ModelSummary.Row(
        path: call.path, depth: call.depth - (hidesTop ? 1 : 0), layer: call.layer.description,
        output: Shape(Array(call.output.dimensions.dropFirst())),
        parameterCount: call.parameterCount, flops: counts?[call.path])
    }
    return ModelSummary(
      input: input, rows: rows,
      parameterCount: traced.declarations.trainedCount, flops: counts?[""])
  }

  private func inspected(
    _ input: Shape, _ type: ScalarType, batch: Int = inspectionBatch
  ) throws -> ModelTrace {
    let builder = GraphBuilder()
    let shape = Shape([batch] + input.dimensions)
    let result = trace(
      self, input: builder.input("input", TensorType(shape, type)), training: false)
    if let error = builder.firstError { throw error }
    return result
  }
}

/// The examples of the batch that a model is tried on: not 1, which fits too much by broadcasting.
private let inspectionBatch = 2
