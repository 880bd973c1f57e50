import Backprop
import Foundation

/// Rows of data in the form that a model was trained on.
enum ModelRows {
  /// Reads rows for a model.
  ///
  /// - Parameters:
  ///   - part: The part to take of data that bring a test part; the test part unless told
  ///     otherwise.
  ///   - needsTargets: Whether rows without targets are refused.
  static func read(
    _ path: String, for model: TrainedModel, _ options: ReadOptions, part: Part?,
    needsTargets: Bool
  ) throws -> Dataset {
    var data: Dataset
    if isTable(path), let encoder = model.encoder {
      data = try table(path, encoder, options.hasHeader)
    } else if isTable(path), !needsTargets {
      data = try features(ofTable: path, for: model, options)
    } else {
      var options = options
      if case .classes = model.outputs { options.targetKind = .classes }
      let source = try Dataset.read(path, options: options)
      if part == .test, source.test == nil {
        throw CommandError("\(path): has no test part of its own")
      }
      data = part == .train ? source.train : source.preferredTest
    }
    guard data.inputShape.count == model.inputShape.count else {
      throw CommandError(
        "\(path): found rows of \(counted(data.inputShape.count, "feature")), "
          + "the model expects \(model.inputShape.count)")
    }
    // Images may come with their pixels in one row, or in rows and columns.
    if data.inputShape != model.inputShape {
      data.features = data.features.reshaped(Shape([data.count] + model.inputShape.dimensions))
    }
    guard needsTargets else { return data }
    guard data.hasTargets else {
      let name = model.encoder.map { "the column \"\($0.target.name)\"" } ?? "targets"
      throw CommandError("\(path): found features alone; expected \(name) to compare with")
    }
    if case .classes(let names) = model.outputs { return try aligned(data, to: names) }
    return data
  }

  /// Whether a path stands for a table rather than for arrays, images or a built-in set.
  static func isTable(_ path: String) -> Bool {
    let names = Dataset.builtInNames + DatasetDownload.all.map(\.name)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { return false }
    }
    let name = path.lowercased()
    return !names.contains(path)
      && ![".npy", ".npz", "-ubyte", ".idx", ".gz"].contains { name.hasSuffix($0) }
  }

  /// A table's rows, encoded as the training rows were.
  static func table(
    _ path: String, _ encoder: TableEncoder?, _ hasHeader: Bool?
  ) throws -> Dataset {
    let table = try Table.read(path, hasHeader: hasHeader)
    guard let encoder else { return try DatasetSource(table: table).train }
    return try encoder.dataset(of: table)
  }

  /// The numbers of a table, for a model that was not trained on one; one column more than the
  /// model has features is the target's.
  private static func features(
    ofTable path: String, for model: TrainedModel, _ options: ReadOptions
  ) throws -> Dataset {
    let table = try Table.read(path, hasHeader: options.hasHeader)
    var places = Array(0..<table.columnCount)
    let wanted = model.inputShape.count
    if let target = options.target {
      guard let place = table.columnNames.firstIndex(of: target) else {
        throw CommandError(
          "\(path): found no column \"\(target)\"; expected one of \(listed(table.columnNames))")
      }
      places.remove(at: place)
    } else if places.count == wanted + 1 {
      places.removeLast()
    }
    guard places.count == wanted else {
      throw CommandError(
        "\(path): found \(counted(places.count, "column")), "
          + "the model expects \(counted(wanted, "feature"))")
    }
    var values: [Double] = []
    values.reserveCapacity(table.rowCount * places.count)
    for row in 0..<table.rowCount {
      for place in places {
        guard let value = table.number(row: row, column: place) else {
          throw CommandError(
            "\(path), line \(table.line(ofRow: row)), column \"\(table.columnNames[place])\": "
              + "found \"\(table.text(row: row, column: place))\"; expected a finite number")
        }
        values.append(value)
      }
    }
    return Dataset(
      name: path, features: Tensor(values, shape: [table.rowCount, places.count]),
      targets: .values(Tensor(.float64([]), shape: [table.rowCount, 0]), names: []))
  }

  /// The rows with their classes numbered as in other rows.
  static func aligned(_ data: Dataset, to other: Dataset) throws -> Dataset {
    guard case .classes(_, let names) = other.targets else { return data }
    return try aligned(data, to: names)
  }

  /// The rows with their classes numbered as in a list of all classes.
  ///
  /// - Throws: ``CommandError`` for a class that is not in the list.
  private static func aligned(_ data: Dataset, to names: [String]) throws -> Dataset {
    guard case .classes(let labels, let own) = data.targets, own != names else { return data }
    var numbers: [Int32] = []
    for name in own {
      guard let place = names.firstIndex(of: name) else {
        throw CommandError(
          "\(data.name): found the class \"\(name)\"; expected one of \(listed(names))")
      }
      numbers.append(Int32(place))
    }
    var result = data
    result.targets = .classes(Tensor(labels.integers.map { numbers[$0] }), names: names)
    return result
  }
}
