import Foundation
import Interchange
import Tensors
import Training

/// A fitted network is one safetensors file: its numbers under their names, and in the metadata, as
/// JSON under `backprop.classic`, what it is, its settings and its facts.
extension FittedNetwork {
  private static var version: Int { 1 }

  /// The network as a safetensors file.
  ///
  /// - Throws: `EncodingError` where a setting is no number of JSON's.
  public func file() throws -> SafetensorsFile {
    let header = ClassicHeader(
      version: Self.version, kind: Settings.kind, settings: settings, facts: facts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(header), as: UTF8.self)
    return SafetensorsFile(tensors: tensors, metadata: [ClassicHeader<Settings, Facts>.key: text])
  }

  /// Writes the network: to a temporary file beside `path`, which is synced and then renamed, so that
  /// `path` is at any moment the old file or the new one, whole.
  ///
  /// - Throws: `InterchangeError` where the file cannot be written; the old one is left as it was.
  public func save(to path: String) throws {
    try file().write(to: path, describing: "the network")
  }

  /// Reads a network.
  ///
  /// - Throws: `InterchangeError` where the file is damaged; `TrainingError` where it holds no network
  ///   of this kind.
  public init(contentsOf path: String) throws {
    try self.init(SafetensorsFile(contentsOf: path), path: path)
  }

  init(_ file: SafetensorsFile, path: String) throws {
    func failure(_ reason: String) -> TrainingError { .notAModel(path: path, reason: reason) }
    guard let text = file.metadata[ClassicHeader<Settings, Facts>.key] else {
      throw failure("there is no \(ClassicHeader<Settings, Facts>.key) in its metadata")
    }
    let kind = try ClassicKind(text, path: path)
    guard kind.kind == Settings.kind else {
      throw failure("it holds a \(kind.kind), expected a \(Settings.kind)")
    }
    guard kind.version == Self.version else {
      throw failure("it is of version \(kind.version), expected \(Self.version)")
    }
    let header: ClassicHeader<Settings, Facts>
    do {
      header = try JSONDecoder().decode(
        ClassicHeader<Settings, Facts>.self, from: Data(text.utf8))
    } catch {
      throw failure("\(error)")
    }
    if let problem = header.settings.problem { throw failure("its settings: \(problem)") }
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in file.tensors { tensors[name] = tensor }
    do {
      try self.init(settings: header.settings, facts: header.facts, tensors: tensors)
    } catch let error as TrainingError {
      throw failure(error.description)
    }
  }
}

extension ClassicNetworks {
  /// Reads a network of any kind.
  ///
  /// - Throws: `InterchangeError` where the file is damaged; `TrainingError` where it holds no classic
  ///   network.
  public static func read(_ path: String) throws -> any FittedNetwork {
    let file = try SafetensorsFile(contentsOf: path)
    guard let text = file.metadata[ClassicKind.key] else {
      throw TrainingError.notAModel(
        path: path, reason: "there is no \(ClassicKind.key) in its metadata")
    }
    let header = try ClassicKind(text, path: path)
    func read<N: ClassicNetwork>(_ network: N.Type) throws -> any FittedNetwork {
      try N.Fitted(file, path: path)
    }
    return try read(kind(named: header.kind))
  }
}

/// What every header begins with.
private struct ClassicKind: Decodable {
  static let key = "backprop.classic"
  var version: Int
  var kind: String

  init(_ text: String, path: String) throws {
    do {
      self = try JSONDecoder().decode(ClassicKind.self, from: Data(text.utf8))
    } catch {
      throw TrainingError.notAModel(path: path, reason: "its \(Self.key) is damaged")
    }
  }
}

private struct ClassicHeader<Settings: Codable, Facts: Codable>: Codable {
  static var key: String { ClassicKind.key }
  var version: Int
  var kind: String
  var settings: Settings
  var facts: Facts
}
