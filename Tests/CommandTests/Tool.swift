import Foundation
import Testing

/// The `backprop` command, run as people run it: the executable that was built beside these tests.
struct Tool {
  /// How a run ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The JSON objects of standard output, one a line.
    func objects() throws -> [[String: Any]] {
      try lines.map { line in
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try #require(value as? [String: Any], "\(line)")
      }
    }
  }

  /// A folder of its own, deleted with the tool's last copy.
  final class Folder: Sendable {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "backprop-command-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  let folder: Folder

  init() throws { folder = try Folder() }

  /// The executable, which the build puts beside the test bundle.
  static let executable: String? = {
    if let named = ProcessInfo.processInfo.environment["BACKPROP_EXECUTABLE"] { return named }
    let starts =
      [CommandLine.arguments[0], Bundle.main.executablePath, Bundle.main.bundlePath]
      + CommandLine.arguments.dropFirst().filter { $0.hasSuffix(".xctest") }
    for start in starts.compactMap(\.self) {
      var folder = URL(fileURLWithPath: start).resolvingSymlinksInPath()
      // On macOS the tests lie in a bundle of folders.
      for _ in 0..<5 {
        folder.deleteLastPathComponent()
        let path = folder.appendingPathComponent("backprop").path
        if FileManager.default.isExecutableFile(atPath: path) { return path }
      }
    }
    return nil
  }()

  /// The path of a file in the folder.
  func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// Writes a file in the folder and returns its name.
  @discardableResult
  func file(_ name: String, _ text: String) throws -> String {
    try file(name, Array(text.utf8))
  }

  /// Writes a file in the folder and returns its name.
  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return name
  }

  /// The bytes of a file in the folder.
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  /// Whether there is a file of a name in the folder.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Starts the command in the folder.
  func start(_ arguments: [String]) throws -> Running {
    try Running(
      try #require(Self.executable, "the executable backprop is not beside the tests"),
      arguments, in: folder.path)
  }

  /// Runs the command in the folder, words separated by spaces, and waits for its end.
  func callAsFunction(_ line: String) throws -> Outcome {
    try start(line.split(separator: " ").map(String.init)).finish()
  }

  /// Runs a line of the shell in the folder; `backprop` is the command.
  func shell(_ line: String) throws -> Outcome {
    let executable = try #require(Self.executable)
    return try Running(
      "/bin/sh", ["-c", "backprop() { '\(executable)' \"$@\"; }\n" + line], in: folder.path
    ).finish()
  }

  /// A process under way. What it prints goes to files, so that it never waits for a reader.
  final class Running {
    let process = Process()
    private let output: String
    private let errors: String

    init(_ executable: String, _ arguments: [String], in folder: String) throws {
      let name = "\(folder)/.\(UUID().uuidString)"
      (output, errors) = (name + ".out", name + ".err")
      for path in [output, errors] {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
      }
      process.executableURL = URL(fileURLWithPath: executable)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle(forWritingAtPath: output)
      process.standardError = FileHandle(forWritingAtPath: errors)
      try process.run()
    }

    /// What has been printed to standard output so far.
    var printed: String {
      String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
    }

    /// Waits for the process to end.
    func finish() -> Outcome {
      process.waitUntilExit()
      defer {
        for path in [output, errors] { try? FileManager.default.removeItem(atPath: path) }
      }
      let said = FileManager.default.contents(atPath: errors) ?? Data()
      return Outcome(
        status: process.terminationStatus, output: printed,
        errors: String(decoding: said, as: UTF8.self))
    }
  }
}
