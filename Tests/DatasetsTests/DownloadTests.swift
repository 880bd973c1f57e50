import Datasets
import Foundation
import Testing

@Suite("Downloads, from a server on the loopback", .serialized)
final class DownloadTests {
  private let server: LoopbackServer
  private let folder: TemporaryFolder
  private let data = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
  private let download: DatasetDownload

  init() throws {
    server = try LoopbackServer()
    folder = try TemporaryFolder()
    var sum = MD5()
    data.withUnsafeBytes { sum.update($0) }
    download = DatasetDownload(
      name: "small", files: [.init(name: "a.gz", md5: sum.digest())], mirrors: [])
  }

  deinit { server.stop() }

  private func mirror(_ name: String, _ resource: LoopbackServer.Resource) -> URL {
    server["/\(name)/a.gz"] = resource
    return server.url(name)
  }

  private func fetch(_ mirrors: [URL]) -> String {
    message { try download.fetch(into: folder.path, mirrors: mirrors) }
  }

  private func contents(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(folder.path)/\(name)").map(Array.init)
  }

  @Test("a file comes whole, gets its name, and is not asked for again")
  func whole() {
    let mirror = mirror("m", .init(data: data))
    #expect(fetch([mirror]) == "no error")
    #expect(contents("a.gz") == data && contents("a.gz.part") == nil)
    #expect(fetch([mirror]) == "no error")
    #expect(server.requests == ["/m/a.gz"])
  }

