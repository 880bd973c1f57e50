import Foundation

extension Calibration {
  /// Where the figures of this machine are kept: `backprop/device.json` in the user's cache folder
  /// ($XDG_CACHE_HOME, or ~/.cache; ~/Library/Caches on macOS).
  public static var cachePath: String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    #if os(macOS)
      let usual = home + "/Library/Caches"
    #else
      let usual = home + "/.cache"
    #endif
    let folder = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? usual
    return folder + "/backprop/device.json"
  }

  /// The figures that were kept, or nil where there are none.
  ///
  /// - Throws: ``CostError/file(_:)`` where the file is damaged.
  public static func kept() throws -> Device? {
    guard FileManager.default.fileExists(atPath: cachePath) else { return nil }
    return try Devices.contents(of: cachePath).first
  }

  /// Keeps the figures for later estimates.
  ///
  /// - Throws: ``CostError/file(_:)`` where the folder or file cannot be written.
  public func keep() throws {
    let url = URL(fileURLWithPath: Self.cachePath)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode([device]).write(to: url, options: .atomic)
    } catch {
      throw CostError.file("\(Self.cachePath): \(error.localizedDescription)")
    }
  }
}
