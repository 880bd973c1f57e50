import Foundation
import Interchange
import Testing

@Suite struct AtomicFileTests {
  struct Stop: Error {}

  @Test func writesANewFileAndReplacesAnOldOne() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("first, and longer", to: folder.file("a"))
    #expect(try folder.bytes("a") == Array("first, and longer".utf8))
    try AtomicFile.write([1, 2, 3] as [UInt8], to: folder.file("a"))
    #expect(try folder.bytes("a") == [1, 2, 3])
    try AtomicFile.write([UInt8](), to: folder.file("a"))
    #expect(try folder.bytes("a") == [])
    #expect(try folder.names == ["a"])
  }

  @Test func aFailureHalfwayLeavesTheOldFileAndNothingElse() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder.file("a"))
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: folder.file("a"), describing: "a model") { file in
        try [UInt8](repeating: 7, count: 100_000).withUnsafeBytes(file.append)
        #expect(try folder.names == [".a.\(getpid()).tmp", "a"])
        throw Stop()
      }
    }
    #expect(try folder.bytes("a") == Array("old".utf8))
    #expect(try folder.names == ["a"])
  }

  @Test func aFailureOfTheLastStepRemovesTheTemporaryFile() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: InterchangeError.self) {
      try AtomicFile.write(to: folder.file("a"), describing: "a model") { file in
        // A folder takes the name while the file is being written: it cannot be renamed over.
        try FileManager.default.createDirectory(
          atPath: folder.file("a"), withIntermediateDirectories: false)
      }
    }
    #expect(error?.description.hasPrefix("\(folder.file("a")): cannot write a model: ") == true)
    #expect(try folder.names == ["a"])
  }

  @Test func errorsNameThePathTheContentsAndTheSystemsWords() throws {
    let folder = try TemporaryFolder()
    func problem(_ path: String) -> String? {
      let error = #expect(throws: InterchangeError.self) {
        try AtomicFile.write("text", to: path, describing: "the report")
      }
      return error?.description
    }
    let missing = folder.file("no/such/file")
    #expect(
      problem(missing) == "\(missing): cannot write the report: No such file or directory")
    #expect(problem(folder.path) == "\(folder.path): cannot write the report: Is a directory")
    #expect(problem("") == "(empty path): cannot write the report: No such file or directory")
    let long = folder.file(String(repeating: "x", count: 256))
    #expect(problem(long) == "\(long): cannot write the report: File name too long")
    #expect(try folder.names == [])
  }

  #if os(Linux)
    @Test func aFullDeviceIsReported() throws {
      let error = #expect(throws: InterchangeError.self) {
        try AtomicFile.write("text", to: "/dev/full", describing: "the report")
      }
      #expect(
        error?.description == "/dev/full: cannot write the report: No space left on device")
    }
  #endif

  @Test func theLongestNameFits() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "x", count: 255)
    try AtomicFile.write("text", to: folder.file(name))
    #expect(try folder.names == [name])
  }

  @Test func devicesAreWrittenToAndStay() throws {
    try AtomicFile.write("text", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func symbolicLinksAreKept() throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createDirectory(atPath: folder.file("d"), withIntermediateDirectories: true)
    try files.createSymbolicLink(atPath: folder.file("d/l2"), withDestinationPath: "../l1")
    try files.createSymbolicLink(atPath: folder.file("l1"), withDestinationPath: "target")
    // First to a file that does not exist yet, then to one that does.
    for text in ["new", "newer"] {
      try AtomicFile.write(text, to: folder.file("d/l2"))
      #expect(try folder.bytes("target") == Array(text.utf8))
    }
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("l1")) == "target")
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("d/l2")) == "../l1")
    #expect(try folder.names == ["d", "l1", "target"])

    try files.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: "loop")
    #expect(throws: InterchangeError.self) {
      try AtomicFile.write("text", to: folder.file("loop"))
    }
  }

  @Test func permissionsAreKept() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder.file("a"))
    #expect(chmod(folder.file("a"), 0o640) == 0)
    try AtomicFile.write("new", to: folder.file("a"))
    var status = stat()
    #expect(stat(folder.file("a"), &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o640)
  }

  @Test func readOnlyFoldersAndFilesAreRefused() throws {
    // Permissions do not bind the superuser.
    guard geteuid() != 0 else { return }
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder.file("a"))
    #expect(chmod(folder.file("a"), 0o400) == 0)
    #expect(throws: InterchangeError.self) { try AtomicFile.write("new", to: folder.file("a")) }
    #expect(chmod(folder.path, 0o500) == 0)
    #expect(throws: InterchangeError.self) { try AtomicFile.write("new", to: folder.file("b")) }
    #expect(chmod(folder.path, 0o700) == 0)
    #expect(try folder.bytes("a") == Array("old".utf8))
    #expect(try folder.names == ["a"])
  }

  @Test func writersAtOnceLeaveOneWholeFile() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in UInt8(0)..<16 {
        group.addTask {
          try AtomicFile.write([UInt8](repeating: number, count: 50_000), to: path)
        }
      }
      try await group.waitForAll()
    }
    let bytes = try folder.bytes("a")
    #expect(bytes.count == 50_000)
    #expect(Set(bytes).count == 1)
    #expect(try folder.names == ["a"])
  }
}
