import Foundation
import Testing

/// Training, evaluating and predicting, as a user does one after the other.
@Suite struct RoundTrips {
  /// Shops whose sales depend on the town and the size.
  private static let shops: String = {
    var text = "town,size,day,sales\n"
    for row in 0..<120 {
      let (town, size) = (["Oslo", "Bergen", "\"Mo, Rana\""][row % 3], Double(row % 8) / 2)
      let sales = [10.0, 20, 35][row % 3] + 4 * size
      text += "\(town),\(size),\(row % 2),\(sales)\n"
    }
    return text
  }()

  @Test func valuesOfATableWithCategories() throws {
    let tool = try Tool()
    try tool.file("shops.csv", Self.shops)
    let trained = try tool(
      "train shops.csv --categorical day --hidden 16 --epochs 150 --test 0.2 --json "
        + "--learning-rate 0.01 --output shops.safetensors --report page.html --report page.json")
    #expect(trained.status == 0 && trained.errors == "")
    let objects = try trained.objects()
    #expect(objects.prefix(2).map { $0["event"] as? String } == ["estimate", "start"])
    #expect(objects[1]["rows"] as? Int == 86)
    let epochs = objects.filter { $0["event"] as? String == "epoch" }
    #expect(epochs.count == 150)
    #expect(epochs.allSatisfy { $0["loss"] is Double || $0["loss"] is Int })
    let result = try #require(objects.last)
    #expect(result["event"] as? String == "result" && result["end"] as? String == "completed")
    #expect(result["output"] as? String == "shops.safetensors")
    let test = try #require(result["test"] as? [String: Any])
    #expect(test["rows"] as? Int == 24)
    #expect(try #require(test["rSquared"] as? Double) > 0.95)
    #expect((result["seconds"] as? Double ?? 0) > 0)
    let page = String(decoding: try tool.bytes("page.html"), as: UTF8.self)
    #expect(page.contains("<html") && !page.contains("<script"))
    _ = try JSONSerialization.jsonObject(with: tool.bytes("page.json"))

    let evaluated = try tool("evaluate shops.safetensors shops.csv --json").objects()
    #expect(try #require(evaluated.first?["rSquared"] as? Double) > 0.95)

    // Other column order, no target, and a missing cell.
    try tool.file("new.csv", "size,day,town\n1,0,Oslo\n2,1,\"Mo, Rana\"\n,1,Bergen\n")
    let predicted = try tool("predict shops.safetensors new.csv")
    #expect(predicted.status == 0 && predicted.lines.count == 4)
    #expect(predicted.lines[0] == "row,sales")
    let values = predicted.lines.dropFirst().compactMap { line in
      line.split(separator: ",").last.flatMap { Double($0) }
    }
    #expect(abs(values[0] - 14) < 3 && abs(values[1] - 43) < 3, "\(values)")

    try tool.file("unknown.csv", "size,day,town\n1,0,Paris\n")
    let unknown = try tool("predict shops.safetensors unknown.csv")
    #expect(unknown.status == 1 && unknown.errors.contains("unknown.csv, line 2, column \"town\""))
    let noTarget = try tool("evaluate shops.safetensors new.csv")
    #expect(noTarget.status == 1 && noTarget.errors.contains("the column \"sales\""))
  }

