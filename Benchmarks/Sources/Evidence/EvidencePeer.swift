import Foundation

/// Scripts that run other programs for comparison.
enum EvidencePeer {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "peers/classic")

  static func ask<Answer: Decodable>(_ script: String, _ words: [String]) throws -> Answer? {
    var environment = ProcessInfo.processInfo.environment
    guard let python = environment["BACKPROP_PEERS_PYTHON"] else { return nil }
    // Peers choose their own kernels and threads; this process has set some of these for itself.
    for name in ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS"] {
      environment[name] = nil
    }
    // glibc gives large arrays back to the system whenever they are freed; to get them anew may take
    // ten times as long as to compute with them. Peers are timed at their best.
    for name in ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"] {
      environment[name] = "4000000000"
    }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [folder.appending(path: script).path] + words
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      throw EvidenceError("BACKPROP_PEERS_PYTHON: \(python) cannot be run: \(error)")
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw EvidenceError("\(script) ended with status \(process.terminationStatus)")
    }
    let text = String(decoding: data, as: UTF8.self)
    guard let line = text.split(separator: "\n").last else {
      throw EvidenceError("\(script) printed nothing")
    }
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
    } catch {
      throw EvidenceError("\(script) printed what cannot be read: \(error)")
    }
  }
}
