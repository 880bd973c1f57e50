import Documents
import Formulas

/// What was found of a function, in words.
struct FunctionProperties {
  let features: FunctionFeatures
  /// The function's value and its derivative, as the page writes them: f(x) and f′(x).
  let value: Formula
  let slope: Formula
  let argument: Formula
  let language: Language
  let digits: Int

  /// One line for each finding: the range, where the derivative is greatest, where it vanishes or
  /// jumps, and where the function saturates.
  var lines: [RichText] {
    var lines = [range]
    if features.hasNoGradient {
      lines.append(
        say(
          "The derivative \(slope) is 0 everywhere: no gradient flows.",
          "导数 \(slope) 处处为 0：梯度无法反向传播。"))
    } else {
      let greatest = number(abs(features.steepest.slope))
      if features.flatBelow != nil || features.flatAbove != nil {
        lines.append(
          say(
            "The greatest magnitude of \(slope) is \(greatest).",
            "\(slope) 的绝对值最大为 \(greatest)。"))
      }
    }
    lines += features.turningPoints.map(turningPoint)
    lines += features.jumps.map(jump)
    guard !features.hasNoGradient else { return lines }
    if let flat = features.flatBelow { lines.append(flatSide(flat, .less)) }
    if let flat = features.flatAbove { lines.append(flatSide(flat, .greater)) }
    if features.slopeGrows {
      lines.append(
        say(
          "The magnitude of \(slope) grows without end.", "\(slope) 的绝对值无上界。"))
    } else if features.flatBelow == nil, features.flatAbove == nil {
      lines.append(
        say(
          "It saturates on neither side: the derivative does not stay below 1% of its maximum.",
          "两侧都不饱和：导数的绝对值不会始终小于其最大值的 1%。"))
    }
    return lines
  }

  private var range: RichText {
    if let values = features.onlyValues {
      let list = values.map(number).enumerated().reduce(RichText([])) { text, item in
        text + (item.offset == 0 ? "" : RichText(language == .english ? ", " : "、"))
          + RichText(item.element)
      }
      return say("Range: only the values \(list).", "值域：仅取值 \(list)。")
    }
    let (low, high) = (features.lowest, features.highest)
    let relation: Formula
    switch (low.value.isFinite, high.value.isFinite) {
    case (false, false): return say("Range: all numbers.", "值域：全体实数。")
    case (true, false):
      relation = .relation(value, low.isAttained ? .greaterOrEqual : .greater, number(low.value))
    case (false, true):
      relation = .relation(value, high.isAttained ? .lessOrEqual : .less, number(high.value))
    case (true, true):
      relation = .relation(
        .relation(number(low.value), low.isAttained ? .lessOrEqual : .less, value),
        high.isAttained ? .lessOrEqual : .less, number(high.value))
    }
    return say("Range: \(relation).", "值域：\(relation)。")
  }

  private func turningPoint(_ x: Double) -> RichText {
    let place = Formula.relation(argument, .equal, number(x))
    return say(
      "The derivative is zero at \(place), where it changes its sign.",
      "在 \(place) 处导数为零并变号。")
  }

  private func jump(_ jump: FunctionFeatures.Jump) -> RichText {
    let place = Formula.relation(argument, .equal, number(jump.x))
    let (before, after, there) = (number(jump.before), number(jump.after), number(jump.there))
    return jump.isOfValue
      ? say(
        "At \(place) the value \(value) jumps from \(before) to \(after); there it is \(there).",
        "在 \(place) 处函数值 \(value) 由 \(before) 跳变为 \(after)，在该点取 \(there)。")
      : say(
        "It has a kink at \(place): the derivative jumps from \(before) to \(after), and there it "
          + "is taken as \(there).",
        "在 \(place) 处有折点，不可导：导数由 \(before) 跳变为 \(after)，在该点规定为 \(there)。")
  }

  private func flatSide(_ side: FunctionFeatures.FlatSide, _ relation: Formula.Relation) -> RichText
  {
    let place = Formula.relation(argument, relation, number(side.start))
    if side.isExactlyFlat {
      return say(
        "For \(place) the derivative is exactly 0: no gradient flows there.",
        "当 \(place) 时导数恒为 0：梯度无法反向传播。")
    }
    let limit = number(side.limit)
    return say(
      "It saturates for \(place): there the derivative is below 1% of its maximum, and \(value) "
        + "tends to \(limit).",
      "当 \(place) 时饱和：导数的绝对值小于其最大值的 1%，\(value) 趋于 \(limit)。")
  }

  private func say(_ english: RichText, _ chinese: RichText) -> RichText {
    language == .english ? english : chinese
  }

  private func number(_ value: Double) -> Formula { .rounded(value, digits: digits) }
}
