import Foundation
import Testing

/// Bad files and names: each is refused with status 1 and one line that says where.
@Suite struct BadData {
  private static let good = "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n"

  @Test(
    arguments: [
      ("missing.csv", nil, "missing.csv"),
      ("empty.csv", "", "empty.csv: found an empty table"),
      ("header.csv", "a,b,y\n", "header.csv: found a header without rows"),
      ("ragged.csv", "a,b,y\n1,2,no\n1,2\n3,4,yes\n", "ragged.csv, line 3: found 2 cells"),
      (
        "text.csv", "a,b,y\n1,2,no\n2,x,yes\n3,4,no\n4,5,yes\n",
        "text.csv, line 3, column \"b\": found the text \"x\""
      ),
      (
        "nan.csv", "a,b,y\n1,2,no\n2,nan,yes\n3,4,no\n4,5,yes\n",
        "nan.csv, line 3, column \"b\": found \"nan\""
      ),
      ("one.csv", "a,b,y\n1,2,no\n2,1,no\n3,5,no\n", "column \"y\": found only the class \"no\""),
      ("quote.csv", "a,b,y\n1,\"2,no\n", "quote.csv, line 2: found a quote that is never closed"),
      ("binary.csv", "a,b\u{0}c\n", "binary.csv, line 1: found a zero byte"),
    ] as [(String, String?, String)])
  func table(name: String, text: String?, message: String) throws {
    let tool = try Tool()
    if let text { try tool.file(name, text) }
    let outcome = try tool("train \(name) --output model.safetensors")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("backprop: error: "))
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output == "" && !tool.has("model.safetensors"))
  }

  @Test func unknownTarget() throws {
    let tool = try Tool()
    try tool.file("good.csv", Self.good)
    let outcome = try tool("train good.csv --target z")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("good.csv: found no column \"z\""), "\(outcome.errors)")
  }

  @Test func oneClassOfNumbers() throws {
    let tool = try Tool()
    try tool.file("one.csv", "a,y\n1,3\n2,3\n3,3\n")
    let outcome = try tool("train one.csv --target-kind classes")
    #expect(outcome.status == 1 && outcome.errors.contains("only the class \"3\""))
  }

  /// Arrays, images and models that end early, or declare more than there is.
  @Test(arguments: [
    ("cut.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x63] as [UInt8]),
    // A million images of 65535 × 65535 in no bytes.
    ("lying-ubyte", [0, 0, 8, 3, 0, 15, 66, 64, 0, 0, 255, 255, 0, 0, 255, 255]),
    ("cut-ubyte", [0, 0, 8, 3, 0, 0]),
    ("cut.npy", Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 118]),
    ("lying.npz", [0x50, 0x4B, 3, 4, 20, 0, 0, 0]),
    ("lying.npz", Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0, 9, 0, 9, 0, 255, 255, 255, 255, 0]),
  ])
  func array(name: String, bytes: [UInt8]) throws {
    let tool = try Tool()
    try tool.file(name, bytes)
    let outcome = try tool("train \(name) --output model.safetensors")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("backprop: error: "))
    #expect(outcome.errors.contains(name), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(!tool.has("model.safetensors"))
  }

  @Test func lyingNPY() throws {
    let tool = try Tool()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 8), }\n"
    let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0]
    try tool.file("lying.npy", magic + Array(header.utf8))
    let outcome = try tool("train lying.npy")
    #expect(outcome.status == 1 && outcome.errors.contains("lying.npy"), "\(outcome.errors)")
  }

  /// Models of which bytes are missing or lie.
  @Test func damagedModel() throws {
    let tool = try Tool()
    #expect(try tool("train iris --epochs 1 --hidden 4 --output model.safetensors").status == 0)
    let bytes = [UInt8](try tool.bytes("model.safetensors"))
    var long = bytes
    long[6] = 0x7F
    let text = String(decoding: bytes, as: UTF8.self)
    var lying = bytes
    if let place = text.utf8.firstRange(of: Array("[4,4]".utf8)) {
      // The declared shape becomes [9,4], which the bytes do not fill.
      lying[text.utf8.distance(from: text.utf8.startIndex, to: place.lowerBound) + 1] = 0x39
    }
    #expect(lying != bytes)
    let damaged = [[], Array(bytes.prefix(5)), Array(bytes.dropLast(7)), long, lying]
    for (number, damage) in damaged.enumerated() {
      let name = try tool.file("damaged\(number).safetensors", damage)
      for command in ["evaluate \(name) iris", "predict \(name) iris", "info \(name)"] {
        let outcome = try tool(command)
        #expect(outcome.status == 1, "\(command)")
        #expect(outcome.errors.hasPrefix("backprop: error: \(name): "), "\(outcome.errors)")
      }
      let resumed = try tool("train iris --epochs 1 --hidden 4 --output \(name) --resume")
      #expect(resumed.status == 1 && resumed.errors.contains(name))
      #expect([UInt8](try tool.bytes(name)) == damage)
    }
  }

  @Test func wrongFeatureCount() throws {
    let tool = try Tool()
    try tool.file("good.csv", Self.good)
    #expect(try tool("train good.csv --epochs 1 --output table.safetensors").status == 0)
    #expect(try tool("train iris --epochs 1 --output iris.safetensors").status == 0)

    try tool.file("few.csv", "a\n1\n2\n")
    let few = try tool("predict table.safetensors few.csv")
    #expect(few.status == 1 && few.errors.contains("expected a column \"b\""), "\(few.errors)")
    try tool.file("many.csv", "a,b,c\n1,2,3\n")
    let many = try tool("predict table.safetensors many.csv")
    #expect(many.status == 1 && many.errors.contains("additional column \"c\""))
    try tool.file("numbers.csv", "1,2\n3,4\n")
    let numbers = try tool("predict iris.safetensors numbers.csv")
    #expect(numbers.status == 1)
    #expect(numbers.errors.contains("numbers.csv: found 2 columns, the model expects 4 features"))
    let digits = try tool("predict iris.safetensors digits")
    #expect(digits.status == 1)
    #expect(digits.errors.contains("digits: found rows of 64 features, the model expects 4"))
  }

  @Test func architectureFiles() throws {
    let tool = try Tool()
    try tool.file("broken.json", "{\"kind\": \"sequential\",\n \"layers\": [}")
    try tool.file(
      "slip.json",
      #"{"kind": "sequential", "layers": [{"kind": "dense", "units": 3}, {"kind": "dense", "unitz": 3}]}"#
    )
    let broken = try tool("train iris --model broken.json")
    #expect(broken.status == 1 && broken.errors.contains("broken.json: "), "\(broken.errors)")
    let slip = try tool("train iris --model slip.json")
    #expect(slip.status == 1)
    #expect(slip.errors.contains("layers[1]") && slip.errors.contains("unitz"), "\(slip.errors)")
    // Programs learn of it in JSON, too.
    let told = try tool("train iris --model slip.json --json")
    #expect(told.status == 1 && told.errors.contains("unitz"))
    let last = try #require(try told.objects().last)
    #expect(last["event"] as? String == "error")
    #expect((last["message"] as? String)?.contains("unitz") == true)
    let missing = try tool("train iris --model missing.json")
    #expect(missing.status == 1 && missing.errors.contains("missing.json"))
  }
}
