import Documents
import Formulas

extension DocumentBuilder {
  private func quantities(_ kind: Derivation.Section.Kind, layer: Int?) -> [Quantity] {
    derivation.sections.filter { $0.kind == kind && $0.layer == layer }
      .flatMap { $0.quantities.compactMap { derivation[$0] } }
  }

  /// What a layer is called in headings.
  private func layerName(_ layer: Int) -> Phrase {
    guard explanation.layers.indices.contains(layer - 1) else { return Phrase("", "") }
    let path = explanation.layers[layer - 1].path
    if layer == explanation.layers.count { return Phrase("output layer (\(path))", "输出层（\(path)）") }
    let number = explanation.layers.count > 2 ? " \(layer)" : ""
    return Phrase("hidden layer\(number) (\(path))", "隐藏层\(number)（\(path)）")
  }

  // MARK: Forward

  mutating func forwardPass() {
    heading(1, "Forward pass", "前向传播")
    paragraph(
      "Each neuron's net input is the weighted sum of its inputs plus its bias; its output (activation) is the activation function of the net input.",
      "每个神经元的净输入等于其各输入的加权和加上偏置；净输入经激活函数得到该神经元的输出（激活值）。")
    for layer in 1...explanation.layers.count {
      let members = quantities(.forward, layer: layer)
      guard !members.isEmpty else { continue }
      let name = layerName(layer)
      heading(2, name.english.capitalizedFirst, name.chinese)
      if let words = LayerWords.parts(of: explanation.layers[layer - 1]) {
        paragraph(words.english, words.chinese)
      }
      workings(members)
    }
    errors()
  }

  private mutating func errors() {
    let members = quantities(.error, layer: nil)
    guard !members.isEmpty else { return }
    heading(2, "Error", "误差")
    workings(members)
  }

  // MARK: Backward

  mutating func backwardPass() {
    let sections = derivation.sections.filter {
      $0.kind == .backward
        || $0.kind == .update && explanation.problem.order == .sequential
    }
    guard !sections.isEmpty else { return }
    heading(1, "Backward pass", "反向传播")
    let e: Formula = "E_total"
    let rule = Formula.equals(
      .partial(e, "w"), .partial(e, "out") * .partial("out", "net") * .partial("net", "w"),
      "δ" * .partial("net", "w"))
    paragraph(
      "By the chain rule, the gradient of the error with respect to a weight is a product of factors. Those up to the net input are the same for all weights of a neuron; their product is the neuron's error term \(Formula.symbol("δ")):",
      "根据链式法则，误差对权重的梯度等于若干偏导数之积。其中直到净输入为止的各因子对同一神经元的所有权重都相同，其乘积称为该神经元的误差项 \(Formula.symbol("δ"))："
    )
    blocks.append(.equations(rule.chain))
    if explanation.layers.count > 1 {
      paragraph(
        "A hidden neuron affects the error through every neuron that it feeds, so the contributions of all paths are summed.",
        "隐藏层神经元通过后一层中与其相连的每个神经元影响误差，因此要把各条路径的贡献相加。")
    }
    if explanation.steps > 1, derivation.holdsValues {
      paragraph(
        "The network is unrolled over time, and a weight's gradient is the sum over all time steps. Where the gradient is cut – at context units, at the borders of segments –, what is carried over from the step before counts as an input: no error goes back through it.",
        "网络按时间展开，每个权重的梯度等于各时间步的梯度之和。在梯度被截断之处（上下文单元、分段边界），由前一时刻传来的状态视为输入：误差不再经由它反向传播。")
    } else if explanation.steps > 1 {
      paragraph(
        "The network is unrolled over time: a hidden state also affects the error through the next time step, and a weight's gradient is the sum over all time steps (backpropagation through time, BPTT).",
        "网络按时间展开：每一时刻的隐藏状态还通过下一时刻影响误差；每个权重的梯度等于各时间步的梯度之和，即随时间反向传播（BPTT）。")
    }
    if explanation.examples > 1 {
      paragraph(
        "Each example has its own δ; the gradients of all examples are added up in an accumulator Δ and divided by the number of examples.",
        "每个样本有各自的误差项 δ；把所有样本的梯度累加为 Δ，再除以样本数。")
    }
    for section in sections {
      let members = section.quantities.compactMap { derivation[$0] }
      let name = section.layer.map(layerName) ?? Phrase("", "")
      if section.kind == .update {
        heading(
          2, "Immediate update of the \(name.english)", "立即更新\(name.chinese)")
      } else {
        heading(2, name.english.capitalizedFirst, name.chinese)
      }
      workings(members)
    }
  }

