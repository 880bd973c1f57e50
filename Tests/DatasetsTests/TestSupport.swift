import Datasets
import Foundation

/// A folder of a test's own, removed when the test is done with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func write(_ text: String, _ name: String) throws -> String { try write(text.utf8, name) }
}

/// The words of the error that `body` throws.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as DatasetError {
    return error.description
  } catch {
    return "another error: \(error)"
  }
}

/// The bytes of a Base64 text.
func decoded(_ text: String) -> [UInt8] { Array(Data(base64Encoded: text) ?? Data()) }

/// The CRC-32 of bytes, as zip and gzip files hold it.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  var sum = CRC32()
  bytes.withUnsafeBytes { sum.update($0) }
  return sum.value
}

/// A number's bytes, the least significant first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// A number's bytes, the most significant first.
func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] { littleEndian(value).reversed() }

/// A gzip stream of one stored (not compressed) block of at most 65,535 bytes.
func gzip(_ bytes: [UInt8], checksum sum: UInt32? = nil) -> [UInt8] {
  [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + littleEndian(UInt16(bytes.count))
    + littleEndian(~UInt16(bytes.count)) + bytes + littleEndian(sum ?? checksum(bytes))
    + littleEndian(UInt32(bytes.count))
}

/// An IDX file.
func idx(type: UInt8 = 8, sizes: [UInt32], _ data: [UInt8]) -> [UInt8] {
  [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { bigEndian($0) } + data
}

/// A version 1 `.npy` file.
func npy(_ type: String, order: String = "False", shape: String, _ data: [UInt8]) -> [UInt8] {
  let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(header.utf8.count))
    + Array(header.utf8) + data
}

/// The bytes of doubles, little-endian.
func bytes(_ values: [Double]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }
