import Differentiation
import Execution
import GraphIR
import Layers
import Tensors
import Testing

/// Every listed layer and loss: its gradient against central differences, in Float64.
struct GradientChecks {
  /// Compares the gradients of the output `E` by the variables with central differences.
  func check(
    _ builder: GraphBuilder, _ value: Expression, by variables: [Expression],
    at values: [String: Tensor], label: String
  ) throws {
    builder.output("E", value)
    let gradients = gradient(of: value, withRespectTo: variables)
    for (index, gradient) in gradients.enumerated() { builder.output("g\(index)", gradient) }
    let graph = try builder.finish()
    let trace = try Trace(graph, values)
    let step = 1e-5
    for (index, variable) in variables.enumerated() {
      let name: String
      switch graph.nodes[variable.id].content {
      case .input(let text), .variable(let text): name = text
      default: throw LayerError("\(label): only leaves are varied")
      }
      let found = try #require(trace["g\(index)"])
      let start = try #require(values[name])
      #expect(found.shape == start.shape)
      for place in 0..<start.count {
        func shifted(_ step: Double) throws -> Double {
          var numbers = start.doubles
          numbers[place] += step
          var changed = values
          changed[name] = Tensor(numbers, shape: start.shape)
          return try #require(try Trace(graph, changed)["E"]).scalar
        }
        let slope = (try shifted(step) - shifted(-step)) / (2 * step)
        let error = abs(found.element(place) - slope)
        #expect(
          error <= 1e-7 * max(1, abs(slope)),
          "\(label): ∂E/∂\(name)[\(place)] is \(found.element(place)), differences give \(slope)")
      }
    }
  }

  @Test(arguments: [true, false])
  func layers(training: Bool) throws {
    for type in Layers.all {
      #expect(!type.samples.isEmpty, "\(type.kind) has no samples")
      for sample in type.samples {
        var random = RandomStream(seed: 5, name: type.kind)
        let batch = Shape([3] + sample.input.dimensions)
        let builder = GraphBuilder()
        let input = builder.input("x", TensorType(batch, .float64))
        let applied = trace(sample.layer, input: input, training: training)
        // A sum with different factors, so that no element's gradient is lost in another's.
        let factors = (0..<applied.output.shape.count).map { _ in random.uniform(0.5, 2) }
        let weighted =
          applied.output
          * applied.output.constant(
            Tensor(factors, shape: applied.output.shape))
        var values: [String: Tensor] = [
          "x": Tensor((0..<batch.count).map { _ in random.uniform(-2, 2) }, shape: batch),
          Scope.randomKeyName: Tensor([1, 0, 0, 0] as [Int32]),
        ]
        for declaration in applied.declarations {
          values[declaration.name] = try declaration.initializer.tensor(
            shape: declaration.type.shape, type: .float64, random: &random)
        }
        try check(
          builder, weighted.sum(), by: [input] + applied.parameters, at: values,
          label: sample.layer.description)
      }
    }
  }

  @Test func losses() throws {
    for type in Losses.all {
      #expect(!type.samples.isEmpty, "\(type.kind) has no samples")
      for sample in type.samples {
        let builder = GraphBuilder()
        let output = builder.input("o", sample.output.type)
        let target = builder.input("t", sample.target.type)
        try check(
          builder, sample.loss(output, target: target), by: [output],
          at: ["o": sample.output, "t": sample.target], label: "\(sample.loss)")
      }
    }
  }
}
