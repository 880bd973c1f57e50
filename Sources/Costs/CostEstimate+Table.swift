import Documents
import GraphIR

extension CostEstimate: CustomStringConvertible {
  /// The table and the totals in English, for lines of 100 columns.
  public var description: String { text() }

  /// A line a layer – parameters, floating-point operations of each part of the step, bytes, intensity,
  /// time and what bounds it – and the totals below.
  ///
  /// - Parameters:
  ///   - width: The columns of a line: what a layer is is cut short, or left out, where it is too long.
  ///     Names and numbers never are, so that lines can be longer.
  ///   - language: The language of the words.
  public func text(width: Int = 100, language: Language = .english) -> String {
    aligned(layerRows(width, language), numbers: 2...9) + "\n" + aligned(totals(width, language))
  }

  /// Bytes of a number over Float32's four.
  var scale: Double { Double(precision.byteCount) / 4 }

  private func layerRows(_ width: Int, _ language: Language) -> [[String]] {
    let header = [
      Phrase("layer", "层"), Phrase("kind", "种类"), Phrase("parameters", "参数"),
      Phrase("forward", "前向"), Phrase("backward", "反向"), Phrase("update", "更新"),
      Phrase("MACs", "乘加"), Phrase("moved", "访存"), Phrase("FLOP/B", "强度"), Phrase("time", "时间"),
      Phrase("bound", "瓶颈"),
    ].map { $0[language] }
    let loss = Phrase("loss", "损失")[language]
    var path: [String] = []
    var rows = [header]
    for (place, layer) in layers.enumerated() {
      let isLoss = place > 0 && layer.path.isEmpty
      let flops = WorkPhase.allCases.map { QuantityText.count(Double(layer.parts[$0]?.flops ?? 0)) }
      // Within a layer its own path goes without saying.
      path = Array(path.prefix(layer.depth))
      let outer = path.last.map { $0 + "." } ?? ""
      let name =
        layer.path.hasPrefix(outer) ? String(layer.path.dropFirst(outer.count)) : layer.path
      path.append(layer.path)
      // What is done in another layer's passes has no bytes and no time of its own.
      let times =
        layer.total.seconds == 0
        ? ["–", "–", "–", "–"]
        : [
          QuantityText.bytes(Double(layer.total.bytes) * scale),
          QuantityText.digits(layer.intensity / scale),
          QuantityText.seconds(layer.total.seconds, language), layer.bound.word[language],
        ]
      rows.append(
        [
          String(repeating: "  ", count: layer.depth) + (isLoss ? loss : name.isEmpty ? "–" : name),
          isLoss ? "" : layer.title,
          layer.parameters.grouped,
        ] + flops + [QuantityText.count(Double(layer.total.multiplyAdds))] + times)
    }
    let others = rows[0].indices.filter { $0 != 1 }.reduce(0) { sum, column in
      sum + 2 + (rows.map { displayWidth($0[column]) }.max() ?? 0)
    }
    return rows.map { row in
      var row = row
      row[1] = width - others < 16 ? "" : shortened(row[1], to: width - others)
      return row
    }
  }

