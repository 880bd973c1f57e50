import Documents
import Execution
import Formulas
import GraphIR
import Layers
import Tensors

extension DocumentBuilder {
  /// What the hidden layer makes of a problem in the plane, before and after the updates.
  mutating func featureTransformation() {
    guard let iterations = explanation.iterations, let last = iterations.rows.last else { return }
    let pictures = [iterations.rows[0], last].compactMap { row in
      explanation.transformation(row.parameters).map { (row.count, $0) }
    }
    guard pictures.count == 2 else { return }
    heading(1, "What the hidden layer does", "隐藏层的特征变换")
    paragraph(
      "The output neuron can only separate classes by a straight line. The hidden layer has to move the examples to where such a line exists.",
      "输出神经元只能用一条直线划分两类。隐藏层要学会把样本变换到线性可分的位置，即能用一条直线分开。")
    for (count, transformation) in pictures {
      heading(2, "After \(count.grouped) updates", "经过 \(count.grouped) 次更新")
      for picture in transformation.pictures(language: language) {
        blocks.append(.picture(picture))
      }
    }
  }
}

extension StepExplanation {
  /// The pictures' numbers, for networks with two inputs, two hidden neurons and one sigmoid output.
  func transformation(_ parameters: ParameterSet) -> FeatureTransformation? {
    guard steps == 1, features == 2, layers.count == 2, layers[0].units == 2,
      layers[1].units == 1, layers[1].activation == Sigmoid.name, examples >= 3,
      problem.target.count == examples,
      let weight = parameters["\(layers[1].path).weight"], weight.count == 2
    else { return nil }
    let bias = parameters["\(layers[1].path).bias"]?.doubles.first ?? 0
    let inputs = problem.input.doubles
    let side = 33
    let (x, y) = (range(inputs, 0), range(inputs, 1))
    let grid = (0..<side).flatMap { row in
      (0..<side).flatMap { column -> [Double] in
        let (u, v) = (Double(column) / Double(side - 1), Double(row) / Double(side - 1))
        return [
          x.lowerBound + u * (x.upperBound - x.lowerBound),
          y.lowerBound + v * (y.upperBound - y.lowerBound),
        ]
      }
    }
    var moved = problem
    moved.parameters = parameters
    guard let points = try? moved.run(on: problem.input),
      let surface = try? moved.run(on: Tensor(grid, shape: [side * side, 2]))
    else { return nil }
    let targets = problem.target.doubles
    let rows = (0..<side).map { row in
      (0..<side).map { surface.outputs[row * side + $0] }
    }
    return FeatureTransformation(
      examples: (0..<examples).map { example in
        FeatureTransformation.Example(
          input: (inputs[2 * example], inputs[2 * example + 1]),
          hidden: (points.hidden[2 * example], points.hidden[2 * example + 1]),
          isPositive: targets[example] > 0.5)
      },
      weights: (weight.doubles[0], weight.doubles[1]), bias: bias,
      surface: FeatureTransformation.Surface(x: x, y: y, outputs: rows))
  }

  /// The range of one input over all examples, with a margin.
  private func range(_ inputs: [Double], _ feature: Int) -> ClosedRange<Double> {
    let values = stride(from: feature, to: inputs.count, by: 2).map { inputs[$0] }
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = max(0.25 * (high - low), 0.1)
    return (low - margin)...(high + margin)
  }
}

extension Problem {
  /// The hidden layer's outputs and the predictions for other inputs of a network of two layers.
  fileprivate func run(on input: Tensor) throws -> (hidden: [Double], outputs: [Double]) {
    var other = self
    other.input = input
    other.target = .zeros([input.shape[0], 1], type: .float64)
    var map: NetworkMap?
    let step = try StepGraph(other) { graph, traced in
      let reader = try GraphReader(Trace(graph, other.forwardValues))
      map = try NetworkMap(calls: traced.calls, problem: other, reader)
      return []
    }
    let trace = try Trace(step.graph, step.values())
    let reader = GraphReader(trace)
    return (
      (map?.layers.first?.neurons ?? []).map { reader.value($0.out) },
      trace[step.probabilities ?? step.output].doubles
    )
  }
}
