import Backprop

/// The views of estimates that are tables, as documents.
enum EstimatePages {
  /// Several devices beside each other.
  static func comparison(_ estimates: [CostEstimate], price: Double?, language: Language)
    -> Document
  {
    var columns = [
      ("device", "设备"), ("step", "一步"), ("epoch", "一轮"), ("run", "全程"), ("rows/s", "样本/秒"),
      ("memory", "内存"), ("bound by", "瓶颈"),
    ]
    if price != nil { columns.append(("cost", "费用")) }
    let rows = estimates.map { estimate -> [String] in
      let bounds = Dictionary(grouping: estimate.times, by: \.bound)
        .mapValues { $0.reduce(0) { $0 + $1.seconds } }
      let bound = bounds.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
      return [
        estimate.device.title, QuantityText.seconds(estimate.stepSeconds, language),
        QuantityText.seconds(estimate.epochSeconds, language),
        QuantityText.seconds(estimate.runSeconds, language),
        QuantityText.count(estimate.throughput),
        QuantityText.bytes(estimate.memoryBytes)
          + (estimate.fits ? "" : Phrase(" (too much)", "（放不下）")[language]),
        bound?.word[language] ?? "",
      ] + (price.map { [money($0 * estimate.runSeconds / 3600)] } ?? [])
    }
    return document(
      Phrase("The same training on several devices", "同一训练在不同设备上的估计"), language,
      [table(columns, rows, language, words: [0, 6])])
  }

  /// Batch sizes, with pictures.
  static func sweep(_ sweep: BatchSweep, name: String, language: Language) -> Document {
    let rows = sweep.points.map { point in
      [
        point.batch.grouped, QuantityText.seconds(point.stepSeconds, language),
        QuantityText.count(point.throughput), QuantityText.bytes(point.memoryBytes),
        point.fits ? "" : Phrase("does not fit", "放不下")[language],
      ]
    }
    var columns = [("batch", "批大小"), ("step", "一步"), ("rows/s", "样本/秒"), ("memory", "内存")]
    if sweep.points.contains(where: { !$0.fits }) { columns.append(("", "")) }
    var blocks: [Block] = [table(columns, rows, language, words: [4])]
    if let knee = sweep.knee {
      blocks.append(
        .paragraph(
          RichText(
            Phrase(
              "Knee: batch \(knee.batch.grouped) has nine tenths of the best throughput.",
              "拐点：批大小为 \(knee.batch.grouped) 时已达到最高吞吐量的九成。")[language])))
    }
    let captions = [
      Phrase(
        "Rows a second: beyond the knee, larger batches hardly pay.", "每秒样本数：过了拐点，再增大批几乎无益。"),
      Phrase("Seconds of a step, on a logarithmic axis.", "一步的秒数（对数坐标）。"),
    ]
    for (chart, caption) in zip(charts(of: sweep, language), captions) {
      let plot = TerminalPlot(
        title: chart.title, xLabel: chart.xLabel, series: chart.series,
        logarithmicY: chart.logarithmicY, width: 78, height: 8)
      blocks.append(
        .picture(
          Picture(svg: chart.svg, text: plot.text, caption: RichText(caption[language]))))
    }
    return document(
      Phrase("\(name) by batch size, \(sweep.device.title)", "\(name)：不同批大小，\(sweep.device.title)"),
      language, blocks)
  }

  /// The sweep's charts, in a language.
  private static func charts(of sweep: BatchSweep, _ language: Language) -> [LineChart] {
    var (throughput, time) = (sweep.chart, sweep.timeChart)
    guard language == .chinese else { return [throughput, time] }
    throughput.title = "\(sweep.device.title)：吞吐量与批大小"
    throughput.yLabel = "每秒样本数"
    throughput.marks = throughput.marks.map { mark in
      Mark(x: mark.x, label: "拐点：\(sweep.knee?.batch.grouped ?? "")")
    }
    time.title = "\(sweep.device.title)：一步的时间与批大小"
    time.yLabel = "秒"
    (throughput.xLabel, time.xLabel) = ("log₂ 批大小", "log₂ 批大小")
    return [throughput, time]
  }

