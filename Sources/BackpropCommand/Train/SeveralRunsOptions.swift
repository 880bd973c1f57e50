import ArgumentParser
import Backprop

/// Runs that are made several times: from several starts, or without one fold after the other.
struct SeveralRunsOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Trains from so many random starts, with the seeds SEED, SEED + 1, …, several at a time, and keeps "
        + "the one with the lowest validation loss (training loss where no rows are watched).",
      valueName: "number"))
  var starts: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Before training, learns without one of so many parts of the training rows after the other, and "
        + "shows the mean loss on the part left out. With --l2 auto this chooses λ (5 folds unless told "
        + "otherwise). No rows are then kept for validation but for --validation or --patience.",
      valueName: "number"))
  var folds: Int?

  func validate() throws {
    if let starts, !MultiStart.allowedStarts.contains(starts) {
      throw ValidationError("--starts: found \(starts), expected 1 to 100,000")
    }
    if let folds, folds < 2 {
      throw ValidationError("--folds: found \(folds), expected 2 or more")
    }
  }

  private static let standardFolds = 5

  /// The cross-validation that goes before training; nil where none was asked for.
  func crossValidation(of trainer: Trainer, _ choice: PenaltyChoice) -> CrossValidation? {
    if folds == nil, choice.candidates.isEmpty { return nil }
    return CrossValidation(
      trainer, folds: folds ?? Self.standardFolds, l2: choice.candidates)
  }
}

/// λ of a penalty on the command line: a number, several to choose from, or `auto`.
enum PenaltyChoice: CustomStringConvertible {
  case fixed(Double)
  case candidates([Double])
  case automatic

  /// - Throws: ``UsageError`` for anything else.
  init(parsing argument: String) throws {
    if argument == "auto" {
      self = .automatic
      return
    }
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.filter { $0 != " " })
    }
    let values = numbers.compactMap(\.self)
    guard values.count == numbers.count else {
      throw UsageError("expected a number, several with commas between them, or auto")
    }
    if values.count == 1, let value = values.first {
      self = .fixed(value)
    } else {
      self = .candidates(values)
    }
  }

  /// What is to be chosen from; empty where the number is given.
  var candidates: [Double] {
    switch self {
    case .fixed: []
    case .candidates(let values): values
    case .automatic: CrossValidation.logarithmicGrid
    }
  }

  /// The first number that cannot be a λ.
  var stray: Double? {
    (candidates + [number]).first { !($0 >= 0 && $0.isFinite) }
  }

  /// λ before one is chosen.
  var number: Double {
    if case .fixed(let value) = self { value } else { 0 }
  }

  var description: String {
    switch self {
    case .fixed(let value): exact(value)
    case .candidates(let values): values.map { exact($0) }.joined(separator: ",")
    case .automatic: "auto"
    }
  }
}
