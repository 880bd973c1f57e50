import Foundation
import Synchronization

/// The wish to stop: SIGINT (control-C) or SIGTERM.
enum Interruption {
  private static let caught = Atomic<Int32>(0)

  /// From now on a signal is remembered instead of ending the process. A second one ends it.
  static func watch() {
    _ = signal  // What the handler touches exists before the first signal.
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number) { number in
        Interruption.caught.store(number, ordering: .relaxed)
        Foundation.signal(number, SIG_DFL)
      }
    }
    // A parent that holds signals back for itself does not mean to make this command deaf.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGINT)
    sigaddset(&mask, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// Signals end the process again.
  static func unwatch() {
    for number in [SIGINT, SIGTERM] { Foundation.signal(number, SIG_DFL) }
  }

  /// The signal that came; nil where none has.
  static var signal: Int32? {
    let number = caught.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
