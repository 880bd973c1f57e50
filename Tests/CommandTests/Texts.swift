import Foundation
import Testing

/// Texts learned character by character, and written.
@Suite struct Texts {
  private static let book = String(repeating: "abcb\n", count: 300)
  private static func network(_ units: Int) -> String {
    """
    {"kind": "sequential", "layers": [{"kind": "embedding", "vocabulary": 4, "units": 6},
      {"kind": "elman", "units": 12}, {"kind": "dense", "units": \(units)}]}
    """
  }

  private func trained() throws -> Tool {
    let tool = try Tool()
    try tool.file("book.txt", Self.book)
    try tool.file("char.json", Self.network(4))
    let outcome = try tool(
      "train book.txt --context 20 --model char.json --epochs 30 --batch 4 --learning-rate 0.02 "
        + "--test 0.1 --output m.safetensors --json")
    let result = try #require(try outcome.objects().last, "\(outcome.errors)")
    let test = try #require(result["test"] as? [String: Any])
    // The text is certain from the second character on.
    #expect(try #require(test["accuracy"] as? Double) > 0.9)
    #expect(try #require(test["bitsPerStep"] as? Double) < 0.5)
    #expect(test["steps"] as? Int == 20)
    return tool
  }

  @Test func areLearnedAndWritten() throws {
    let tool = try trained()
    let line = "generate m.safetensors --prompt abc --length 12 --temperature 0"
    let written = try tool(line)
    #expect(written.output == "abcb\nabcb\nabcb\n\n", "\(written.errors)\(written.output)")
    let seeded = "generate m.safetensors --length 60 --temperature 1.5 --seed "
    let first = try tool(seeded + "1")
    #expect(try first.output == tool(seeded + "1").output && first.output.count == 61)
    #expect(try tool(seeded + "2").output != first.output)
    let unknown = try tool("generate m.safetensors --prompt abz")
    #expect(unknown.status == 1 && unknown.output == "")
    #expect(unknown.errors.contains("the prompt: found the character \"z\""))
    try tool.file("other.txt", "abcb\nabcb\nabcb\nabcb\nabcb\nabcb")
    let evaluated = try tool("evaluate m.safetensors other.txt")
    #expect(evaluated.output.contains("1 row of 20 steps"), "\(evaluated.errors)")
    #expect(evaluated.output.contains("bits a step\naccuracy "))
    let predicted = try tool("predict m.safetensors other.txt --json")
    #expect(try predicted.objects().count == 20)
    #expect(try predicted.objects()[6]["step"] as? Int == 7)
    #expect(try tool("info m.safetensors").output.contains("20 characters of a text"))
    let explained = try tool("explain m.safetensors other.txt --weight dense1.bias[2]")
    #expect(explained.status == 0 && explained.output.contains("Row 1 of other.txt."))
    try tool.file("strange.txt", "abcb\nxbcb\nabcb\nabcb\nabcb\nabcb")
    let strange = try tool("evaluate m.safetensors strange.txt")
    #expect(strange.status == 1 && strange.errors.contains("strange.txt, line 2"))
  }

  @Test func needANetworkThatFits() throws {
    let tool = try Tool()
    try tool.file("book.txt", Self.book)
    let none = try tool("train book.txt --context 20")
    #expect(none.status == 2 && none.errors.contains("expected --model FILE.json"))
    #expect(none.errors.contains("[20, 4]"))
    try tool.file("char.json", Self.network(5))
    let wide = try tool("train book.txt --context 20 --model char.json")
    #expect(wide.status == 1)
    #expect(wide.errors.contains("outputs of shape [20, 5] for each row; expected [20, 4]"))
    let table = try tool("train book.txt")
    #expect(table.status == 1 && table.errors.contains("with --context"), "\(table.errors)")
    let info = try tool("info book.txt --context 20")
    #expect(info.output.contains("\\n") && info.output.contains("rows of 20, 20 apart"))
  }

  @Test(arguments: [
    ("train iris --context 5", "iris is no text"),
    ("train book.txt --stride 5", "--stride is for texts; expected --context"),
    ("train book.txt --context 0", "--context: found 0"),
    ("train book.txt --context 5 --window 3", "are for different kinds of data"),
    ("train book.txt --context 5 --streams --no-shuffle", "are different orders of the rows"),
    ("train book.txt --context 5 --target a", "--target is for tables"),
    ("generate m.safetensors --temperature -1", "--temperature: found -1"),
    ("generate m.safetensors --length -1", "--length: found -1"),
    ("generate m.safetensors --threads 0", "--threads: found 0"),
    ("generate m.safetensors --seed x", "expected a whole number"),
  ])
  func wrongUsage(line: String, message: String) throws {
    let tool = try Tool()
    try tool.file("book.txt", Self.book)
    let outcome = try tool(line)
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func otherNetworksDoNotWrite() throws {
    let tool = try Tool()
    #expect(try tool("train iris --epochs 0 --quiet --output m.safetensors").status == 0)
    let outcome = try tool("generate m.safetensors")
    #expect(outcome.status == 1 && outcome.errors.contains("has not learned to write"))
  }
}
