import Foundation
import Tensors

extension SafetensorsFile {
  /// The file's bytes. Equal contents give equal bytes: the metadata in the order of its keys,
  /// the tensors in theirs, the header filled up with spaces to a multiple of 8 bytes, and the
  /// data without gaps.
  ///
  /// - Throws: `InterchangeError` where two tensors share a name, or one has the reserved name
  ///   `__metadata__`.
  public func serialized() throws -> [UInt8] {
    var bytes = try header(for: "safetensors data")
    for (_, tensor) in tensors { tensor.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// Writes the file, whole or not at all (see `AtomicFile`).
  ///
  /// - Parameter describing: what errors call the contents.
  /// - Throws: `InterchangeError`, with the path, where a name is given twice or is reserved, or
  ///   the system cannot write.
  public func write(to path: String, describing contents: String = "tensors") throws {
    let header = try header(for: path)
    try AtomicFile.write(to: path, describing: contents) { file in
      try header.withUnsafeBytes(file.append)
      for (_, tensor) in tensors { try tensor.withUnsafeBytes(file.append) }
    }
  }

  /// The length and the JSON.
  private func header(for source: String) throws -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      members.append("\(jsonString(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var names: Set<String> = []
    var offset = 0
    for (name, tensor) in tensors {
      guard name != Self.metadataKey else {
        throw InterchangeError(
          source: source, entry: name, problem: "the name is reserved for the metadata")
      }
      guard names.insert(name).inserted else {
        throw InterchangeError(
          source: source, entry: name, problem: "the name is given to two tensors")
      }
      guard tensor.shape.rank <= Self.mostAxes else {
        throw InterchangeError(
          source: source, entry: name,
          problem: "the tensor has \(tensor.shape.rank) axes; at most \(Self.mostAxes) are stored")
      }
      let end = offset + tensor.count * tensor.scalarType.size
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonString(name)):{\"dtype\":\"\(StoredType(tensor.scalarType).rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    guard text.count <= Self.longestHeader else {
      throw InterchangeError(
        source: source,
        problem: "the header would have \(text.count) bytes; at most \(Self.longestHeader) are read"
      )
    }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
  }
}

/// The text as a JSON string: quotes, backslashes and control characters escaped (RFC 8259 §7).
private func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
