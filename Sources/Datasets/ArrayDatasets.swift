import Foundation
import Tensors

/// Datasets from arrays in binary files: features in one, targets in another.
enum ArrayDatasets {
  /// A dataset from an array of features and one of targets.
  ///
  /// Whole numbers in a vector (or one column) are class labels; floating-point numbers are values.
  ///
  /// - Parameters:
  ///   - labels: the classes, where they are known; nil: learned from the targets.
  ///   - name: the file, for messages and as the dataset's source.
  /// - Throws: `DatasetError` where rows do not match, or a number is not finite.
  static func dataset(
    features: NumberArray, featuresName: String, targets: NumberArray?, targetsName: String,
    labels: LabelMap? = nil, name: String
  ) throws -> Dataset {
    guard let rows = features.tensor.shape.dimensions.first, rows > 0 else {
      throw DatasetError(
        at: featuresName, found: "an array of shape \(features.tensor.shape)",
        expected: "at least one row")
    }
    // A vector of features is a table of one column.
    let tensor =
      features.tensor.shape.rank == 1 ? features.tensor.reshaped([rows, 1]) : features.tensor
    guard tensor.shape.dimensions.dropFirst().allSatisfy({ $0 > 0 }) else {
      throw DatasetError(
        at: featuresName, found: "rows of shape \(tensor.shape)", expected: "rows of features")
    }
    try features.checkFinite(at: featuresName)
    var result: Dataset.Targets = .absent(rows: rows)
    if let targets {
      guard targets.tensor.shape.dimensions.first == rows else {
        throw DatasetError(
          at: targetsName, found: "targets of shape \(targets.tensor.shape)",
          expected: "\(rows) rows, as in \(featuresName)")
      }
      try targets.checkFinite(at: targetsName)
      let columns = targets.tensor.count / rows
      if let map = try labels ?? labelMap(of: targets, at: targetsName) {
        guard columns == 1 else {
          throw DatasetError(
            at: targetsName, found: "targets of shape \(targets.tensor.shape)",
            expected: "one label a row")
        }
        result = try map.targets(of: targets.tensor, at: targetsName)
      } else {
        guard columns > 0 else {
          throw DatasetError(
            at: targetsName, found: "targets of shape \(targets.tensor.shape)",
            expected: "at least one value a row")
        }
        let names = columns == 1 ? ["y"] : (1...columns).map { "y\($0)" }
        result = .values(targets.tensor.reshaped([rows, columns]), names: names)
      }
    }
    let isBytes = features.type == .uint8
    return Dataset(
      name: name, features: tensor, targets: result,
      featureNames: tensor.shape.rank == 2 && !isBytes
        ? (1...tensor.shape[1]).map { "x\($0)" } : [],
      source: featuresName, suggestedScaling: isBytes ? .divide(by: 255) : .standard)
  }

  /// The pair of a `.npy` file of features and its file of targets.
  static func readNPY(_ path: String, options: ReadOptions) throws -> DatasetSource {
    let features = try NPYFile.read(path)
    let other = options.targetsPath ?? sibling(of: path)
    return DatasetSource(
      train: try dataset(
        features: features, featuresName: path, targets: try other.map(NPYFile.read),
        targetsName: other ?? "", name: fileName(path)))
  }

  /// The file of targets that belongs to a file of features by its name: `X.npy` and `y.npy`,
  /// `x_train.npy` and `y_train.npy`, `features.npy` and `labels.npy` or `targets.npy`.
  private static func sibling(of path: String) -> String? {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    var candidates: [String] = []
    if let first = name.first, first == "x" || first == "X",
      name.count == 1 || name.dropFirst().first == "_"
    {
      candidates = ["y" + name.dropFirst(), "Y" + name.dropFirst()]
    } else if name == "features" || name == "data" {
      candidates = ["labels", "targets", "target"]
    }
    return candidates.map {
      ((path as NSString).deletingLastPathComponent as NSString)
        .appendingPathComponent("\($0).npy")
    }
    .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The arrays of a `.npz` archive: features `x`, `X`, `data` or `features`, targets `y`, `Y`,
  /// `label`, `labels`, `target` or `targets`; or `x_train`, `y_train`, `x_test`, `y_test`.
  static func readNPZ(_ path: String) throws -> DatasetSource {
    let archive = try ZipFile(path: path)
    func array(_ names: [String]) throws -> (NumberArray, String)? {
      for name in names {
        guard let entry = archive.entries.first(where: { $0.name == "\(name).npy" }) else {
          continue
        }
        return (try NPYFile.read(from: archive.open(entry)), "\(path), \(name)")
      }
      return nil
    }
    func pair(_ x: (NumberArray, String), _ y: (NumberArray, String)?, _ labels: LabelMap?) throws
      -> Dataset
    {
      try dataset(
        features: x.0, featuresName: x.1, targets: y?.0, targetsName: y?.1 ?? "", labels: labels,
        name: fileName(path))
    }
    if let x = try array(["x_train", "X_train"]) {
      let y = try array(["y_train", "Y_train"])
      let labels = try y.flatMap { try labelMap(of: $0.0, at: $0.1) }
      let train = try pair(x, y, labels)
      let test = try array(["x_test", "X_test"]).map {
        try pair($0, try array(["y_test", "Y_test"]), labels)
      }
      if let test { try checkSameRows(train, test, at: path) }
      return DatasetSource(train: train, test: test)
    }
    guard let x = try array(["x", "X", "data", "features"]) else {
      throw DatasetError(
        at: path, found: "the arrays \(shortList(archive.entries.map(\.name)))",
        expected: "features named x, X, data, features or x_train")
    }
    let y = try array(["y", "Y", "label", "labels", "target", "targets"])
    return DatasetSource(train: try pair(x, y, nil))
  }

  /// The classes of an array of labels – whole numbers, one a row – or nil for values.
  private static func labelMap(of targets: NumberArray, at name: String) throws -> LabelMap? {
    guard targets.type.isInteger, targets.tensor.count == targets.tensor.shape.dimensions.first
    else { return nil }
    return try LabelMap(learnedFrom: targets.tensor, at: name)
  }

  /// Refuses a test part whose rows have another shape than the training part's.
  static func checkSameRows(_ train: Dataset, _ test: Dataset, at path: String) throws {
    guard train.inputShape == test.inputShape,
      train.targets.outputCount == test.targets.outputCount
    else {
      throw DatasetError(
        at: path,
        found: "test rows of shape \(test.inputShape) → \(test.targets.outputCount)",
        expected: "\(train.inputShape) → \(train.targets.outputCount), as the training rows have")
    }
  }

  /// A file's name with its ending, without folders.
  static func fileName(_ path: String) -> String { (path as NSString).lastPathComponent }
}
