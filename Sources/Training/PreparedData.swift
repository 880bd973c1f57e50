import Datasets
import GraphIR
import Layers
import Tensors

/// A data set as the network sees it: scaled, in its precision, targets in the form that the loss
/// takes.
struct PreparedData {
  let features: FeatureRows
  let targets: Tensor

  /// The number of rows.
  var count: Int { features.shape[0] }

  /// The type of one row's target.
  var target: TensorType {
    TensorType(Shape(Array(targets.shape.dimensions.dropFirst())), targets.scalarType)
  }

  /// - Throws: ``TrainingError/data(_:)`` where there are no rows or no targets, or they do not
  ///   fit the model.
  init(_ data: Dataset, for model: TrainedModel) throws {
    guard data.count > 0 else { throw TrainingError.data("\(data.name) has no rows") }
    guard data.hasTargets else {
      throw TrainingError.data("\(data.name) has no targets to compare with")
    }
    features = try FeatureRows(data.features, scaling: model.scaling, precision: model.precision)
    switch (data.targets, model.outputs) {
    case (.classes(let labels, let names), .classes(let known)):
      guard names == known else {
        throw TrainingError.data(
          "\(data.name) has the classes \(listed(names)), the model knows \(listed(known))")
      }
      targets = labels
    case (.values(let values, let names), .values(let known)):
      guard names.count == known.count else {
        throw TrainingError.data(
          "\(data.name) has \(names.count) target values a row, the model has \(known.count)")
      }
      targets = try model.targetScaling.apply(to: values).cast(to: model.precision)
      try Self.check(targets, of: data, names, for: model)
    case (.classes, .values):
      throw TrainingError.data("\(data.name) has classes, the model gives numbers")
    case (.values, .classes):
      throw TrainingError.data("\(data.name) has numbers to predict, the model gives classes")
    }
  }

  /// - Throws: ``TrainingError/data(_:)`` for the first target that the loss is not defined for.
  private static func check(
    _ targets: Tensor, of data: Dataset, _ names: [String], for model: TrainedModel
  ) throws {
    for (place, value) in targets.doubles.enumerated() {
      guard let problem = model.loss.problem(withTarget: value) else { continue }
      let (row, column) = place.quotientAndRemainder(dividingBy: max(1, targets.shape[-1]))
      let number = data.number(ofRow: row)
      let target = column < names.count ? names[column] : "target \(column + 1)"
      let isScaled = if case .none = model.targetScaling { false } else { true }
      throw TrainingError.data(
        "\(data.name), row \(number): \(target) is \(value)\(isScaled ? " when scaled" : ""), "
          + "\(type(of: model.loss).kind): \(problem)")
    }
  }

  /// A number that stands for these very rows, in this order.
  var fingerprint: UInt64 {
    var hash = Fingerprint()
    features.withUnsafeBytes { hash.add(features.shape, $0) }
    targets.withUnsafeBytes { hash.add(targets.shape, $0) }
    return hash.value
  }
}

/// The first few of some names: `setosa, versicolor, … (150 in all)`.
private func listed(_ names: [String]) -> String {
  names.count <= 6
    ? names.joined(separator: ", ")
    : names.prefix(5).joined(separator: ", ") + ", … (\(names.count) in all)"
}
