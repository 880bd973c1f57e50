import Foundation
import Synchronization

/// Standard output and standard error.
///
/// Text goes out at once. Where nobody reads standard output any more, or it cannot be written to,
/// the rest is dropped, and ``checkOutput()`` says so.
final class Console: Sendable {
  static let shared = Console()

  /// Whether a person sees standard output: lines may then be rewritten.
  let isTerminal: Bool
  private let state = Mutex(State())

  private struct State {
    var failure: Int32?
    /// Whether the cursor stands behind a line that will be rewritten.
    var isLive = false
  }

  private init() {
    let terminal = ProcessInfo.processInfo.environment["TERM"]
    isTerminal = isatty(STDOUT_FILENO) == 1 && terminal != "dumb"
  }

  /// Whether standard output can no longer be written to.
  var isClosed: Bool { state.withLock { $0.failure != nil } }

  /// - Throws: ``ClosedPipe`` where nobody reads standard output any more; ``CommandError`` where
  ///   it could not be written to.
  func checkOutput() throws {
    guard let failure = state.withLock({ $0.failure }) else { return }
    if failure == EPIPE { throw ClosedPipe() }
    throw CommandError("standard output: cannot be written: \(String(cString: strerror(failure)))")
  }

  /// Writes text and a line break.
  func line(_ text: String = "") { write(text + "\n") }

  /// Writes text as it is.
  func write(_ text: String) {
    state.withLock { state in
      let start = state.isLive ? "\r\u{1B}[K" : ""
      state.isLive = false
      Self.write(start + text, &state)
    }
  }

  /// Shows a line that the next one will take the place of; on terminals only.
  func live(_ text: String) {
    guard isTerminal else { return }
    let shown = String(text.prefix(max(20, width - 1)))
    state.withLock { state in
      Self.write("\r\(shown)\u{1B}[K", &state)
      state.isLive = true
    }
  }

  /// Writes a remark to standard error.
  func note(_ text: String) { writeError("backprop: note: \(text)\n") }

  /// Writes an error to standard error.
  func error(_ text: String) { writeError("backprop: error: \(text)\n") }

  private func writeError(_ text: String) {
    state.withLock { state in
      if state.isLive { Self.write("\n", &state) }
      state.isLive = false
      _ = Self.send(Array(text.utf8), to: STDERR_FILENO)
    }
  }

  /// The characters that a line of the terminal has room for.
  var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func write(_ text: String, _ state: inout State) {
    guard state.failure == nil else { return }
    state.failure = send(Array(text.utf8), to: STDOUT_FILENO)
  }

  /// Writes all bytes, and returns the system's error number where it could not.
  private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let count = Foundation.write(descriptor, start, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          // The other end has made the pipe non-blocking.
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&ready, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
