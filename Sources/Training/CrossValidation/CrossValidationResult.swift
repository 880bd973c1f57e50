import GraphIR

/// What a cross-validation came to: for each λ the loss on rows that were not learned from.
public struct CrossValidationResult: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The rows that were divided.
  public let rows: Int
  /// Each λ's scores, in ascending order of λ.
  public let scores: [PenaltyScore]
  /// The place in ``scores`` of the smallest mean loss; of equals that of the largest λ.
  private let bestPlace: Int
  /// The place of the largest λ whose mean loss is at most that plus its standard error.
  private let simplestPlace: Int

  /// The scores with what is to be chosen; nil where every λ has failed.
  init?(rows: Int, _ scores: [PenaltyScore]) {
    let means = scores.indices.compactMap { place in
      scores[place].loss.map { (place: place, loss: $0) }
    }
    guard let best = means.min(by: { ($0.loss.mean, $1.place) < ($1.loss.mean, $0.place) }) else {
      return nil
    }
    self.rows = rows
    self.scores = scores
    bestPlace = best.place
    let limit = best.loss.mean + best.loss.standardError
    simplestPlace = means.last { $0.loss.mean <= limit }?.place ?? best.place
  }

  private enum CodingKeys: String, CodingKey { case rows, scores, best, oneStandardError }

  /// Reads the scores; what is to be chosen follows from them.
  ///
  /// - Throws: `DecodingError` where there is no λ with a loss.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let scores = try container.decode([PenaltyScore].self, forKey: .scores)
    guard let result = Self(rows: try container.decode(Int.self, forKey: .rows), scores) else {
      throw DecodingError.dataCorruptedError(
        forKey: .scores, in: container, debugDescription: "found no λ with a loss, expected one")
    }
    self = result
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(scores, forKey: .scores)
    try container.encode(best.l2, forKey: .best)
    try container.encode(oneStandardError.l2, forKey: .oneStandardError)
  }

  /// The λ with the smallest mean loss.
  public var best: PenaltyScore { scores[bestPlace] }

  /// The largest λ whose mean loss is within one standard error of the smallest: the simplest network
  /// that is hardly worse.
  public var oneStandardError: PenaltyScore { scores[simplestPlace] }

  /// How many folds.
  public var folds: Int { best.folds.count }

  /// Whether several λ were tried.
  public var isSearch: Bool { scores.count > 1 }

  /// That the best λ is the first or the last of those tried, so that others may be better; nil where it
  /// is not, or only one was tried.
  public var edgeRemark: String? {
    guard isSearch else { return nil }
    let l2 = shortText(best.l2)
    // Where larger ones are hardly worse, smaller ones will hardly be better.
    if bestPlace == 0, simplestPlace == 0, best.l2 > 0 {
      return "λ = \(l2) is the smallest of those tried; smaller ones may do better"
    }
    if bestPlace == scores.count - 1 {
      return "λ = \(l2) is the largest of those tried; larger ones may do better"
    }
    return nil
  }

  /// What was found, in a sentence.
  public var summary: String {
    let l2 = shortText(best.l2)
    func figure(_ estimate: PenaltyScore.Estimate?, _ text: (Double) -> String) -> String {
      estimate.map { "\(text($0.mean)) ± \(uncertaintyText($0.standardError))" } ?? "–"
    }
    var text = "\(folds)-fold cross-validation of \(rows) rows: "
    text += isSearch ? "λ = \(l2) has the smallest mean loss, " : "loss "
    text += figure(best.loss, errorText)
    if best.accuracy != nil { text += ", accuracy \(figure(best.accuracy, scoreText))" }
    if best.rootMeanSquaredError != nil {
      text += ", RMSE \(figure(best.rootMeanSquaredError, errorText))"
    }
    if isSearch, simplestPlace != bestPlace {
      text +=
        "; λ = \(shortText(oneStandardError.l2)) is the largest within one standard error of it"
    }
    return text
  }

  /// A table of λ with means and standard errors, or of the folds where there is one λ, and a sentence.
  public var description: String {
    let rows = isSearch ? penaltyRows : foldRows
    return alignedTable(rows, numbers: isSearch ? [1, 2, 3] : [1, 2, 3, 4]) + "\n" + summary
  }

  private var penaltyRows: [[String]] {
    let second = best.accuracy != nil ? "accuracy" : "RMSE"
    return [["λ", "mean loss", "± standard error", second, ""]]
      + scores.indices.map { place in
        let score = scores[place]
        var row = [shortText(score.l2)]
        row.append(score.loss.map { errorText($0.mean) } ?? "–")
        row.append(score.loss.map { uncertaintyText($0.standardError) } ?? "–")
        row.append(
          score.accuracy.map { scoreText($0.mean) }
            ?? score.rootMeanSquaredError.map { errorText($0.mean) } ?? "–")
        return row + [remark(place)]
      }
  }

  /// What is to be said of a λ beside its numbers.
  private func remark(_ place: Int) -> String {
    if scores[place].loss == nil { return "failed" }
    let words = [
      place == bestPlace ? "smallest mean" : nil,
      place == simplestPlace ? "largest within one standard error" : nil,
    ]
    return words.compactMap(\.self).joined(separator: ", ")
  }

  private var foldRows: [[String]] {
    let hasAccuracy = best.accuracy != nil
    return [["fold", "rows", "loss", hasAccuracy ? "accuracy" : "RMSE"]]
      + best.folds.map { fold in
        let second = fold.accuracy.map(scoreText) ?? fold.rootMeanSquaredError.map(errorText)
        return [
          "\(fold.fold)", "\(fold.rows)", fold.loss.map(errorText) ?? "failed", second ?? "–",
        ]
      }
  }
}