  // MARK: Update

  mutating func update() {
    let members = quantities(.update, layer: nil)
    guard !members.isEmpty else { return }
    heading(1, "Update", "参数更新")
    let optimizer = explanation.problem.optimizer.description
    paragraph("Optimizer: \(code: optimizer).", "优化器：\(code: optimizer)。")
    if explanation.problem.order == .simultaneous {
      paragraph(
        "All gradients are computed from the parameters before the update; all parameters change at once.",
        "所有梯度都由更新前的参数算出，所有参数同时更新。")
    }
    workings(members)
  }

  /// The network after the update: before beside after.
  mutating func after() {
    let members = derivation.sections.filter { $0.kind == .after }
      .flatMap { $0.quantities.compactMap { derivation[$0] } }
      .filter { [.activation, .error, .exampleError, .penalty, .totalError].contains($0.kind) }
    guard !members.isEmpty else { return }
    heading(1, "The network after the update", "更新后的网络")
    let all = members.map { quantity -> [RichText] in
      let old = derivation[String(quantity.name.dropLast())]
      let symbol = old?.symbol ?? quantity.symbol
      return [
        RichText(symbol), old.map { RichText(number($0.value)) } ?? "",
        RichText(number(quantity.value)),
        old.map { RichText(number(quantity.value - $0.value)) } ?? "",
      ]
    }
    let rows = all.count <= 60 ? all : Array(all.suffix(60))
    blocks.append(
      .table(
        DocumentTable(
          columns: [
            (RichText(text("Quantity", "量")), .leading),
            (RichText(text("Before", "更新前")), .trailing),
            (RichText(text("After", "更新后")), .trailing),
            (RichText(text("Change", "变化量")), .trailing),
          ], rows: rows)))
    if let total = derivation["E_total+"], let old = derivation["E_total"],
      total.value != old.value
    {
      let isBetter = total.value < old.value
      blocks.append(
        .remark(
          isBetter ? .good : .doubtful,
          rich(
            "The step \(isBetter ? "reduced" : "did not reduce") the error: \(Formula.relation(old.symbol, .equal, number(old.value))) → \(Formula.relation(total.symbol, .equal, number(total.value))).",
            "这一步\(isBetter ? "减小了误差" : "没有减小误差")：\(Formula.relation(old.symbol, .equal, number(old.value))) → \(Formula.relation(total.symbol, .equal, number(total.value)))。"
          )))
    }
  }

  // MARK: Proof

