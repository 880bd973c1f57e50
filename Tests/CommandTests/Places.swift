import Foundation
import Testing

/// Places that cannot be written to.
@Suite struct Places {
  @Test func nothingIsOverwritten() throws {
    let tool = try Tool()
    for option in ["--output old.safetensors", "--report old.html"] {
      let name = String(option.split(separator: " ")[1])
      try tool.file(name, "precious")
      let outcome = try tool("train iris --epochs 1 \(option)")
      #expect(outcome.status == 1 && outcome.errors.contains(name), "\(outcome.errors)")
      #expect(try tool.bytes(name) == Data("precious".utf8))
    }
    #expect(try tool("train iris --epochs 1 --output m.safetensors").status == 0)
    let before = try tool.bytes("m.safetensors")
    try tool.file("out.csv", "precious")
    let refused = try tool("predict m.safetensors iris --output out.csv")
    #expect(refused.status == 1 && refused.errors.contains("out.csv"))
    #expect(try tool.bytes("out.csv") == Data("precious".utf8))
    #expect(try tool("predict m.safetensors iris --output out.csv --overwrite").status == 0)
    #expect(try tool.bytes("out.csv").count > 100)
    // Not even with --overwrite is a file replaced that is read.
    let own = try tool("predict m.safetensors iris --output m.safetensors --overwrite")
    #expect(own.status == 1 && own.errors.contains("would overwrite the file that is read"))
    #expect(try tool.bytes("m.safetensors") == before)
  }

  @Test func pathsThatCouldNotBeWritten() throws {
    let tool = try Tool()
    try FileManager.default.createSymbolicLink(
      atPath: tool.path("dangling.safetensors"), withDestinationPath: "no/model.safetensors")
    try FileManager.default.createSymbolicLink(
      atPath: tool.path("good.safetensors"), withDestinationPath: "model.safetensors")
    let long = String(repeating: "m", count: 250) + ".safetensors"
    for name in ["dangling.safetensors", long] {
      let outcome = try tool("train iris --epochs 1 --output \(name)")
      #expect(outcome.status == 1 && outcome.errors.contains("\(name): cannot write --output"))
      #expect(outcome.output == "", "it fails before any work")
    }
    #expect(try tool("train iris --epochs 1 --output good.safetensors --quiet").status == 0)
    #expect(tool.has("model.safetensors"))
  }

  @Test func reportsAreReplacedByTheirOwnRunOnly() throws {
    let tool = try Tool()
    try tool.file("page.html", "precious")
    let line = "train iris --output m.safetensors --report page.html --resume --quiet --epochs "
    let refused = try tool(line + "1")
    #expect(refused.status == 1 && refused.errors.contains("page.html: there is a file already"))
    #expect(try tool.bytes("page.html") == Data("precious".utf8))
    #expect(try tool(line + "1 --overwrite").status == 0)
    #expect(try tool(line + "2").status == 0)
    #expect(try tool.bytes("page.html").count > 1000)
    let both = try tool(line + "3 --initial m.safetensors")
    #expect(both.status == 2 && both.errors.contains("--initial"), "\(both.errors)")
    // The link and the file are one.
    try FileManager.default.createSymbolicLink(
      atPath: tool.path("link.html"), withDestinationPath: "page.html")
    let same = try tool("train iris --report page.html --report link.html --overwrite")
    #expect(same.status == 2 && same.errors.contains("the file that --report names"))
  }

  @Test func missingFolder() throws {
    let tool = try Tool()
    for option in ["--output no/model.safetensors", "--report no/page.html"] {
      let outcome = try tool("train iris \(option)")
      #expect(outcome.status == 1 && outcome.errors.contains("there is no folder"))
      #expect(outcome.output == "", "it fails before any work")
    }
    let folder = try tool("train iris --output .")
    #expect(folder.status == 1 && folder.errors.contains("folder"))
  }

  @Test func readOnlyFolder() throws {
    let tool = try Tool()
    var folder = tool.path("locked")
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    // The superuser may write anywhere but where the system itself forbids it.
    if geteuid() == 0 { folder = "/proc" }
    guard FileManager.default.fileExists(atPath: folder) else { return }
    let outcome = try tool("train iris --output \(folder)/model.safetensors")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("\(folder)/model.safetensors: cannot write"), "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  /// A limit on the size of files stands in for a full disk: the write fails in the middle.
  @Test func fullDisk() throws {
    let tool = try Tool()
    #expect(try tool("train digits --epochs 1 --hidden 500 --output m.safetensors").status == 0)
    let before = try tool.bytes("m.safetensors")
    let outcome = try tool.shell(
      "ulimit -f 16; backprop train digits --epochs 2 --hidden 500 --output m.safetensors --resume")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("m.safetensors: cannot write the model: "), "\(outcome.errors)")
    #expect(try tool.bytes("m.safetensors") == before)
    let left = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path)
    #expect(!left.contains { $0.hasSuffix(".tmp") }, "\(left)")
  }

  #if os(Linux)
    @Test func fullDevice() throws {
      let tool = try Tool()
      let model = try tool("train iris --epochs 1 --output /dev/full --overwrite")
      #expect(model.status == 1 && model.errors.contains("No space left on device"))
      let output = try tool.shell("backprop info iris > /dev/full")
      #expect(output.status == 1 && output.errors.contains("standard output: cannot be written"))
    }
  #endif

  @Test func closedPipe() throws {
    let tool = try Tool()
    func status(_ line: String) throws -> (status: String, outcome: Tool.Outcome) {
      let outcome = try tool.shell("{ \(line); echo $? >status; } | head -1")
      return (String(decoding: try tool.bytes("status"), as: UTF8.self), outcome)
    }
    // Without --output there is nothing left to do for a run that nobody watches.
    let unsaved = try status("backprop train digits --epochs 1000000")
    #expect(unsaved.status == "0\n" && unsaved.outcome.errors == "")
    #expect(unsaved.outcome.lines.count == 1)
    // With it, the run goes on.
    let saved = try status("backprop train digits --epochs 40 --output m.safetensors")
    #expect(saved.status == "0\n" && saved.outcome.errors == "")
    #expect(try tool("info m.safetensors").output.contains("40 epochs"))
    let predicted = try status("backprop predict m.safetensors digits")
    #expect(predicted.status == "0\n" && predicted.outcome.errors == "")
    #expect(predicted.outcome.lines == ["row,prediction,probability"])
  }
}
