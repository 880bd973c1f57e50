import Backprop
import Foundation

/// Rows of data in the form that a model was trained on.
enum ModelRows {
  /// Reads rows for a model.
  ///
  /// - Parameters:
  ///   - part: The part to take of data that bring a test part.
  ///   - usual: The part where none is asked for; the test part unless told otherwise.
  ///   - needsTargets: Whether rows without targets are refused.
  static func read(
    _ path: String, for model: TrainedModel, _ options: ReadOptions, part: Part?,
    usual: Part = .test, needsTargets: Bool
  ) throws -> Dataset {
    var data: Dataset
    if let form = model.form {
      if part != nil { throw noPart(path) }
      if options.target != nil {
        throw UsageError("--target is for tables; the network has learned \(form.words)")
      }
      var names: [String] = []
      if case .classes(let known) = model.outputs { names = known }
      data = try Dataset.read(
        path, options: options.matching(form, names, reachesBeyond: !needsTargets)
      ).train
    } else if try Dataset.holdsImages(path) {
      let source = try Dataset.read(path, options: options.matching(images: model.inputShape))
      if part != nil, source.test == nil { throw noPart(path) }
      data = (part ?? usual) == .train ? source.train : source.preferredTest
    } else if try Dataset.isTable(path) {
      if part != nil { throw noPart(path) }
      if let encoder = model.encoder {
        data = try table(path, encoder, options, needsTargets: needsTargets)
      } else {
        data = try NumberTable(path, hasHeader: options.hasHeader, for: model).rows(
          target: options.target, needsTargets: needsTargets
        ) { Console.shared.note($0) }
      }
    } else {
      let source = try Dataset.read(path, options: options)
      if part != nil, source.test == nil { throw noPart(path) }
      data = (part ?? usual) == .train ? source.train : source.preferredTest
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
      let name = model.encoder?.target.map { "the column \"\($0.name)\"" } ?? "targets"
      throw CommandError("\(path): found features alone; expected \(name) to compare with")
    }
    if case .classes(let names) = model.outputs { return try aligned(data, to: names) }
    return data
  }

  private static func noPart(_ path: String) -> UsageError {
    UsageError("\(path) has no test part of its own; --part cannot be used")
  }

  /// A table's rows, encoded as the training rows were.
  ///
  /// - Parameter needsTargets: Whether the target's cells are read, if there are any; they need
  ///   not make sense otherwise.
  static func table(
    _ path: String, _ encoder: TableEncoder, _ options: ReadOptions, needsTargets: Bool
  ) throws -> Dataset {
    if let target = options.target, target != encoder.target?.name {
      let learned = encoder.target.map { "the column \"\($0.name)\"" } ?? "no column"
      throw UsageError("--target: found \"\(target)\", the network has learned \(learned)")
    }
    let table = try Table.read(path, hasHeader: options.hasHeader)
    if needsTargets { return try encoder.dataset(of: table) }
    return Dataset(
      name: path, features: try encoder.features(of: table),
      targets: .values(Tensor(.float64([]), shape: [table.rowCount, 0]), names: []),
      featureNames: encoder.featureNames)
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
    result.targets = .classes(
      Tensor(labels.integers.map { numbers[$0] }, shape: labels.shape), names: names)
    return result
  }
}

extension ReadOptions {
  /// The options by which another file becomes rows of the same form.
  ///
  /// - Parameters:
  ///   - characters: The characters that are known, where the rows are those of a text.
  ///   - reachesBeyond: Whether rows of a series whose target is yet to come are wanted.
  func matching(
    _ form: RowForm, _ characters: [String], reachesBeyond: Bool = false
  ) -> ReadOptions {
    var options = self
    (options.text, options.series) = (nil, nil)
    switch form {
    case .text(let context, _):
      options.text = TextOptions(context: context, characters: characters)
    case .series(let column, let window, let horizon):
      options.series = SeriesOptions(
        column: column, window: window, horizon: horizon, reachesBeyond: reachesBeyond)
    }
    return options
  }

  /// The options by which other images become rows of a shape: `[height, width, channels]` or
  /// `[height, width]`, which is gray.
  func matching(images shape: Shape) -> ReadOptions {
    var options = self
    guard (2...3).contains(shape.rank) else { return options }
    options.images = ImageOptions(
      size: ImageOptions.Size(width: shape[1], height: shape[0]),
      isGray: shape.rank == 2 || shape[2] == 1)
    return options
  }
}
