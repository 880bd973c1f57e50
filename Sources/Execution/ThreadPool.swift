import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads that wait for work, each with scratch memory of its own.
///
/// Executors that run one after the other share a pool.
public final class ThreadPool {
  /// How many threads there are, the calling one among them.
  public let threads: Int
  /// The numbers of threads that may work together: 1, 2, 4 and so on, and all of them.
  package let teams: [Int]
  /// How many of the threads work from now on: a place in ``teams``; all of them at first.
  package var team: Int {
    didSet { bp_pool_set_team(OpaquePointer(pool), Int32(teams[team])) }
  }
  /// The place of all threads in ``teams``.
  package var all: Int { teams.count - 1 }
  private let scratchSize: Int
  private let pool: UnsafeMutableRawPointer
  private let scratch: UnsafeMutableRawPointer

  /// The number of processors that this process may use.
  public static var processorCount: Int {
    max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// Starts a pool; fewer threads where the system refuses some.
  ///
  /// - Parameters:
  ///   - threads: How many threads in all; all processors by default.
  ///   - scratchSize: Bytes of scratch memory for each thread.
  public init(threads: Int? = nil, scratchSize: Int) {
    let wanted = max(1, min(threads ?? Self.processorCount, Int(BP_POOL_MOST_THREADS)))
    self.scratchSize = (max(scratchSize, 64) + 4095) / 4096 * 4096
    pool = .allocate(byteCount: Int(bp_pool_size(Int32(wanted))), alignment: 64)
    scratch = .allocate(byteCount: wanted * self.scratchSize, alignment: 4096)
    self.threads = Int(
      bp_pool_start(OpaquePointer(pool), Int32(wanted), scratch, Int64(self.scratchSize)))
    teams = Self.teams(of: self.threads)
    team = teams.count - 1
  }

  private static func teams(of threads: Int) -> [Int] {
    Array(sequence(first: 1) { $0 * 2 < threads ? $0 * 2 : nil }) + (threads > 1 ? [threads] : [])
  }

  /// Whether each thread has this much scratch memory.
  func offers(scratch size: Int) -> Bool { size <= scratchSize }

  /// Runs all tasks of a kernel and returns when they are done.
  package func run(_ function: bp_task_function, _ arguments: UnsafeRawPointer, tasks: Int) {
    bp_pool_run(OpaquePointer(pool), function, arguments, Int64(tasks))
  }

  /// Runs a kernel of one task.
  @inline(__always)
  func runAlone(_ function: bp_task_function, _ arguments: UnsafeRawPointer) {
    function(arguments, 0, scratch)
  }

  /// Runs all tasks of a stage, of which there is one for each of ``teams``, and returns when they are done.
  func run(stage: UnsafePointer<bp_stage>) { bp_pool_run_stage(OpaquePointer(pool), stage + team) }

  /// Runs tasks that do nothing, to see what handing them out takes.
  package func runNothing(tasks: Int) {
    let nothing: bp_task_function = { _, _, _ in }
    run(nothing, scratch, tasks: tasks)
  }

  deinit {
    bp_pool_stop(OpaquePointer(pool))
    pool.deallocate()
    scratch.deallocate()
  }
}
