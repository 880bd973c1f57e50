import ArgumentParser
import Backprop
import Foundation

/// The command line asks for something that cannot be.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The command cannot do what it was asked to.
struct CommandError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The command ends with a status, all having been said.
struct EarlyExit: Error {
  let status: Int32
}

/// Nobody reads standard output any more.
struct ClosedPipe: Error {}

/// Turns errors about settings into ones about the command line.
func checkingUsage<R>(_ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch {
    throw ValidationError(words(of: error))
  }
}

/// What went wrong, without the names of types.
func words(of error: any Error) -> String {
  switch error {
  case let error as TrainingError: words(of: error)
  case let error as DecodingError: error.words
  case let error as EncodingError:
    switch error {
    case .invalidValue(_, let context): context.debugDescription
    @unknown default: "a value cannot be written as JSON"
    }
  case let error as ExecutionError: error.description
  default: "\(error)"
  }
}

/// A training error; where two runs differ, only the settings that do.
private func words(of error: TrainingError) -> String {
  guard case .otherRun(let setting, let found, let expected) = error else {
    return error.description
  }
  if setting.hasSuffix("data") || setting == "the scaling" {
    return "cannot resume: the data are not those that the checkpoint was made with "
      + "(another file, --target, --test, --validation, --seed or --scaling?)"
  }
  if setting == "the network" {
    return "cannot resume: the network is not the one that the checkpoint was made with "
      + "(another --hidden, --activation, --dropout or --model?)"
  }
  func fields(_ text: String) -> [String: String] {
    let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return (object ?? [:]).mapValues { value in
      guard value is [Any] || value is [String: Any],
        let data = try? JSONSerialization.data(
          withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
      else { return "\(value)" }
      return String(decoding: data, as: UTF8.self)
    }
  }
  let (now, then) = (fields(found), fields(expected))
  let isOtherKind = now["kind"] != then["kind"]
  let differing = Set(now.keys).union(then.keys).sorted().filter {
    now[$0] != then[$0] && (!isOtherKind || $0 == "kind")
  }
  guard !differing.isEmpty else { return error.description }
  let list = differing.map {
    "\($0) is \(now[$0] ?? "not set"), the checkpoint was made with \(then[$0] ?? "none")"
  }
  return
    "cannot resume: \(setting) \(setting.hasSuffix("s") && !setting.hasSuffix("ss") ? "differ" : "differs"): "
    + list.joined(separator: "; ")
}
