import Foundation
import Testing

/// `backprop explain` and `backprop check`, as people run them.
@Suite struct Explaining {
  private static let worksheet = """
    layers: [2, 1]
    inputs: [1, 0]
    targets: [1]
    weights: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    learning-rate: 0.5

    """

  @Test func everyExampleHasEveryForm() throws {
    let tool = try Tool()
    let list = try tool("explain list")
    #expect(list.status == 0)
    let names = list.lines.dropFirst().prefix { $0.hasPrefix("  ") }.compactMap {
      $0.split(separator: " ").first.map(String.init)
    }
    #expect(names.contains("mazur") && names.contains("elman"))
    for name in names {
      for format in ["text", "markdown", "latex", "html", "json"] {
        for language in ["en", "zh"] {
          let outcome = try tool(
            "explain \(name) --format \(format) --language \(language) --iterations 1,10")
          #expect(outcome.status == 0 && outcome.errors == "", "\(name) \(format) \(language)")
          #expect(outcome.output.count > 1000, "\(name) \(format) \(language)")
        }
      }
      let objects = try tool("explain \(name) --format json --iterations 0").objects()
      let quantities = objects.first?["quantities"] as? [String: Any]
      #expect(quantities?["E_total"] != nil, "\(name)")
    }
  }

  @Test func aWorksheetIsPrintedReadAndExplained() throws {
    let tool = try Tool()
    let printed = try tool("explain cda-2018 --worksheet")
    #expect(printed.status == 0)
    try tool.file("own.yaml", printed.output)
    let own = try tool("explain own.yaml --digits 12 --output own.txt")
    #expect(own.status == 0 && own.output == "")
    let text = try String(decoding: tool.bytes("own.txt"), as: UTF8.self)
    #expect(text.contains("= 0.0407338056927") && text.contains("= 0.347186633114"))
    // Nothing is overwritten unless told so.
    let again = try tool("explain own.yaml --output own.txt")
    #expect(again.status == 1 && again.errors.contains("without --overwrite"))
    #expect(try String(decoding: tool.bytes("own.txt"), as: UTF8.self) == text)
  }

  @Test func partsOfAStep() throws {
    let tool = try Tool()
    let forward = try tool("explain mazur --step forward").output
    #expect(forward.contains("net_o2 =") && !forward.contains("δ_o1"))
    let update = try tool("explain mazur --step update").output
    #expect(update.contains("w5⁺ = w5 − η · ∂E_total/∂w5") && !update.contains("net_o2 ="))
    let weight = try tool("explain mazur --weight w1").output
    #expect(weight.contains("∂E_total/∂w1 =") && !weight.contains("∂E_total/∂w5 ="))
    let sequential = try tool("explain mazur --update sequential").output
    #expect(sequential.contains("= δ_o1 · w5⁺"))
  }

  @Test func aTrainedNetworkAndARow() throws {
    let tool = try Tool()
    #expect(try tool("train iris --epochs 2 --hidden 3 --output m.safetensors --quiet").status == 0)
    let outcome = try tool("explain m.safetensors iris --row 150 --optimizer adam")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Row 150 of iris, class virginica."))
    #expect(outcome.output.contains("✓ Every gradient is confirmed"))
    let beyond = try tool("explain m.safetensors iris --row 151")
    #expect(beyond.status == 1 && beyond.errors.contains("found 151, there are 150 rows"))
    let missing = try tool("explain m.safetensors")
    #expect(missing.status == 2 && missing.errors.contains("expected DATA"))
  }

  @Test func functionsHavePages() throws {
    let tool = try Tool()
    for name in ["sigmoid", "relu", "softmax", "cross-entropy", "huber"] {
      for language in ["en", "zh"] {
        let outcome = try tool("explain \(name) --language \(language)")
        #expect(outcome.status == 0 && outcome.output.contains("="), "\(name) \(language)")
      }
    }
  }

  @Test func markingEndsInAStatus() throws {
    let tool = try Tool()
    try tool.file("right.csv", "net_h1,0.3775\nout_o1,0.75136507\n")
    let right = try tool("check right.csv --of mazur")
    #expect(right.status == 0 && right.output.contains("All 2 numbers are right."))
    try tool.file("wrong.csv", "name,value\nneto2,1.226728597\n")
    let wrong = try tool("check wrong.csv --of mazur")
    #expect(wrong.status == 1 && wrong.errors == "")
    #expect(wrong.output.contains("out_h2 stands where out_h1 belongs"))
    let json = try tool("check wrong.csv --of mazur --format json")
    #expect(json.status == 1)
    #expect(try json.objects().first?["isAllRight"] as? Bool == false)
  }

  @Test(arguments: [
    ("", "there are no claims"),
    ("claims: {net_h1: 0.1, neth1: 0.2}", "net_h1"),
    ("claims: {net_hh: 0.1}", "there is no quantity \"net_hh\""),
    ("claims: [", "own.yaml:"),
    ("claims: {net_h1: abc}", "own.yaml:6:"),
  ])
  func badClaims(claims: String, message: String) throws {
    let tool = try Tool()
    try tool.file("own.yaml", Self.worksheet + claims + "\n")
    let outcome = try tool("check own.yaml")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("weights: [0.1, 0.2, 0.3, 0.4, 0.5]", "own.yaml:"),
    ("weights: {w1: 1, w2: 1, w3: 1, w4: 1, w5: 1}", "w6 is missing"),
    ("weights: {w1: 1, w2: 1, w3: 1, w4: 1, w5: 1, w6: 1, v7: 1}", "own.yaml:"),
    ("weigths: [0.1]", "the nearest is weights"),
    ("weights: [0.1, 0.2", "own.yaml:"),
  ])
  func badWorksheets(line: String, message: String) throws {
    let tool = try Tool()
    let lines = Self.worksheet.split(separator: "\n").map {
      $0.hasPrefix("weights") ? line : "\($0)"
    }
    try tool.file("own.yaml", lines.joined(separator: "\n") + "\n")
    let outcome = try tool("explain own.yaml")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("explain mazurr", 1, "the nearest is mazur"),
    ("explain mazur --weight w9", 1, "there is no weight \"w9\""),
    ("explain mazur --neuron h3", 1, "there is no neuron \"h3\""),
    ("explain mazur --weight w1 --neuron h1", 2, "found several"),
    ("explain mazur --digits 0", 2, "expected 1 to 17"),
    ("explain mazur --format pdf", 2, "pdf"),
    ("explain mazur --language fr", 2, "fr"),
    ("explain mazur --iterations -1", 2, "expected whole numbers"),
    ("explain mazur --row 1", 2, "--row means nothing"),
    ("explain mazur iris", 2, "DATA means nothing"),
    ("explain mazur --worksheet --output a.yaml", 2, "--output means nothing"),
    ("explain sigmoid --step forward", 2, "--step means nothing"),
    ("explain list --format html", 2, "--format means nothing"),
    ("explain mazur --output no/where.txt", 1, "there is no folder"),
    ("check claims.csv --of mazur", 1, "claims.csv"),
    ("check claims.csv", 2, "--of is missing"),
  ])
  func isRefused(line: String, status: Int32, message: String) throws {
    let outcome = try Tool()(line)
    #expect(outcome.status == status)
    #expect(outcome.output == "" && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
