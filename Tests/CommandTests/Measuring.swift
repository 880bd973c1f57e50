import Foundation
import Testing

/// `backprop bench`: what it says, not how fast anything is.
@Suite struct Measuring {
  @Test func aStepIsMeasuredAndProfiled() throws {
    let outcome = try Tool()(
      "bench --layers 20-8-3 --batch 4 --optimizer sgd --seconds 0.01 --profile --json")
    #expect(outcome.status == 0 && outcome.errors == "")
    let object = try #require(try outcome.objects().first)
    #expect(object["parameters"] as? Int == 20 * 8 + 8 + 8 * 3 + 3)
    #expect(object["batch"] as? Int == 4)
    for key in ["productFlopsPerSecond", "copyBytesPerSecond", "stepSeconds", "shareOfFloor"] {
      let number = try #require(object[key] as? Double, "\(key)")
      #expect(number > 0 && number.isFinite, "\(key)")
    }
    // The instructions' operations are those of the whole step.
    let profile = try #require(object["profile"] as? [[String: Any]])
    let flops = profile.compactMap { $0["flops"] as? Int }.reduce(0, +)
    #expect(flops == object["stepFlops"] as? Int)
    #expect(profile.contains { $0["kind"] as? String == "matmul" })
  }

  @Test func aSavedNetworkIsMeasured() throws {
    let tool = try Tool()
    #expect(try tool("train iris --epochs 1 --hidden 3 --output m.safetensors --quiet").status == 0)
    let outcome = try tool("bench m.safetensors --batch 8 --seconds 0.01 --profile")
    #expect(outcome.status == 0)
    for word in ["processor", "ceilings", "step", "floor", "kind of work", "matmul + add, relu"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
    let missing = try tool("bench none.safetensors")
    #expect(missing.status == 1 && missing.errors.contains("none.safetensors"))
  }
}
