import GraphIR

/// What several starts came to, side by side.
public struct StartSpread: Codable, Hashable, Sendable, CustomStringConvertible {
  /// How many starts were to be made.
  public var planned: Int
  /// The starts that were made, in order.
  public var starts: [StartRecord]
  /// Whether they are compared by the loss on validation rows, or else on the training rows.
  public var isByValidation: Bool
  /// The number of the best start, from 1.
  public var best: Int

  /// The starts with a loss, the lowest first.
  public var ranked: [StartRecord] {
    starts.filter { $0.loss != nil }.sorted {
      ($0.loss ?? 0, $0.number) < ($1.loss ?? 0, $1.number)
    }
  }

  /// The losses that starts are compared by, the lowest first.
  public var losses: [Double] { ranked.compactMap(\.loss) }

  /// The loss of the best start.
  public var bestLoss: Double? { losses.first }

  /// The median of the losses.
  public var median: Double? {
    let losses = losses
    guard !losses.isEmpty else { return nil }
    let half = losses.count / 2
    return losses.count % 2 == 1 ? losses[half] : (losses[half - 1] + losses[half]) / 2
  }

  /// The highest loss.
  public var worst: Double? { losses.last }

  /// The starts whose loss became infinite or not a number.
  public var failed: [StartRecord] { starts.filter { $0.failure != nil } }

  /// Whether runs were asked to stop before their end.
  public var wasInterrupted: Bool {
    starts.count < planned || starts.contains { $0.end == nil && $0.failure == nil }
  }

  /// The loss that starts are compared by, in words.
  public var measure: String { isByValidation ? "validation loss" : "training loss" }

  /// `8 starts, validation loss: best 0.0312 (start 3), median 0.0514, worst 0.213`.
  public var summary: String {
    func text(_ value: Double?) -> String { value.map(errorText) ?? "–" }
    var counts = "\(starts.count) start\(starts.count == 1 ? "" : "s")"
    if starts.count < planned { counts += " of \(planned)" }
    if !failed.isEmpty { counts += ", \(failed.count) failed" }
    return "\(counts), \(measure): best \(text(bestLoss)) (start \(best)), median \(text(median)), "
      + "worst \(text(worst))"
  }

  /// Every start's losses as a table, and a line on their spread.
  public var description: String {
    scoreTable([Self.columns(of: self)] + starts.map { Self.row(of: $0, in: self) }) + "\n"
      + summary
  }

  private static func columns(of spread: StartSpread) -> [String] {
    ["start", "seed", "epochs", "training loss"]
      + (spread.isByValidation ? ["validation loss"] : [])
      + (spread.hasAccuracy ? ["accuracy"] : []) + [""]
  }

  private var hasAccuracy: Bool { starts.contains { $0.accuracy != nil } }

  private static func row(of start: StartRecord, in spread: StartSpread) -> [String] {
    func number(_ value: Double?) -> String { value.map(errorText) ?? "–" }
    var row = ["\(start.number)", "\(start.seed)", "\(start.epochs)", number(start.trainingLoss)]
    if spread.isByValidation { row.append(number(start.validationLoss)) }
    if spread.hasAccuracy { row.append(start.accuracy.map(scoreText) ?? "–") }
    return row + [start.remark(isBest: start.number == spread.best)]
  }
}

extension StartRecord {
  /// What is to be said of it beside its numbers.
  public func remark(isBest: Bool) -> String {
    if failure != nil { return "failed" }
    let words = [isBest ? "best" : nil, end == nil ? "interrupted" : nil]
    return words.compactMap(\.self).joined(separator: ", ")
  }
}
