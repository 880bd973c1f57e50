import Datasets
import Documents
import Layers
import Tensors
import Training

extension Problem {
  /// One training step of a trained model on some rows of data.
  ///
  /// Everything is computed in Float64, whatever the model's precision, and features are scaled as
  /// they were in training.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - data: The rows, in the form that the model was trained on, with targets.
  ///   - optimizer: How the step updates the parameters.
  /// - Throws: `TrainingError` where the rows do not fit the model.
  public init(_ model: TrainedModel, data: Dataset, optimizer: any Optimizer) throws {
    guard data.count > 0, data.hasTargets else {
      throw TrainingError.data("\(data.name) has no rows with targets to explain")
    }
    guard data.inputShape == model.inputShape else {
      throw TrainingError.data(
        "the rows have \(data.inputShape.count) features, the model expects \(model.inputShape.count)"
      )
    }
    let target: Tensor =
      switch data.targets {
      case .classes(let labels, _): try model.coded(labels)
      case .values(let values, _):
        try model.targetScaling.apply(to: values.cast(to: .float64))
      }
    self.init(
      model: model.model, loss: model.loss, parameters: model.parameters.cast(to: .float64),
      input: try model.scaling.apply(to: data.features.cast(to: .float64)), target: target,
      optimizer: optimizer)
  }
}

extension TrainedModel {
  /// Class numbers as numbers for the outputs, in the loss's coding.
  fileprivate func coded(_ labels: Tensor) throws -> Tensor {
    let shape = try model.outputShape(input: inputShape)
    let low = loss.classCoding == .sign ? -1.0 : 0
    let classes = shape.dimensions.last ?? 1
    let numbers = labels.integers.flatMap { label -> [Double] in
      if classes == 1 { return [label > 0 ? 1 : low] }
      return (0..<classes).map { $0 == Int(label) ? 1 : low }
    }
    // One number for each row, or for each step of each row.
    return Tensor(numbers, shape: Shape([labels.shape[0]] + shape.dimensions))
  }
}

extension StepExplanation {
  /// The explanation of one training step of a trained model on one row of data.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - data: The data, in the form that the model was trained on.
  ///   - row: The row, from 0.
  ///   - optimizer: How the step updates the parameters.
  ///   - order: When new parameters take effect.
  ///   - selection: The part that is derived.
  ///   - iterations: The numbers of updates after which to look at the network.
  /// - Throws: `TrainingError` where the row does not fit the model; ``ExplanationError`` where there
  ///   is no such part.
  public init(
    _ model: TrainedModel, data: Dataset, row: Int,
    optimizer: any Optimizer = SGD(learningRate: 0.1),
    order: UpdateOrder = .simultaneous, selection: Selection? = nil, iterations: [Int] = []
  ) throws {
    guard (0..<data.count).contains(row) else {
      throw ExplanationError(
        "\(data.name): there is no such row; it has \(data.count.grouped) rows")
    }
    var problem = try Problem(model, data: data.rows([row]), optimizer: optimizer)
    problem.order = order
    try self.init(problem, selection: selection, iterations: iterations)
    if case .classes(let labels, let names) = data.targets, labels.shape.rank == 1,
      names.indices.contains(
        Int(labels.integers[row]))
    {
      let name = names[Int(labels.integers[row])]
      remarks.append(
        Phrase(
          "Row \(data.number(ofRow: row)) of \(data.name), class \(name).",
          "\(data.name) 的第 \(data.number(ofRow: row)) 行，类别为 \(name)。"))
    } else {
      remarks.append(
        Phrase(
          "Row \(data.number(ofRow: row)) of \(data.name).",
          "\(data.name) 的第 \(data.number(ofRow: row)) 行。"))
    }
    if case .none = model.scaling {
    } else {
      remarks.append(
        Phrase(
          "The inputs are scaled as they were in training.", "输入已按训练时的方式缩放。"))
    }
    if model.precision != .float64 {
      remarks.append(
        Phrase(
          "The network was trained in \(model.precision.rawValue); this derivation is computed in float64.",
          "网络以 \(model.precision.rawValue) 精度训练，此处以 float64 精度计算。"))
    }
  }
}
