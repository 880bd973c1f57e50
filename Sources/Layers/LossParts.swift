import GraphIR
import Tensors

extension Loss {
  /// The output cut along its last axis into equal parts, such as a mean and a variance.
  ///
  /// - Parameters:
  ///   - output: The output, [batch, …, outputs].
  ///   - count: How many parts.
  ///   - names: What they are, for the error.
  /// - Returns: The parts; nil where the outputs cannot be cut so, or the loss itself has a problem.
  ///   Then the builder has the error.
  func parts(of output: Expression, _ count: Int, _ names: String) -> [Expression]? {
    let (shape, builder) = (output.shape, output.builder)
    if let problem {
      builder.fail("\(Self.kind): \(problem)")
      return nil
    }
    guard shape.rank >= 2, shape[-1] >= count, shape[-1] % count == 0,
      output.scalarType.isFloatingPoint
    else {
      builder.fail(
        "\(Self.kind): output is \(output.type), expected floating-point [batch, outputs] with "
          + "\(count) equal parts: \(names)")
      return nil
    }
    let width = shape[-1] / count
    return (0..<count).map {
      output.slice(axis: shape.rank - 1, from: $0 * width, to: ($0 + 1) * width)
    }
  }

  /// The parts for ``Loss/probabilities(_:)``, which records no error: the output itself in place
  /// of each where it cannot be cut.
  func shownParts(of output: Expression, _ count: Int) -> [Expression] {
    let shape = output.shape
    guard problem == nil, shape.rank >= 2, shape[-1] >= count, shape[-1] % count == 0 else {
      return Array(repeating: output, count: count)
    }
    return parts(of: output, count, "") ?? Array(repeating: output, count: count)
  }

  /// A target of one number for each row of the output, [batch, …, 1]; nil after an error.
  func rowTarget(_ target: Expression, for output: Expression) -> Expression? {
    let first = output.slice(axis: output.shape.rank - 1, from: 0, to: 1)
    return fitted(target, to: first)
  }
}

extension Loss {
  /// The shape of what a prediction shows of one example, of the shape of its output: for most losses
  /// the same.
  package func predictionShape(of output: Shape) -> Shape {
    let builder = GraphBuilder()
    let batch = Shape([2] + output.dimensions)
    let shown = probabilities(builder.input("output", TensorType(batch, .float32)))
    // What does not fit is said where the loss is applied.
    guard builder.firstError == nil, shown.shape.rank >= 1 else { return output }
    return Shape(Array(shown.shape.dimensions.dropFirst()))
  }
}
