import Foundation

#if canImport(Darwin)
  import Darwin
#endif

/// Trains for some steps, and prints the peak of this process's resident memory.
func printMemory(of name: String, steps: Int) throws {
  let runner = StepRunner(try benchmarkStep(name))
  for _ in 0..<steps { runner.run() }
  var answer = Answer(name)
  answer.bytes = try peakMemory()
  answer.send()
}

/// The peak of this process's resident memory in bytes.
///
/// On Linux by `VmHWM`: what `getrusage` says there includes the process before `exec`.
private func peakMemory() throws -> Int {
  #if canImport(Darwin)
    var usage = rusage()
    guard getrusage(RUSAGE_SELF, &usage) == 0 else {
      throw BenchmarkError("getrusage gives no peak memory")
    }
    return usage.ru_maxrss
  #else
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count > 1, let kilobytes = Int(words[1]) else {
      throw BenchmarkError("/proc/self/status has no VmHWM")
    }
    return kilobytes * 1024
  #endif
}
