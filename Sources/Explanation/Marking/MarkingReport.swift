import Documents
import Formulas

/// A marking as plain values, to be written as JSON.
public struct MarkingReport: Codable, Hashable, Sendable {
  /// A slip that gives a wrong number.
  public struct SlipReport: Codable, Hashable, Sendable {
    /// What kind of slip it is, such as `replaced`; see ``Slip/code``.
    public let kind: String
    public let english: String
    public let chinese: String
  }

  /// One marked number.
  public struct MarkReport: Codable, Hashable, Sendable {
    /// The name as written, and the quantity that it means.
    public let name: String
    public let quantity: String
    /// The number as written, and its value.
    public let text: String
    public let value: Double
    public let line: Int?
    /// `right`, `right-to-digits`, `right-with-rounding`, `follows-from-mistake` or `wrong`.
    public let verdict: String
    public let rightValue: Double
    /// The value made from the claimed numbers before it, where these differ from the right ones.
    public let recomputedValue: Double?
    /// The wrong quantities that the number follows from.
    public let follows: [String]
    public let slips: [SlipReport]
  }

  public let count: Int
  public let right: Int
  public let following: Int
  public let wrong: Int
  public let isAllRight: Bool
  /// The quantity of the first wrong step.
  public let firstWrong: String?
  public let marks: [MarkReport]
}

extension Marking {
  /// The marking as plain values, to be written as JSON. A value that is no finite number, which
  /// JSON has no sign for, is nil, or 0 where there must be one.
  public var report: MarkingReport {
    MarkingReport(
      count: marks.count, right: rightCount, following: followingCount, wrong: wrongCount,
      isAllRight: isAllRight, firstWrong: firstWrong?.quantity,
      marks: marks.map { mark in
        var causes: [String] = []
        if case .followsFromMistake(let names) = mark.verdict { causes = names }
        return MarkingReport.MarkReport(
          name: mark.claim.name, quantity: mark.quantity, text: mark.claim.text,
          value: mark.claim.value, line: mark.claim.line, verdict: mark.verdict.code,
          rightValue: mark.rightValue.isFinite ? mark.rightValue : 0,
          recomputedValue: mark.recomputedValue.flatMap { $0.isFinite ? $0 : nil },
          follows: causes,
          slips: mark.slips.map {
            MarkingReport.SlipReport(
              kind: $0.code, english: Marking.plain($0.sentence(.english)),
              chinese: Marking.plain($0.sentence(.chinese)))
          })
      })
  }

  /// A text as characters alone.
  static func plain(_ text: RichText) -> String {
    text.parts.map { part in
      switch part {
      case .text(let text), .strong(let text), .code(let text): text
      case .formula(let formula): formula.text
      }
    }.joined()
  }
}

extension Marking.Verdict {
  /// The verdict's name in JSON.
  public var code: String {
    switch self {
    case .right: "right"
    case .rightToDigits: "right-to-digits"
    case .rightWithRounding: "right-with-rounding"
    case .followsFromMistake: "follows-from-mistake"
    case .wrong: "wrong"
    }
  }
}
