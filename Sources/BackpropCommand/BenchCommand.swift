import ArgumentParser
import Backprop
import Foundation

/// `backprop bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures this machine, and a training step beside what it could do.",
    discussion: """
      Measures the speed of a large Float32 matrix product and of memory, then a training step – \
      forward, loss, backward, update – of a network on random data, and says what share of the \
      time its arithmetic alone would take at the product's speed. --profile shows where the time \
      goes, instruction by instruction.

      EXAMPLES
        backprop bench
        backprop bench --layers 784-128-10 --batch 64 --optimizer adam --profile
        backprop bench digits.safetensors --batch 32 --json
        backprop bench --calibrate
      """)

  @Argument(
    help: ArgumentHelp(
      "A network that \"backprop train\" has saved (default: the one of --layers).",
      valueName: "model"), completion: Completions.model)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The units of the layers with dashes between, inputs first (default: 784-128-10).",
      valueName: "units"), transform: { try LayerUnits(parsing: $0) })
  var layers: LayerUnits?

  @Option(
    help: ArgumentHelp("The hidden layers' activation (default: relu).", valueName: "name"))
  var activation: String?

  @Option(
    help: ArgumentHelp(
      "The optimizer: one of " + Optimizers.batchKinds.joined(separator: ", ") + ".",
      valueName: "name"), completion: Completions.optimizers)
  var optimizer = "adam"

  @Option(parsing: .unconditional, help: ArgumentHelp("Rows of a batch.", valueName: "rows"))
  var batch = 64

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads at most, 1 to 256 (default: all processors).", valueName: "number"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long each measurement takes, 0.01 to 600.", valueName: "seconds"))
  var seconds = 1.0

  @Flag(
    help: """
      Measures this machine for "backprop estimate --device here", and keeps the figures in the \
      user's cache folder; no network is timed.
      """)
  var calibrate = false

  @Flag(help: "Shows the time of each instruction of the step.")
  var profile = false

  @Flag(help: "Prints one JSON object.")
  var json = false

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 256")
    }
    guard (1...1_000_000).contains(batch) else {
      throw ValidationError("--batch: found \(batch), expected 1 to 1,000,000")
    }
    guard seconds >= 0.01, seconds <= 600 else {
      throw ValidationError("--seconds: found \(seconds), expected 0.01 to 600")
    }
    guard !calibrate || (model == nil && layers == nil && !profile) else {
      throw ValidationError(
        "--calibrate measures the machine; a network and --profile cannot be added")
    }
    guard model == nil || (layers == nil && activation == nil) else {
      throw ValidationError("--layers and --activation are for networks without a model file")
    }
  }

  func run() throws {
    guard !calibrate else { return try calibration() }
    let subject = try subject()
    let step = try subject.step(batch: batch, threads: threads)
    let ceilings = try Ceilings.measured(threads: threads, seconds: seconds)
    let measured = StepTime(of: step, seconds: seconds)
    let plan = step.executor.plan
    let floor = Double(plan.flops) / ceilings.product
    let times = profile ? step.executor.profile(runs: measured.runs(in: seconds)) : nil
    guard json else {
      Console.shared.line(
        text(subject, ceilings, measured, plan: plan, floor: floor, profile: times))
      return
    }
    var members: [(String, JSON)] = [
      ("event", "bench"), ("processor", .string(ThisMachine().processor)),
      ("threads", .integer(ceilings.threads)), ("products", .string(BLAS.shared.description)),
      ("productFlopsPerSecond", .number(ceilings.product)),
      ("copyBytesPerSecond", .number(ceilings.copy)), ("network", .string(subject.name)),
      ("parameters", .integer(subject.parameters)), ("batch", .integer(batch)),
      ("optimizer", .string(subject.optimizer.description)),
      ("stepSeconds", .number(measured.median)), ("stepFlops", .integer(plan.flops)),
      ("arithmeticFloorSeconds", .number(floor)),
      ("shareOfFloor", .number(floor / measured.median)),
    ]
    if let times {
      members.append(
        (
          "profile",
          .array(
            times.entries.map { entry in
              .object([
                ("instruction", .string(entry.title)), ("kind", .string(entry.kind)),
                ("seconds", .number(entry.seconds)), ("flops", .integer(entry.flops)),
                ("bytes", .integer(entry.bytes)),
              ])
            })
        ))
    }
    Console.shared.line(JSON.object(members).text)
  }

  private func calibration() throws {
    let found = try Calibration.measured(processor: ThisMachine().processor, threads: threads)
    try found.keep()
    let device = found.device
    guard !json else { return Console.shared.line(try JSON.encoded(device).text) }
    let levels = device.caches.map {
      "\(QuantityText.bytes($0.bandwidth))/s up to \(QuantityText.bytes($0.size))"
    }
    let halves = device.halfSizes
    Console.shared.line(
      alignedTable([
        ["processor", "\(device.title), \(counted(device.threads ?? 1, "thread"))"],
        [
          "products",
          "\(QuantityText.count(device.peak(.float32) ?? 0))FLOP/s, half of it from "
            + "m = \(short(halves.m)), n = \(short(halves.n)) or k = \(short(halves.k))",
        ],
        [
          "memory",
          (levels + ["\(QuantityText.bytes(device.bandwidth))/s beyond"]).joined(separator: ", "),
        ],
        [
          "others", "\(QuantityText.count(device.otherShare * (device.peak(.float32) ?? 0)))FLOP/s",
        ],
        [
          "passes",
          "\(QuantityText.seconds(device.startup)) to start one, \(QuantityText.seconds(device.handoff)) to share it",
        ],
        ["kept in", Calibration.cachePath],
      ]))
  }

  private func subject() throws -> BenchSubject {
    let rule: any Optimizer
    do {
      rule = try Optimizers.optimizer(named: optimizer)
    } catch {
      throw UsageError(words(of: error))
    }
    if let model { return try BenchSubject(TrainedModel(contentsOf: model), model, rule) }
    guard let chosen = Activation(named: activation ?? "relu") else {
      throw UsageError(
        "--activation: there is no activation \"\(activation ?? "")\"; "
          + suggestion(for: activation ?? "", in: Activation.allCases.map(\.rawValue)))
    }
    return try BenchSubject(layers?.units ?? [784, 128, 10], chosen, rule)
  }

  private func text(
    _ subject: BenchSubject, _ ceilings: Ceilings, _ measured: StepTime, plan: Plan,
    floor: Double, profile: Profile?
  ) -> String {
    let microseconds = { (seconds: Double) in "\(short(seconds * 1e6)) µs" }
    var lines = [
      ["processor", "\(ThisMachine().processor), \(counted(ceilings.threads, "thread"))"],
      ["products", BLAS.shared.description],
      [
        "ceilings",
        "\(short(ceilings.product / 1e9)) GFLOP/s in a product of two "
          + "\(Ceilings.productSize.grouped)×\(Ceilings.productSize.grouped) matrices, "
          + "\(short(ceilings.copy / 1e9)) GB/s through memory",
      ],
      [
        "network",
        "\(subject.name), \(counted(subject.parameters, "parameter")), batch \(batch.grouped), "
          + subject.optimizer.description,
      ],
      [
        "step",
        "\(microseconds(measured.median)) (fastest \(microseconds(measured.best))), "
          + "\(speed(Double(batch) / measured.median))",
      ],
      [
        "floor",
        "\(microseconds(floor)) for \(plan.flops.grouped) FLOPs at the product's speed: "
          + "\(short(100 * floor / measured.median)) % of the step",
      ],
    ]
    if plan.workingSize > 0 {
      lines.append(["memory", "\(plan.workingSize.grouped) bytes of intermediate values"])
    }
    var result = alignedTable(lines)
    if let profile {
      result += "\n\n" + profile.kindTable + "\n\n" + profile.description
    }
    return result
  }
}

/// Units of layers: `784-128-10`.
struct LayerUnits {
  let units: [Int]

  init(parsing argument: String) throws {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    units = parts.compactMap { Int($0) }
    guard units.count == parts.count, units.count >= 2,
      units.allSatisfy({ (1...1_000_000).contains($0) })
    else {
      throw UsageError(
        "expected the units of two or more layers, 1 to 1,000,000 each, such as 784-128-10")
    }
  }
}
