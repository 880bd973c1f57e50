import CKernels

/// A strand with all addresses known.
struct StrandCalls {
  let calls: [KernelLaunch.Call]
  let tasks: Int
  /// Floating-point operations.
  let work: Int
}

extension ArgumentStore {
  /// Writes a stage down, its tasks shared out once for each number of threads that may run it.
  func stage(_ strands: [StrandCalls], teams: [Int]) -> UnsafePointer<bp_stage> {
    let calls = strands.map { strand in
      store(
        contentsOf: strand.calls.map { bp_call(function: $0.function, arguments: $0.arguments) })
    }
    let stages = teams.map { threads -> bp_stage in
      let shares = StageShares(strands, threads: threads)
      let tasks = shares.tasks.map { task in
        bp_strand_task(
          calls: calls[task.strand], call_count: Int32(strands[task.strand].calls.count),
          task: Int32(task.number))
      }
      return bp_stage(
        tasks: store(contentsOf: tasks), ends: store(contentsOf: shares.ends.map(Int64.init)))
    }
    return UnsafePointer(store(contentsOf: stages))
  }
}

/// Which thread does which tasks of a stage.
///
/// Of each strand of several tasks, every thread has a part of neighbors, as of an instruction by itself,
/// so that it meets the same memory. Strands of one task go to whoever has the least to do, but small ones to the
/// caller, who reads what they update – biases, the loss – in what follows. They come last, so that who is
/// done first finds small ones to help with.
struct StageShares {
  /// A task of a strand.
  struct Task {
    let strand: Int
    let number: Int
  }

  /// In the order of the threads.
  private(set) var tasks: [Task] = []
  /// Where each thread's tasks end.
  private(set) var ends: [Int] = []

  /// What a worker could have done (floating-point operations) before it knows of a stage, and when its
  /// caller has heard that it is done.
  private static let handOff = 8000

  init(_ strands: [StrandCalls], threads: Int) {
    var shares = [[Task]](repeating: [], count: threads)
    var work = [Int](repeating: Self.handOff, count: threads)
    work[0] = 0
    for (place, strand) in strands.enumerated() where strand.tasks > 1 {
      var first = 0
      for thread in 0..<threads {
        let end = Int(bp_pool_share_end(Int64(strand.tasks), Int64(thread), Int64(threads)))
        shares[thread] += (first..<end).map { Task(strand: place, number: $0) }
        work[thread] += strand.work / strand.tasks * (end - first)
        first = end
      }
    }
    let single = strands.indices.filter { strands[$0].tasks == 1 }
    for place in single.sorted(by: { (strands[$1].work, $0) < (strands[$0].work, $1) }) {
      let isSmall = strands[place].work < Self.handOff
      let least = work.indices.min { (work[$0], $0) < (work[$1], $1) }
      let thread = isSmall ? 0 : least ?? 0
      shares[thread].append(Task(strand: place, number: 0))
      work[thread] += strands[place].work
    }
    for share in shares {
      tasks += share
      ends.append(tasks.count)
    }
  }
}
