import Foundation

/// Bytes that are read in pieces, so that what a file claims is checked before memory is set
/// aside for it.
protocol ByteSource {
  /// What errors call the bytes: a path.
  var name: String { get }
  /// The number of bytes.
  var count: Int { get }
  /// Fills the buffer with the bytes from `offset` on.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
}

extension ByteSource {
  /// The bytes in a range that is known to lie inside the source.
  func bytes(in range: Range<Int>) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = range.count
    }
  }
}

/// Bytes that are already in memory.
struct MemorySource: ByteSource {
  let name: String
  let memory: UnsafeRawBufferPointer

  var count: Int { memory.count }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard buffer.count > 0 else { return }
    guard offset >= 0, buffer.count <= memory.count - offset else {
      throw InterchangeError(source: name, problem: "bytes from \(offset) on lie past the end")
    }
    let piece = memory[offset..<offset + buffer.count]
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
  }
}

/// A regular file, open for reading until the value goes.
final class FileSource: ByteSource {
  let name: String
  let count: Int
  private let descriptor: Int32

  init(path: String) throws {
    name = path
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let words = systemWords(errno)
      count = 0
      throw InterchangeError(source: path, problem: "cannot open the file: \(words)")
    }
    var status = stat()
    let failed = fstat(descriptor, &status) != 0
    let words = failed ? systemWords(errno) : ""
    count = failed ? 0 : Int(status.st_size)
    // From here on `deinit` closes the file.
    if failed {
      throw InterchangeError(source: path, problem: "cannot examine the file: \(words)")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw InterchangeError(source: path, problem: "is a folder; expected a file")
    default: throw InterchangeError(source: path, problem: "is not a regular file")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let length = pread(
        descriptor, rest.baseAddress, min(rest.count, FileLimits.bytesPerCall),
        off_t(offset + done))
      if length < 0 && errno == EINTR { continue }
      if length < 0 {
        throw InterchangeError(source: name, problem: "cannot read: \(systemWords(errno))")
      }
      if length == 0 {
        throw InterchangeError(
          source: name,
          problem: "ended at byte \(offset + done) while it was read; it had \(count) bytes")
      }
      done += length
    }
  }
}

enum FileLimits {
  /// The most bytes one system call is given: some systems refuse 2 GiB and more.
  static let bytesPerCall = 1 << 30
}

/// The system's own words for an error number.
func systemWords(_ number: Int32) -> String {
  String(cString: strerror(number))
}
