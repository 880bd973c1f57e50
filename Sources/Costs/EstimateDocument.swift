import Documents
import Formulas
import GraphIR

extension CostEstimate {
  /// The calculation as a derivation: the device's figures, the work and time of each layer, and how
  /// step, epoch and run follow from them.
  ///
  /// - Parameters:
  ///   - language: The language of the words.
  ///   - layer: The path of the layer whose passes are worked; nil for those of all layers, or where
  ///     these are many, for the ones that take the longest.
  ///   - digits: Significant digits.
  public func document(language: Language, layer: String? = nil, digits: Int = 4) -> Document {
    var writer = EstimateWriter(self, language: language, digits: digits)
    writer.write(layer: layer)
    return Document(
      title: Phrase("How long does training take?", "训练需要多长时间？")[language], language: language,
      blocks: writer.blocks)
  }
}

/// Writes an estimate's working.
struct EstimateWriter {
  let estimate: CostEstimate
  let language: Language
  let digits: Int
  private(set) var blocks: [Block] = []

  /// How many passes are worked where no layer was chosen.
  static let mostPasses = 24

  init(_ estimate: CostEstimate, language: Language, digits: Int) {
    (self.estimate, self.language, self.digits) = (estimate, language, digits)
  }

  mutating func write(layer: String?) {
    device()
    passes(layer: layer)
    table()
    memory()
    run()
    remarks()
  }

  private mutating func heading(_ english: String, _ chinese: String, level: Int = 1) {
    blocks.append(.heading(level: level, RichText(Phrase(english, chinese)[language])))
  }

  private mutating func paragraph(_ english: RichText, _ chinese: RichText) {
    blocks.append(.paragraph(language == .english ? english : chinese))
  }

  private func number(_ value: Double) -> Formula { .rounded(value, digits: digits) }
  private func number(_ value: Int) -> Formula { .rounded(Double(value), digits: 15) }

  private func time(_ seconds: Double) -> String { QuantityText.seconds(seconds, language) }

  // MARK: The device

