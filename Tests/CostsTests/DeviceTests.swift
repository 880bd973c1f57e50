import Costs
import Foundation
import GraphIR
import Testing

@Suite struct `Known devices` {
  @Test func `all have figures that make sense, names of their own, and sources`() {
    #expect(Set(Devices.all.map(\.name)).count == Devices.all.count)
    for device in Devices.all {
      #expect(device.problem == nil, "\(device.name): \(device.problem ?? "")")
      #expect(!device.sources.isEmpty)
    }
  }

  /// 16 cores · 4.3 GHz, and of 16 or 8 numbers in a vector · 2 units · 2.
  @Test func `a processor's peak follows from its parts`() throws {
    let device = try Devices.named("Ryzen 9950X")
    let cycles: Double = 16 * 4.3e9
    #expect(device.peak(.float32) == cycles * 64)
    #expect(device.peak(.float64) == cycles * 32)
    #expect(device.peak(.float16) == nil)
  }

  @Test func `an unknown name is answered with the nearest`() {
    let error = #expect(throws: CostError.self) { try Devices.named("h1000") }
    #expect(error?.description.contains("did you mean h100?") == true)
  }

  @Test func `one's own devices come first, and are written and read alike`() throws {
    var own = try Devices.named("a100")
    own.bandwidth = 1
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try JSONEncoder().encode([own]).write(to: URL(filePath: path))
    let read = try Devices.contents(of: path)
    #expect(read == [own])
    #expect(try Devices.named("A100", among: read).bandwidth == 1)
  }

  @Test(arguments: [
    ("{}", "JSON array"), ("[{}]", "name"), ("[", "JSON"),
  ]) func `a damaged file is refused with words`(text: String, words: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = #expect(throws: CostError.self) { try Devices.contents(of: path) }
    #expect(error?.description.contains(words) == true)
    #expect(error?.description.contains(path) == true)
  }

  @Test func `senseless figures are named`() throws {
    let device = try Devices.named("t4")
    func problem(_ change: (inout Device) -> Void) -> String {
      var changed = device
      change(&changed)
      return changed.problem ?? ""
    }
    #expect(problem { $0.bandwidth = 0 }.contains("bandwidth"))
    #expect(problem { $0.efficiency = 1.5 }.contains("efficiency"))
    #expect(problem { $0.startup = .nan }.contains("startup"))
    #expect(problem { $0.peaks = [:] }.contains("peak"))
    #expect(problem { $0.peaks["int8"] = 1 }.contains("int8"))
    #expect(problem { $0.memory = -1 }.contains("memory"))
    #expect(problem { $0.halfSizes.k = -1 }.contains("halfSizes"))
  }

  @Test func `a fit finds the figures that products were made with`() throws {
    var made = try Devices.named("t4")
    made.kind = .cpu
    (made.startup, made.handoff, made.threads) = (1e-7, 0, 1)
    made.bandwidth = 1e15
    made.efficiency = 1
    made.halfSizes = Device.HalfSizes(m: 5, n: 20, k: 60)
    let products = [4, 16, 64, 256].flatMap { m in
      [8, 64, 512].flatMap { n in
        [16, 128, 1024].map { k in
          let size = ProductSize(m: m, n: n, k: k)
          var measured = Calibration.Measured(size: size, tasks: 1, bytes: 0, seconds: 0)
          measured.seconds = made.seconds(of: measured)
          return measured
        }
      }
    }
    var found = made
    found.halfSizes = Device.HalfSizes(m: 4, n: 8, k: 16)
    found.peaks["float32"] = 5e12
    found.fit(products)
    #expect(abs(found.halfSizes.m / 5 - 1) < 0.05)
    #expect(abs(found.halfSizes.n / 20 - 1) < 0.05)
    #expect(abs(found.halfSizes.k / 60 - 1) < 0.05)
    #expect(abs((found.peak(.float32) ?? 0) / 8.1e12 - 1) < 0.05)
  }
}

@Suite struct `Quantities in words` {
  @Test func `are rounded to three digits in the unit that suits them`() {
    #expect(QuantityText.count(12_845_056) == "12.8 M")
    #expect(QuantityText.count(999_900) == "1.00 M")
    #expect(QuantityText.count(0) == "0")
    #expect(QuantityText.bytes(3_350e9) == "3.35 TB")
    #expect(QuantityText.seconds(5.12e-5) == "51.2 µs")
    #expect(QuantityText.seconds(90) == "90.0 s")
    #expect(QuantityText.seconds(204) == "3.40 min")
    #expect(QuantityText.seconds(3 * 86_400, .chinese) == "3.00 天")
    #expect(QuantityText.seconds(.infinity) == "–")
  }
}
