import Foundation
import Tensors

/// Named tensors and text metadata in the safetensors format.
///
/// The file is an 8-byte little-endian number N, then N bytes of JSON, then the tensors' bytes,
/// little-endian and row-major:
///
/// ```
/// {"__metadata__": {"format": "1"},
///  "hidden.weight": {"dtype": "F32", "shape": [784, 16], "data_offsets": [0, 50176]}}
/// ```
///
/// F32, F64 and I32 are read and written as they are. F16 and BF16 are read as Float32; I64, I16,
/// I8, U64, U32, U16, U8 and BOOL as Int32, each value checked to fit.
///
/// Nothing in a file is believed: the header's length, every type, shape and byte range are
/// checked against the file's true size before memory is set aside for a tensor.
///
/// ```swift
/// var file = SafetensorsFile()
/// file.tensors.append(("hidden.weight", Tensor([[1, 2], [3, 4]])))
/// try file.write(to: "model.safetensors")
/// ```
///
/// Format: https://huggingface.co/docs/safetensors
public struct SafetensorsFile: Sendable {
  /// The tensors, in the order of the header.
  public var tensors: [(name: String, tensor: Tensor)]
  /// Free text by key, held in the header's `__metadata__`.
  public var metadata: [String: String]

  /// A file's contents; empty unless told otherwise.
  public init(tensors: [(name: String, tensor: Tensor)] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of a name, or nil where there is none. Looks through all names.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }

  /// The longest header that is read: 100 MB, the limit that other readers keep.
  public static let longestHeader = 100_000_000

  /// The most axes that a tensor read from a file may have.
  public static let mostAxes = 64

  /// The header's key that names the metadata, and so no tensor.
  static let metadataKey = "__metadata__"
}

// MARK: - Reading

extension SafetensorsFile {
  /// Reads a file.
  ///
  /// - Throws: `InterchangeError`, with the path, where the file cannot be opened or read or is
  ///   not a sound safetensors file.
  public init(contentsOf path: String) throws {
    try self.init(FileSource(path: path))
  }

  /// Reads the bytes of a file that are already in memory.
  ///
  /// - Parameter source: what errors call the bytes.
  /// - Throws: `InterchangeError` where the bytes are not a sound safetensors file.
  public init(data: some ContiguousBytes, source: String = "safetensors data") throws {
    self = try data.withUnsafeBytes {
      try SafetensorsFile(MemorySource(name: source, memory: $0))
    }
  }

  private init(_ source: some ByteSource) throws {
    let header = try SafetensorsHeader(source)
    metadata = header.metadata
    tensors = []
    for entry in header.entries {
      tensors.append((entry.name, try entry.tensor(in: source, dataStart: header.dataStart)))
    }
  }
}

extension SafetensorsHeader.Entry {
  /// Reads the entry's tensor. The entry has been checked against the source's size.
  fileprivate func tensor(in source: some ByteSource, dataStart: Int) throws -> Tensor {
    let bytes = dataStart + range.lowerBound..<dataStart + range.upperBound
    if type == StoredType(type.scalarType) {
      // Stored as it is held: straight from the file into the tensor.
      return try Tensor(shape: shape, type: type.scalarType) { buffer in
        try source.read(
          at: bytes.lowerBound,
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<range.count]))
      }
    }
    let stored = try source.bytes(in: bytes)
    switch stored.withUnsafeBytes(type.decode) {
    case .success(let storage): return Tensor(storage, shape: shape)
    case .failure(let unfit):
      throw InterchangeError(
        source: source.name, entry: name,
        problem: "element \(unfit.index) is \(unfit.value); expected \(unfit.expected)")
    }
  }
}