  private mutating func device() {
    let (device, line) = (estimate.device, estimate.roofline)
    heading("The device", "设备")
    paragraph(
      "\(strong: device.title), \(device.sources.joined(separator: "; ")).",
      "\(strong: device.title)，数据来源：\(device.sources.joined(separator: "；"))。")
    if let parts = device.parts, device.peaks[estimate.precision.rawValue] == nil {
      paragraph(
        "The peak \("P" as Formula) in floating-point operations a second: cores · clock · numbers in a vector · multiply-add units · 2, as a multiply-add counts as two operations.",
        "峰值算力 \("P" as Formula)（每秒浮点运算次数）：核数 · 时钟频率 · 向量宽度 · 乘加单元数 · 2，一次乘加记作两次运算。")
      let lanes = parts.vectorBits / (8 * estimate.precision.byteCount)
      blocks.append(
        .equations([
          "P",
          .product([
            number(parts.cores), number(parts.clock), number(lanes), number(parts.units), 2,
          ]),
          number(line.peak),
        ]))
    } else {
      blocks.append(.equations(["P", number(line.peak)]))
    }
    paragraph(
      "Bytes a second through memory, \("β" as Formula) (the step touches \(QuantityText.bytes(Double(estimate.work.memory.plannedTotal) * estimate.scale))); the rate of activations, sums and updates, \("E" as Formula); what starting a pass costs, \("t_0" as Formula) in seconds:",
      "内存带宽 \("β" as Formula)（每秒字节数；一步共涉及 \(QuantityText.bytes(Double(estimate.work.memory.plannedTotal) * estimate.scale))）；激活、求和与更新的运算速率 \("E" as Formula)；每趟运算的启动时间 \("t_0" as Formula)（秒）："
    )
    blocks.append(.equations(["β", number(line.bandwidth)]))
    blocks.append(.equations(["E", number(line.otherRate)]))
    blocks.append(.equations(["t_0", number(device.startup)]))
    if let packing = device.packing {
      paragraph(
        "Packing the operands of a product adds \(number(packing)) seconds.",
        "整理矩阵乘法的操作数另需 \(number(packing)) 秒。")
    }
    if device.operations?.isEmpty == false {
      paragraph(
        "Operations that were measured by themselves have an \("E" as Formula) of their own, and take \("t_R" as Formula) for each of the \("R" as Formula) rows of their result.",
        "单独测量过的运算有各自的 \("E" as Formula)，其结果共 \("R" as Formula) 行，每行另需 \("t_R" as Formula) 秒。")
    }
    if let short = device.short {
      paragraph(
        "A pass whose tensors are no longer than a vector each takes \("t_s" as Formula) + \("N" as Formula) \("t_v" as Formula) + \("N_f" as Formula) \("t_f" as Formula) instead, whatever its elements: \(number(short.startup)) seconds to start, \(number(short.step)) for each term of a product and each other operation, \(number(short.function)) for each of those with an \("E" as Formula) of their own.",
        "所涉张量均不超过一个向量的一趟运算，耗时为 \("t_s" as Formula) + \("N" as Formula) \("t_v" as Formula) + \("N_f" as Formula) \("t_f" as Formula)，与元素个数无关：启动 \(number(short.startup)) 秒，乘积的每一项和其他每个运算 \(number(short.step)) 秒，有各自 \("E" as Formula) 的运算每个 \(number(short.function)) 秒。"
      )
    }
    if let threads = device.threads {
      paragraph(
        "Where a pass is cut into several tasks, handing them to other threads adds \(number(device.handoff)) seconds. Where its tasks do not fill the last round of the \(threads.grouped) threads, the share \("u" as Formula) of their time is used.",
        "一趟运算分成若干任务交给其他线程时，另需 \(number(device.handoff)) 秒。任务数不足以占满 \(threads.grouped) 个线程的最后一轮时，线程时间的利用率为 \("u" as Formula)。"
      )
    }
    paragraph(
      "A product of an \(size("m", "k")) by a \(size("k", "n")) matrix takes \(2 * ("m" as Formula) * "n" * "k") operations and reaches the share \("η" as Formula) of the peak; a pass ends when both arithmetic and memory are done:",
      "\(size("m", "k")) 与 \(size("k", "n")) 矩阵相乘需要 \(2 * ("m" as Formula) * "n" * "k") 次运算，达到峰值的比例为 \("η" as Formula)；计算与访存都完成时一趟运算才结束："
    )
    blocks.append(
      .equations(["η", efficiency("m", "n", device.lanes == nil ? "n" : "n_v", "k")]))
    if let lanes = device.lanes {
      paragraph(
        "\(number(lanes)) columns are computed at once: \("n_v" as Formula) is \("n" as Formula) rounded up to whole vectors of them.",
        "每次同时计算 \(number(lanes)) 列：\("n_v" as Formula) 是 \("n" as Formula) 向上取整到它的倍数。")
    }
    let arithmetic = ("F" as Formula) / (("η" as Formula) * "P") + ("F_e" as Formula) / "E"
    blocks.append(
      .equations([
        "t",
        overShare(
          "t_0",
          .call(
            "max",
            [
              device.operations?.isEmpty == false
                ? arithmetic + ("R" as Formula) * "t_R" : arithmetic,
              ("B" as Formula) / "β",
            ]), device.threads == nil ? nil : "u"),
      ]))
  }

  /// t₀ + max(…) / u.
  private func overShare(_ startup: Formula, _ longest: Formula, _ share: Formula?) -> Formula {
    startup + (share.map { longest / $0 } ?? longest)
  }

  private func size(_ rows: Formula, _ columns: Formula) -> Formula {
    .call("", [rows, columns])
  }

  private func efficiency(
    _ m: Formula, _ n: Formula, _ columns: Formula, _ k: Formula,
    of product: ProductSize = ProductSize(m: 1, n: 1, k: 1)
  ) -> Formula {
    func share(_ size: Formula, _ half: Double) -> Formula { size / (size + number(half)) }
    let halves = estimate.device.halfSizes(product, estimate.precision)
    return .product([
      number(estimate.device.largest(product)), share(m, halves.m),
      n / (columns + number(halves.n)),
      share(k, halves.k),
    ])
  }

  // MARK: The passes

  private mutating func passes(layer: String?) {
    heading("The passes, one after another", "逐趟计算")
    let all = Array(zip(estimate.work.instructions, estimate.times))
    var chosen = Array(all.indices)
    if let layer {
      chosen = chosen.filter { all[$0].0.path == layer || all[$0].0.path.hasPrefix(layer + ".") }
    } else if chosen.count > Self.mostPasses {
      let longest = chosen.sorted { (all[$0].1.seconds, $1) > (all[$1].1.seconds, $0) }
      chosen = longest.prefix(Self.mostPasses).sorted()
      paragraph(
        "Of \(all.count) passes the \(Self.mostPasses) that take the longest are worked here; the table below has all layers.",
        "共 \(all.count) 趟运算，这里只演算耗时最长的 \(Self.mostPasses) 趟；下表列出所有层。")
    }
    for place in chosen { pass(place + 1, all[place].0, all[place].1) }
  }

