import Foundation
import Testing

/// What `backprop train` says of the time a run takes, and `backprop info` of a network's layers.
@Suite struct TrainingEstimates {
  private let tool: Tool

  init() throws { tool = try Tool() }

  /// A line of the shell with a cache of its own: nothing that was measured on this machine is in it,
  /// unless it has been put there.
  private func run(_ line: String) throws -> Tool.Outcome {
    try tool.shell("export XDG_CACHE_HOME=\"$PWD/cache\"\n" + line)
  }

  /// Keeps figures as if the machine had been measured: so slow that every run is worth a word, or so
  /// fast that none is.
  private func keep(isSlow: Bool) throws {
    let listed = try tool("estimate --list-devices --format json").output
    let all = try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]]
    var device = try #require(all?.first { $0["name"] as? String == "ryzen-9950x" })
    (device["name"], device["title"]) = ("here", "A measured one")
    let factor = isSlow ? 1e-4 : 1e4
    for name in ["bandwidth", "startup", "handoff"] {
      let value = try #require(device[name] as? Double)
      device[name] = name == "bandwidth" ? factor * value : value / factor
    }
    device["peaks"] = ["float32": factor * 1e12]
    device["parts"] = nil
    try FileManager.default.createDirectory(
      atPath: tool.path("cache/backprop"), withIntermediateDirectories: true)
    try tool.file(
      "cache/backprop/device.json", Array(JSONSerialization.data(withJSONObject: [device])))
  }

  private func estimates(_ outcome: Tool.Outcome) -> [String] {
    outcome.lines.filter { $0.hasPrefix("estimate  ") }
  }

  // MARK: Training

  @Test func aRunSaysHowLongItWillTakeAndWhatItTook() throws {
    try keep(isSlow: true)
    let outcome = try run("backprop train iris --hidden 8 --epochs 30 --threads 16")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = estimates(outcome)
    try #require(lines.count == 2, "\(outcome.output)")
    #expect(lines[0].contains(" a step, 5 steps an epoch, "))
    #expect(lines[0].hasSuffix(" for 30 epochs (this machine as measured)"))
    #expect(lines[1].contains(" for 150 steps, which took ") && lines[1].contains(" % less)"))
    // It is said between the network and the first epoch, and after the results.
    let text = outcome.output
    let places = try ["FLOPs forward", lines[0], "epoch 1/30", "30 epochs, 150 steps", lines[1]]
      .map { try #require(text.range(of: $0)?.lowerBound) }
    #expect(places == places.sorted())
  }

  @Test func aMachineThatWasNeverMeasuredIsTakenRoughly() throws {
    let outcome = try run("backprop train digits --hidden 512,512 --epochs 400 --patience 1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = estimates(outcome)
    #expect(lines.first?.hasPrefix("estimate  about ") == true, "\(outcome.output)")
    #expect(lines.first?.contains("backprop bench --calibrate measures this machine") == true)
    // Nothing is measured for it, and nothing kept.
    #expect(!tool.has("cache") && outcome.errors == "")
  }

  @Test func aShortRunHasAFewWords() throws {
    try keep(isSlow: false)
    let lines = estimates(try run("backprop train iris --hidden 8 --epochs 2"))
    #expect(lines.count == 1 && lines[0].hasSuffix(" for 2 epochs"), "\(lines)")
  }

  @Test func whatEndsEarlyIsComparedStepByStep() throws {
    try keep(isSlow: true)
    let outcome = try run(
      "backprop train iris --hidden 8 --epochs 90 --patience 2 --learning-rate 0 --optimizer sgd")
    #expect(outcome.output.contains("stopped early"), "\(outcome.output)")
    let lines = estimates(outcome)
    #expect(lines.count == 2 && lines[0].contains(" for 90 epochs ("))
    #expect(lines.last?.contains(" for the 15 of 450 steps that ran, which took ") == true)
  }

  @Test func programsAreToldTwice() throws {
    try keep(isSlow: false)
    let outcome = try run("backprop train iris --hidden 8 --epochs 4 --json --quiet")
    let objects = try outcome.objects()
    #expect(
      objects.compactMap { $0["event"] as? String } == ["estimate", "start"]
        + Array(repeating: "epoch", count: 4) + ["comparison", "result"])
    let estimate = objects[0]
    let step = try #require(estimate["stepSeconds"] as? Double)
    #expect(estimate["steps"] as? Int == 20 && estimate["stepsPerEpoch"] as? Int == 5)
    #expect(estimate["isMeasured"] as? Bool == true)
    #expect(estimate["device"] as? String == "A measured one")
    let seconds = try #require(estimate["seconds"] as? Double)
    #expect(abs(seconds / step - 20) < 1e-9)
    let comparison = objects[objects.count - 2]
    #expect(comparison["steps"] as? Int == 20)
    let took = try #require(comparison["stepSeconds"] as? Double)
    let estimated = try #require(comparison["estimatedSeconds"] as? Double)
    #expect(abs(estimated - seconds) < 1e-12)
    #expect(
      abs(try #require(comparison["ratio"] as? Double) - took / estimated) < 1e-9 * took / estimated
    )
    let parts = try ["feedingSeconds", "validationSeconds", "savingSeconds", "preparationSeconds"]
      .map { try #require(comparison[$0] as? Double) }
    let whole = try #require(comparison["seconds"] as? Double)
    #expect(abs(took + parts.reduce(0, +) - whole) < 1e-6)
  }

  /// Rules that move all weights at once, Float64, several starts, quiet runs, and runs with nothing to
  /// do: nothing rather than a wrong figure.
  @Test(arguments: [
    "train iris --hidden 4 --optimizer lbfgs --epochs 3",
    "train iris --hidden 4 --precision float64 --epochs 3",
    "train iris --hidden 4 --starts 2 --epochs 3",
    "train iris --hidden 4 --epochs 3 --quiet",
    "train iris --hidden 4 --epochs 0",
  ])
  func nothingIsSaidWhereNothingIsKnown(line: String) throws {
    try keep(isSlow: true)
    let outcome = try run("backprop \(line)")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("estimate"), "\(outcome.output)")
    let told = try run("backprop \(line) --json").objects().compactMap { $0["event"] as? String }
    // Programs are told all the same where only people are to be spared.
    #expect(told.contains("estimate") == line.contains("quiet"), "\(told)")
  }

  @Test func aDamagedCacheCountsAsNone() throws {
    try keep(isSlow: true)
    try tool.file("cache/backprop/device.json", "[{")
    let outcome = try run("backprop train iris --hidden 8 --epochs 2 --output m.safetensors")
    #expect(outcome.status == 0 && estimates(outcome).first?.contains("about ") == true)
    let shown = try run("backprop info m.safetensors")
    #expect(shown.status == 0 && !shown.output.contains("as estimated for"))
  }

  // MARK: A step that is run

  @Test func anEstimateIsMeasuredByKindOfPass() throws {
    try keep(isSlow: true)
    let line = "backprop estimate --layers 4-8-3 --batch 16 --measure"
    let outcome = try run(line)
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output.contains("the estimate for A measured one is "), "\(outcome.output)")
    #expect(outcome.output.contains("% too long") && outcome.output.contains("matmul"))
    #expect(try run(line + " --language zh").output.contains("偏长"))
    let object = try #require(try run(line + " --format json").objects().first)
    let estimated = try #require(object["estimatedSeconds"] as? Double)
    let measured = try #require(object["measuredSeconds"] as? Double)
    let error = try #require(object["error"] as? Double)
    #expect(measured > 0 && abs(error - (estimated / measured - 1)) < 1e-9 * error)
    for name in ["kinds", "passes"] {
      let parts = try #require(object[name] as? [[String: Any]])
      let sum = parts.reduce(0) { $0 + ($1["estimatedSeconds"] as? Double ?? .nan) }
      #expect(abs(sum / estimated - 1) < 1e-9)
    }
  }

  @Test func aStepThatMemoryCannotHoldIsNotRun() throws {
    try keep(isSlow: true)
    let outcome = try run("backprop estimate lenet --batch 100000000 --measure")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(outcome.errors.contains("batch: found 100,000,000 rows, whose step takes "))
    #expect(outcome.errors.contains("of memory hold"), "\(outcome.errors)")
  }

  // MARK: The layers of a network

  @Test func infoCountsOperationsAndTimesThemWhereTheMachineWasMeasured() throws {
    #expect(try run("backprop train iris --hidden 8 --epochs 1 --output m.safetensors").status == 0)
    let plain = try run("backprop info m.safetensors")
    // 2 · 4 · 8 + 8 + 8 and 2 · 8 · 3 + 3.
    #expect(plain.output.contains("FLOPs") && plain.output.contains("    80\n"), "\(plain.output)")
    #expect(plain.output.contains("67 parameters; 131 FLOPs forward for one example"))
    #expect(!plain.output.contains("as estimated for"))
    try keep(isSlow: true)
    let timed = try run("backprop info m.safetensors --batch 64")
    #expect(timed.output.contains("forward for a batch of 64, as estimated for A measured one"))
    let other = try run("backprop info m.safetensors --device T4")
    #expect(other.output.contains("forward for a batch of 32, as estimated for NVIDIA T4"))

    let object = try #require(
      try run("backprop info m.safetensors --device t4 --json").objects().first)
    #expect(object["flops"] as? Int == 131 && object["device"] as? String == "t4")
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.map { $0["flops"] as? Int } == [80, 51])
    let seconds = try layers.map { try #require($0["forwardSeconds"] as? Double) }
    let whole = try #require(object["forwardSeconds"] as? Double)
    #expect(seconds.allSatisfy { $0 > 0 } && abs(seconds.reduce(0, +) - whole) < 1e-12)
  }

  @Test func aReportCountsOperationsToo() throws {
    #expect(
      try run("backprop train iris --hidden 8 --epochs 1 --report r.html --report r.json").status
        == 0)
    let page = String(decoding: try tool.bytes("r.html"), as: UTF8.self)
    #expect(page.contains("FLOPs") && page.contains("131"))
    let report = try JSONSerialization.jsonObject(with: tool.bytes("r.json")) as? [String: Any]
    #expect((report?["summary"] as? [String: Any])?["flops"] as? Int == 131)
    #expect((report?["times"] as? [String: Any])?["steps"] as? Int == 5)
  }

  @Test(arguments: [
    ("m.safetensors --device h1000", "--device: there is no device \"h1000\"; did you mean h100?"),
    ("iris --device t4", "--device is for networks; iris holds data"),
    ("m.safetensors --batch 0", "--batch: found 0"),
  ])
  func infoRefusesWhatMakesNoSense(line: String, message: String) throws {
    #expect(try run("backprop train iris --hidden 8 --epochs 1 --output m.safetensors").status == 0)
    let outcome = try run("backprop info \(line)")
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
