import Documents
import Formulas
import GraphIR
import Layers

extension DocumentBuilder {
  /// The network, its numbers and its data.
  mutating func given() {
    heading(1, "The network", "网络")
    let parts = explanation.layers.map(layerWords)
    let (inputs, examples, steps) =
      (explanation.features, explanation.examples, explanation.steps)
    let loss = lossName
    paragraph(
      "\(inputs.grouped) input\(inputs == 1 ? "" : "s"); \(parts.map(\.english).joined(separator: "; ")). Loss: \(loss.english)."
        + (examples > 1 ? " \(examples.grouped) examples." : "")
        + (steps > 1 ? " \(steps.grouped) time steps." : ""),
      "\(inputs.grouped) 个输入；\(parts.map(\.chinese).joined(separator: "；"))。损失函数：\(loss.chinese)。"
        + (examples > 1 ? "共 \(examples.grouped) 个样本。" : "")
        + (steps > 1 ? "共 \(steps.grouped) 个时间步。" : ""))
    if explanation.selection == .overview {
      let count = explanation.problem.parameters.elementCount.grouped
      paragraph(
        "Of its \(count) parameters one for each output is derived here; ask for a weight, a neuron or a layer to see others.",
        "网络共有 \(count) 个参数，这里只对每个输出推导一个；可指定某个权重、神经元或层查看其余的推导。")
    }
    let shown = derivation.proofs.count
    if ![.all, .overview].contains(explanation.selection), explanation.asked > shown {
      paragraph(
        "Of the \(explanation.asked.grouped) parameters that were asked for, the \(shown.grouped) with the largest gradients are derived here.",
        "所选部分共有 \(explanation.asked.grouped) 个参数，这里只推导梯度绝对值最大的 \(shown.grouped) 个。")
    }
    for remark in explanation.remarks { blocks.append(.paragraph(RichText(remark[language]))) }
    if !explanation.isFinite {
      blocks.append(
        .remark(
          .bad,
          rich(
            "Some numbers grew beyond what a computer holds (∞), or have no value at all (NaN). A smaller learning rate or smaller weights help.",
            "部分数值超出了计算机可表示的范围（∞），或者没有定义（NaN）。可减小学习率或权重。")))
    }
    if let picture = networkPicture { blocks.append(.picture(picture)) }
    var lines: [RichText] = []
    func list(_ kinds: Set<Quantity.Kind>, _ english: String, _ chinese: String) {
      let members = derivation.quantities.filter { kinds.contains($0.kind) && $0.forms.isEmpty }
      guard !members.isEmpty else { return }
      lines.append(
        rich("\(strong: english): ", "\(strong: chinese)：") + values(members))
    }
    list([.input], "Inputs", "输入")
    list([.target], "Targets", "目标值")
    list([.weight], "Weights", "权重")
    list([.bias], "Biases", "偏置")
    list([.setting, .state], "Settings", "训练设置")
    if !lines.isEmpty { blocks.append(.list(lines)) }
    if !explanation.problem.fixed.isEmpty {
      let names = explanation.problem.fixed.sorted()
      blocks.append(
        .paragraph(
          rich("Not trained: ", "不参与训练：")
            + names.enumerated().reduce(RichText([])) { text, name in
              text + (name.offset == 0 ? "" : rich(", ", "、")) + "\(code: name.element)"
            }))
    }
    if explanation.problem.order == .sequential {
      blocks.append(
        .remark(
          .doubtful,
          rich(
            "The weights are updated layer by layer, so that the hidden layers see new weights in the backward pass. This is a classic mistake: all gradients should be computed from the weights before the update.",
            "权重逐层更新，因此误差反向传播到隐藏层时，用的是后一层更新后的权重。这是一个常见错误：所有梯度都应由更新前的权重算出。"
          )))
    }
  }

  /// `i1 = 0.05, i2 = 0.1`; of many the first and the last.
  private func values(_ quantities: [Quantity]) -> RichText {
    let shown = quantities.count <= 40 ? quantities : Array(quantities.prefix(6))
    var text = RichText([])
    for (place, quantity) in shown.enumerated() {
      if place > 0 { text = text + rich(", ", "，") }
      text = text + RichText(.relation(quantity.symbol, .equal, number(quantity.value)))
    }
    guard shown.count < quantities.count, let last = quantities.last else { return text }
    return text + rich(", …, ", "，…，")
      + RichText(.relation(last.symbol, .equal, number(last.value)))
      + rich(" (\(quantities.count.grouped) in all)", "（共 \(quantities.count.grouped) 个）")
  }

