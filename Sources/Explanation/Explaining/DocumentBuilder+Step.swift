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
      "Each neuron's net input is the weighted sum of what it receives plus its bias; its output is the activation function of that.",
      "每个神经元的净输入是其各输入的加权和再加偏置；净输入经激活函数得到该神经元的输出。")
    for layer in 1...explanation.layers.count {
      let members = quantities(.forward, layer: layer)
      guard !members.isEmpty else { continue }
      let name = layerName(layer)
      heading(2, name.english.capitalizedFirst, name.chinese)
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
      "By the chain rule the gradient of a weight is a product of factors. Those up to the net input are the same for all weights of a neuron; their product is the neuron's \(Formula.symbol("δ")):",
      "根据链式法则，误差对权重的梯度是若干因子之积。到净输入为止的因子对同一神经元的所有权重都相同，其乘积记作该神经元的 \(Formula.symbol("δ"))："
    )
    blocks.append(.equations(rule.chain))
    if explanation.layers.count > 1 {
      paragraph(
        "A hidden neuron acts on the error through every neuron that it feeds, so its contributions are summed.",
        "隐藏层神经元通过它所连接的每一个后继神经元影响误差，因此各条路径的贡献要相加。")
    }
    if explanation.steps > 1 {
      paragraph(
        "The network is unrolled over time: a hidden state also acts through the next step, and a weight's gradient is the sum over all steps (backpropagation through time).",
        "网络按时间展开：某一时刻的隐藏状态还通过下一时刻起作用；每个权重的梯度是各时间步之和（通过时间的反向传播，BPTT）。")
    }
    if explanation.examples > 1 {
      paragraph(
        "Each example has its own δ; the gradients of all examples are added up in an accumulator Δ and divided by their number.",
        "每个样本有各自的 δ；所有样本的梯度累加到累加器 Δ 中，再除以样本数。")
    }
    for section in sections {
      let members = section.quantities.compactMap { derivation[$0] }
      let name = section.layer.map(layerName) ?? Phrase("", "")
      if section.kind == .update {
        heading(
          2, "Update of the \(name.english), at once", "\(name.chinese)立即更新")
      } else {
        heading(2, name.english.capitalizedFirst, name.chinese)
      }
      byNeuron(members)
    }
  }

  /// Subheadings for neurons and weights where a layer has many quantities.
  private mutating func byNeuron(_ members: [Quantity]) {
    workings(members)
  }

  // MARK: Update

  mutating func update() {
    let members = quantities(.update, layer: nil)
    guard !members.isEmpty else { return }
    heading(1, "Update", "权重更新")
    let optimizer = explanation.problem.optimizer.description
    paragraph("Optimizer: \(code: optimizer).", "优化器：\(code: optimizer)。")
    if explanation.problem.order == .simultaneous {
      paragraph(
        "All gradients were computed from the weights before the step; all weights change at once.",
        "所有梯度都由更新前的权重算出，所有权重同时更新。")
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
            (RichText(text("quantity", "量")), .leading),
            (RichText(text("before", "更新前")), .trailing),
            (RichText(text("after", "更新后")), .trailing),
            (RichText(text("change", "变化")), .trailing),
          ], rows: rows)))
    if let total = derivation["E_total+"], let old = derivation["E_total"] {
      let isBetter = total.value < old.value
      blocks.append(
        .remark(
          isBetter ? .good : .doubtful,
          rich(
            "The step has \(isBetter ? "made the error smaller" : "not made the error smaller"): \(Formula.relation(old.symbol, .equal, number(old.value))) → \(Formula.relation(total.symbol, .equal, number(total.value))).",
            "这一步\(isBetter ? "减小了误差" : "没有减小误差")：\(Formula.relation(old.symbol, .equal, number(old.value))) → \(Formula.relation(total.symbol, .equal, number(total.value)))。"
          )))
    }
  }

  // MARK: Proof

  mutating func proof() {
    guard !derivation.proofs.isEmpty else { return }
    heading(1, "Proof: central differences", "验证：中心差分")
    let e: Formula = "E_total"
    func error(_ steps: Int) -> Formula {
      let shift = steps.magnitude == 1 ? "h" : Formula.number(Double(steps.magnitude)) * "h"
      return .call("E", [steps < 0 ? "w" - shift : "w" + shift])
    }
    let sum = error(-2) - 8 * error(-1) + 8 * error(1) - error(2)
    let difference = Formula.relation(
      .partial(e, "w"), .approximatelyEqual, 1 / (12 * "h") * sum)
    paragraph(
      "Every gradient beside the slope that is measured by changing the weight a little, h = 10⁻³ · max(|w|, 1):",
      "将每个梯度与略微改变权重所测得的斜率相比较，h = 10⁻³ · max(|w|, 1)：")
    blocks.append(.equations([difference]))
    let isLong = derivation.proofs.count > 60
    let proofs = isLong ? Array(derivation.proofs.prefix(60)) : derivation.proofs
    blocks.append(
      .table(
        DocumentTable(
          columns: [
            (RichText(text("gradient", "梯度")), .leading),
            (RichText(text("derived", "推导值")), .trailing),
            (RichText(text("measured", "实测值")), .trailing),
            (RichText(text("difference", "差")), .trailing),
          ],
          rows: proofs.map { proof in
            return [
              RichText(derivation[proof.name]?.symbol ?? .symbol(proof.name)),
              RichText(number(proof.gradient)),
              // Measuring loses some digits.
              RichText(Formula.rounded(proof.centralDifference, digits: min(style.digits, 7))),
              gap(abs(proof.gradient - proof.centralDifference)),
            ]
          })))
    let worst = derivation.proofs.map { abs($0.gradient - $0.centralDifference) }.max() ?? 0
    let largest = derivation.proofs.map { abs($0.gradient) }.max() ?? 0
    let holds = worst <= 1e-8 * max(1, largest)
    if explanation.problem.order == .sequential {
      blocks.append(
        .remark(
          .doubtful,
          rich(
            "Where the weights were updated one after another, the hidden layers' gradients are not those of the error: that is what the mistake does.",
            "由于权重是逐层依次更新的，隐藏层的“梯度”并不是误差的真正梯度——这正是该错误的后果。")))
    } else {
      blocks.append(
        .remark(
          holds ? .good : .bad,
          rich(
            holds
              ? "Every gradient is confirmed; the largest difference is \(gap(worst))."
              : "The largest difference is \(gap(worst)).",
            holds ? "所有梯度均得到验证，最大差值 \(gap(worst))。" : "最大差值 \(gap(worst))。")))
    }
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
