import Documents
import Formulas
import Foundation

extension Marking {
  /// The marking for a reader: a table of all marks, then each wrong number with the right working
  /// and the slip, and each one that follows from a mistake.
  ///
  /// - Parameters:
  ///   - language: What it is written in.
  ///   - digits: How many significant digits numbers have.
  public func document(language: Language, digits: Int = 9) -> Document {
    MarkingWriter(marking: self, language: language, digits: max(1, min(17, digits))).document
  }
}

private struct MarkingWriter {
  let marking: Marking
  let language: Language
  let digits: Int

  var document: Document {
    var blocks: [Block] = [summary]
    if !marking.marks.isEmpty { blocks.append(.table(table)) }
    for mark in marking.marks {
      switch mark.verdict {
      case .wrong(let slips): blocks += wrong(mark, slips)
      case .followsFromMistake(let names): blocks += following(mark, names)
      case .right, .rightToDigits, .rightWithRounding: break
      }
    }
    return Document(
      title: say("A hand derivation, marked", "手算推导的批改"), language: language,
      blocks: blocks)
  }

  private func say(_ english: String, _ chinese: String) -> String {
    Phrase(english, chinese)[language]
  }

  private func say(_ english: RichText, _ chinese: RichText) -> RichText {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }

  // MARK: The whole

  private var summary: Block {
    let (all, right, wrong) = (marking.marks.count, marking.rightCount, marking.wrongCount)
    if marking.isAllRight {
      let text =
        all == 1
        ? say("The number is right.", "这个数是正确的。")
        : say("All \(all) numbers are right.", "全部 \(all) 个数都正确。")
      return .remark(.good, RichText(text))
    }
    var text = RichText(
      say(
        "Of \(all) number\(all == 1 ? "" : "s"), \(right) \(isAre(right)) right and \(wrong) \(isAre(wrong)) wrong.",
        "共 \(all) 个数，\(right) 个正确，\(wrong) 个错误。"))
    let follow = marking.followingCount
    if follow > 0 {
      text =
        text
        + RichText(
          say(
            " \(follow) more \(follow == 1 ? "follows" : "follow") from an earlier mistake.",
            "另有 \(follow) 个数因前面的错误而不对，但计算方法正确。"))
    }
    if let first = marking.firstWrong {
      let symbol = symbol(first.quantity)
      text =
        text
        + say(
          " The first wrong step is \(symbol)\(line(first.claim)).",
          "最先出错的一步是 \(symbol)\(line(first.claim))。")
    }
    return .remark(.bad, text)
  }

  private func isAre(_ count: Int) -> String { count == 1 ? "is" : "are" }

  private var table: DocumentTable {
    DocumentTable(
      columns: [
        (RichText(say("Quantity", "量")), .leading),
        (RichText(say("Claimed", "手算值")), .trailing),
        (RichText(say("Right value", "正确值")), .trailing),
        (RichText(say("Mark", "判定")), .leading),
      ],
      rows: marking.marks.map { mark in
        [
          RichText(symbol(mark.quantity)), RichText(mark.claim.text),
          RichText(number(mark.rightValue)), verdict(mark),
        ]
      })
  }

  private func verdict(_ mark: Marking.Mark) -> RichText {
    switch mark.verdict {
    case .right: RichText(say("right", "正确"))
    case .rightToDigits: RichText(say("right to the digits given", "正确（按所写位数）"))
    case .rightWithRounding: RichText(say("right, given earlier rounding", "正确（含前面的舍入误差）"))
    case .followsFromMistake(let names):
      say("follows from \(list(names))", "由 \(list(names)) 的错误引起")
    case .wrong: RichText([.strong(say("wrong", "错误"))])
    }
  }

  // MARK: One number

  private func wrong(_ mark: Marking.Mark, _ slips: [Slip]) -> [Block] {
    let symbol = symbol(mark.quantity)
    var blocks: [Block] = [
      .heading(level: 2, RichText(symbol)),
      .paragraph(
        say(
          "Claimed: \(mark.claim.text)\(line(mark.claim)). Right:",
          "手算值：\(mark.claim.text)\(line(mark.claim))。正确的计算：")),
      working(mark.quantity, marking.derivation.quantities.map(\.value), mark.rightValue),
    ]
    if let value = mark.recomputedValue, number(value) != number(mark.rightValue) {
      blocks.append(
        .paragraph(
          RichText(say("From the claimed numbers before it:", "由前面的手算值计算："))))
      blocks.append(working(mark.quantity, marking.carried, value))
    }
    guard let first = slips.first else {
      let text = say(
        "None of the usual slips gives this number.", "常见的单个错误都得不出这个数。")
      return blocks + [.remark(.bad, RichText(text))]
    }
    let sentence = first.sentence(language)
    blocks.append(
      .remark(
        .bad,
        say(
          "\(mark.claim.text) is what one gets when \(sentence).",
          "得出 \(mark.claim.text) 的可能原因：\(sentence)。")))
    if slips.count > 1 {
      blocks.append(
        .paragraph(RichText(say("The same number also results when:", "下列错误也会得出同一个数："))))
      blocks.append(.list(slips.dropFirst().map { $0.sentence(language) }))
    }
    return blocks
  }

  private func following(_ mark: Marking.Mark, _ names: [String]) -> [Block] {
    let symbol = symbol(mark.quantity)
    var blocks: [Block] = [
      .heading(level: 2, RichText(symbol)),
      .remark(
        .doubtful,
        say(
          "The working is right; \(mark.claim.text) follows from the mistake in \(list(names))."
            + " The right value is \(number(mark.rightValue)).",
          "计算方法正确；\(mark.claim.text) 由 \(list(names)) 的错误引起。正确值为 \(number(mark.rightValue))。"
        )),
    ]
    if let value = mark.recomputedValue {
      blocks.append(working(mark.quantity, marking.carried, value))
    }
    return blocks
  }

  /// symbol = forms = numbers = result.
  private func working(_ name: String, _ values: [Double], _ result: Double) -> Block {
    guard let quantity = marking.derivation[name] else { return .equations([]) }
    var chain = [quantity.symbol] + quantity.forms
    if let formula = quantity.formula {
      var numbers: [Formula: Formula] = [:]
      for used in quantity.uses {
        guard let position = marking.derivation.position(of: used) else { continue }
        numbers[marking.derivation.quantities[position].symbol] = number(values[position])
      }
      chain.append(formula.substituting(numbers))
    }
    let last = number(result)
    if chain.last != last { chain.append(last) }
    return .equations(chain)
  }

  // MARK: Words

  private func symbol(_ name: String) -> Formula {
    marking.derivation[name]?.symbol ?? .symbol(name)
  }

  private func list(_ names: [String]) -> RichText {
    var parts: [RichText.Part] = []
    for name in names {
      if !parts.isEmpty { parts.append(.text(say(", ", "、"))) }
      parts.append(.formula(symbol(name)))
    }
    return RichText(parts)
  }

  private func line(_ claim: Claim) -> String {
    claim.line.map { say(" (line \($0))", "（第 \($0) 行）") } ?? ""
  }

  /// A number with the digits asked for, and no zeros at its end.
  private func number(_ value: Double) -> Formula {
    guard value.isFinite else { return .number(value) }
    return .number(Double(String(format: "%.\(digits - 1)e", value)) ?? value)
  }
}
