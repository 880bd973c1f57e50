import Documents
import Execution
import Formulas
import GraphIR
import Layers
import Tensors

/// What a loss takes and gives, found by trying it.
struct LossRemarks {
  let loss: any Loss
  let reading: LossReading
  let parts: FunctionPageParts

  var lines: [RichText] {
    var lines = [targets]
    if let (name, _) = reading.probability {
      lines.append(
        parts.say(
          "It takes the net inputs of the output layer, without an activation, and computes the "
            + "probabilities \(name) from them itself.",
          "它直接以输出层的净输入为输入（输出层不加激活函数），概率 \(name) 由损失函数自行算出。"))
    }
    if loss.isClassification && loss.allowsSingleOutput {
      let threshold = parts.number(loss.decisionThreshold)
      lines.append(
        parts.say(
          "With a single output, a prediction of at least \(threshold) means the second class.",
          "只有一个输出时，预测值不小于 \(threshold) 即判为第二类。"))
    }
    if reading.count == 1, let line = combining(Shape([1, 2]), of: Phrase("outputs", "输出")) {
      lines.append(line)
    }
    if let line = combining(Shape([2, reading.count]), of: Phrase("examples", "样本")) {
      lines.append(line)
    }
    return lines
  }

  private var targets: RichText {
    let accepted = [-1.0, 0, 0.5, 1, 2].filter { loss.problem(withTarget: $0) == nil }
    switch accepted {
    case [-1, 0, 0.5, 1, 2]:
      return parts.say("Targets may be any numbers.", "目标值可以是任意实数。")
    case [0, 0.5, 1, 2]: return parts.say("Targets are 0 or more.", "目标值不小于 0。")
    case [0, 0.5, 1]: return parts.say("Targets lie between 0 and 1.", "目标值在 0 与 1 之间。")
    default:
      let list = accepted.map { parts.number($0).text }
      return parts.say(
        "Targets are \(list.joined(separator: " or ")).", "目标值为 \(list.joined(separator: " 或 "))。")
    }
  }

  /// Whether the loss of equal rows, or of equal outputs, is their sum or their mean.
  private func combining(_ shape: Shape, of things: Phrase) -> RichText? {
    guard let one = value(Shape([1, reading.count])), let two = value(shape), one > 1e-9 else {
      return nil
    }
    if abs(two / one - 2) < 1e-9 {
      return parts.say(
        "Over several \(things.english) it is summed.", "对各\(things.chinese)求和。")
    }
    if abs(two / one - 1) < 1e-9 {
      return parts.say(
        "Over several \(things.english) it is averaged.", "对各\(things.chinese)取平均。")
    }
    return nil
  }

  private func value(_ shape: Shape) -> Double? {
    let builder = GraphBuilder()
    let output = builder.constant(Tensor((0..<shape.count).map { _ in 0.25 }, shape: shape))
    let ones = (0..<shape.count).map { shape[-1] == 3 && $0 % 3 > 0 ? 0.0 : 1 }
    builder.output("E", loss(output, target: builder.constant(Tensor(ones, shape: shape))))
    guard let graph = try? builder.finish() else { return nil }
    return (try? Trace(graph, [:]))?["E"]?.scalar
  }
}
