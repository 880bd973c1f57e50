import Foundation

/// A dataset that public mirrors offer, as files with known checksums.
///
/// ```swift
/// let mnist = try DatasetDownload.named("mnist")
/// try mnist.fetch(into: "data/mnist") { print($0) }
/// let source = try Dataset.readMNIST("data/mnist")
/// ```
public struct DatasetDownload: Sendable {
  /// A file of the dataset.
  public struct File: Hashable, Sendable {
    /// Its name, at the mirror and in the folder.
    public var name: String
    /// Its MD5 digest in hexadecimal digits.
    public var md5: String

    /// A file of a name and a digest.
    public init(name: String, md5: String) {
      self.name = name
      self.md5 = md5
    }
  }

  /// What happens during a download.
  public enum Progress: Hashable, Sendable, CustomStringConvertible {
    /// The folder holds the file already, with the right checksum.
    case present(file: String)
    /// A download begins at a mirror, after so many bytes that came before.
    case started(file: String, mirror: String, offset: Int)
    /// So many bytes have come, of all (nil: the mirror does not say).
    case received(file: String, bytes: Int, of: Int?)
    /// A mirror has failed; another try follows.
    case failed(file: String, reason: String)
    /// The file is whole, and its checksum right.
    case finished(file: String, bytes: Int)

    public var description: String {
      switch self {
      case .present(let file): "\(file): already here"
      case .started(let file, let mirror, 0): "\(file): from \(mirror)"
      case .started(let file, let mirror, let offset):
        "\(file): from \(mirror), going on after \(offset) bytes"
      case .received(let file, let bytes, let total):
        "\(file): \(bytes) bytes" + (total.map { " of \($0)" } ?? "")
      case .failed(let file, let reason): "\(file): \(reason)"
      case .finished(let file, let bytes): "\(file): \(bytes) bytes, checksum right"
      }
    }
  }

  /// The dataset's name.
  public var name: String
  /// Its files.
  public var files: [File]
  /// Where it is offered, in the order of trying; each ends in `/`.
  public var mirrors: [URL]
  /// No file may be larger: a mirror that sends without end is cut off here.
  public var sizeLimit: Int

  /// A dataset to download.
  public init(name: String, files: [File], mirrors: [URL], sizeLimit: Int = 1 << 28) {
    self.name = name
    self.files = files
    self.mirrors = mirrors
    self.sizeLimit = sizeLimit
  }

  /// MNIST (Y. LeCun, C. Cortes, C. Burges 1998) and Fashion-MNIST (H. Xiao, K. Rasul,
  /// R. Vollgraf 2017, arXiv:1708.07747, MIT license).
  public static let all = [
    DatasetDownload(
      name: "mnist",
      digests: [
        "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
      ],
      mirrors: [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
      ]),
    DatasetDownload(
      name: "fashion-mnist",
      digests: [
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
      ],
      mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]),
  ]

  private init(name: String, digests: [String], mirrors: [String]) {
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    self.init(
      name: name, files: zip(names, digests).map { File(name: "\($0)-ubyte.gz", md5: $1) },
      mirrors: mirrors.compactMap { URL(string: $0) })
  }

  /// The download of a name.
  ///
  /// - Throws: `DatasetError` for an unknown one.
  public static func named(_ name: String) throws -> DatasetDownload {
    guard let download = all.first(where: { $0.name == name }) else {
      throw DatasetError(
        at: "download", found: "the unknown name \(quoted(name))",
        expected: "one of \(all.map(\.name).joined(separator: ", "))")
    }
    return download
  }

  /// Where downloads are kept unless the user says otherwise: the folder `NAME` in
  /// `$BACKPROP_DATA`, else in `backprop` in the user's cache folder.
  public static func defaultFolder(for name: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["BACKPROP_DATA"], !folder.isEmpty { return "\(folder)/\(name)" }
    #if canImport(Darwin)
      let cache = NSHomeDirectory() + "/Library/Caches"
    #else
      let cache =
        environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        ?? NSHomeDirectory() + "/.cache"
    #endif
    return "\(cache)/backprop/\(name)"
  }
}
