import Differentiation
import GraphIR
import Layers
import Tensors

/// The graphs of two networks that are trained against each other.
struct AdversarialProgram {
  let generator: any Layer
  let discriminator: any Layer
  let latent: Int
  /// The shape of one row.
  let rowShape: Shape
  let precision: ScalarType

  enum Name {
    static let rows = "rows"
    static let generator = "generator"
    static let discriminator = "discriminator"
  }

  /// What both networks declare.
  struct Declared {
    let generator: [ParameterDeclaration]
    let discriminator: [ParameterDeclaration]
    var all: [ParameterDeclaration] { generator + discriminator }
  }

  /// The parameters of both networks, named by their parts.
  ///
  /// - Throws: `GraphError`, where a network does not fit.
  func declarations() throws -> Declared {
    Declared(
      generator: try AdversarialPart(generator, as: Name.generator)
        .declarations(input: [latent], type: precision),
      discriminator: try AdversarialPart(discriminator, as: Name.discriminator)
        .declarations(input: rowShape, type: precision))
  }

  /// A step of the discriminator, on so many real rows and as many made ones.
  ///
  /// - Throws: `GraphError`, where the networks do not fit each other.
  func discriminatorStep(batch: Int, optimizer: any Optimizer, labelSmoothing: Double) throws
    -> StepProgram.Traced
  {
    let builder = GraphBuilder()
    let real = builder.input(Name.rows, rows(batch))
    let made = made(builder, batch: batch, training: true).output.stoppingGradient()
    let traced = trace(
      AdversarialPart(discriminator, as: Name.discriminator, halves: true),
      input: concatenate([real, made], axis: 0), training: true)
    check(traced.output, rows: 2 * batch)
    let scores = traced.output.reshaped([2 * batch])
    let (ofReal, ofMade) = (
      scores.slice(axis: 0, from: 0, to: batch), scores.slice(axis: 0, from: batch, to: 2 * batch)
    )
    let target = 1 - labelSmoothing
    let loss = (softplus(ofReal) - ofReal * target).mean() + softplus(ofMade).mean()
    return try finish(builder, traced, loss, optimizer)
  }

  /// A step of the generator, on so many made rows.
  ///
  /// - Throws: `GraphError`, where the networks do not fit each other.
  func generatorStep(batch: Int, optimizer: any Optimizer) throws -> StepProgram.Traced {
    let builder = GraphBuilder()
    let traced = made(builder, batch: batch, training: true)
    let judged = trace(
      AdversarialPart(discriminator, as: Name.discriminator), input: traced.output, training: true)
    check(judged.output, rows: batch)
    return try finish(builder, traced, softplus(-judged.output).mean(), optimizer)
  }

  /// Rows made of noise.
  ///
  /// - Throws: `GraphError`, where the generator does not fit.
  func samples(batch: Int) throws -> Graph {
    let builder = GraphBuilder()
    builder.output(Name.rows, made(builder, batch: batch, training: false).output)
    return try builder.finish()
  }

  /// The probabilities that rows are real.
  ///
  /// - Throws: `GraphError`, where the discriminator does not fit.
  func scores(batch: Int) throws -> Graph {
    let builder = GraphBuilder()
    let traced = trace(
      AdversarialPart(discriminator, as: Name.discriminator),
      input: builder.input(Name.rows, rows(batch)), training: false)
    check(traced.output, rows: batch)
    builder.output(StepProgram.Name.output, sigmoid(traced.output))
    return try builder.finish()
  }

  private func rows(_ count: Int) -> TensorType {
    TensorType(Shape([count] + rowShape.dimensions), precision)
  }

  private func made(_ builder: GraphBuilder, batch: Int, training: Bool) -> ModelTrace {
    let key = builder.input(Scope.randomKeyName, TensorType([4], .int32))
    let uniform = (0..<2).map {
      uniformNoise(key: key, shape: [batch, latent], type: precision, stream: $0)
    }
    let traced = trace(
      AdversarialPart(generator, as: Name.generator), input: normalNumbers(uniform[0], uniform[1]),
      training: training)
    if traced.output.type != rows(batch) {
      let found = Shape(Array(traced.output.shape.dimensions.dropFirst()))
      builder.at(path: Name.generator) {
        builder.fail("gives rows of shape \(found), expected \(rowShape), as the data have")
      }
    }
    return traced
  }

  private func check(_ output: Expression, rows: Int) {
    guard output.shape != [rows, 1] else { return }
    output.builder.at(path: Name.discriminator) {
      output.builder.fail("gives \(output.type), expected one output for each row")
    }
  }

  /// The step that updates the parameters of one of the networks.
  private func finish(
    _ builder: GraphBuilder, _ traced: ModelTrace, _ loss: Expression, _ optimizer: any Optimizer
  ) throws -> StepProgram.Traced {
    if let carried = traced.carried.first {
      // Rows are made of new noise in each step: none goes on from one before.
      builder.fail(
        "\(carried.name): rows that are made follow no others; set carriesState to false")
    }
    return try StepProgram.finish(
      builder, traced, minimizing: traced.penalty.map { loss + $0 } ?? loss, reporting: loss,
      optimizer)
  }
}

/// One of two networks, under a name of its own among the parameters of both.
private struct AdversarialPart: Layer {
  static let kind = "adversarialPart"

  let network: LayerBox
  let part: String
  /// Whether the two halves of a batch are judged one after the other, as two batches: statistics
  /// over a batch shall be those of real rows, or of made ones.
  let halves: Bool
  var name: String? { nil }

  init(_ network: any Layer, as part: String, halves: Bool = false) {
    self.network = LayerBox(network)
    self.part = part
    self.halves = halves
  }

  func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard halves else { return scope.apply(network.layer, to: input, as: part) }
    let half = input.shape[0] / 2
    let outputs = [0, half].map { start in
      scope.apply(
        network.layer, to: input.slice(axis: 0, from: start, to: start + half), as: part)
    }
    guard outputs[0].type == outputs[1].type else { return input }
    return concatenate(outputs, axis: 0)
  }
}
