/// The files inside a zip archive, stored or deflated, with the 64-bit extensions that NumPy
/// writes. Every offset and size is held against the archive's real size before it is used.
///
/// Specification: PKWARE APPNOTE 6.3.10.
struct ZipFile {
  /// One file in the archive.
  struct Entry {
    var name: String
    var method: Int
    var checksum: UInt32
    var packedSize: Int
    var size: Int
    /// Where its local header starts.
    var offset: Int
  }

  let path: String
  private(set) var entries: [Entry] = []
  private let fileSize: Int

  /// Reads the archive's directory.
  ///
  /// - Throws: `DatasetError` where the file is missing, no zip archive, cut short or its
  ///   directory does not fit it.
  init(path: String) throws {
    self.path = path
    fileSize = try FileBytes(path: path).remaining
    // The end record has 22 bytes and a comment of at most 65,535.
    let tailStart = max(fileSize - 22 - 65_535, 0)
    let tail = LittleEndianBytes(
      try FileBytes(path: path, range: tailStart..<fileSize).readAll(), path: path)
    guard
      let end = stride(from: tail.bytes.count - 22, through: 0, by: -1).first(where: {
        tail.word(at: $0) == 0x0605_4B50
      })
    else {
      throw DatasetError(
        at: path, found: "no directory at its end",
        expected: "a whole zip archive; this file is cut short or is no .npz")
    }
    var count = try tail.short(end + 10)
    var directorySize = try tail.int32(end + 12)
    var directoryStart = try tail.int32(end + 16)
    if count == 0xFFFF || directorySize == 0xFFFF_FFFF || directoryStart == 0xFFFF_FFFF {
      guard end >= 20, tail.word(at: end - 20) == 0x0706_4B50 else {
        throw failure("a directory without its 64-bit part")
      }
      let record = try tail.int64(end - 12)
      guard record >= 0, record <= fileSize - 56 else { throw failure("a directory outside of it") }
      let bytes = LittleEndianBytes(
        try FileBytes(path: path, range: record..<record + 56).readAll(), path: path)
      guard bytes.word(at: 0) == 0x0606_4B50 else { throw failure("a damaged 64-bit directory") }
      count = try bytes.int64(32)
      directorySize = try bytes.int64(40)
      directoryStart = try bytes.int64(48)
    }
    guard directoryStart <= fileSize, directorySize <= fileSize - directoryStart,
      count <= directorySize / 46
    else { throw failure("a directory that goes beyond the file") }
    let directory = LittleEndianBytes(
      try FileBytes(path: path, range: directoryStart..<directoryStart + directorySize).readAll(),
      path: path)
    var position = 0
    for _ in 0..<count { entries.append(try entry(in: directory, at: &position)) }
  }

  private func entry(in directory: LittleEndianBytes, at position: inout Int) throws -> Entry {
    guard directory.word(at: position) == 0x0201_4B50 else {
      throw failure("a damaged directory")
    }
    let flags = try directory.short(position + 8)
    let nameLength = try directory.short(position + 28)
    let extraLength = try directory.short(position + 30)
    let commentLength = try directory.short(position + 32)
    let nameStart = position + 46
    var entry = Entry(
      name: String(decoding: try directory.slice(nameStart, nameLength), as: UTF8.self),
      method: try directory.short(position + 10),
      checksum: UInt32(truncatingIfNeeded: try directory.int32(position + 16)),
      packedSize: try directory.int32(position + 20),
      size: try directory.int32(position + 24),
      offset: try directory.int32(position + 42))
    guard flags & 1 == 0 else { throw failure("the encrypted file \(quoted(entry.name))") }

    // The extra field 1 holds, in this order, those of the sizes that do not fit 32 bits.
    var extra = nameStart + nameLength
    let extraEnd = extra + extraLength
    while extra + 4 <= extraEnd {
      let length = try directory.short(extra + 2)
      if try directory.short(extra) == 1 {
        var field = extra + 4
        for size in [\Entry.size, \Entry.packedSize, \Entry.offset]
        where entry[keyPath: size] == 0xFFFF_FFFF {
          guard field + 8 <= extra + 4 + length else { throw failure("a damaged directory") }
          entry[keyPath: size] = try directory.int64(field)
          field += 8
        }
      }
      extra += 4 + length
    }
    position = extraEnd + commentLength
    guard entry.offset <= fileSize, entry.packedSize <= fileSize - entry.offset else {
      throw failure("the file \(quoted(entry.name)), which goes beyond the archive's end")
    }
    return entry
  }