  /// A step that was run beside its estimate.
  static func measurement(_ measurement: StepMeasurement, name: String, language: Language)
    -> Document
  {
    func time(_ seconds: Double) -> String { QuantityText.seconds(seconds, language) }
    func signed(_ gap: Double) -> String { (gap < 0 ? "−" : "+") + time(abs(gap)) }
    let estimate = measurement.estimate
    let rows = measurement.kinds.map {
      [$0.title, time($0.estimated), time($0.measured), signed($0.gap)]
    }
    let percent = QuantityText.digits(100 * abs(measurement.error))
    let step = (time(measurement.seconds), time(estimate.stepSeconds))
    let isTooLong = measurement.error >= 0
    return document(
      Phrase(
        "\(name), batch \(estimate.batch.grouped): estimated and measured",
        "\(name)，批大小 \(estimate.batch.grouped)：估计与实测"), language,
      [
        .paragraph(
          RichText(
            Phrase(
              "A step takes \(step.0); the estimate for \(estimate.device.title) is \(step.1), "
                + "\(percent) % too \(isTooLong ? "long" : "short").",
              "一步实测 \(step.0)；对 \(estimate.device.title) 的估计为 \(step.1)，"
                + "\(isTooLong ? "偏长" : "偏短") \(percent)%。")[language])),
        table(
          [("kind of pass", "运算种类"), ("estimated", "估计"), ("measured", "实测"), ("gap", "差")], rows,
          language),
        .paragraph(
          RichText(
            Phrase(
              "The largest gaps come first. Passes were timed one by one, so that they can add up to more "
                + "than the step.",
              "差距最大的列在最前。各趟运算是单独计时的，其和可能大于一步的时间。")[language])),
      ])
  }

  /// Several workers.
  static func workers(_ shared: DataParallel, _ device: Device, name: String, language: Language)
    -> Document
  {
    let rows = shared.points.map { point in
      [
        point.workers.grouped, point.batch.grouped,
        QuantityText.seconds(point.computeSeconds, language),
        QuantityText.seconds(point.communicationSeconds, language),
        QuantityText.seconds(point.stepSeconds, language), QuantityText.digits(point.speedup) + "×",
        QuantityText.digits(100 * point.efficiency) + " %",
      ]
    }
    var blocks: [Block] = [
      table(
        [
          ("workers", "设备数"), ("rows each", "每台样本"), ("compute", "计算"), ("all-reduce", "梯度汇总"),
          ("step", "一步"), ("speed-up", "加速比"), ("efficiency", "效率"),
        ], rows, language, words: [])
    ]
    if let limit = shared.limit, let last = shared.points.last {
      let phrase =
        limit.workers == last.workers
        ? Phrase(
          "The step is still the fastest with \(limit.workers.grouped) workers.",
          "用到 \(limit.workers.grouped) 台设备时一步仍在变快。")
        : Phrase(
          "More than \(limit.workers.grouped) workers do not pay.",
          "超过 \(limit.workers.grouped) 台设备不再合算。")
      blocks.append(.paragraph(RichText(phrase[language])))
    }
    return document(
      Phrase("\(name) on several \(device.title)", "\(name)：多台 \(device.title)"), language, blocks)
  }

  /// The devices, and below them their figures' sources.
  static func devices(_ devices: [Device], language: Language) -> Document {
    let rows = devices.map { device in
      [
        device.name, device.title, QuantityText.count(device.peak(.float32) ?? 0) + "FLOP/s",
        (device.peak(.bfloat16) ?? device.peak(.float16)).map { QuantityText.count($0) + "FLOP/s" }
          ?? "–",
        QuantityText.bytes(device.bandwidth) + "/s",
        device.memory.map { QuantityText.bytes($0) } ?? "–",
      ]
    }
    let sources = devices.map { device in
      RichText("\(device.name): \(device.sources.joined(separator: "; "))")
    }
    return document(
      Phrase("Devices", "设备"), language,
      [
        table(
          [
            ("name", "名称"), ("device", "设备"), ("float32", "float32"), ("16 bits", "16 位"),
            ("memory", "内存带宽"), ("size", "内存"),
          ], rows, language, words: [0, 1]),
        .heading(level: 1, RichText(Phrase("Sources", "数据来源")[language])), .list(sources),
      ])
  }

  private static func document(_ title: Phrase, _ language: Language, _ blocks: [Block]) -> Document
  {
    Document(title: title[language], language: language, blocks: blocks)
  }

  /// A table whose columns are of numbers, but for those of words.
  private static func table(
    _ columns: [(String, String)], _ rows: [[String]], _ language: Language, words: Set<Int> = [0]
  ) -> Block {
    .table(
      DocumentTable(
        columns: columns.enumerated().map { place, column in
          (
            RichText(Phrase(column.0, column.1)[language]),
            words.contains(place) ? .leading : .trailing
          )
        }, rows: rows.map { $0.map { RichText($0) } }))
  }
}