  private func totals(_ width: Int, _ language: Language) -> [[String]] {
    let flops = WorkPhase.allCases.map {
      "\($0.word[language]) \(QuantityText.count(Double(work.flops($0))))"
    }
    let memory = work.memory
    func part(_ name: String, _ chinese: String, _ bytes: Int) -> String {
      "\(Phrase(name, chinese)[language]) \(QuantityText.bytes(Double(bytes) * scale))"
    }
    let parts =
      device.kind == .cpu
      ? [
        part("parameters", "参数", memory.parameters),
        part("optimizer", "优化器", memory.optimizerState),
        part("working values", "中间值", memory.planned), part("batch", "数据", memory.input),
      ]
      : [
        part("parameters", "参数", memory.parameters), part("gradients", "梯度", memory.gradients),
        part("optimizer", "优化器", memory.optimizerState),
        part("activations", "激活值", memory.activations), part("batch", "数据", memory.input),
      ]
    func time(_ seconds: Double) -> String { QuantityText.seconds(seconds, language) }
    var lines = [
      (
        Phrase("network", "网络"),
        Phrase("\(parameters.grouped) parameters", "\(parameters.grouped) 个参数")
      ),
      (
        Phrase("step", "一步"),
        Phrase("batch \(batch.grouped), ", "批大小 \(batch.grouped)，")
          .followed(by: "\(optimizer), \(precision.rawValue)")
      ),
      (
        Phrase("FLOPs", "运算"),
        Phrase(
          "\(QuantityText.count(Double(self.flops))) a step (a multiply-add counts as two): ",
          "一步 \(QuantityText.count(Double(self.flops)))（一次乘加记作两次）："
        ).followed(by: flops.joined(separator: ", "))
      ),
      (
        Phrase("memory", "内存"),
        Phrase(QuantityText.bytes(memoryBytes) + ": ", QuantityText.bytes(memoryBytes) + "：")
          .followed(by: parts.joined(separator: ", "))
      ),
      (
        Phrase("device", "设备"),
        Phrase(
          "\(device.title): \(rates), \(time(device.startup)) to start a pass",
          "\(device.title)：\(rates)，每趟启动 \(time(device.startup))")
      ),
      (
        Phrase("time", "时间"),
        Phrase(
          "\(time(stepSeconds)) a step, \(QuantityText.count(throughput)) rows/s; "
            + "\(stepsPerEpoch.grouped) steps, \(time(epochSeconds)) an epoch; "
            + "\(epochs.grouped) epochs in \(time(runSeconds))",
          "一步 \(time(stepSeconds))，每秒 \(QuantityText.count(throughput)) 个样本；"
            + "一轮 \(stepsPerEpoch.grouped) 步，\(time(epochSeconds))；"
            + "\(epochs.grouped) 轮共 \(time(runSeconds))")
      ),
    ]
    if !fits, let limit = device.memory {
      lines.append(
        (
          Phrase("warning", "注意"),
          Phrase(
            "the device has \(QuantityText.bytes(limit)) of memory: this batch does not fit",
            "该设备只有 \(QuantityText.bytes(limit)) 内存：这一批放不下")
        ))
    }
    let room = width - 2 - (lines.map { displayWidth($0.0[language]) }.max() ?? 0)
    return lines.flatMap { name, words in
      folded(words[language], to: room).enumerated().map { number, line in
        [number == 0 ? name[language] : "", line]
      }
    }
  }

  private var rates: String {
    "\(QuantityText.count(roofline.peak))FLOP/s, \(QuantityText.bytes(roofline.bandwidth))/s"
  }
}

extension WorkPhase {
  /// The part of the step in words.
  var word: Phrase {
    switch self {
    case .forward: Phrase("forward", "前向")
    case .backward: Phrase("backward", "反向")
    case .update: Phrase("update", "更新")
    }
  }
}

extension Bound {
  /// What bounds a pass, in a word.
  public var word: Phrase {
    switch self {
    case .compute: Phrase("compute", "计算")
    case .memory: Phrase("memory", "内存")
    case .startup: Phrase("startup", "启动")
    }
  }
}

extension Phrase {
  fileprivate func followed(by text: String) -> Phrase { Phrase(english + text, chinese + text) }
}

/// Rows in aligned columns, of which a Chinese character takes two; columns of nothing are left out.
private func aligned(_ rows: [[String]], numbers: ClosedRange<Int>? = nil) -> String {
  let columns = rows[0].indices.compactMap { column -> (place: Int, width: Int)? in
    let width = rows.map { displayWidth($0[column]) }.max() ?? 0
    return width > 0 ? (column, width) : nil
  }
  return rows.map { row in
    var line = columns.map { column in
      let space = String(repeating: " ", count: column.width - displayWidth(row[column.place]))
      return numbers?.contains(column.place) == true
        ? space + row[column.place] : row[column.place] + space
    }.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}

/// A text of so many columns at most, the last of them an ellipsis where something is cut off.
private func shortened(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  var result = text
  while displayWidth(result) > width - 1 { result.removeLast() }
  while let last = result.last, last == " " || last == "," { result.removeLast() }
  return result + "…"
}

/// Lines of so many columns, broken behind commas and colons.
private func folded(_ text: String, to width: Int) -> [String] {
  var lines = [""]
  var word = ""
  func take() {
    if !lines[lines.count - 1].isEmpty, displayWidth(lines[lines.count - 1] + word) > width {
      while lines[lines.count - 1].last == " " { lines[lines.count - 1].removeLast() }
      lines.append("")
    }
    lines[lines.count - 1] += word
    word = ""
  }
  for character in text {
    word.append(character)
    let isBreak = character == " " && [",", ":", ";"].contains(word.dropLast().last)
    if isBreak || "，：；".contains(character) { take() }
  }
  take()
  return lines
}
