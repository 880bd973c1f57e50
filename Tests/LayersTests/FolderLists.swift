import Foundation
import Layers
import Testing

/// The lists of layers and losses against the folders that hold them.
struct FolderLists {
  /// The types in a folder's files that are declared to conform to a protocol, by file.
  func conforming(to name: String, in folder: String) throws -> [String: [String]] {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appending(path: "Sources/Layers/\(folder)")
    var found: [String: [String]] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: url.path)
    where file.hasSuffix(".swift") {
      let text = try String(contentsOf: url.appending(path: file), encoding: .utf8)
      found[file] = text.split(separator: "\n").compactMap { line in
        guard line.hasPrefix("public struct "), line.contains(": \(name)") else { return nil }
        let rest = line.dropFirst("public struct ".count)
        return String(rest.prefix { $0 != ":" && $0 != " " })
      }
    }
    return found
  }

  @Test func everyLayerIsListed() throws {
    let found = try conforming(to: "Layer", in: "Layers")
    #expect(found.filter { $0.value.isEmpty }.isEmpty, "a file without a layer")
    #expect(found.values.flatMap { $0 }.sorted() == Layers.all.map { "\($0)" }.sorted())
    #expect(Set(Layers.all.map { $0.kind }).count == Layers.all.count)
  }

  @Test func everyLossIsListed() throws {
    let found = try conforming(to: "Loss", in: "Losses")
    #expect(found.filter { $0.value.isEmpty }.isEmpty, "a file without a loss")
    #expect(found.values.flatMap { $0 }.sorted() == Losses.all.map { "\($0)" }.sorted())
    #expect(Set(Losses.all.map { $0.kind }).count == Losses.all.count)
  }
}
