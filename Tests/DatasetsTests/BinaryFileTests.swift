import Datasets
import Foundation
import Tensors
import Testing

@Suite("IDX, .npy and .npz files")
struct BinaryFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func error(_ bytes: [UInt8], _ name: String) -> String {
    message { try Dataset.read(try folder.write(bytes, name)) }
      .replacingOccurrences(of: folder.path + "/", with: "")
  }

  // MARK: IDX

  @Test("images and labels beside them, plain and packed", arguments: [false, true])
  func pair(isPacked: Bool) throws {
    let images = idx(sizes: [3, 2, 2], Array(0..<12))
    let labels = idx(sizes: [3], [7, 3, 7])
    let ending = isPacked ? ".gz" : ""
    let path = try folder.write(isPacked ? gzip(images) : images, "a-images-idx3-ubyte" + ending)
    _ = try folder.write(isPacked ? gzip(labels) : labels, "a-labels-idx1-ubyte" + ending)
    let data = try Dataset.read(path).train
    #expect(data.features == Tensor((0..<12).map { Float($0) }, shape: [3, 2, 2]))
    #expect(data.inputShape == [2, 2])
    #expect(data.targets == .classes(Tensor([Int32(1), 0, 1]), names: ["3", "7"]))
    #expect(data.suggestedScaling == .divide(by: 255))
  }

  @Test("all types of numbers, big-endian")
  func types() throws {
    func read(_ type: UInt8, _ data: [UInt8]) throws -> Tensor {
      let path = try folder.write(idx(type: type, sizes: [2, 1], data), "numbers.idx")
      return try Dataset.read(path).train.features
    }
    let float = bigEndian(Float(1.5).bitPattern) + bigEndian(Float(-2).bitPattern)
    let double = bigEndian(0.1.bitPattern) + bigEndian((-2.0).bitPattern)
    #expect(try read(8, [1, 255]) == Tensor([Float(1), 255], shape: [2, 1]))
    #expect(try read(9, [1, 255]) == Tensor([Float(1), -1], shape: [2, 1]))
    #expect(try read(0xB, [1, 0, 255, 254]) == Tensor([Float(256), -2], shape: [2, 1]))
    #expect(
      try read(0xC, bigEndian(Int32(70_000_001)) + bigEndian(Int32(-3)))
        == Tensor([[70_000_001], [-3]]))
    #expect(try read(0xD, float) == Tensor([Float(1.5), -2], shape: [2, 1]))
    #expect(try read(0xE, double) == Tensor([[0.1], [-2]]))
  }

  @Test("IDX files that are cut short, lie or are none")
  func badIDX() {
    #expect(
      error(idx(sizes: [3, 2, 2], Array(0..<11)), "a.idx")
        == "a.idx: found the declared shape [3, 2, 2] of uint8, which is 12 bytes; "
        + "expected no more than the 11 bytes that the file can hold")
    #expect(
      error(idx(sizes: [.max, .max, .max], [1]), "b.idx").contains(
        "whose size in bytes can be counted"))
    #expect(error(idx(sizes: [.max, .max], [1]), "b2.idx").contains("found the declared shape"))
    #expect(error(idx(sizes: [0, .max, .max, .max], []), "z.idx").contains("can be counted"))
    #expect(error(idx(sizes: [0, 4], []), "0.idx").contains("expected at least one row"))
    #expect(error(idx(sizes: [3, 0], []), "30.idx").contains("expected rows of features"))
    #expect(
      error(idx(sizes: [2], [1, 2, 3]), "c.idx").contains("more bytes than its header declares"))
    #expect(error([0, 0, 8], "d.idx").contains("at most 3 bytes left for the header"))
    #expect(error([0, 0, 8, 3, 0, 0], "e.idx").contains("at most 2 bytes left for the header"))
    #expect(
      error([1, 2, 3, 4], "f.idx").contains("found the first bytes 1 2 3 4; expected an IDX"))
    #expect(error([0, 0, 7, 1, 0, 0, 0, 0], "g.idx").contains("expected an IDX header"))
  }

  @Test("packed files that are cut short, lie or are damaged")
  func badPacked() throws {
    let whole = gzip(idx(sizes: [100], [UInt8](repeating: 5, count: 100)))
    #expect(error(whole, "whole.gz") == "no error")
    for length in [3, 12, 40, whole.count - 8, whole.count - 1] {
      #expect(error(Array(whole.prefix(length)), "cut.gz").contains("this one is cut short"))
    }
    let wrongSum = gzip(idx(sizes: [3], [1, 2, 3]), checksum: 1)
    #expect(error(wrongSum, "sum.gz").contains("incorrect data check"))
    var damaged = decoded("H4sIAAAAAAACA2Ng4GBkYGBIYaADAAA/7esHbAAAAA==")
    #expect(error(damaged, "deflated.gz") == "no error")
    damaged[12] ^= 0xFF
    #expect(error(damaged, "damaged.gz").hasPrefix("damaged.gz: found"))
    #expect(error(whole + [1], "more.gz").contains("more bytes after the packed data"))
    #expect(
      error(gzip(idx(sizes: [2], [1, 2, 3])), "longer.gz").contains("more bytes than its header"))
    #expect(
      error(gzip(idx(sizes: [4], [1, 2, 3])), "shorter.gz")
        == "shorter.gz: found the end after 3 bytes of data; expected 4 bytes")
    // A gigabyte cannot come out of a hundred bytes; none of it is allocated.
    #expect(
      error(gzip(idx(sizes: [1 << 15, 1 << 15], [1])), "bomb.gz")
        .contains("which is 1073741824 bytes; expected no more than"))
    #expect(error([0x1F, 0x8B], "head.gz").contains("cut short"))
    #expect(error([], "empty.gz").contains("at most 0 bytes left"))
  }

  #if !canImport(Darwin)
    @Test("without libcurl the message says what to do")
    func missingCurl() {
      let text = message { try CurlLibrary(libraries: ["libno-such-thing.so"]) }
      #expect(text.contains("libno-such-thing.so"))
      #expect(text.contains("apt install libcurl4"))
    }
  #endif

  @Test("without zlib the message says what to do")
  func missingZLib() {
    let text = message { try ZLib(libraries: ["libno-such-thing.so"]) }
    #expect(text.contains("found no library libno-such-thing.so"))
    #expect(text.contains("install it") && text.contains("gunzip"))
  }

  @Test("rows of images and labels must match")
  func rowCounts() throws {
    let path = try folder.write(idx(sizes: [3, 2], Array(0..<6)), "b-images-idx3-ubyte")
    let labels = try folder.write(idx(sizes: [2], [0, 1]), "b-labels-idx1-ubyte")
    #expect(
      message { try Dataset.read(path) }
        == "\(labels): found targets of shape [2]; expected 3 rows, as in \(path)")
    _ = try folder.write(idx(sizes: [3], [4, 4, 4]), "b-labels-idx1-ubyte")
    #expect(message { try Dataset.read(path) }.contains("found only the class 4"))
    let folder = folder.path
    #expect(message { try Dataset.read(folder) }.contains("found no file train-labels-idx1-ubyte"))
  }

  // MARK: npy

  @Test(".npy: order, byte order, versions, types, and the targets beside it")
  func npyFiles() throws {
    let fortran = decoded(
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwg"
        + "MyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAoAAAAAAAAAAEAIAAAAAAAAP/AAAAAAAABAEAAAAAAAAEAAAAAAAAAAQBQAAAAAAAA=")
    let x = try folder.write(fortran, "X.npy")
    _ = try folder.write(npy("<f8", shape: "(2,)", bytes([0.5, 1.5])), "y.npy")
    let data = try Dataset.read(x).train
    #expect(data.features == Tensor([[0, 1, 2], [3, 4, 5]]))
    #expect(data.targets == .values(Tensor([[0.5], [1.5]]), names: ["y"]))

    let second = decoded(
      "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAo"
        + "MywpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAoAAAEAAgA=")
    let version2 = try Dataset.read(try folder.write(second, "version2.npy")).train
    #expect(version2.features == Tensor([Float(0), 1, 2], shape: [3, 1]))

    func read(_ type: String, _ data: [UInt8]) throws -> Tensor {
      try Dataset.read(try folder.write(npy(type, shape: "(2, 1)", data), "n.npy")).train.features
    }
    #expect(try read("|u1", [1, 255]) == Tensor([Float(1), 255], shape: [2, 1]))
    #expect(try read("|b1", [1, 0]) == Tensor([Float(1), 0], shape: [2, 1]))
    #expect(try read("<i2", [0, 1, 254, 255]) == Tensor([Float(256), -2], shape: [2, 1]))
    #expect(try read(">u2", [1, 0, 255, 254]) == Tensor([Float(256), 65534], shape: [2, 1]))
    #expect(
      try read("<i8", littleEndian(Int64(1) << 53) + littleEndian(Int64(-1)))
        == Tensor([[0x1p53], [-1]]))
    #expect(
      try read("<f4", littleEndian(Float(0.1).bitPattern) + littleEndian(Float(2).bitPattern))
        == Tensor([Float(0.1), 2], shape: [2, 1]))
  }

  @Test("labels that are whole numbers are classes")
  func npyLabels() throws {
    let x = try folder.write(npy("<f8", shape: "(3,)", bytes([1, 2, 3])), "some.npy")
    let y = try folder.write(
      npy("<i4", shape: "(3,)", [5, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0]), "l.npy")
    let data = try Dataset.read(x, options: ReadOptions(targetsPath: y)).train
    #expect(data.features.shape == [3, 1])
    #expect(data.targets == .classes(Tensor([Int32(1), 0, 1]), names: ["2", "5"]))
    #expect(try Dataset.read(x).train.hasTargets == false)
  }

  @Test(".npy files that are cut short, lie or are none")
  func badNPY() {
    #expect(
      error(npy("<f8", shape: "(2, 2)", bytes([1, 2, 3])), "a.npy")
        == "a.npy: found the declared shape [2, 2] of float64, which is 32 bytes; "
        + "expected no more than the 24 bytes that the file can hold")
    #expect(
      error(npy("<f8", shape: "(4611686018427387904, 4)", []), "b.npy").contains("can be counted"))
    #expect(
      error(npy("<f8", shape: "(0, 4611686018427387904, 4)", []), "b0.npy").contains(
        "can be counted"))
    #expect(
      error(npy("<f8", shape: "(99999999999999999999,)", []), "c.npy").contains("found the size"))
    #expect(error(npy("<f8", shape: "(-1,)", []), "d.npy").contains("found the size \"-1\""))
    #expect(
      error(npy("<f8", shape: "(1,)", bytes([1, 2])), "e.npy").contains(
        "more bytes than its header"))
    #expect(error(npy("<U8", shape: "(1,)", [1]), "f.npy").contains("numbers of type \"<U8\""))
    #expect(
      error(npy("<f8", order: "Maybe", shape: "(1,)", bytes([1])), "g.npy").contains(
        "True or False"))
    #expect(error(Array("no numpy here".utf8), "h.npy").contains("found other first bytes"))
    #expect(
      error(Array(npy("<f8", shape: "(1,)", []).prefix(30)), "i.npy").contains(
        "bytes left for the header"))
    #expect(
      error([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255], "j.npy").contains(
        "a header of 4294967295"))
    #expect(
      error(npy("<f8", shape: "()", bytes([1])), "k.npy").contains("expected at least one row"))
    #expect(
      error(npy("<u8", shape: "(1,)", littleEndian(UInt64.max)), "l.npy").contains(
        "found the integer 18446744073709551615"))
    #expect(
      error(npy("<f8", shape: "(2, 2)", bytes([1, 2, 3, .nan])), "m.npy")
        == "m.npy, row 2, column 2: found nan; expected a finite number")
  }

  // MARK: npz

  private static let keras = decoded(
    "UEsDBC0AAAAIAAAAIQCXXhFY//////////8LABQAeF90cmFpbi5ucHkBABAAsAAAAAAAAABTAAAAAAAAAJvsF+obEMnI"
      + "UMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GmY6CkY6CiaaOgq1CuQBLgZGJmYW"
      + "VjZ2YmkAUEsDBC0AAAAIAAAAIQBUqoLo//////////8LABQAeV90cmFpbi5ucHkBABAAhgAAAAAAAABJAAAAAAAAAJvs"
      + "F+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GmY6mjoKtQoUAC4GRiYg"
      + "AgBQSwMELQAAAAgAAAAhAIIvUcL//////////woAFAB4X3Rlc3QubnB5AQAQAJgAAAAAAAAATAAAAAAAAACb7BfqGxDJ"
      + "yFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOgpGOgommjoKtQrkAS5GHAAA"
      + "UEsDBC0AAAAIAAAAIQAKX+wB//////////8KABQAeV90ZXN0Lm5weQEAEACDAAAAAAAAAEcAAAAAAAAAm+wX6hsQychQ"
      + "xlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALiZGBgBQSwECLQMt"
      + "AAAACAAAACEAl14RWFMAAACwAAAACwAAAAAAAAAAAAAAgAEAAAAAeF90cmFpbi5ucHlQSwECLQMtAAAACAAAACEAVKqC"
      + "6EkAAACGAAAACwAAAAAAAAAAAAAAgAGQAAAAeV90cmFpbi5ucHlQSwECLQMtAAAACAAAACEAgi9RwkwAAACYAAAACgAA"
      + "AAAAAAAAAAAAgAEWAQAAeF90ZXN0Lm5weVBLAQItAy0AAAAIAAAAIQAKX+wBRwAAAIMAAAAKAAAAAAAAAAAAAACAAZ4B"
      + "AAB5X3Rlc3QubnB5UEsFBgAAAAAEAAQA4gAAACECAAAAAA==")

  @Test("a packed archive as NumPy writes it, with a train and a test part")
  func packedArchive() throws {
    let source = try Dataset.read(try folder.write(Self.keras, "keras.npz"))
    #expect(source.train.features.shape == [6, 2, 4])
    #expect(source.train.features.doubles.prefix(8) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(source.train.classCounts == [2, 2, 2])
    #expect(
      source.test?.targets == .classes(Tensor([Int32(2), 1, 0]), names: ["0", "1", "2"]))
  }

  @Test("a stored archive of x and y")
  func storedArchive() throws {
    let x = npy("<f8", shape: "(2, 2)", bytes([1.5, 2, 3, 4]))
    let y = npy("<f8", shape: "(2, 1)", bytes([0.5, 1]))
    let archive = zip([("X.npy", x), ("y.npy", y)])
    let data = try Dataset.read(try folder.write(archive, "a.npz")).train
    #expect(data.features == Tensor([[1.5, 2], [3, 4]]))
    #expect(data.targets == .values(Tensor([[0.5], [1]]), names: ["y"]))
  }

  @Test("archives that are cut short, lie or are damaged")
  func badArchives() {
    for length in stride(from: 0, to: Self.keras.count, by: 13) {
      let text = error(Array(Self.keras.prefix(length)), "cut.npz")
      #expect(text.hasPrefix("cut.npz"), "cut to \(length) bytes: \(text)")
    }
    // No single damaged byte may crash the reader, whatever it then finds.
    var refused = 0
    for place in Self.keras.indices {
      var bytes = Self.keras
      bytes[place] ^= 0xFF
      if error(bytes, "damaged.npz") != "no error" { refused += 1 }
    }
    #expect(refused > Self.keras.count / 2)

    let x = npy("<f8", shape: "(1,)", bytes([1]))
    #expect(error(zip([("X.npy", x)], checksum: 7), "sum.npz").contains("found the checksum"))
    #expect(
      error(zip([("X.npy", x)], size: 1 << 40), "size.npz").contains("found a declared size of"))
    #expect(
      error(zip([("X.npy", x)], packedSize: 5000), "packed.npz").contains(
        "beyond the archive's end"))
    #expect(
      error(zip([("z.npy", x)]), "names.npz")
        == "names.npz: found the arrays \"z.npy\"; expected features named x, X, data, features "
        + "or x_train")
  }

  /// A zip archive of stored files, whose directory may lie.
  private func zip(
    _ files: [(name: String, data: [UInt8])], checksum sum: UInt32? = nil, size: Int? = nil,
    packedSize: Int? = nil
  ) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for (name, data) in files {
      let big = size.map { $0 > 0xFFFF_FFFE } ?? false
      let extra: [UInt8] = big ? [1, 0, 8, 0] + littleEndian(Int64(size ?? 0)) : []
      let common: [UInt8] =
        littleEndian(sum ?? checksum(data)) + littleEndian(UInt32(packedSize ?? data.count))
        + littleEndian(big ? UInt32.max : UInt32(size ?? data.count))
        + littleEndian(UInt16(name.utf8.count))
      directory +=
        [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + common
        + littleEndian(UInt16(extra.count)) + [UInt8](repeating: 0, count: 10)
        + littleEndian(UInt32(body.count)) + Array(name.utf8) + extra
      body +=
        [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + common + [0, 0] + Array(name.utf8)
        + data
    }
    let count = littleEndian(UInt16(files.count))
    return body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + littleEndian(UInt32(directory.count)) + littleEndian(UInt32(body.count)) + [0, 0]
  }
}
