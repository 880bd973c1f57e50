import Foundation

#if canImport(Darwin)
  import Darwin
#endif

/// Trains for some steps, and prints the peak of this process's resident memory.
func printMemory(of name: String, steps: Int) throws {
  let runner = StepRunner(try benchmarkStep(name))
  for _ in 0..<steps { runner.run() }
  // Before the answer is made, which loads a library for its name.
  let bytes = try peakMemory()
  var answer = Answer(name)
  answer.bytes = bytes
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
    // By the C library, so that reading the figure adds little to it.
    guard let status = fopen("/proc/self/status", "r") else {
      throw BenchmarkError("/proc/self/status cannot be read")
    }
    defer { fclose(status) }
    var line = [CChar](repeating: 0, count: 256)
    var kilobytes = 0
    while kilobytes == 0, fgets(&line, Int32(line.count), status) != nil {
      if strncmp(line, "VmHWM:", 6) == 0 { kilobytes = atol(Array(line[6...])) }
    }
    guard kilobytes > 0 else { throw BenchmarkError("/proc/self/status has no VmHWM") }
    return kilobytes * 1024
  #endif
}
