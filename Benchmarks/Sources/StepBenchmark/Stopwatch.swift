/// Times pieces of work.
enum Stopwatch {
  /// Runs the work in blocks of about 2 ms, once at least, for some seconds in five parts.
  ///
  /// - Returns: The median time of each part, in microseconds.
  static func medians(seconds: Double, parts: Int = 5, _ work: () throws -> Void) rethrows
    -> [Double]
  {
    let clock = ContinuousClock()
    func time(_ count: Int) throws -> Double {
      let start = clock.now
      for _ in 0..<count { try work() }
      return (clock.now - start) / .seconds(1)
    }
    var count = 1
    while try time(count) < 0.001 { count *= 2 }
    return try (0..<parts).map { _ in
      var times: [Double] = []
      var total = 0.0
      while total < seconds / Double(parts) || times.isEmpty {
        let elapsed = try time(count)
        total += elapsed
        times.append(elapsed / Double(count) * 1e6)
      }
      return times.sorted()[times.count / 2]
    }
  }
}
