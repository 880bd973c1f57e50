import Charts
import Documents
import Execution
import Formulas
import GraphIR
import Layers
import Tensors

/// A page about a loss: its formula for one example, its derivative with respect to an output, a
/// graph, and what can be seen of it.
///
/// All formulas and values are read from the operations that the loss writes into a graph.
public struct LossPage: Sendable {
  public let loss: any Loss

  public init(_ loss: any Loss) { self.loss = loss }

  /// The page in a language.
  ///
  /// - Parameter digits: How many significant digits numbers have at most.
  public func document(language: Language, digits: Int) -> Document {
    let words = FunctionWords(loss)
    let parts = FunctionPageParts(language: language, digits: digits)
    var blocks = words.use.map { [Block.paragraph(RichText($0[language]))] } ?? []
    if let reading = LossReading(loss) {
      blocks += formulaBlocks(reading, parts) + derivativeBlocks(reading, parts)
      blocks += graphBlocks(reading, parts)
    }
    return Document(title: words.name[language], language: language, blocks: blocks)
  }

  private func formulaBlocks(_ reading: LossReading, _ parts: FunctionPageParts) -> [Block] {
    var blocks: [Block] = [
      parts.heading(Phrase("Formula", "公式")),
      .paragraph(
        reading.count == 1
          ? parts.say(
            "For one example with the output \("o" as Formula) and the target \("t" as Formula):",
            "对一个样本，设输出为 \("o" as Formula)，目标值为 \("t" as Formula)：")
          : parts.say(
            "For one example with the outputs \(reading.outputs[0]), …, "
              + "\(reading.outputs[reading.count - 1]) and the targets \(reading.targets[0]), …, "
              + "\(reading.targets[reading.count - 1]):",
            "对一个样本，设输出为 \(reading.outputs[0])、…、\(reading.outputs[reading.count - 1])，"
              + "目标值为 \(reading.targets[0])、…、\(reading.targets[reading.count - 1])：")),
    ]
    blocks.append(.equations(["E"] + reading.forms))
    for (name, definition) in reading.named { blocks.append(.equations([name, definition])) }
    if let (name, definition) = reading.probability {
      blocks.append(.equations([name, definition]))
    }
    return blocks
  }

  private func derivativeBlocks(_ reading: LossReading, _ parts: FunctionPageParts) -> [Block] {
    var blocks = [parts.heading(Phrase("Derivative", "导数"))]
    for derivation in reading.derivations {
      blocks += parts.derivation(of: derivation.left, derivation.steps)
    }
    if reading.slopeHoldsForDistributions {
      let sum = Formula.sum(of: .indexed("t", ["k"]), over: "k")
      blocks.append(
        .paragraph(
          parts.say(
            "The last form holds for targets with \(.relation(sum, .equal, 1)).",
            "最后一式在目标值满足 \(.relation(sum, .equal, 1)) 时成立。")))
    }
    return blocks
  }

  private func graphBlocks(_ reading: LossReading, _ parts: FunctionPageParts) -> [Block] {
    let targets = reading.shownTargets
    guard let target = targets.last, let function = reading.function(target: target) else {
      return []
    }
    let (output, aim) = (reading.outputs[0], reading.targets[0])
    let slope = Formula.partial("E", output)
    let span = target - 4...target + 4
    let points = [-2.0, -1, -0.5, 0, 0.5, 1, 2].map { $0 + (targets.count > 1 ? 0 : target) }
    var blocks = [parts.heading(Phrase("Values", "函数值"))]
    blocks.append(
      parts.table(
        [aim, output, "E", slope],
        targets.flatMap { target in
          points.compactMap { x in
            reading.function(target: target).map { [target, x, $0.value(x), $0.slope(x)] }
          }
        }))
    let features = FunctionFeatures(of: function)
    let breaks = features.jumps.map(\.x)
    let curves = [
      Curve("E", of: function.value, over: span, breaks: breaks),
      Curve(slope, of: function.slope, over: span, breaks: breaks),
    ]
    let fixed = Formula.relation(aim, .equal, parts.number(target))
    let rest =
      reading.count == 1
      ? RichText([])
      : parts.say(" and all other outputs 0", "，其余输出为 0")
    blocks.append(
      .picture(
        parts.curves(
          curves, over: output,
          caption: parts.say(
            "The loss \("E" as Formula) and its derivative over \(output) for \(fixed)\(rest)",
            "损失 \("E" as Formula) 及其导数随 \(output) 的变化，其中 \(fixed)\(rest)"))))
    let lines = FunctionProperties(
      features: features, value: "E", slope: slope, argument: output, language: parts.language,
      digits: parts.digits
    ).lines
    blocks.append(parts.heading(Phrase("Properties", "性质")))
    blocks.append(
      .paragraph(parts.say("For \(fixed)\(rest):", "当 \(fixed)\(rest) 时：")))
    blocks.append(.list(lines))
    blocks.append(.list(LossRemarks(loss: loss, reading: reading, parts: parts).lines))
    return blocks
  }
}