  /// The bytes of a file in the archive.
  ///
  /// - Throws: `DatasetError` where it does not lie in the archive or is packed in another way.
  func open(_ entry: Entry) throws -> any ByteReader {
    guard entry.offset <= fileSize - 30 else { throw failure("a file header beyond its end") }
    let header = LittleEndianBytes(
      try FileBytes(path: path, range: entry.offset..<entry.offset + 30).readAll(), path: path)
    guard header.word(at: 0) == 0x0403_4B50 else { throw failure("a damaged file header") }
    let start = entry.offset + 30 + (try header.short(26)) + (try header.short(28))
    guard start <= fileSize, entry.packedSize <= fileSize - start else {
      throw failure("the file \(quoted(entry.name)), which goes beyond the archive's end")
    }
    let packed = try FileBytes(path: path, range: start..<start + entry.packedSize)
    let name = "\(path), \(entry.name)"
    switch entry.method {
    case 0:
      return try ZipEntryBytes(packed, entry, name: name)
    case 8:
      return try ZipEntryBytes(InflatedBytes(packed, format: .raw), entry, name: name)
    default:
      throw failure("\(quoted(entry.name)) packed by method \(entry.method)")
    }
  }

  private func failure(_ found: String) -> DatasetError {
    DatasetError(at: path, found: found, expected: "a whole zip archive, stored or deflated")
  }
}

/// A file of an archive: no more and no fewer bytes than its entry says, with that checksum.
private final class ZipEntryBytes: ByteReader {
  let name: String
  private(set) var remaining: Int
  private let source: any ByteReader
  private let checksum: UInt32
  private var sum = CRC32()

  init(_ source: any ByteReader, _ entry: ZipFile.Entry, name: String) throws {
    guard entry.size <= source.remaining else {
      throw DatasetError(
        at: name, found: "a declared size of \(entry.size) bytes",
        expected: "no more than the \(source.remaining) that \(entry.packedSize) packed can give")
    }
    self.source = source
    self.name = name
    remaining = entry.size
    checksum = entry.checksum
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let wanted = min(buffer.count, remaining)
    guard wanted > 0 else { return 0 }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
    let count = try source.read(into: target)
    guard count > 0 else {
      throw DatasetError(
        at: name, found: "the end of its data", expected: "\(remaining) more bytes")
    }
    sum.update(UnsafeRawBufferPointer(rebasing: target[..<count]))
    remaining -= count
    if remaining == 0 {
      try source.expectEnd()
      guard sum.value == checksum else {
        throw DatasetError(
          at: name, found: "the checksum \(String(sum.value, radix: 16))",
          expected: "\(String(checksum, radix: 16)), as its directory says; the file is damaged")
      }
    }
    return count
  }
}

/// Bytes of a directory, read as little-endian numbers within their bounds.
private struct LittleEndianBytes {
  let bytes: [UInt8]
  let path: String

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The 32-bit number at a place, or nil outside.
  func word(at offset: Int) -> UInt32? {
    guard offset >= 0, offset <= bytes.count - 4 else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }

  func slice(_ offset: Int, _ count: Int) throws -> ArraySlice<UInt8> {
    guard offset >= 0, count >= 0, count <= bytes.count, offset <= bytes.count - count else {
      throw DatasetError(
        at: path, found: "a directory that is cut short", expected: "a whole zip archive")
    }
    return bytes[offset..<offset + count]
  }

  private func number(_ offset: Int, _ size: Int) throws -> UInt64 {
    try slice(offset, size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func short(_ offset: Int) throws -> Int { Int(try number(offset, 2)) }
  func int32(_ offset: Int) throws -> Int { Int(try number(offset, 4)) }

  func int64(_ offset: Int) throws -> Int {
    guard let value = Int(exactly: try number(offset, 8)) else {
      throw DatasetError(
        at: path, found: "a size beyond 2⁶³", expected: "a whole zip archive")
    }
    return value
  }
}