  mutating func proof() {
    guard !derivation.proofs.isEmpty else { return }
    heading(1, "Gradient check: central differences", "梯度检验：中心差分")
    let e: Formula = "E_total"
    func error(_ steps: Int) -> Formula {
      let shift = steps.magnitude == 1 ? "h" : Formula.number(Double(steps.magnitude)) * "h"
      return .call("E", [steps < 0 ? "w" - shift : "w" + shift])
    }
    let sum = error(-2) - 8 * error(-1) + 8 * error(1) - error(2)
    let difference = Formula.relation(
      .partial(e, "w"), .approximatelyEqual, 1 / (12 * "h") * sum)
    paragraph(
      "Each gradient is compared with a central difference, found by changing the weight a little, h = 10⁻³ · max(|w|, 1), or less where a corner is that near:",
      "将每个梯度与略微改变权重求得的中心差分相比较，步长 h = 10⁻³ · max(|w|, 1)，附近有折点时更小：")
    if derivation.holdsValues {
      paragraph(
        "What counts as an input keeps its value while the weight is changed.",
        "改变权重时，被视为输入的状态保持不变。")
    }
    blocks.append(.equations([difference]))
    let isLong = derivation.proofs.count > 60
    let proofs = isLong ? Array(derivation.proofs.prefix(60)) : derivation.proofs
    blocks.append(
      .table(
        DocumentTable(
          columns: [
            (RichText(text("Gradient", "梯度")), .leading),
            (RichText(text("Derived", "推导值")), .trailing),
            (RichText(text("Central difference", "中心差分")), .trailing),
            (RichText(text("Deviation", "偏差")), .trailing),
          ],
          rows: proofs.map { proof in
            [
              RichText(derivation[proof.name]?.symbol ?? .symbol(proof.name)),
              RichText(number(proof.gradient)),
              // Measuring loses some digits.
              RichText(Formula.rounded(proof.centralDifference, digits: min(style.digits, 7))),
              gap(abs(proof.gradient - proof.centralDifference)),
            ]
          })))
    blocks.append(verdict)
    if explanation.selection == .all, derivation.proofs.allSatisfy({ $0.gradient == 0 }) {
      blocks.append(
        .remark(
          .doubtful,
          rich(
            "All gradients are 0, so this step changes nothing.",
            "所有梯度都为 0，因此这一步不会改变任何参数。")))
    }
  }

  /// What the comparison shows.
  private var verdict: Block {
    if explanation.problem.order == .sequential {
      return .remark(
        .doubtful,
        rich(
          "Because the weights were updated layer by layer, the hidden layers' gradients are not the true gradients of the error: this is what the mistake does.",
          "由于权重逐层更新，隐藏层的“梯度”并不是误差的真正梯度：这正是该错误的后果。"))
    }
    let proofs = derivation.proofs.filter { !$0.isAtCorner }
    func confirms(_ proof: Derivation.Proof) -> Bool {
      abs(proof.gradient - proof.centralDifference) <= 1e-8 * max(1, abs(proof.gradient))
    }
    guard proofs.allSatisfy({ $0.gradient.isFinite && $0.centralDifference.isFinite }) else {
      return .remark(.bad, rich("Not all numbers are finite.", "并非所有数值都是有限的。"))
    }
    let worst = proofs.map { abs($0.gradient - $0.centralDifference) }.max() ?? 0
    if proofs.count < derivation.proofs.count {
      let count = derivation.proofs.count - proofs.count
      return .remark(
        .doubtful,
        rich(
          "At \(count) of the weights the error has a corner, as the rectifier has one at 0: there is no derivative there, and by convention the one of one side or 0 is taken. The largest deviation of the others is \(gap(worst)).",
          "误差在其中 \(count) 个权重处有尖点（如 ReLU 在 0 处）：该处导数不存在，按惯例取一侧的导数或 0。其余梯度的最大偏差为 \(gap(worst))。"))
    }
    return proofs.allSatisfy(confirms)
      ? .remark(
        .good,
        rich(
          "Every gradient is confirmed (largest deviation: \(gap(worst))).",
          "所有梯度均通过检验（最大偏差：\(gap(worst))）。"))
      : .remark(
        .bad,
        rich(
          "Not every gradient is confirmed (largest deviation: \(gap(worst))).",
          "有梯度未通过检验（最大偏差：\(gap(worst))）。"))
  }

  /// A difference; of one that is only rounding, the bound that it is below.
  private func gap(_ value: Double) -> RichText {
    value < 1e-10
      ? "< \(Formula.power(10, -10))" : RichText(Formula.rounded(value, digits: 2))
  }
}

extension Formula {
  /// The members of a chain of equations: a = b = c is a, b and c.
  var chain: [Formula] {
    guard case .relation(let left, .equal, let right) = self else { return [self] }
    return left.chain + [right]
  }
}

extension String {
  /// The text with a capital at its start.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