  @Test func classes() throws {
    let tool = try Tool()
    let trained = try tool(
      "train iris --hidden 16 --epochs 100 --learning-rate 0.01 --test 0.2 --json "
        + "--output iris.safetensors")
    let result = try #require(try trained.objects().last)
    let test = try #require(result["test"] as? [String: Any])
    #expect(try #require(test["accuracy"] as? Double) > 0.85)
    let matrix = try #require(test["confusionMatrix"] as? [[Int]])
    #expect(matrix.map { $0.reduce(0, +) } == [10, 10, 10])

    let evaluated = try tool("evaluate iris.safetensors iris")
    #expect(evaluated.output.contains("accuracy 0.9") && evaluated.output.contains("virginica"))
    let predicted = try tool("predict iris.safetensors iris --probabilities")
    #expect(
      predicted.lines[0]
        == "row,prediction,probability,probability of setosa,probability of versicolor,"
        + "probability of virginica")
    #expect(predicted.lines.count == 151)
    let cells = predicted.lines[1].split(separator: ",").map(String.init)
    #expect(cells[0] == "1" && cells[1] == "setosa" && cells[2] == cells[3])
    let sum = cells[3...].compactMap(Double.init).reduce(0, +)
    #expect(abs(sum - 1) < 1e-5)
    let objects = try tool("predict iris.safetensors iris --json").objects()
    #expect(objects.count == 150 && objects[0]["prediction"] as? String == "setosa")
    // A file of numbers, with and without the targets' column.
    try tool.file("plain.csv", "5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n")
    try tool.file("named.csv", "a,b,c,d,kind\n5.1,3.5,1.4,0.2,setosa\n6.3,3.3,6.0,2.5,virginica\n")
    for name in ["plain.csv", "named.csv"] {
      let names = try tool("predict iris.safetensors \(name) --json").objects()
        .compactMap { $0["prediction"] as? String }
      #expect(names == ["setosa", "virginica"], "\(name)")
    }
    // Two of three classes are found by their names.
    let few = try tool("evaluate iris.safetensors named.csv --json").objects()
    #expect(few.first?["accuracy"] as? Double == 1 || few.first?["accuracy"] as? Int == 1)
  }

  @Test func numbersAsClasses() throws {
    let tool = try Tool()
    let rows = (0..<60).map { "\($0 % 7),\($0 % 3),\($0 % 3 + 4)\n" }
    try tool.file("numbers.csv", "a,b,kind\n" + rows.joined())
    let hint = try tool("train numbers.csv --epochs 1")
    #expect(hint.status == 0 && hint.errors.contains("--target-kind classes"), "\(hint.errors)")
    for option in [
      "--target-kind classes", "--loss crossEntropy", "--loss mse --target-kind classes",
    ] {
      let line = "train numbers.csv --epochs 1 \(option) --output m.safetensors --overwrite"
      let trained = try tool(line)
      #expect(trained.status == 0 && trained.errors == "", "\(trained.errors)")
      let info = try #require(try tool("info m.safetensors --json").objects().first)
      #expect(info["classes"] as? [String] == ["4", "5", "6"])
    }
  }

  @Test func twoClassesWithOneOutput() throws {
    let tool = try Tool()
    let line = "train moons --loss binaryCrossEntropy --hidden 16 --epochs 60 --learning-rate 0.02 "
    let trained = try tool(line + "--output m.safetensors --json")
    #expect(trained.status == 0, "\(trained.errors)")
    let info = try #require(try tool("info m.safetensors --json").objects().first)
    #expect(info["parameterCount"] as? Int == 2 * 16 + 16 + 16 + 1)
    for line in try tool("predict m.safetensors moons --probabilities").lines.dropFirst() {
      let cells = line.split(separator: ",").map(String.init)
      let (chosen, first, second) = (
        Double(cells[2]) ?? 0, Double(cells[3]) ?? 0, Double(cells[4]) ?? 0
      )
      #expect(abs(first + second - 1) < 1e-6 && chosen == max(first, second))
    }
  }

  @Test func startingParametersAndArchitecture() throws {
    let tool = try Tool()
    try tool.file(
      "net.json",
      #"""
      {"kind": "sequential", "layers": [
        {"kind": "dense", "units": 8, "activation": "tanh", "name": "first"},
        {"kind": "dense", "units": 3, "name": "last"}]}
      """#)
    let line = "train iris --model net.json --epochs 4 --quiet --output "
    #expect(try tool(line + "a.safetensors").status == 0)
    #expect(try tool("info a.safetensors").output.contains("first.weight"))
    // No epoch: what comes out is what went in.
    #expect(
      try tool(
        "train iris --model net.json --epochs 0 --initial a.safetensors --output b.safetensors"
      )
      .status == 0)
    let (a, b) = (try tool("predict a.safetensors iris"), try tool("predict b.safetensors iris"))
    #expect(a.output == b.output && a.lines.count == 151)
    let other = try tool("train iris --hidden 8 --initial a.safetensors")
    #expect(
      other.status == 1 && other.errors.contains("a.safetensors: first.weight"), "\(other.errors)")
    #expect(other.output == "", "it fails before any work")
    // The same command gives the same bytes.
    #expect(try tool(line + "c.safetensors").status == 0)
    #expect(try tool.bytes("a.safetensors") == tool.bytes("c.safetensors"))
  }

  @Test func plainLines() throws {
    let tool = try Tool()
    let outcome = try tool("train iris --epochs 3 --patience 2")
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(!outcome.output.contains("\r") && !outcome.output.contains("\u{1B}"))
    #expect(outcome.lines.filter { $0.hasPrefix("epoch ") }.count == 3)
    #expect(outcome.output.contains("not saved; --output"))
    #expect(try tool("train iris --epochs 3 --quiet").output == "")
    let note = try tool("train iris --epochs 1 --output m.safetensors --resume")
    #expect(note.status == 0 && note.errors.contains("note: m.safetensors does not exist yet"))
  }

  @Test func information() throws {
    let tool = try Tool()
    try tool.file("shops.csv", Self.shops)
    let data = try #require(try tool("info shops.csv --json").objects().first)
    let columns = try #require(data["columns"] as? [[String: Any]])
    #expect(columns.compactMap { $0["name"] as? String } == ["town", "size", "day", "sales"])
    #expect(columns[0]["kind"] as? String == "category" && columns[1]["highest"] as? Double == 3.5)
    let list = try tool("data list")
    for name in ["digits", "iris", "xor", "sine", "mnist"] { #expect(list.output.contains(name)) }
    #expect(try tool("train xor --hidden 3 --epochs 1 --output x.safetensors").status == 0)
    let plan = try tool("info x.safetensors --plan --batch 4")
    #expect(plan.output.contains("matmul") && plan.output.contains("training step with 4 rows"))
  }
}
