import Foundation
import Tensors

/// Images in folders: `FOLDER/CLASS/*.png` or `.jpg`, the classes named by the folders.
///
/// Where FOLDER has folders `train` and `test` with classes in them, the second is the test part.
/// Images that lie in FOLDER itself, and a single image, have no targets. Classes are in the order of
/// their names (by number, where all are numbers), and the images of a class in that of theirs. A
/// row is `[height, width, channels]` in Float32, 0 to 255.
enum ImageFolder {
  /// Images of kinds that are not read; to leave them out in silence would be worse than to refuse.
  private static let otherKinds: Set<String> = [
    "gif", "bmp", "tif", "tiff", "webp", "heic", "avif",
  ]

  /// An image and the number of its class.
  private struct Item {
    var path: String
    var name: String
    var label: Int32?
  }

  /// Whether there are images in a folder or in the folders in it.
  static func holdsImages(_ folder: String) -> Bool {
    let names = contents(of: folder)
    if names.contains(where: Picture.isImageName) { return true }
    return names.contains { name in
      let inner = contents(of: joined(folder, name))
      if inner.contains(where: Picture.isImageName) { return true }
      return ["train", "test"].contains(name)
        && inner.contains { inner in
          contents(of: joined(joined(folder, name), inner)).contains(where: Picture.isImageName)
        }
    }
  }

  /// Reads a folder, or a single image.
  ///
  /// - Throws: `DatasetError`, naming the file: where it is damaged or of another kind or size, or a
  ///   class of the test part is not among those of the training part.
  static func read(_ path: String, _ options: ImageOptions, isFile: Bool = false) throws
    -> DatasetSource
  {
    if isFile {
      let item = Item(path: path, name: ArrayDatasets.fileName(path), label: nil)
      return DatasetSource(train: try dataset([item], classes: [], options, at: path))
    }
    let folders = subfolders(of: path)
    if folders.contains("train"), folders.contains("test") {
      let (train, test) = (joined(path, "train"), joined(path, "test"))
      let classes = classNames(classFolders(of: train))
      if !classes.isEmpty {
        let rows = try dataset(
          try items(of: train, classes, path), classes: classes, options, at: path)
        // The training part decides on the colors.
        var like = options
        like.isGray = rows.inputShape[2] == 1
        let tested = try items(of: test, classes, path)
        let held = try dataset(tested, classes: classes, like, at: path)
        try ArrayDatasets.checkSameRows(rows, held, at: path)
        return DatasetSource(train: rows, test: held)
      }
    }
    let classes = classNames(classFolders(of: path))
    let found = classes.isEmpty ? try loose(path) : try items(of: path, classes, path)
    return DatasetSource(train: try dataset(found, classes: classes, options, at: path))
  }

  // MARK: Finding

  private static func items(of folder: String, _ classes: [String], _ root: String) throws -> [Item]
  {
    if let image = try files(in: folder).first {
      throw DatasetError(
        at: joined(folder, image), found: "an image beside the folders of the classes",
        expected: "each image in the folder of its class")
    }
    if let stranger = classFolders(of: folder).first(where: { !classes.contains($0) }) {
      throw DatasetError(
        at: joined(folder, stranger), found: "a class that the training part does not have",
        expected: "one of \(shortList(classes))")
    }
    return try classes.enumerated().flatMap { number, name in
      try files(in: joined(folder, name)).map { file in
        Item(
          path: joined(joined(folder, name), file),
          name: relative(joined(joined(folder, name), file), to: root), label: Int32(number))
      }
    }
  }

  private static func loose(_ folder: String) throws -> [Item] {
    try files(in: folder).map { Item(path: joined(folder, $0), name: $0, label: nil) }
  }

  /// The images in a folder, in the order of their names.
  private static func files(in folder: String) throws -> [String] {
    let names = contents(of: folder).filter { isImage($0) }
    if let other = names.first(where: { !Picture.isImageName($0) }) {
      throw DatasetError(
        at: joined(folder, other), found: "an image that is neither PNG nor JPEG",
        expected: "it converted to PNG, or taken away")
    }
    return names
  }

  private static func isImage(_ name: String) -> Bool {
    Picture.isImageName(name)
      || otherKinds.contains((name as NSString).pathExtension.lowercased())
  }

  /// Names in their order, by number where all of them are numbers.
  private static func classNames(_ names: [String]) -> [String] {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count else { return names }
    return zip(numbers, names).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The folders with images in a folder.
  private static func classFolders(of folder: String) -> [String] {
    subfolders(of: folder).filter { contents(of: joined(folder, $0)).contains { isImage($0) } }
  }

  private static func subfolders(of folder: String) -> [String] {
    contents(of: folder).filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: joined(folder, name), isDirectory: &isFolder)
        && isFolder.boolValue
    }
  }

  /// The names in a folder but the hidden ones, in order; none where it is no folder.
  private static func contents(of folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    // By scalars: the order is then the same on every system.
    return names.filter { !$0.hasPrefix(".") }.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    (folder as NSString).appendingPathComponent(name)
  }

  private static func relative(_ path: String, to root: String) -> String {
    let start = (root as NSString).appendingPathComponent("")
    let prefix = start.hasSuffix("/") ? start : start + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  // MARK: Reading

  private static func dataset(
    _ items: [Item], classes: [String], _ options: ImageOptions, at path: String
  ) throws -> Dataset {
    guard let first = items.first else {
      throw DatasetError(at: path, found: "no images", expected: "PNG or JPEG images")
    }
    let headers = try items.map { try Picture.header($0.path) }
    if options.size == nil,
      let odd = headers.indices.first(where: {
        headers[$0].width != headers[0].width || headers[$0].height != headers[0].height
      })
    {
      throw DatasetError(
        at: items[odd].path, found: "\(headers[odd].width) × \(headers[odd].height) pixels",
        expected: "\(headers[0].width) × \(headers[0].height), as \(first.path) has, "
          + "or one size for all (--size \(headers[0].width)x\(headers[0].height))")
    }
    let size =
      options.size ?? ImageOptions.Size(width: headers[0].width, height: headers[0].height)
    let channels = options.isGray ?? headers.allSatisfy(\.isGray) ? 1 : 3
    let shape = Shape([items.count, size.height, size.width, channels])
    guard let count = shape.checkedCount, count <= 1 << 36 else {
      throw DatasetError(
        at: path, found: "\(items.count) images of \(size)", expected: "fewer, or smaller ones")
    }
    let length = count / items.count
    let features = try Tensor(shape: shape, type: .float32) { memory in
      let out = memory.bindMemory(to: Float.self)
      for (row, item) in items.enumerated() {
        let picture = try Picture.read(item.path).inChannels(channels)
          .resized(width: size.width, height: size.height)
        _ = UnsafeMutableBufferPointer(rebasing: out[(row * length)...])
          .update(fromContentsOf: picture.values)
      }
    }
    let labels = items.compactMap(\.label)
    var data = Dataset(
      name: ArrayDatasets.fileName(path), features: features,
      targets: labels.count == items.count
        ? .classes(Tensor(labels), names: classes) : .absent(rows: items.count),
      source: path, suggestedScaling: .divide(by: 255))
    data.rowNames = items.map(\.name)
    return data
  }
}
