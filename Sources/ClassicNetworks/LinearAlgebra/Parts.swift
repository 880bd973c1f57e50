import Dispatch
import Execution

/// Runs a piece of work for parts of a count, on all processors where there is enough of it. Parts must
/// write to nothing that another one reads or writes: then what is written does not depend on how many
/// there are.
///
/// - Parameter least: What a part has at least.
func forEachPart(of count: Int, least: Int, _ body: (Range<Int>) -> Void) {
  let parts = min(ThreadPool.processorCount, count / max(least, 1))
  guard parts > 1 else { return body(0..<count) }
  withoutActuallyEscaping(body) { body in
    // It runs on several threads, which is what it is for.
    nonisolated(unsafe) let work = body
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      work(count * part / parts..<count * (part + 1) / parts)
    }
  }
}
