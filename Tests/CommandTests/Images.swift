import Foundation
import Testing

/// Folders of images.
@Suite struct Images {
  /// A gray PNG image, its pixels stored as they are.
  private static func png(_ width: Int, _ height: Int, _ pixels: [UInt8]) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) } }
    func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
      var sum: UInt32 = ~0
      for byte in Array(name.utf8) + body {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return big(UInt32(body.count)) + Array(name.utf8) + body + big(~sum)
    }
    let rows = (0..<height).flatMap { [0] + pixels[($0 * width)..<(($0 + 1) * width)] }
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in rows { (a, b) = ((a + UInt32(byte)) % 65521, (b + a + UInt32(byte)) % 65521) }
    let count = UInt16(rows.count)
    let length = [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 0, 0, 0, 0])
      + chunk("IDAT", [0x78, 1, 1] + length + rows + big(b << 16 | a)) + chunk("IEND", [])
  }

  /// Images with a bright row or a bright column.
  private func shapes() throws -> Tool {
    let tool = try Tool()
    for name in ["across", "down"] {
      try FileManager.default.createDirectory(
        atPath: tool.path("shapes/\(name)"), withIntermediateDirectories: true)
    }
    for number in 0..<30 {
      let noise = (0..<36).map { UInt8(($0 * 31 + number * 17) % 60) }
      var (across, down) = (noise, noise)
      for place in 0..<6 {
        across[number % 6 * 6 + place] = 230
        down[place * 6 + number % 6] = 230
      }
      try tool.file("shapes/across/\(number).png", Self.png(6, 6, across))
      try tool.file("shapes/down/\(number).png", Self.png(6, 6, down))
    }
    return tool
  }

  @Test func areLearnedFromFolders() throws {
    let tool = try shapes()
    let trained = try tool(
      "train shapes --test 0.2 --epochs 60 --learning-rate 0.01 --json --output m.safetensors")
    let test = try #require(try trained.objects().last?["test"] as? [String: Any])
    #expect(test["rows"] as? Int == 12)
    #expect(try #require(test["accuracy"] as? Double) > 0.8)
    let info = try tool("info m.safetensors")
    #expect(info.output.contains("[6, 6, 1] float32, divided by 255"))
    #expect(info.output.contains("2 classes: across, down"))
    let evaluated = try tool("evaluate m.safetensors shapes --json").objects()
    #expect(try #require(evaluated.first?["accuracy"] as? Double) > 0.9)
    let predicted = try tool("predict m.safetensors shapes").lines
    #expect(predicted[0] == "row,file,prediction,probability")
    #expect(predicted[1].hasPrefix("1,across/0.png,") && predicted.count == 61)
    // A single image, of another size, becomes one of the network's.
    try tool.file("one.png", Self.png(12, 12, [UInt8](repeating: 200, count: 144)))
    let one = try tool("predict m.safetensors one.png")
    #expect(one.lines.count == 2 && one.lines[1].hasPrefix("1,one.png,"), "\(one.errors)")
    let unknown = try tool("evaluate m.safetensors one.png")
    #expect(unknown.status == 1 && unknown.errors.contains("found features alone"))
    let small = try tool("train shapes --size 3x3 --epochs 1 --quiet --output s.safetensors")
    #expect(small.status == 0)
    #expect(try tool("info s.safetensors --json").output.contains("\"inputShape\":[3,3,1]"))
    // They are read again in the size that the network knows.
    #expect(try tool("evaluate s.safetensors shapes").status == 0)
  }

  @Test func damageIsNamed() throws {
    let tool = try shapes()
    let whole = try tool.bytes("shapes/down/7.png")
    try tool.file("shapes/down/7.png", Array(whole.prefix(60)))
    let cut = try tool("train shapes")
    #expect(cut.status == 1 && cut.errors.contains("shapes/down/7.png: found "), "\(cut.errors)")
    try tool.file("shapes/down/7.png", Self.png(5, 6, [UInt8](repeating: 1, count: 30)))
    let narrow = try tool("train shapes")
    #expect(narrow.status == 1)
    #expect(narrow.errors.contains("shapes/down/7.png: found 5 × 6 pixels; expected 6 × 6"))
    #expect(try tool("train shapes --size 6 --epochs 1").status == 0)
  }

  @Test(arguments: [
    ("train iris --size 3x3", "iris is no folder of images; --size cannot be used"),
    ("train iris --gray", "iris is no folder of images; --gray cannot be used"),
    ("train shapes --size 0x3", "expected a width and a height of 1 to 8192"),
    ("train shapes --series a", "shapes is no table and no time series"),
    ("train shapes --target a", "shapes is no table; --target cannot be used"),
  ])
  func wrongUsage(line: String, message: String) throws {
    let outcome = try shapes()(line)
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
