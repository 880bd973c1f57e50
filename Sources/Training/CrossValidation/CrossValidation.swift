import Datasets
import Foundation

/// k-fold cross-validation: how well a trainer's settings do on rows that were not learned from, and which
/// λ of the penalty ½ λ Σw² does best.
///
/// The rows are dealt out to k folds. For each λ and each fold the trainer learns from the other folds,
/// from the same initial parameters, and its loss on the fold's own rows, without penalties, is E_f(λ).
/// The estimate for λ is the mean over the folds, with its standard error:
///
/// Ē(λ) = (1/k) Σ_f E_f(λ),   SE(λ) = √( Σ_f (E_f(λ) − Ē(λ))² / (k − 1) / k ).
///
/// ```swift
/// let search = CrossValidation(trainer, folds: 5, l2: CrossValidation.logarithmicGrid)
/// let result = try search.run(on: training)
/// print(result)                           // λ, mean loss ± standard error
/// trainer.options.l2 = result.best.l2
/// ```
///
/// The features (and targets) are scaled anew from each fold's training rows, so that nothing of the
/// held-out rows is known. With early stopping, those rows also choose the epoch. A table's categories
/// and a form's windows are those of all rows; folds of time series are stretches, and windows at their
/// borders overlap. The runs of one λ share their compiled step and go on one thread each where there are
/// as many as threads; the result does not depend on the number of threads.
///
/// Source: M. Stone, "Cross-validatory choice and assessment of statistical predictions", Journal of
/// the Royal Statistical Society B 36 (1974), doi:10.1111/j.2517-6161.1974.tb00994.x; the rule of one
/// standard error: L. Breiman, J. Friedman, R. Olshen, C. Stone, "Classification and Regression Trees"
/// (1984), doi:10.1201/9781315139470.
public struct CrossValidation: Sendable {
  /// How the rows are divided.
  public enum Folds: Hashable, Sendable {
    /// At random by the trainer's seed into so many folds of nearly equal size, with the classes
    /// spread evenly; of rows that are stretches of one sequence each fold is a stretch.
    case count(Int)
    /// The row numbers, from 0, that each fold holds out. A row that none holds out is learned from
    /// in all.
    case rows([[Int]])
  }

  /// λ from 10⁻⁶ to 1, one for each power of ten.
  public static let logarithmicGrid: [Double] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]
  /// How many λ there may be.
  public static let mostPenalties = 1000

  /// What is tried.
  public var trainer: Trainer
  /// How the rows are divided; five folds unless told otherwise.
  public var folds: Folds
  /// The λ to try, in ascending order; the trainer's own unless told otherwise.
  public private(set) var l2: [Double]

  /// - Parameters:
  ///   - folds: How many folds.
  ///   - l2: The λ to try; the trainer's own where there are none.
  public init(_ trainer: Trainer, folds: Int = 5, l2: [Double] = []) {
    self.init(trainer, .count(folds), l2: l2)
  }

  /// - Parameters:
  ///   - folds: How the rows are divided.
  ///   - l2: The λ to try; the trainer's own where there are none.
  public init(_ trainer: Trainer, _ folds: Folds, l2: [Double] = []) {
    self.trainer = trainer
    self.folds = folds
    self.l2 = l2.isEmpty ? [trainer.options.l2] : Set(l2).sorted()
  }

  /// Learns from the rows without each fold, for each λ.
  ///
  /// A run whose loss becomes infinite or not a number is listed as failed, and its λ is not chosen.
  ///
  /// - Parameters:
  ///   - data: The rows.
  ///   - setup: Threads, and when to stop. Starting parameters, where there are some, are those of
  ///     every run; paths and a run to resume have no meaning here.
  ///   - observe: Told what happens, from several threads.
  /// - Throws: ``TrainingError`` where a setting makes no sense, the rows are too few, or no λ could be
  ///   learned with; `CancellationError` where it was asked to stop; and what
  ///   ``Trainer/fit(_:validation:_:)`` throws.
  public func run(
    on data: Dataset, _ setup: TrainingSetup = TrainingSetup(),
    observe: (@Sendable (FoldEvent) -> Void)? = nil
  ) throws -> CrossValidationResult {
    let held = try heldOut(of: data)
    let runs = FoldRuns(data, held, l2, observe)
    let caches = l2.map { _ in PlanCache() }
    let count = l2.count * held.count
    let threads = ParallelRuns.threadsOfEach(count, threads: setup.threads)
    try ParallelRuns.forEach(count, threads: setup.threads) { index in
      if setup.shouldStop() { throw CancellationError() }
      let (penalty, fold) = index.quotientAndRemainder(dividingBy: held.count)
      var trainer = trainer
      trainer.options.l2 = l2[penalty]
      try runs.run(
        penalty, fold, trainer,
        TrainingSetup(
          initial: setup.initial, threads: threads, plans: caches[penalty],
          shouldStop: setup.shouldStop))
    }
    return try runs.result()
  }

  /// The rows that each fold holds out.
  private func heldOut(of data: Dataset) throws -> [[Int]] {
    func refuse(_ name: String, _ found: String, _ expected: String) -> TrainingError {
      .setting(name: name, found: found, expected: expected)
    }
    if let stray = l2.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw refuse("l2", stray.plainText, "finite numbers, 0 or more")
    }
    guard l2.count <= Self.mostPenalties else {
      throw refuse("l2", "\(l2.count) numbers", "1,000 at most")
    }
    if trainer.options.order == .streams {
      throw refuse(
        "folds", "rows that follow one another as streams",
        "rows that can be held out: shuffled or sequential ones")
    }
    switch folds {
    case .count(let count):
      guard count >= 2, count <= data.count else {
        throw refuse("folds", "\(count) of \(data.count) rows", "2 to as many as there are rows")
      }
      return data.foldIndices(count, seed: trainer.options.seed)
    case .rows(let held):
      let all = held.joined()
      guard held.count >= 2, held.allSatisfy({ !$0.isEmpty && $0.count < data.count }),
        all.allSatisfy({ (0..<data.count).contains($0) }), Set(all).count == all.count
      else {
        throw refuse(
          "folds", "\(held.count) lists of rows",
          "two or more, none of them empty, each of other rows, numbered 0 to \(data.count - 1)")
      }
      return held
    }
  }
}

/// What a cross-validation tells while it runs.
public enum FoldEvent: Sendable {
  /// A fold has been learned without, with this λ.
  case ended(FoldScore, l2: Double)
}
