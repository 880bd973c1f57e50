import Datasets
import Foundation
import Testing

@Suite("Paths and what they lead to")
struct PathTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("what is a table is found as in reading")
  func isTable() throws {
    #expect(try Dataset.isTable(try folder.write("x,y\n1,2\n", "t.csv")))
    #expect(try Dataset.isTable(try folder.write("x,y\n1,2\n", "table")))
    for name in ["iris", "xor", "mnist", folder.path] { #expect(try !Dataset.isTable(name)) }
    let array = npy("<f8", shape: "(1, 1)", bytes([1]))
    #expect(try !Dataset.isTable(try folder.write(array, "x.npy")))
    #expect(try !Dataset.isTable(try folder.write(array, "array")))
    #expect(try !Dataset.isTable(try folder.write(array, "array.csv")))
    #expect(try !Dataset.isTable(try folder.write(idx(sizes: [1], [5]), "images")))
    #expect(try !Dataset.isTable(try folder.write(gzip([1]), "packed")))
    let missing = folder.path + "/none.csv"
    #expect(message { try Dataset.isTable(missing) } == message { try Dataset.read(missing) })
    #expect(message { try Dataset.isTable(missing) }.hasPrefix("\(missing): found no such file"))
  }

  @Test("a set read from a file has the file's name with its ending")
  func names() throws {
    let array = npy("<f8", shape: "(1, 1)", bytes([1]))
    #expect(try Dataset.read(try folder.write(array, "X.npy")).train.name == "X.npy")
    #expect(try Dataset.read(try folder.write("x,y\n1,2\n", "t.csv")).train.name == "t.csv")
  }

  @Test("a packed table is refused with what .gz is read for")
  func packedTable() throws {
    let path = try folder.write(gzip(Array("x,y\n1,2\n".utf8)), "t.csv.gz")
    let text = message { try Dataset.read(path) }
    #expect(text.hasSuffix("; .gz is read for IDX files only, unpack other files first"))
    let plain = try folder.write("x,y\n1,2\n", "t.idx")
    #expect(!message { try Dataset.read(plain) }.contains(".gz"))
  }

  @Test("a folder is named as it was given")
  func folderAsGiven() throws {
    #expect(
      message { try Dataset.read(".") }
        == ".: found no file train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz; "
        + "expected MNIST's four files (images and labels of train and t10k), or a folder of PNG or "
        + "JPEG images for each class")
  }
}
