import Foundation
import Testing

/// `backprop estimate`: what it says and in which forms, beside figures worked out by hand.
@Suite struct Estimating {
  private static let dense = "estimate --layers 784-16-10 --device ryzen-9950x --batch 32"

  /// One object of `--format json`.
  private func object(_ tool: Tool, _ line: String) throws -> [String: Any] {
    let outcome = try tool(line + " --format json")
    #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    return try #require(try outcome.objects().first)
  }

  private func number(_ object: [String: Any], _ name: String) throws -> Double {
    try #require(object[name] as? Double, "\(name)")
  }

  // MARK: One device

  @Test func textHasALineALayerAndTheTotals() throws {
    let outcome = try Tool()(Self.dense + " --samples 60000 --epochs 30 --price 2")
    #expect(outcome.status == 0 && outcome.errors == "")
    let lines = outcome.lines
    #expect(lines[0].hasPrefix("layer") && lines[0].hasSuffix("bound"))
    // 32 rows of 784 · 16 multiply-adds forward, with 16 biases and ReLUs; and as many multiply-adds for
    // the weights' gradient.
    let hidden = try #require(lines.first { $0.hasPrefix("dense1") })
    #expect(hidden.contains("12,560") && hidden.contains("804 k") && hidden.contains("803 k"))
    #expect(lines.contains { $0.hasPrefix("loss") })
    #expect(lines.contains("network  12,730 parameters"))
    let time = try #require(lines.first { $0.hasPrefix("time") })
    #expect(time.contains("1,875 steps") && time.contains("30 epochs in"))
    #expect(lines.last?.hasPrefix("cost     ") == true)
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(outcome.output)")
  }

  @Test func textIsChineseToo() throws {
    let outcome = try Tool()(Self.dense + " --language zh --price 2")
    #expect(outcome.status == 0)
    for words in ["网络  12,730 个参数", "一次乘加记作两次", "批大小 32", "损失", "费用  ", "瓶颈"] {
      #expect(outcome.output.contains(words), "\(words)")
    }
    #expect(!outcome.output.contains("a step"))
  }

  @Test func aTextGoesToAFileWhereOneIsNamed() throws {
    let tool = try Tool()
    let shown = try tool(Self.dense).output
    let outcome = try tool(Self.dense + " --output e.txt")
    #expect(outcome.status == 0 && outcome.output == "")
    #expect(String(decoding: try tool.bytes("e.txt"), as: UTF8.self) == shown)
    let again = try tool(Self.dense + " --output e.txt")
    #expect(again.status == 1 && again.errors.contains("--overwrite"), "\(again.errors)")
  }

  @Test func longLayersAreCutToTheLine() throws {
    let tool = try Tool()
    let lines = try tool("estimate resnet-50 --device a100").lines
    // Within a residual block its own name goes without saying.
    #expect(lines.contains { $0.hasPrefix("  convolution1 ") })
    #expect(!lines.contains { $0.contains("residual1.") })
    // What runs in another layer's pass has no time of its own.
    let activation = try #require(lines.first { $0.hasPrefix("activate1 ") })
    #expect(activation.hasSuffix("–"))
  }

  @Test func jsonAddsUp() throws {
    let tool = try Tool()
    let found = try object(tool, Self.dense + " --samples 100 --epochs 3 --price 7200")
    #expect(found["parameters"] as? Int == 12_730)
    let step = try number(found, "stepSeconds")
    #expect(try number(found, "epochSeconds") == 4 * step)
    #expect(abs(try number(found, "runSeconds") - 12 * step) < 1e-12)
    // 7,200 an hour are 2 a second.
    #expect(abs(try number(found, "cost") - 24 * step) < 1e-12)
    let layers = try #require(found["layers"] as? [[String: Any]])
    #expect(layers.map { $0["path"] as? String } == ["dense1", "dense2", ""])
    var (flops, seconds) = (0, 0.0)
    for layer in layers {
      for phase in ["forward", "backward", "update"] {
        let part = try #require(layer[phase] as? [String: Any])
        flops += try #require(part["flops"] as? Int)
        seconds += try number(part, "seconds")
      }
    }
    #expect(flops == found["flops"] as? Int)
    #expect(abs(seconds - step) < 1e-12)
    let forward = try #require(layers[0]["forward"] as? [String: Any])
    #expect(forward["multiplyAdds"] as? Int == 32 * 784 * 16)
  }

  // MARK: The working

