import ArgumentParser
import Backprop

/// Rows of a step: a number, or `all`.
enum BatchSize: CustomStringConvertible {
  case rows(Int)
  case all

  init(parsing argument: String) throws {
    if argument == "all" {
      self = .all
    } else if let rows = Int(argument), rows >= 1 {
      self = .rows(rows)
    } else {
      throw UsageError("expected a whole number, 1 or more, or all")
    }
  }

  /// The number; nil for all rows.
  var count: Int? {
    switch self {
    case .rows(let count): count
    case .all: nil
    }
  }

  var description: String { count.map(String.init) ?? "all" }
}

/// Units of the hidden layers: `16,16`, or `none`.
struct HiddenUnits {
  let units: [Int]

  init(parsing argument: String) throws {
    if argument == "none" {
      units = []
      return
    }
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.filter { $0 != " " })
    }
    guard numbers.allSatisfy({ ($0 ?? 0) >= 1 }) else {
      throw UsageError(
        "expected the layers' units, whole numbers of 1 or more, such as 16,16, or none")
    }
    units = numbers.compactMap(\.self)
  }
}

/// Names with commas between them.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init(argument: String) {
    names = argument.split(separator: ",").map { name in
      let text = name.drop { $0 == " " }
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// The number formats that a network can compute in.
enum Precision: String, ExpressibleByArgument, CaseIterable {
  case float32, float64

  var type: ScalarType { self == .float32 ? .float32 : .float64 }
}

/// The parts of a data set that brings a test part.
enum Part: String, ExpressibleByArgument, CaseIterable {
  case train, test
}

/// Whether a table begins with a line of names.
enum Header: String, ExpressibleByArgument, CaseIterable {
  case auto, yes, no

  var isThere: Bool? {
    switch self {
    case .auto: nil
    case .yes: true
    case .no: false
    }
  }
}

/// What targets are.
enum TargetKind: String, ExpressibleByArgument, CaseIterable {
  case auto, classes, values

  var kind: ReadOptions.TargetKind {
    switch self {
    case .auto: .automatic
    case .classes: .classes
    case .values: .values
    }
  }
}

/// How targets that are numbers are scaled.
enum TargetScaling: String, ExpressibleByArgument, CaseIterable {
  case none, standard
  case minMax = "min-max"

  var kind: Scaling.Kind {
    switch self {
    case .none: .none
    case .standard: .standard
    case .minMax: .minMax
    }
  }
}

/// Completions that several commands share.
enum Completions {
  static let data = CompletionKind.file(extensions: [
    "csv", "tsv", "npy", "npz", "gz", "idx", "txt", "png", "jpg",
  ])
  static let model = CompletionKind.file(extensions: ["safetensors"])
  static let losses = CompletionKind.list(Losses.all.map { $0.kind })
  static let activations = CompletionKind.list(Activation.allCases.map(\.rawValue))
  static let optimizers = CompletionKind.list(Optimizers.names)
}
