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
      let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      guard let line = lines.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
        let name = line.split(separator: ":").last
      else { return "an unnamed processor" }
      return name.trimmingCharacters(in: .whitespaces)
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