  @Test(arguments: ["en", "zh"]) func theWorkingIsWrittenInEveryForm(language: String) throws {
    let tool = try Tool()
    let line = Self.dense + " --show-work --language \(language) --format "
    func shown(_ format: String, _ more: String = "") throws -> String {
      let outcome = try tool(line + format + more)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    let text = try shown("text")
    // 2 · 32 · 16 · 784 operations of the first product; 16 · 4.3 GHz · 16 · 2 · 2.
    #expect(text.contains("2 · 32 · 16 · 784") && text.contains("802816"))
    #expect(text.contains("16 · 4.3×10⁹ · 16 · 2 · 2"))
    #expect(text.contains(language == "en" ? "The passes, one after another" : "逐趟计算"))
    #expect(text.contains(language == "en" ? "The passes add up to one step" : "各趟时间之和为一步的时间"))
    let html = try shown("html")
    #expect(html.contains("lang=\"\(language == "en" ? "en" : "zh-Hans")\""))
    #expect(html.contains("</math>"))
    #expect(try shown("markdown").contains("802816"))
    let latex = try shown("latex")
    #expect(latex.contains("\\begin{document}") && latex.contains("802816"))
    let one = try shown("text", " --layer dense2")
    #expect(one.contains("2 · 32 · 10 · 16") && !one.contains("802816"))
  }

  // MARK: Several sizes, devices, workers

  @Test func aSweepFindsItsKnee() throws {
    let tool = try Tool()
    let line = "estimate --layers 784-16-10 --device t4 --sweep batch=1..1000"
    let found = try object(tool, line)
    let points = try #require(found["points"] as? [[String: Any]])
    #expect(
      points.compactMap { $0["batch"] as? Int } == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000])
    let rates = try points.map { try number($0, "rowsPerSecond") }
    let best = try #require(rates.max())
    let knee = try #require(zip(points, rates).first { $0.1 >= 0.9 * best })
    #expect(found["knee"] as? Int == knee.0["batch"] as? Int)
    for point in points {
      let batch = try number(point, "batch")
      #expect(
        abs(try number(point, "stepSeconds") * number(point, "rowsPerSecond") / batch - 1) < 1e-9)
    }
    let text = try tool(line).output
    #expect(text.contains("Knee: batch ") && text.contains("1,000"))
    #expect(text.contains("⣀"), "the curve is drawn in characters too")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(try tool(line + " --language zh").output.contains("吞吐量与批大小"))
    let page = try tool(line + " --format html").output
    #expect(page.components(separatedBy: "<svg").count == 3 && page.contains("knee: "))
  }

  @Test func devicesStandBesideEachOther() throws {
    let tool = try Tool()
    let line = "estimate lenet --devices a100,H100,t4 --price 3.6 --epochs 1000"
    let text = try tool(line)
    #expect(text.status == 0)
    for name in ["NVIDIA A100", "NVIDIA H100", "NVIDIA T4", "bound by", "cost"] {
      #expect(text.output.contains(name), "\(name)")
    }
    let outcome = try tool(line + " --format json")
    let all = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let estimates = try #require(all as? [[String: Any]])
    #expect(estimates.map { $0["device"] as? String } == ["a100", "h100", "t4"])
    for estimate in estimates {
      #expect(
        abs(try number(estimate, "cost") / number(estimate, "runSeconds") - 0.001) < 1e-12)
    }
  }

  /// Six rounds of a quarter of the gradients over 1 GB/s, and six latencies of 5 µs.
  @Test func workersAddTheirGradientsUp() throws {
    let tool = try Tool()
    let line = "estimate --layers 784-16-10 --device t4 --batch 64 --workers 4 --link 8Gb"
    let points = try #require(try object(tool, line)["points"] as? [[String: Any]])
    #expect(points.compactMap { $0["workers"] as? Int } == [1, 2, 4])
    #expect(points.compactMap { $0["batch"] as? Int } == [64, 32, 16])
    let expected: Double = 6 * 12_730 / 1e9 + 6 * 5e-6
    #expect(abs(try number(points[2], "communicationSeconds") - expected) < 1e-12)
    #expect(try number(points[0], "communicationSeconds") == 0)
    let text = try tool(line).output
    #expect(text.contains("all-reduce") && text.contains("workers"))
  }

  // MARK: Devices

  @Test func devicesAreListedWithTheirSources() throws {
    let tool = try Tool()
    for (language, heading) in [("en", "Sources"), ("zh", "数据来源")] {
      let outcome = try tool("estimate --list-devices --language \(language)")
      #expect(outcome.status == 0)
      let parts = outcome.output.components(separatedBy: heading)
      try #require(parts.count == 2, "\(outcome.output)")
      // The table has a line a device, which fits; the sources are below it.
      #expect(parts[0].split(separator: "\n").count { $0.hasPrefix("h100 ") } == 1)
      #expect(parts[1].contains("• h100: NVIDIA H100 data sheet (2023)"))
      #expect(outcome.lines.allSatisfy { $0.count <= 100 }, "\(outcome.output)")
    }
  }

  /// What is listed can be changed and given back; twice as fast in everything takes half as long.
  @Test func devicesOfOnesOwnAreRead() throws {
    let tool = try Tool()
    let listed = try tool("estimate --list-devices --format json").output
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
    var own = try #require(all.first { $0["name"] as? String == "t4" })
    (own["name"], own["title"]) = ("mine", "My device")
    own["bandwidth"] = 2 * (try number(own, "bandwidth"))
    own["startup"] = (try number(own, "startup")) / 2
    own["peaks"] = (own["peaks"] as? [String: Double])?.mapValues { 2 * $0 }
    try tool.file("mine.json", Array(JSONSerialization.data(withJSONObject: [own])))
    let line = "estimate lenet --device-file mine.json --device "
    let known = try number(object(tool, line + "t4"), "stepSeconds")
    let mine = try number(object(tool, line + "mine"), "stepSeconds")
    #expect(abs(known / mine - 2) < 1e-9)
    #expect(
      try tool("estimate --list-devices --device-file mine.json").output.contains("My device"))
  }

  @Test func aBatchThatDoesNotFitIsSaid() throws {
    let tool = try Tool()
    let line = "estimate --layers 100000-10000-10 --device t4 --batch 16 --optimizer adam"
    #expect(try object(tool, line)["fits"] as? Bool == false)
    let text = try tool(line)
    #expect(text.status == 0)
    #expect(
      text.output.contains("warning  the device has 16.0 GB of memory: this batch does not fit"))
    #expect(try tool(line + " --show-work --layer dense2").output.contains("does not fit"))
    #expect(try tool(line + " --devices t4,b200").output.contains("(too much)"))
    let sweep = "estimate --layers 1000-1000 --device t4 --sweep batch=1..100000000"
    #expect(try tool(sweep).output.contains("does not fit"))
    #expect(try object(tool, "estimate lenet --device t4")["fits"] as? Bool == true)
  }

  // MARK: What makes no sense

  @Test(arguments: [
    ("estimate lenet --device h1000", "--device: there is no device \"h1000\"; did you mean h100?"),
    ("estimate lenet --devices a100,tt4", "did you mean t4?"),
    ("estimate lenet --batch -1", "--batch: found -1, expected 1 to 100,000,000"),
    ("estimate lenet --batch 0", "--batch: found 0"),
    ("estimate lenet --samples -5", "--samples: found -5, expected 1 or more rows"),
    ("estimate lenet --epochs 0", "--epochs: found 0, expected 1 to"),
    ("estimate lenet --workers -2", "--workers: found -2, expected 1 to"),
    ("estimate lenet --price -1", "--price: found -1.0, expected 0 or more"),
    ("estimate lenet --price nan", "--price"),
    ("estimate lenet --sweep batch=8..1", "batch=FIRST..LAST"),
    ("estimate lenet --sweep 5", "batch=FIRST..LAST"),
    ("estimate lenet --link 5", "expected a number with Gb (bits) or GB (bytes)"),
    ("estimate lenet --input 28x0", "expected sizes of 1 or more"),
    ("estimate lenet --precision int8", "--precision"),
    ("estimate lenet --optimizer addam", "did you mean adam?"),
    ("estimate lenet --optimizer lbfgs", "lbfgs"),
    ("estimate --layers 4-2 --activation rellu", "the nearest is relu"),
    ("estimate lenet --layers 4-2", "for networks without a NETWORK"),
    ("estimate lenet --device t4 --show-work --layer dens1", "there is no layer \"dens1\""),
    ("estimate lenet --layer dense1", "--layer is for --show-work"),
    ("estimate lenet --show-work --workers 2", "different views"),
    ("estimate lenet --measure --sweep 1..4", "different views"),
    ("estimate lenet --measure --device t4", "--measure runs on this machine"),
    ("estimate lenet --measure --precision float16", "--measure runs on this machine"),
    ("estimate", "expected a NETWORK or --layers"),
  ])
  func wrongUsageIsRefused(line: String, message: String) throws {
    let outcome = try Tool()(line)
    #expect(outcome.status == 2, "\(outcome.status) \(outcome.errors)")
    #expect(outcome.errors.hasPrefix("backprop: error: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  @Test(arguments: [
    ("estimate lennet", "there is no such file or built-in network; the nearest is lenet"),
    (
      "estimate lenet --device t4 --precision bfloat16",
      "t4: no peak is known for bfloat16; expected one of float32, float16"
    ),
    ("estimate lenet --device t4 --batch 2 --workers 3", "workers: found 3, expected 1 to 2"),
    ("estimate lenet --device-file none.json", "none.json"),
    ("estimate lenet --device-file broken.json", "broken.json"),
    ("estimate lenet --device-file text.json", "expected a JSON array of devices"),
    (
      "estimate lenet --device-file slow.json --device slow",
      "bandwidth is 0.0, expected more than 0"
    ),
    ("estimate net.json", "net.json"),
  ])
  func badInputIsRefused(line: String, message: String) throws {
    let tool = try Tool()
    try tool.file("broken.json", "[{")
    try tool.file("text.json", "\"a device\"")
    try tool.file("net.json", "{\"kind\": \"dense\", \"units\": 2}")
    let listed = try tool("estimate --list-devices --format json").output
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
    var slow = all[0]
    (slow["name"], slow["bandwidth"]) = ("slow", 0)
    try tool.file("slow.json", Array(JSONSerialization.data(withJSONObject: [slow])))
    let outcome = try tool(line)
    // A network without the shape of its input is a matter of usage.
    #expect(outcome.status == (line.contains("net.json") ? 2 : 1), "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("backprop: error: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output == "")
  }
}
