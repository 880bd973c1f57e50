import Dispatch
import Execution
import Foundation
import Synchronization

/// Runs that do not depend on one another, several at a time.
///
/// Each run decides by its number alone what it does, so that what comes of them does not depend on how
/// many go at a time.
enum ParallelRuns {
  /// As much as a program's first thread has: networks are walked through by recursion.
  private static let stackSize = 8 << 20

  /// Does runs 0 to `count` − 1, which begin in this order.
  ///
  /// - Parameters:
  ///   - threads: How many go at a time at most; all processors by default.
  ///   - run: One run. Where one fails, no further one begins.
  /// - Throws: The error of the first run, by number, that failed.
  static func forEach(
    _ count: Int, threads: Int?, _ run: @escaping @Sendable (Int) throws -> Void
  ) throws {
    let queue = Queue(count)
    let work: @Sendable () -> Void = {
      while let number = queue.next() {
        do { try run(number) } catch { queue.failed(number, error) }
      }
    }
    let group = DispatchGroup()
    for _ in 0..<atATime(count, threads: threads) {
      group.enter()
      let thread = Thread {
        work()
        group.leave()
      }
      thread.stackSize = stackSize
      thread.start()
    }
    group.wait()
    if let error = queue.error { throw error }
  }

  /// How many of so many runs go at a time.
  static func atATime(_ count: Int, threads: Int?) -> Int {
    max(1, min(count, threads ?? ThreadPool.processorCount))
  }

  /// How many threads each of so many runs has: one, but for where there are more threads than runs.
  static func threadsOfEach(_ count: Int, threads: Int?) -> Int {
    max(1, (threads ?? ThreadPool.processorCount) / atATime(count, threads: threads))
  }

  /// What is left to do, and what went wrong.
  private final class Queue: Sendable {
    private struct State {
      var next = 0
      var failure: (number: Int, error: any Error)?
    }

    private let count: Int
    private let state = Mutex(State())

    init(_ count: Int) { self.count = count }

    func next() -> Int? {
      state.withLock { state in
        guard state.next < count, state.failure == nil else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func failed(_ number: Int, _ error: any Error) {
      state.withLock { state in
        if number < state.failure?.number ?? .max { state.failure = (number, error) }
      }
    }

    var error: (any Error)? { state.withLock { $0.failure?.error } }
  }
}
