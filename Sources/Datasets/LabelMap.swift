import Tensors

/// The class numbers of the whole-number labels in a file: the training labels in ascending
/// order, so that train and test agree.
struct LabelMap {
  /// The names of the classes: the labels as text.
  let names: [String]
  private let numbers: [Int: Int32]

  /// The map of the labels that occur.
  ///
  /// - Throws: `DatasetError` for a single class or too many.
  init(learnedFrom labels: Tensor, at name: String) throws {
    let distinct = Set(labels.integers).sorted()
    guard distinct.count >= 2 else {
      throw DatasetError(
        at: name, found: distinct.isEmpty ? "no labels" : "only the class \(distinct[0])",
        expected: "at least two classes")
    }
    guard distinct.count <= TableEncoder.categoryLimit else {
      throw DatasetError(
        at: name, found: "\(distinct.count) different labels",
        expected: "at most \(TableEncoder.categoryLimit) classes")
    }
    self.init(labels: distinct, names: distinct.map(String.init))
  }

  /// The map of the labels 0, 1, … to these names.
  init(names: [String]) {
    self.init(labels: Array(names.indices), names: names)
  }

  private init(labels: [Int], names: [String]) {
    self.names = names
    numbers = Dictionary(
      labels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The targets of a file's labels.
  ///
  /// - Throws: `DatasetError` for a label that has no class, naming its row.
  func targets(of labels: Tensor, at name: String) throws -> Dataset.Targets {
    let classes = try labels.integers.enumerated().map { row, label in
      guard let number = numbers[label] else {
        throw DatasetError(
          at: "\(name), row \(row + 1)", found: "the label \(label)",
          expected: "one of \(shortList(names))")
      }
      return number
    }
    return .classes(Tensor(classes), names: names)
  }
}