  private mutating func pass(_ place: Int, _ work: InstructionWork, _ time: InstructionTime) {
    let name = work.path.isEmpty ? Phrase("loss", "损失")[language] : work.path
    let phase = work.phase.word[language]
    blocks.append(
      .heading(level: 2, "\(place). \(name), \(phase): \(work.title)"))
    let roofline = estimate.roofline
    if work.isShort, let short = estimate.device.short {
      shortPass(work, time, short)
      return
    }
    var terms: [Formula] = []
    if let product = work.product {
      var factors: [Formula] = [2, number(product.m), number(product.n), number(product.k)]
      if product.count > 1 { factors.append(number(product.count)) }
      blocks.append(.equations(["F", .product(factors), number(2 * work.multiplyAdds)]))
      blocks.append(
        .equations([
          "η",
          efficiency(
            number(product.m), number(product.n),
            number(estimate.device.columns(product.n, estimate.precision)), number(product.k),
            of: product),
          number(time.efficiency ?? 1),
        ]))
      terms.append(
        number(2 * work.multiplyAdds) / (number(time.efficiency ?? 1) * number(roofline.peak)))
    }
    terms += others(of: work)
    let bytes = Double(work.bytes) * estimate.scale
    blocks.append(.equations(["B", number(Int(bytes))]))
    let compute: Formula = terms.isEmpty ? 0 : terms.count == 1 ? terms[0] : .sum(terms)
    let once = time.seconds / Double(max(1, time.repeats))
    blocks.append(
      .equations([
        "t",
        overShare(
          number(time.startup),
          .call("max", [compute, number(bytes) / number(roofline.bandwidth)]),
          time.share == 1 ? nil : number(time.share)),
        number(time.startup)
          + .call("max", [number(time.products + time.others), number(time.memory)]),
        number(once),
      ]))
    conclude(time)
  }

  /// t_s + N t_v + N_f t_f.
  private mutating func shortPass(
    _ work: InstructionWork, _ time: InstructionTime, _ short: Device.ShortPasses
  ) {
    let (steps, functions) = estimate.roofline.shortSteps(of: work)
    var terms = [number(short.startup)]
    if steps > 0 { terms.append(number(steps) * number(short.step)) }
    if functions > 0 { terms.append(number(functions) * number(short.function)) }
    blocks.append(
      .equations([
        "t", terms.count == 1 ? terms[0] : .sum(terms),
        number(time.seconds / Double(max(1, time.repeats))),
      ]))
    conclude(time)
  }

  private mutating func conclude(_ time: InstructionTime) {
    let bound = Self.words(time.bound)[language]
    if time.repeats > 1 {
      paragraph(
        "\(time.repeats.grouped) times: \(self.time(time.seconds)); \(bound).",
        "共 \(time.repeats.grouped) 次：\(self.time(time.seconds))；\(bound)。")
    } else {
      paragraph("\(self.time(time.seconds)); \(bound).", "\(self.time(time.seconds))；\(bound)。")
    }
  }

  /// F_e / E of what has no rate of its own, and F_e / E + R t_R of each operation that has.
  private mutating func others(of work: InstructionWork) -> [Formula] {
    let known = estimate.device.operations ?? [:]
    let usual = work.operations.filter { known[$0.name] == nil }.reduce(0) { $0 + $1.otherFlops }
    var terms: [Formula] = []
    if usual > 0 {
      blocks.append(.equations(["F_e", number(usual)]))
      terms.append(number(usual) / number(estimate.roofline.otherRate))
    }
    for operation in work.operations {
      guard let rates = known[operation.name] else { continue }
      if operation.otherFlops > 0 {
        terms.append(number(operation.otherFlops) / number(rates.rate))
      }
      if operation.rows > 0, rates.row > 0 {
        terms.append(number(operation.rows) * number(rates.row))
      }
    }
    return terms
  }

  private static func words(_ bound: Bound) -> Phrase {
    switch bound {
    case .compute: Phrase("arithmetic bounds it", "受计算能力限制")
    case .memory: Phrase("memory bounds it", "受内存带宽限制")
    case .startup: Phrase("starting it costs the most", "启动开销最大")
    }
  }

  // MARK: What comes of it

