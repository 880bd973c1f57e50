import Foundation
import Tensors

extension Dataset {
  /// Reads what a name or a path stands for.
  ///
  /// - a built-in set (`builtInNames`), or `mnist` and `fashion-mnist` once they were fetched;
  /// - a CSV or TSV file (any file that is not one of the next);
  /// - a folder that holds MNIST's four files, plain or packed;
  /// - a folder of images (`FOLDER/CLASS/*.png` or `.jpg`), or a single image;
  /// - an IDX file of features, plain or packed (`.gz`; other files are to be unpacked first): its
  ///   labels lie beside it;
  /// - a `.npy` file of features: its targets lie beside it; or a `.npz` archive;
  /// - with `options.text` a file of text, and with `options.series` a table's column as a time
  ///   series.
  ///
  /// - Parameters:
  ///   - path: the name or the path.
  ///   - options: what the file does not say of itself.
  /// - Throws: `DatasetError`, naming the file and the line or array at fault.
  public static func read(
    _ path: String, options: ReadOptions = ReadOptions()
  ) throws -> DatasetSource {
    if builtInNames.contains(path) {
      let series = try builtInSeries(path, options.series ?? SeriesOptions())
      return try series ?? DatasetSource(train: try builtIn(path))
    }
    if let download = DatasetDownload.all.first(where: { $0.name == path }) {
      let folder = DatasetDownload.defaultFolder(for: path)
      guard FileManager.default.fileExists(atPath: folder) else {
        throw DatasetError(
          at: "dataset \"\(path)\"", found: "no folder \(folder)",
          expected: "its \(download.files.count) files there (backprop data fetch \(path))")
      }
      return try readMNIST(folder, name: path)
    }
    if let text = options.text { return DatasetSource(train: try TextRows.read(path, text)) }
    switch try fileKind(path) {
    case .folder:
      return ImageFolder.holdsImages(path)
        ? try ImageFolder.read(path, options.images) : try readMNIST(path)
    case .image: return try ImageFolder.read(path, options.images, isFile: true)
    case .npy: return try ArrayDatasets.readNPY(path, options: options)
    case .npz: return try ArrayDatasets.readNPZ(path)
    case .idx: return try readIDX(path, options: options)
    case .table:
      do {
        return try readTable(path, options: options)
      } catch var error as DatasetError where path.lowercased().hasSuffix(".txt") {
        error.expected += " (a text is read character by character with --context)"
        throw error
      }
    }
  }

  private static func readTable(_ path: String, options: ReadOptions) throws -> DatasetSource {
    let table = try Table.read(path, hasHeader: options.hasHeader)
    var source: DatasetSource
    if let series = options.series {
      guard let column = series.column else {
        throw DatasetError(
          at: path, found: "a table, and no column for the time series",
          expected: "the name of one of \(shortList(table.columnNames))")
      }
      source = try TimeSeries(table, column: column).source(series)
    } else {
      source = try DatasetSource(table: table, options: options)
    }
    source.train.name = ArrayDatasets.fileName(path)
    source.test?.name = source.train.name
    return source
  }

  /// Whether `read(_:options:)` reads a path as a table (CSV or TSV): false for a built-in set's
  /// name, a folder and a file of arrays.
  ///
  /// A file's ending `.npy`, `.npz`, `.idx`, `-ubyte` or `.gz` decides, else its first bytes.
  ///
  /// - Throws: `DatasetError` where there is no such file, or it cannot be read.
  public static func isTable(_ path: String) throws -> Bool {
    if builtInNames.contains(path) || DatasetDownload.all.contains(where: { $0.name == path }) {
      return false
    }
    return try fileKind(path) == .table
  }

  /// Whether `read(_:options:)` reads a path as images: an image, or a folder of them.
  ///
  /// - Throws: `DatasetError` where there is no such file, or it cannot be read.
  public static func holdsImages(_ path: String) throws -> Bool {
    if builtInNames.contains(path) || DatasetDownload.all.contains(where: { $0.name == path }) {
      return false
    }
    return switch try fileKind(path) {
    case .image: true
    case .folder: ImageFolder.holdsImages(path)
    case .table, .npy, .npz, .idx: false
    }
  }

  private enum FileKind {
    case table, npy, npz, idx, folder, image
  }

  /// What a path leads to, by its name's ending or else by its first bytes.
  private static func fileKind(_ path: String) throws -> FileKind {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      let names = builtInNames + DatasetDownload.all.map(\.name)
      let hint = nearestName(to: path, in: names).map { ", or did you mean \"\($0)\"?" } ?? ""
      throw DatasetError(
        at: path, found: "no such file",
        expected: "a file or folder, or a built-in set (\(names.joined(separator: ", ")))\(hint)")
    }
    if isFolder.boolValue { return .folder }
    if Picture.isImageName(path) { return .image }
    let name = path.lowercased()
    if name.hasSuffix(".npy") { return .npy }
    if name.hasSuffix(".npz") { return .npz }
    if name.hasSuffix("-ubyte") || name.hasSuffix(".idx") || name.hasSuffix(".gz") { return .idx }
    let file = try FileBytes(path: path)
    let start = try file.bytes(min(4, file.remaining), part: "the file")
    if start.starts(with: [0x93, 0x4E, 0x55, 0x4D]) { return .npy }
    if start == [0x50, 0x4B, 3, 4] { return .npz }
    if start.starts(with: PNGFile.signature[..<4]) || start.starts(with: [0xFF, 0xD8, 0xFF]) {
      return .image
    }
    if start.starts(with: [0, 0]) || start.starts(with: [0x1F, 0x8B]) { return .idx }
    return .table
  }

  private static func readIDX(_ path: String, options: ReadOptions) throws -> DatasetSource {
    let features = try IDXFile.read(path)
    var other = options.targetsPath
    if other == nil {
      let base = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
      let labels =
        base
        .replacingOccurrences(of: "images-idx3", with: "labels-idx1")
        .replacingOccurrences(of: "images.idx3", with: "labels.idx1")
      if labels != base {
        other = [labels, labels + ".gz"].first { FileManager.default.fileExists(atPath: $0) }
      }
    }
    return DatasetSource(
      train: try ArrayDatasets.dataset(
        features: features, featuresName: path, targets: try other.map(IDXFile.read),
        targetsName: other ?? "", name: ArrayDatasets.fileName(path)))
  }
}
