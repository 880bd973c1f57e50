import Foundation

/// Bytes that come one after another: a file, a part of one, or what is unpacked from it.
protocol ByteReader: AnyObject {
  /// What is read, for messages.
  var name: String { get }

  /// The most bytes that can still come. For a file it is exact; for packed data it is the
  /// packed size times deflate's greatest ratio. Declared sizes are held against it before
  /// anything is allocated for them.
  var remaining: Int { get }

  /// Fills the start of `buffer` and returns how many bytes came; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteReader {
  /// Fills `buffer` whole.
  ///
  /// - Throws: `DatasetError` where the bytes end before: `part` says what was being read.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, part: String) throws {
    var done = 0
    while done < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      guard count > 0 else {
        throw DatasetError(
          at: name, found: "the end after \(done) bytes of \(part)",
          expected: "\(buffer.count) bytes")
      }
      done += count
    }
  }

  /// The next `count` bytes, a small number.
  func bytes(_ count: Int, part: String) throws -> [UInt8] {
    guard count <= remaining else {
      throw DatasetError(
        at: name, found: "at most \(remaining) bytes left for \(part)",
        expected: "\(count) bytes")
    }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try fill(UnsafeMutableRawBufferPointer(buffer), part: part)
      initialized = count
    }
  }

  /// Makes sure that the declared data was all there is; in packed data this also makes the
  /// checksum at its end be verified.
  func expectEnd() throws {
    var byte: UInt8 = 0
    let count = try withUnsafeMutableBytes(of: &byte) { try read(into: $0) }
    guard count == 0 else {
      throw DatasetError(
        at: name, found: "more bytes than its header declares",
        expected: "the end of the data")
    }
  }
}

/// A file, or a stretch of one, read from its start.
final class FileBytes: ByteReader {
  let name: String
  private(set) var remaining: Int
  private let file: UnsafeMutablePointer<FILE>

  /// Opens a file.
  ///
  /// - Parameter range: the bytes to read; all of them unless told otherwise.
  /// - Throws: `DatasetError` where there is no such file, it cannot be read, or is a folder, or
  ///   where the range does not lie in it.
  init(path: String, range: Range<Int>? = nil) throws {
    name = path
    var information = stat()
    guard stat(path, &information) == 0 else {
      throw DatasetError(at: path, found: "no such file", expected: "a file to read")
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError(
        at: path,
        found: information.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something not a file",
        expected: "a file to read")
    }
    let size = Int(information.st_size)
    let range = range ?? 0..<size
    guard range.upperBound <= size else {
      throw DatasetError(
        at: path, found: "\(size) bytes", expected: "at least \(range.upperBound)")
    }
    guard let file = fopen(path, "rb") else {
      throw DatasetError(
        at: path, found: "a file that cannot be opened (\(String(cString: strerror(errno))))",
        expected: "the right to read it")
    }
    self.file = file
    remaining = range.count
    guard fseek(file, range.lowerBound, SEEK_SET) == 0 else {
      throw DatasetError(at: path, found: "no byte \(range.lowerBound)", expected: "a longer file")
    }
  }

  deinit { fclose(file) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let wanted = min(buffer.count, remaining)
    guard wanted > 0 else { return 0 }
    let count = fread(buffer.baseAddress, 1, wanted, file)
    guard count > 0 else {
      throw DatasetError(
        at: name, found: "an error while reading, \(remaining) bytes before the end",
        expected: "a readable file that does not shrink")
    }
    remaining -= count
    return count
  }

  /// All bytes that are left.
  func readAll() throws -> [UInt8] { try bytes(remaining, part: "the file") }
}

/// Opens a file, through `gzip` where its first two bytes say so.
func openData(_ path: String) throws -> any ByteReader {
  let file = try FileBytes(path: path)
  guard file.remaining >= 2 else { return file }
  let magic = try file.bytes(2, part: "the file")
  return magic == [0x1F, 0x8B]
    ? try InflatedBytes(FileBytes(path: path), format: .gzip) : try FileBytes(path: path)
}
