import Foundation

/// Reads small text files: worksheets and lists of claims.
enum WorksheetFile {
  /// The most bytes that are read.
  static let mostBytes = 10_000_000

  /// The text of a file, without a byte order mark.
  ///
  /// The size is known before anything is read. What has none, such as a pipe, is read up to the
  /// limit.
  ///
  /// - Throws: ``WorksheetError`` where it cannot be read, is too large, or is no UTF-8.
  static func text(at path: String) throws -> String {
    func refused(_ message: String) -> WorksheetError {
      WorksheetError(file: path, message: message)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw refused("cannot open the file: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw refused("cannot examine the file: \(String(cString: strerror(errno)))")
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw refused("is a folder; expected a file") }
    if status.st_size > mostBytes {
      throw refused("has \(status.st_size) bytes, expected at most \(mostBytes)")
    }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let length = read(descriptor, &piece, piece.count)
      if length < 0 && errno == EINTR { continue }
      guard length >= 0 else {
        throw refused("cannot read the file: \(String(cString: strerror(errno)))")
      }
      if length == 0 { break }
      bytes += piece[..<length]
      if bytes.count > mostBytes { throw refused("has more than \(mostBytes) bytes") }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WorksheetError(
        file: path, line: lineOfStrayByte(in: bytes),
        message: "found bytes that are not UTF-8, expected UTF-8 text")
    }
    return withoutMark(text)
  }

  /// The text without a byte order mark at its start.
  static func withoutMark(_ text: String) -> String {
    text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  private static func lineOfStrayByte(in bytes: [UInt8]) -> Int {
    var (decoder, source, line) = (UTF8(), bytes.makeIterator(), 1)
    while case .scalarValue(let scalar) = decoder.decode(&source) {
      if scalar == "\n" { line += 1 }
    }
    return line
  }
}