  private mutating func table() {
    heading("The layers", "各层汇总")
    func title(_ english: String, _ chinese: String) -> RichText {
      RichText(Phrase(english, chinese)[language])
    }
    let rows = estimate.layers.map { layer -> [RichText] in
      let parts = WorkPhase.allCases.map {
        RichText(QuantityText.count(Double(layer.parts[$0]?.flops ?? 0)))
      }
      let indent = String(repeating: "\u{2003}", count: layer.depth)
      return [
        RichText(indent + (layer.path.isEmpty ? Phrase("loss", "损失")[language] : layer.path)),
        RichText(layer.parameters.grouped),
      ] + parts + [
        RichText(QuantityText.bytes(Double(layer.total.bytes) * estimate.scale)),
        RichText(time(layer.total.seconds)),
      ]
    }
    blocks.append(
      .table(
        DocumentTable(
          columns: [
            (title("layer", "层"), .leading), (title("parameters", "参数"), .trailing),
            (title("forward FLOPs", "前向运算"), .trailing), (title("backward", "反向运算"), .trailing),
            (title("update", "更新运算"), .trailing), (title("moved", "访存"), .trailing),
            (title("time", "时间"), .trailing),
          ], rows: rows)))
  }

  private mutating func memory() {
    heading("Memory", "内存")
    let (memory, scale) = (estimate.work.memory, estimate.scale)
    func bytes(_ count: Int) -> Formula { number(Int(Double(count) * scale)) }
    if estimate.device.kind == .cpu {
      paragraph(
        "Bytes of parameters, the optimizer's states, the plan's working values and the batch:",
        "参数、优化器状态、计算中间值与一批数据的字节数：")
      blocks.append(
        .equations([
          "M",
          .sum(
            [memory.parameters, memory.optimizerState, memory.planned, memory.input].map(bytes)),
          number(Int(estimate.memoryBytes)),
        ]))
    } else {
      paragraph(
        "Bytes of parameters, gradients, the optimizer's states, kept activations and the batch:",
        "参数、梯度、优化器状态、需保留的激活值与一批数据的字节数：")
      blocks.append(
        .equations([
          "M",
          .sum(
            [
              memory.parameters, memory.gradients, memory.optimizerState, memory.activations,
              memory.input,
            ]
            .map(bytes)),
          number(Int(estimate.memoryBytes)),
        ]))
    }
    if !estimate.fits, let limit = estimate.device.memory {
      blocks.append(
        .remark(
          .bad,
          RichText(
            Phrase(
              "The device has \(QuantityText.bytes(limit)): this batch does not fit.",
              "该设备只有 \(QuantityText.bytes(limit))：这一批放不下。")[language])))
    }
  }

  private mutating func run() {
    heading("Step, epoch and run", "一步、一轮与全程")
    paragraph("The passes add up to one step:", "各趟时间之和为一步的时间：")
    blocks.append(.equations(["t_step", number(estimate.stepSeconds)]))
    paragraph(
      "An epoch has as many steps as batches of \(estimate.batch.grouped) are needed for \(estimate.samples.grouped) rows:",
      "一轮的步数等于以每批 \(estimate.batch.grouped) 个样本处理 \(estimate.samples.grouped) 个样本所需的批数：")
    blocks.append(
      .equations([
        "N", .call("ceil", [number(estimate.samples) / number(estimate.batch)]),
        number(estimate.stepsPerEpoch),
      ]))
    blocks.append(
      .equations([
        "T", .product(["epochs", "N", "t_step"]),
        .product([
          number(estimate.epochs), number(estimate.stepsPerEpoch), number(estimate.stepSeconds),
        ]),
        number(estimate.runSeconds),
      ]))
    paragraph(
      "A step takes \(strong: time(estimate.stepSeconds)), an epoch \(strong: time(estimate.epochSeconds)), the whole run \(strong: time(estimate.runSeconds)).",
      "一步约 \(strong: time(estimate.stepSeconds))，一轮约 \(strong: time(estimate.epochSeconds))，全程约 \(strong: time(estimate.runSeconds))。"
    )
  }

  private mutating func remarks() {
    blocks.append(
      .remark(
        .neutral,
        RichText(
          Phrase(
            "The result is rough: reading data, waiting, other work on the same machine and speeds below the nominal clock are not in it. From data-sheet figures alone expect a factor of two.",
            "结果只是粗略估计：没有计入读取数据、等待、同机其他负载以及低于标称频率的情况。仅凭数据手册推算，误差可达两倍。")[language])))
  }
}
