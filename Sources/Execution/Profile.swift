import GraphIR

/// Where the time of a plan's run goes: one entry an instruction.
///
/// ```swift
/// let profile = executor.profile(runs: 100)
/// print(profile)
/// ```
public struct Profile: Sendable {
  /// One instruction of the plan.
  public struct Entry: Sendable {
    /// Its operations: `matmul + add, relu`.
    public let title: String
    /// What kind of work it is: its main operation's name, or `element-wise`.
    public let kind: String
    /// The median of its times, in seconds.
    public let seconds: Double
    /// Floating-point operations; a multiply-add counts as two.
    public let flops: Int
    /// Bytes that it reads and writes, each tensor once.
    public let bytes: Int
  }

  public let entries: [Entry]

  /// The sum of the entries' times.
  public var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

  /// The entries of each kind of work added up, the longest first.
  public var kinds: [Entry] {
    var (order, sums): ([String], [String: Entry]) = ([], [:])
    for entry in entries {
      if sums[entry.kind] == nil { order.append(entry.kind) }
      let sum = sums[entry.kind]
      sums[entry.kind] = Entry(
        title: entry.kind, kind: entry.kind, seconds: (sum?.seconds ?? 0) + entry.seconds,
        flops: (sum?.flops ?? 0) + entry.flops, bytes: (sum?.bytes ?? 0) + entry.bytes)
    }
    return order.compactMap { sums[$0] }.sorted { $0.seconds > $1.seconds }
  }
}

extension Executor {
  /// Runs the plan, on as many threads as were the fastest so far, and times each instruction.
  ///
  /// Instructions that run side by side are timed one by one, so that the sum may be more than a run takes.
  /// Reading the clock takes some tens of nanoseconds, which are taken off; the times of very short
  /// instructions remain rough.
  ///
  /// - Parameter runs: How many runs to take the medians of; at least 1.
  public func profile(runs: Int) -> Profile {
    let clock = ContinuousClock()
    func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
    let overhead = (0..<64).map { _ -> Double in
      let start = clock.now
      return seconds(clock.now - start)
    }.sorted()[32]
    var times = [[Double]](repeating: [], count: plan.instructions.count)
    pool.team = fastestTeam
    for _ in 0..<max(1, runs) {
      for instruction in plan.instructions.indices {
        let start = clock.now
        run(instruction: instruction)
        times[instruction].append(max(0, seconds(clock.now - start) - overhead))
      }
    }
    return Profile(
      entries: zip(plan.instructions, times).map { instruction, times in
        let kind = instruction.main.flatMap { plan.graph.nodes[$0].operation }
        return Profile.Entry(
          title: plan.title(of: instruction),
          kind: kind.map { type(of: $0).name } ?? "element-wise",
          seconds: times.sorted()[times.count / 2],
          flops: instruction.nodes.reduce(0) { $0 + plan.flops(of: $1) },
          bytes: plan.bytes(of: instruction))
      })
  }
}

extension Plan {
  /// The bytes that an instruction reads and writes, each tensor once.
  package func bytes(of instruction: Instruction) -> Int {
    let own = Set(instruction.nodes)
    let read = Set(instruction.nodes.flatMap { graph.nodes[$0].inputs }).subtracting(own)
    // What the chain goes on with at once never leaves the cache.
    func leaves(_ id: Node.ID) -> Bool {
      id != instruction.main || instruction.chain.isEmpty
        || graph.nodes.contains { !own.contains($0.id) && $0.inputs.contains(id) }
        || graph.outputs.contains { $0.node == id }
    }
    let stored =
      instruction.stored.isEmpty ? Array(instruction.nodes.suffix(1)) : instruction.stored
    let written = stored.filter(leaves)
    return (Array(read) + written).reduce(0) { $0 + graph.nodes[$1].type.byteCount }
  }
}

extension Profile: CustomStringConvertible {
  /// A line an instruction: its time, share of the whole, and rates.
  public var description: String {
    var rows = [["#", "instruction", "µs", "share", "GFLOP/s", "GB/s"]]
    for (place, entry) in entries.enumerated() {
      rows.append(["\(place + 1)", entry.title] + entry.numbers(of: seconds))
    }
    return alignedTable(rows, numbers: [0, 2, 3, 4, 5])
  }

  /// A line for each kind of work.
  public var kindTable: String {
    var rows = [["kind of work", "µs", "share", "GFLOP/s", "GB/s"]]
    for entry in kinds { rows.append([entry.kind] + entry.numbers(of: seconds)) }
    return alignedTable(rows, numbers: [1, 2, 3, 4])
  }
}

extension Profile.Entry {
  /// Microseconds, share of a whole, and rates, as tables print them.
  fileprivate func numbers(of whole: Double) -> [String] {
    func short(_ value: Double) -> String {
      guard value.isFinite else { return "–" }
      return value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
    }
    return [
      short(seconds * 1e6), "\(short(100 * seconds / whole)) %",
      short(Double(flops) / seconds / 1e9), short(Double(bytes) / seconds / 1e9),
    ]
  }
}
