import ArgumentParser
import Backprop
import Foundation

extension Device.Precision: ExpressibleByArgument {}

/// `backprop estimate`.
struct EstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Works out how long training takes on a CPU or a GPU.",
    discussion: """
      NETWORK is a saved network, an architecture file (with --input), or a well-known one: \
      \(BuiltInNetworks.all.map(\.name).joined(separator: ", ")). Per layer and in all: parameters, \
      floating-point operations (a multiply-add counts as two; MACs stand beside), bytes moved, \
      memory, and by the device's figures the time of a step, an epoch and a run.

      Devices: "backprop estimate --list-devices". The device here is this machine, measured by \
      "backprop bench --calibrate". An estimate is rough: from data-sheet figures alone expect a \
      factor of two.

      EXAMPLES
        backprop estimate --layers 784-16-10 --batch 32 --samples 60000 --epochs 30
        backprop estimate resnet-50 --batch 64 --device a100 --precision tf32 --epochs 90
        backprop estimate --layers 784-128-10 --device h100 --show-work --language zh
        backprop estimate lstm --sweep batch=1..1024 --device t4
        backprop estimate lenet --batch 64 --measure
        backprop estimate gpt-2-small --batch 8 --devices a100,h100,b200 --precision bfloat16 --price 2.5
        backprop estimate resnet-50 --batch 1024 --workers 64 --link 100Gb --device v100
      """)

  @Argument(
    help: ArgumentHelp("The network (default: the one of --layers).", valueName: "network"),
    completion: .file())
  var network: String?

  @Option(
    help: ArgumentHelp(
      "The units of fully connected layers with dashes between, inputs first.", valueName: "units"),
    transform: { try LayerUnits(parsing: $0) })
  var layers: LayerUnits?

  @Option(
    help: ArgumentHelp(
      "The activation of --layers' hidden layers (default: relu).", valueName: "name"))
  var activation: String?

  @Option(
    help: ArgumentHelp(
      "The shape of one row, for an architecture file: 784 or 28x28x1.", valueName: "shape"),
    transform: { try InputShape(parsing: $0) })
  var input: InputShape?

  @Option(parsing: .unconditional, help: ArgumentHelp("Rows of a batch.", valueName: "rows"))
  var batch = 32

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows of an epoch (default: those of the set that the network is known for, else 60,000).",
      valueName: "rows"))
  var samples: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How often every row is seen.", valueName: "number")
  )
  var epochs = 10

  @Option(
    help: ArgumentHelp(
      "The optimizer: one of " + Optimizers.batchKinds.joined(separator: ", ") + ".",
      valueName: "name"),
    completion: Completions.optimizers)
  var optimizer = "adam"

  @Option(help: ArgumentHelp("What it runs on: a name, or here.", valueName: "name"))
  var device = "here"

  @Option(
    help: ArgumentHelp(
      "Several devices with commas between, compared in a table.", valueName: "names"))
  var devices: String?

  @Option(
    help: ArgumentHelp("A file with devices of your own, a JSON array.", valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var deviceFile: String?

  @Option(help: ArgumentHelp("What products are computed in.", valueName: "type"))
  var precision = Device.Precision.float32

  @Option(
    help: ArgumentHelp(
      "Step time and throughput for a range of batch sizes.", valueName: "batch=1..1024"),
    transform: { try BatchRange(parsing: $0) })
  var sweep: BatchRange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Shares the batch among so many devices, which add up their gradients in a ring.",
      valueName: "number"))
  var workers: Int?

  @Option(
    help: ArgumentHelp(
      "The speed of each worker's link, in bits (100Gb) or bytes (12GB) a second.",
      valueName: "speed"), transform: { try LinkSpeed(parsing: $0) })
  var link = LinkSpeed.usual

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What an hour of one device costs.", valueName: "amount"))
  var price: Double?

  @Flag(help: "Shows the calculation, step by step.")
  var showWork = false

  @Option(help: ArgumentHelp("The layer whose passes --show-work works.", valueName: "path"))
  var layer: String?

  @Flag(
    help: """
      Runs the step on this machine too: how far off the estimate is, and which passes account for it.
      """)
  var measure = false

  @Flag(help: "Lists the devices and the sources of their figures.")
  var listDevices = false

  @OptionGroup(title: "The document") var document: DocumentOptions

  func validate() throws {
    func check(_ condition: Bool, _ option: String, _ found: String, _ expected: String) throws {
      guard condition else {
        throw ValidationError("\(option): found \(found), expected \(expected)")
      }
    }
    try check((1...100_000_000).contains(batch), "--batch", "\(batch)", "1 to 100,000,000")
    try check(
      (1...1_000_000_000_000).contains(samples ?? 1), "--samples", "\(samples ?? 0)",
      "1 or more rows")
    try check((1...1_000_000_000).contains(epochs), "--epochs", "\(epochs)", "1 to 1,000,000,000")
    try check(
      (1...1_000_000).contains(workers ?? 1), "--workers", "\(workers ?? 0)", "1 to 1,000,000")
    try check(price.map { $0 >= 0 && $0.isFinite } ?? true, "--price", "\(price ?? 0)", "0 or more")
    let views = [
      ("--sweep", sweep != nil), ("--devices", devices != nil), ("--workers", workers != nil),
      ("--show-work", showWork), ("--measure", measure),
    ].filter(\.1)
    if views.count > 1 {
      throw ValidationError(
        "\(views[0].0) and \(views[1].0) are different views; expected one of them")
    }
    if measure, device.lowercased() != "here" || precision != .float32 {
      throw ValidationError("--measure runs on this machine, in float32: expected --device here")
    }
    if layer != nil, !showWork { throw ValidationError("--layer is for --show-work") }
    if network != nil, layers != nil || activation != nil {
      throw ValidationError("--layers and --activation are for networks without a NETWORK")
    }
    if network == nil, layers == nil, !listDevices {
      throw ValidationError("expected a NETWORK or --layers, such as --layers 784-128-10")
    }
  }

  func run() throws {
    try document.checkOutput(inputs: (network.map { [$0] } ?? []) + (deviceFile.map { [$0] } ?? []))
    let own = try deviceFile.map { try Devices.contents(of: $0) } ?? []
    guard !listDevices else { return try list(own + Devices.all) }
    let subject = try subject()
    if let devices {
      let estimates = try devices.split(separator: ",").map {
        try self.estimate(subject, on: named(String($0), own))
      }
      return try document.write(
        EstimatePages.comparison(estimates, price: price, language: document.language),
        json: .array(estimates.map { $0.json(price: price, name: subject.name) }))
    }
    let device = try named(device, own)
    if let sweep {
      let sweep = try BatchSweep(
        subject.trainer, input: subject.input, target: subject.target, batches: sweep.batches,
        on: device,
        precision: precision)
      return try document.write(
        EstimatePages.sweep(sweep, name: subject.name, language: document.language),
        json: sweep.json)
    }
    if let workers {
      let shared = try DataParallel(
        subject.trainer, input: subject.input, target: subject.target, batch: batch,
        workers: workers,
        link: link.bytesPerSecond, on: device, precision: precision)
      return try document.write(
        EstimatePages.workers(shared, device, name: subject.name, language: document.language),
        json: shared.json)
    }
    let estimate = try self.estimate(subject, on: device)
    if measure {
      let measurement = try StepMeasurement(
        of: estimate, subject.trainer, input: subject.input, target: subject.target)
      return try document.write(
        EstimatePages.measurement(measurement, name: subject.name, language: document.language),
        json: measurement.json(name: subject.name))
    }
    if let layer, !estimate.layers.contains(where: { $0.path == layer }) {
      throw UsageError(
        "--layer: there is no layer \"\(layer)\"; "
          + suggestion(for: layer, in: estimate.layers.map(\.path).filter { !$0.isEmpty }))
    }
    guard showWork || document.format != .text else {
      let isShown = Console.shared.isTerminal && document.output == nil
      return try document.write(
        text: text(of: estimate, width: isShown ? max(80, Console.shared.width) : 100))
    }
    try document.write(
      estimate.document(language: document.language, layer: layer, digits: min(document.digits, 6)),
      json: estimate.json(price: price, name: subject.name))
  }

  private func text(of estimate: CostEstimate, width: Int) -> String {
    let language = document.language
    let cost = price.map { money($0 * estimate.runSeconds / 3600) }
    return estimate.text(width: width, language: language)
      + (cost.map { Phrase("\ncost     \($0)", "\n费用  \($0)")[language] } ?? "")
  }

  private func subject() throws -> EstimateSubject {
    let rule = try checkingUsage { try Optimizers.optimizer(named: optimizer) }
    guard let network else {
      guard let chosen = Activation(named: activation ?? "relu") else {
        throw UsageError(
          "--activation: there is no activation \"\(activation ?? "")\"; "
            + suggestion(for: activation ?? "", in: Activation.allCases.map(\.rawValue)))
      }
      return try EstimateSubject(layers?.units ?? [], chosen, optimizer: rule)
    }
    return try EstimateSubject(named: network, input: input?.shape, optimizer: rule)
  }

  private func estimate(_ subject: EstimateSubject, on device: Device) throws -> CostEstimate {
    try CostEstimate(
      subject.trainer, input: subject.input, target: subject.target, batch: batch,
      samples: samples ?? subject.samples ?? 60_000, epochs: epochs, on: device,
      precision: precision)
  }

  /// A device by its name; `here` is this machine as it was measured.
  private func named(_ name: String, _ own: [Device]) throws -> Device {
    guard name.lowercased() == "here" else {
      do {
        return try Devices.named(name, among: own)
      } catch let error as CostError {
        throw UsageError("--device: \(error)")
      }
    }
    if let device = try Calibration.kept() { return device }
    Console.shared.note("measuring this machine, once (kept in \(Calibration.cachePath))")
    let calibration = try Calibration.measured(processor: ThisMachine().processor)
    try calibration.keep()
    return calibration.device
  }

  private func list(_ devices: [Device]) throws {
    try document.write(
      EstimatePages.devices(devices, language: document.language), json: JSON.encoded(devices))
  }
}

extension EstimateCommand: JSONSpeaking {
  var speaksJSON: Bool { document.format == .json && document.output == nil }
}