  private func layerWords(_ layer: StepExplanation.LayerInfo) -> Phrase {
    let kind = layer.activation ?? "linear"
    let count =
      layer.sizes.count > 1
      ? layer.sizes.map(\.grouped).joined(separator: " × ") : layer.units.grouped
    return Phrase(
      "\(layer.path): \(count) neuron\(layer.units == 1 ? "" : "s"), \(kind)",
      "\(layer.path)：\(count) 个神经元，\(layer.activation == nil ? "线性" : kind)")
  }

  private var lossName: Phrase {
    FunctionWords(explanation.problem.loss).name
  }

  // MARK: The picture

  /// The network with the numbers of the first example.
  private var networkPicture: Picture? {
    var columns: [[NetworkDrawing.Neuron]] = []
    let steps = explanation.steps
    let isFirst = { (quantity: Quantity) in
      (quantity.place?.example ?? 1) == 1 && (quantity.place?.time ?? steps) == steps
    }
    for layer in 0...explanation.layers.count {
      let units = layer == 0 ? explanation.features : explanation.layers[layer - 1].units
      let kinds: [Quantity.Kind] = layer == 0 ? [.input] : [.activation]
      var byUnit: [Int: Quantity] = [:]
      for quantity in derivation.quantities
      where kinds.contains(quantity.kind) && quantity.place?.layer == layer && isFirst(quantity)
        && !quantity.name.hasSuffix("+")
      {
        if let unit = quantity.place?.unit { byUnit[unit] = quantity }
      }
      columns.append(
        (1...max(1, units)).map { unit in
          NetworkDrawing.Neuron(
            .symbol(explanation.unit(layer, unit)), value: byUnit[unit]?.value)
        })
    }
    var drawing = NetworkDrawing(columns: columns)
    if explanation.selection == .all { label(&drawing) }
    let last = explanation.layers.count
    func outputs(_ kind: Quantity.Kind) -> [NetworkDrawing.Neuron] {
      derivation.quantities.filter {
        $0.kind == kind && $0.place?.layer == last && isFirst($0) && !$0.name.hasSuffix("+")
      }.map { NetworkDrawing.Neuron($0.symbol, value: $0.value) }
    }
    if explanation.selection == .all, columns[last].count <= NetworkDrawing.largestColumn {
      let (targets, errors) = (outputs(.target), outputs(.error))
      if targets.count == columns[last].count { drawing.targets = targets }
      if errors.count == columns[last].count { drawing.errors = errors }
      if let total = derivation["E_total"] {
        drawing.total = NetworkDrawing.Neuron(total.symbol, value: total.value)
      }
    }
    return drawing.picture(
      language: language, digits: min(style.digits, 4),
      caption: steps > 1
        ? rich(
          "The network at the last time step (recurrent connections are not drawn)",
          "最后一个时间步的网络（未画出循环连接）")
        : explanation.examples > 1
          ? rich("The network, with the values of the first example", "网络结构（数值取自第一个样本）")
          : rich("The network and its values", "网络结构及各变量的值"))
  }

  /// Writes the weights and biases at the lines of plain layers.
  private func label(_ drawing: inout NetworkDrawing) {
    var edges: [NetworkDrawing.Edge] = []
    for quantity in derivation.quantities {
      // What all places of an image share is at no single line.
      guard let place = quantity.place, quantity.forms.isEmpty,
        place.unit > 0 || place.layer == 0
          || quantity.kind == .bias && explanation.layers[place.layer - 1].sizes.count == 1
      else { continue }
      switch quantity.kind {
      case .weight
      where explanation.elements[quantity.name]?.parameter.hasSuffix(".recurrentWeight") == true:
        break
      case .weight:
        // The weights of a neuron come in the order of their inputs.
        let from = edges.count { $0.column == place.layer - 1 && $0.to == place.unit - 1 }
        edges.append(
          NetworkDrawing.Edge(
            column: place.layer - 1, from: from, to: place.unit - 1, symbol: quantity.symbol,
            value: quantity.value))
      case .bias:
        drawing.biases.append(
          NetworkDrawing.Bias(
            column: place.layer, to: place.unit == 0 ? nil : place.unit - 1,
            symbol: quantity.symbol, value: quantity.value))
      default: break
      }
    }
    let isWhole = drawing.columns.indices.dropFirst().allSatisfy { column in
      edges.count { $0.column == column - 1 }
        == drawing.columns[column - 1].count * drawing.columns[column].count
    }
    if isWhole { drawing.edges = edges } else { drawing.biases = [] }
  }
}
