import Backprop
import Foundation

/// Where and when figures were made.
enum EvidenceMachine {
  /// The day, as 2026-11-21.
  static var today: String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd"
    return format.string(from: Date())
  }

  /// A sentence with the processor and the libraries.
  static var description: String {
    "\(processor), \(ProcessInfo.processInfo.activeProcessorCount) processors; Swift \(compiler); "
      + "\(BLAS.shared.library ?? "built-in product"). Peers keep the memory that they free."
  }

  private static var processor: String {
    #if os(macOS)
      return "Apple"
    #else
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      func value(_ key: String) -> String? {
        text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
          .first { $0.count == 2 && $0[0].trimmingCharacters(in: .whitespaces) == key }
          .map { $0[1].trimmingCharacters(in: .whitespaces) }
      }
      guard let name = value("model name") else { return "an unnamed processor" }
      // Clouds name whole families of processors alike.
      guard let family = value("cpu family"), let model = value("model") else { return name }
      return "\(name) (family \(family), model \(model))"
    #endif
  }

  private static var compiler: String {
    #if compiler(>=6.3)
      return "6.3"
    #elseif compiler(>=6.2)
      return "6.2"
    #else
      return "6.1"
    #endif
  }
}
