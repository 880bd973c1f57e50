import Datasets
import Layers
import Tensors

/// Whether the parts of a model fit each other, as they may not in a file that was edited.
extension TrainedModel {
  /// - Parameter steps: The steps of a row's class numbers; nil where they are not known, as in a
  ///   file: the network then says how many there are.
  /// - Throws: ``TrainingError/data(_:)`` for the first part that does not fit the others.
  func checkConsistency(steps: Shape? = nil) throws {
    try checkOutputs(steps)
    try checkNames()
    try checkScaling()
    if let problem = form?.problem(inputShape: inputShape.dimensions) {
      throw TrainingError.data("the rows: found \(problem)")
    }
  }

  /// - Throws: ``TrainingError/data(_:)`` where the network has not as many outputs as it needs.
  private func checkOutputs(_ steps: Shape?) throws {
    let shape = loss.predictionShape(of: try model.outputShape(input: inputShape))
    let count = outputs.names.count
    if case .classes = outputs, count < 2 {
      throw TrainingError.data("there are \(count) classes; expected two or more")
    }
    var (fits, expected) = (shape == [count], "\(count)")
    var what = "target values"
    if case .classes = outputs {
      what = "classes"
      let own = Array(shape.dimensions.dropLast())
      let wanted = steps?.dimensions ?? (own.count <= 1 ? own : [])
      let isSingle = count == 2 && loss.allowsSingleOutput
      fits = own == wanted && (shape.dimensions.last == count || isSingle && shape[-1] == 1)
      expected = (wanted.map(String.init) + [isSingle ? "1 or 2" : expected]).joined(
        separator: ", ")
    }
    guard fits else {
      throw TrainingError.data(
        "the network gives outputs of shape \(shape) for each row; "
          + "expected [\(expected)] for \(count) \(what)")
    }
  }

  /// Classes are told apart by their names, and the table's are those of the network.
  private func checkNames() throws {
    if case .classes(let names) = outputs {
      var seen: Set<String> = []
      if let twice = names.first(where: { !seen.insert($0).inserted }) {
        throw TrainingError.data("two classes are named \"\(twice)\"; expected names that differ")
      }
    }
    guard let encoder else { return }
    let own: [String] = if case .classes(let names) = outputs { names } else { [] }
    guard encoder.classNames == own else {
      throw TrainingError.data(
        "the table's target has \(encoder.classNames.count) classes, the network "
          + "\(own.count); expected the same ones in the same order")
    }
    guard encoder.featureNames.count == inputShape.count else {
      throw TrainingError.data(
        "the table gives \(encoder.featureNames.count) features, "
          + "the network expects \(inputShape.count)")
    }
  }

  private func checkScaling() throws {
    if let problem = scaling.problem(columns: inputShape.count) {
      throw TrainingError.data("the scaling of features: found \(problem)")
    }
    if case .classes = outputs, targetScaling != .none {
      throw TrainingError.data("the scaling of targets: found one; expected none for classes")
    }
    if let problem = targetScaling.problem(columns: outputs.names.count) {
      throw TrainingError.data("the scaling of targets: found \(problem)")
    }
  }
}
