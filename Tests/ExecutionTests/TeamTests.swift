import CKernels
import Foundation
import Synchronization
import Testing

@testable import Execution

/// How many threads run a plan: who gets tasks, and what is chosen.
@Suite struct TeamTests {
  @Test func `a pool works with 1, 2, 4 and so on of its threads, and with all`() {
    func teams(_ threads: Int) -> [Int] { ThreadPool(threads: threads, scratchSize: 64).teams }
    #expect(teams(1) == [1])
    #expect(teams(2) == [1, 2])
    #expect(teams(3) == [1, 2, 3])
    #expect(teams(8) == [1, 2, 4, 8])
    #expect(teams(12) == [1, 2, 4, 8, 12])
  }

  /// The tasks that are done, and by which threads.
  private final class Record: Sendable {
    let threads = Mutex<Set<UInt>>([])
    let done = Atomic<Int>(0)
  }

  /// Hands out tasks that take some microseconds; says how many were done, and by how many threads.
  private func work(_ pool: ThreadPool, tasks: Int) -> (done: Int, threads: Int) {
    let record = Record()
    let itself = Unmanaged.passUnretained(record).toOpaque()
    pool.run(
      { record, _, _ in
        guard let record else { return }
        let own = Unmanaged<Record>.fromOpaque(record).takeUnretainedValue()
        let thread = UInt(bitPattern: pthread_self().hashValue)
        own.threads.withLock { _ = $0.insert(thread) }
        let end = ContinuousClock.now + .microseconds(20)
        while ContinuousClock.now < end {}
        own.done.add(1, ordering: .relaxed)
      }, itself, tasks: tasks)
    return (record.done.load(ordering: .relaxed), record.threads.withLock { $0.count })
  }

  @Test func `threads outside of a team get no task`() {
    let pool = ThreadPool(threads: 4, scratchSize: 64)
    for team in [2, 0, 1, 2, 1, 0] {
      // Longer than who has just finished looks for more.
      usleep(500)
      pool.team = team
      let (done, threads) = work(pool, tasks: 400)
      #expect(done == 400)
      #expect(threads <= pool.teams[team])
    }
  }

  /// A task of a job that has as many as there are threads: it ends when all have begun, or in vain.
  private static let meet: bp_task_function = { meeting, _, _ in
    guard let meeting else { return }
    let own = Unmanaged<Meeting>.fromOpaque(meeting).takeUnretainedValue()
    own.arrived.add(1, ordering: .relaxed)
    let end = ContinuousClock.now + .seconds(10)
    while own.arrived.load(ordering: .relaxed) < own.expected {
      guard ContinuousClock.now < end else {
        own.missed.store(true, ordering: .relaxed)
        return
      }
      usleep(10)
    }
  }

  private final class Meeting: Sendable {
    let expected: Int
    let arrived = Atomic<Int>(0)
    let missed = Atomic<Bool>(false)

    init(of expected: Int) { self.expected = expected }
  }

  @Test func `sleeping threads are woken when a team wants them`() {
    let pool = ThreadPool(threads: 4, scratchSize: 64)
    for round in 0..<30 {
      pool.team = round % pool.teams.count
      let threads = pool.teams[pool.team]
      let meeting = Meeting(of: threads)
      pool.run(Self.meet, Unmanaged.passUnretained(meeting).toOpaque(), tasks: threads)
      let missed = meeting.missed.load(ordering: .relaxed)
      #expect(!missed, "round \(round)")
      if missed { return }
      // Longer than waiting threads spin.
      if round % 2 == 0 { usleep(500) }
    }
  }

  // MARK: The search

  /// Runs of a plan that take some seconds on each number of threads.
  private func run(_ search: TeamSearch, _ seconds: [Double], for total: Double) -> Double {
    var (sum, atBest) = (0.0, 0.0)
    while sum < total {
      let time = seconds[search.team]
      if !search.takeRest() { search.ran(for: time) }
      sum += time
      atBest += seconds.min() ?? 0
    }
    return sum / atBest
  }

  @Test(arguments: [2e-6, 1e-5, 1e-4, 1e-3, 4e-3])
  func `more threads stay where they are quicker, and trials cost little`(seconds: Double) {
    let search = TeamSearch(teamCount: 2)
    #expect(run(search, [2 * seconds, seconds], for: 20) < 1.01)
    #expect(search.team == 1)
  }

  @Test func `fewer threads are chosen where they are quicker, and more when that changes`() {
    let search = TeamSearch(teamCount: 2)
    _ = run(search, [1e-5, 2e-5], for: 0.01)
    #expect(search.team == 0)
    #expect(run(search, [1e-5, 2e-5], for: 20) < 1.01)
    _ = run(search, [2e-5, 1e-5], for: 0.6)
    #expect(run(search, [2e-5, 1e-5], for: 20) < 1.01)
    #expect(search.team == 1)
  }

  @Test func `a twentieth decides, less does not`() {
    let search = TeamSearch(teamCount: 2)
    _ = run(search, [0.96e-5, 1e-5], for: 5)
    #expect(search.team == 1)
    _ = run(search, [0.94e-5, 1e-5], for: 1)
    #expect(search.team == 0)
  }

  @Test func `of many numbers the quickest is found, whichever it is`() {
    for best in 0..<6 {
      let search = TeamSearch(teamCount: 6)
      let seconds = (0..<6).map { 1e-5 * (1 + 0.3 * Double(abs($0 - best))) }
      _ = run(search, seconds, for: 0.3)
      #expect(run(search, seconds, for: 20) < 1.01, "\(best)")
    }
  }

  @Test func `one long interruption does not end the search`() {
    let search = TeamSearch(teamCount: 2)
    for run in 0..<200 where !search.takeRest() { search.ran(for: run == 20 ? 0.05 : 2e-4) }
    #expect(run(search, [1e-4, 2e-4], for: 20) < 1.3)
    #expect(search.team == 0)
  }

  @Test func `a number that is far slower is not run as often`() {
    let search = TeamSearch(teamCount: 2)
    #expect(run(search, [5e-3, 2e-6], for: 1) < 1.02)
  }

  @Test func `long runs are never tried on fewer threads`() {
    let search = TeamSearch(teamCount: 2)
    #expect(run(search, [0.012, 0.006], for: 100) == 1)
  }
}