  @Test("after a dropped connection only the rest is asked for")
  func resume() {
    let mirror = mirror("m", .init(data: data, drop: (after: 100_000, requests: 2)))
    #expect(fetch([mirror]) == "no error")
    #expect(contents("a.gz") == data)
    #expect(
      server.requests == ["/m/a.gz", "/m/a.gz bytes=100000-", "/m/a.gz bytes=200000-"])
  }

  @Test("what an earlier run has left is kept")
  func earlierRun() throws {
    _ = try folder.write(data.prefix(123_456), "a.gz.part")
    #expect(fetch([mirror("m", .init(data: data))]) == "no error")
    #expect(contents("a.gz") == data)
    #expect(server.requests == ["/m/a.gz bytes=123456-"])
  }

  @Test("a part that is the whole file already is only checked")
  func wholePart() throws {
    _ = try folder.write(data, "a.gz.part")
    #expect(fetch([mirror("m", .init(data: data))]) == "no error")
    #expect(contents("a.gz") == data)
    #expect(server.requests == ["/m/a.gz bytes=300000-"])
  }

  @Test("a server that knows no ranges sends everything again")
  func withoutRanges() throws {
    _ = try folder.write([1, 2, 3], "a.gz.part")
    #expect(fetch([mirror("m", .init(data: data, servesRanges: false))]) == "no error")
    #expect(contents("a.gz") == data)
  }

  @Test("a part that was spoiled is thrown away and asked for anew")
  func spoiledPart() throws {
    _ = try folder.write([9, 9, 9], "a.gz.part")
    #expect(fetch([mirror("m", .init(data: data))]) == "no error")
    #expect(contents("a.gz") == data)
    #expect(server.requests == ["/m/a.gz bytes=3-", "/m/a.gz"])
  }

  @Test("a wrong checksum is refused and leaves nothing")
  func wrongChecksum() {
    let text = fetch([mirror("m", .init(data: data + [0]))])
    #expect(text.contains("a file with the MD5 digest"))
    #expect(text.contains("expected a mirror that has the whole file"))
    #expect(contents("a.gz") == nil && contents("a.gz.part") == nil)
  }

  @Test("the next mirror is tried after 404, 500, a wrong file, and no server")
  func nextMirror() throws {
    let gone = try LoopbackServer()
    let nobody = gone.url("m")
    gone.stop()
    let mirrors = [
      nobody, server.url("missing"), mirror("broken", .init(data: data, status: 500)),
      mirror("wrong", .init(data: [1, 2, 3])), mirror("good", .init(data: data)),
    ]
    #expect(fetch(mirrors) == "no error")
    #expect(contents("a.gz") == data)
    #expect(
      server.requests == ["/missing/a.gz", "/broken/a.gz", "/wrong/a.gz", "/good/a.gz"])
  }

  @Test("where no mirror has it, each one's answer is told")
  func noMirror() {
    let text = fetch([server.url("x"), mirror("y", .init(data: data, status: 503))])
    #expect(text.contains("/x/a.gz: HTTP status 404; http"))
    #expect(text.contains("/y/a.gz: HTTP status 503; expected a mirror that"))
    #expect(text.components(separatedBy: "expected").count == 2)
    // Nothing came, and nothing is left.
    #expect(contents("a.gz.part") == nil)
    #expect(fetch([]).contains("found no mirror"))
  }

  @Test("a mirror's failure is told once: as progress where another try follows, else as error")
  func failuresAreToldOnce() {
    let events = Events()
    let text = message {
      try download.fetch(
        into: folder.path, mirrors: [server.url("x"), server.url("y")],
        progress: { events.add($0) })
    }
    let failures = events.all.filter { if case .failed = $0 { true } else { false } }
    #expect(failures.count == 1 && "\(failures)".contains("/x/a.gz: found HTTP status 404"))
    #expect(text.contains("/y/a.gz: HTTP status 404"))
  }

  @Test("a mirror that always breaks off, or sends without end, is given up")
  func badMirrors() {
    let empty = mirror("m", .init(data: data, drop: (after: 0, requests: .max)))
    #expect(fetch([empty]).contains("download of a.gz"))
    var limited = download
    limited.sizeLimit = 10_000
    let long = mirror("n", .init(data: data, omitsLength: true))
    let text = message { try limited.fetch(into: folder.path, mirrors: [long]) }
    #expect(text.contains("more than 10000 bytes"))
    #expect(contents("a.gz") == nil && (contents("a.gz.part")?.count ?? 0) <= 10_000)
  }

  @Test("a mirror that breaks off and sends a wrong rest is not asked for ever")
  func wrongRest() {
    var wrong = data
    wrong[299_999] ^= 1
    let mirror = mirror("m", .init(data: wrong, drop: (after: 200_000, requests: .max)))
    #expect(fetch([mirror]).contains("a file with the MD5 digest"))
    #expect(server.requests.count == 4)
    #expect(contents("a.gz") == nil)
  }

  @Test("progress tells of the bytes that came")
  func progress() throws {
    let events = Events()
    let mirror = mirror("m", .init(data: data))
    try download.fetch(into: folder.path + "/new/folder", mirrors: [mirror]) { events.add($0) }
    let all = events.all
    #expect(all.first == .started(file: "a.gz", mirror: mirror.absoluteString, offset: 0))
    #expect(all.contains(.received(file: "a.gz", bytes: 300_000, of: 300_000)))
    #expect(all.last == .finished(file: "a.gz", bytes: 300_000))
  }

  @Test("names are known, and each file has a digest")
  func names() throws {
    for name in ["mnist", "fashion-mnist"] {
      let download = try DatasetDownload.named(name)
      #expect(download.files.count == 4 && !download.mirrors.isEmpty)
      #expect(download.files.allSatisfy { $0.md5.count == 32 && $0.name.hasSuffix("ubyte.gz") })
    }
    #expect(message { try DatasetDownload.named("cifar") }.contains("one of mnist, fashion-mnist"))
  }

  @Test(
    "MD5 digests are those of RFC 1321",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func digests(text: String, digest: String) {
    var sum = MD5()
    Array(text.utf8).withUnsafeBytes { bytes in
      // In two pieces, to cross the blocks' borders.
      sum.update(UnsafeRawBufferPointer(rebasing: bytes.prefix(7)))
      sum.update(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(7)))
    }
    #expect(sum.digest() == digest)
  }
}

/// The events of a download, from whatever thread they come.
private final class Events: @unchecked Sendable {
  private let lock = NSLock()
  private var events: [DatasetDownload.Progress] = []
  func add(_ event: DatasetDownload.Progress) { lock.withLock { events.append(event) } }
  var all: [DatasetDownload.Progress] { lock.withLock { events } }
}
