import Backprop

extension StartRecord {
  /// The start as one JSON object.
  func json(event: String? = nil) -> JSON {
    .object(
      (event.map { [("event", .string($0))] } ?? [])
        + [
          ("start", .integer(number)), ("seed", .raw("\(seed)")), ("epochs", .integer(epochs)),
        ]
        + [
          ("trainingLoss", .number(trainingLoss)), ("trainingAccuracy", .number(trainingAccuracy)),
          ("validationLoss", .number(validationLoss)),
          ("validationAccuracy", .number(validationAccuracy)), ("end", .string(end?.rawValue)),
          ("failure", .string(failure)),
        ].filter { !$0.1.isNull })
  }
}

extension StartSpread {
  /// The best start, the spread, and all starts.
  var json: JSON {
    .object([
      ("planned", .integer(planned)), ("made", .integer(starts.count)),
      ("failed", .integer(failed.count)), ("best", .integer(best)),
      ("measure", .string(isByValidation ? "validationLoss" : "trainingLoss")),
      ("bestLoss", .number(bestLoss)), ("medianLoss", .number(median)),
      ("worstLoss", .number(worst)), ("all", .array(starts.map { $0.json() })),
    ])
  }
}

extension FoldScore {
  /// The score of one λ on one fold.
  func json(l2: Double) -> JSON {
    .object(
      [
        ("event", "fold"), ("l2", .number(l2)), ("fold", .integer(fold)), ("rows", .integer(rows)),
        ("epochs", .integer(epochs)),
      ]
        + [
          ("loss", .number(loss)), ("accuracy", .number(accuracy)),
          ("rootMeanSquaredError", .number(rootMeanSquaredError)), ("failure", .string(failure)),
        ].filter { !$0.1.isNull })
  }
}

extension CrossValidationResult {
  /// Each λ's estimate, and which is the best.
  var json: JSON {
    .object([
      ("event", "crossValidation"), ("folds", .integer(folds)), ("rows", .integer(rows)),
      ("l2", .number(best.l2)), ("oneStandardError", .number(oneStandardError.l2)),
      ("scores", .array(scores.map(\.json))),
    ])
  }
}

extension PenaltyScore {
  /// The means over the folds with their standard errors.
  fileprivate var json: JSON {
    func members(_ name: String, _ estimate: Estimate?) -> [(String, JSON)] {
      estimate.map {
        [(name, .number($0.mean)), ("\(name)StandardError", .number($0.standardError))]
      } ?? []
    }
    return .object(
      [("l2", .number(l2))] + members("loss", loss) + members("accuracy", accuracy)
        + members("rootMeanSquaredError", rootMeanSquaredError))
  }
}

extension JSON {
  fileprivate var isNull: Bool {
    if case .null = self { true } else { false }
  }
}
