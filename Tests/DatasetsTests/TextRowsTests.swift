import Datasets
import Foundation
import Tensors
import Testing

@Suite("Texts as rows of characters")
struct TextRowsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String, _ options: TextOptions) throws -> Dataset {
    try Dataset.read(try folder.write(text, "book.txt"), options: ReadOptions(text: options)).train
  }

  private func error(_ text: String, _ options: TextOptions) -> String {
    message { try read(text, options) }.replacingOccurrences(of: folder.path + "/", with: "")
  }

  @Test("the windows lie side by side, and every character but the first is a target once")
  func windows() throws {
    let data = try read("abcabcab\n", TextOptions(context: 4))
    #expect(data.classNames == ["\n", "a", "b", "c"])
    #expect(data.features == Tensor([1, 2, 3, 1, 2, 3, 1, 2] as [Float], shape: [2, 4]))
    #expect(data.targets.tensor == Tensor([2, 3, 1, 2, 3, 1, 2, 0] as [Int32], shape: [2, 4]))
    #expect(data.classCounts == [1, 2, 3, 2] && data.suggestedScaling == .none)
    #expect(data.form == .text(context: 4, stride: 4) && data.name == "book.txt")
    #expect(data.form?.shown(data.classNames) == ["\\n", "a", "b", "c"])
    // What does not fill a window is left out.
    #expect(try read("abcabcab", TextOptions(context: 4)).count == 1)
    let near = try read("abcabc", TextOptions(context: 2, stride: 1))
    #expect(near.features.floats == [0, 1, 1, 2, 2, 0, 0, 1])
  }

  @Test("a composed and a decomposed letter are one character")
  func composition() throws {
    let data = try read("e\u{301}\u{E9}a", TextOptions(context: 2))
    #expect(data.classNames == ["a", "\u{E9}"] && data.features.floats == [1, 1])
  }

  @Test("parts are stretches in the order of the text, and share no target")
  func parts() throws {
    let text = (0..<100).map { String("abcdefghij".dropFirst($0 * $0 % 10).first ?? "a") }.joined()
    let source = DatasetSource(train: try read(text, TextOptions(context: 8, stride: 3)))
    #expect(source.train.count == 31)
    let parts = try source.parts(test: 0.2, validation: 0.25, seed: 1)
    #expect(parts.training.rowNumbers == Array(1...19))
    // Rows 20 and 21 begin within the window of row 19.
    #expect(parts.validation.rowNumbers == Array(22...25))
    #expect(parts.test?.rowNumbers == Array(28...31))
    let plain = try read(text, TextOptions(context: 8)).split(fraction: 0.5, seed: 3)
    #expect(plain.0.rowNumbers == Array(1...6) && plain.1.rowNumbers == Array(7...12))
    let folds = source.train.folds(3, seed: 1)
    #expect(folds.map { $0.validation.rowNumbers?.count } == [11, 10, 10])
    #expect(folds[1].validation.rowNumbers == Array(12...21))
  }

  @Test("another text is read with the characters that are known")
  func known() throws {
    let data = try read("cab", TextOptions(context: 2, characters: ["a", "b", "c"]))
    #expect(data.features.floats == [2, 0] && data.targets.tensor.integers == [0, 1])
    #expect(
      error("ab\ncß", TextOptions(context: 2, characters: ["\n", "a", "b", "c"]))
        == "book.txt, line 2: found the character \"ß\"; expected one of the 4 that the network has "
        + "learned")
  }

  @Test("texts that cannot be learned from are refused with words")
  func refusals() throws {
    let options = TextOptions(context: 4)
    #expect(
      error("abab", options) == "book.txt: found 4 characters; "
        + "expected at least 5, for a window of 4 and the character after it")
    #expect(error("aaaaaaa", options).contains("1 different characters"))
    #expect(error("", options).contains("0 different characters"))
    #expect(error("abab", TextOptions(context: 0)).contains("a context of 0 characters"))
    #expect(error("abab", TextOptions(context: 2, stride: .max)).contains("a stride of"))
    let path = try folder.write([0x61, 0x0A, 0xFF, 0x62], "bytes.txt")
    let said = message { try Dataset.read(path, options: ReadOptions(text: options)) }
    #expect(
      said.hasSuffix(
        "bytes.txt, line 2: found bytes that are no UTF-8; "
          + "expected a text in UTF-8"))
    let many = String(String.UnicodeScalarView((0x4E00..<0x6000).compactMap(Unicode.Scalar.init)))
    #expect(error(many, options).contains("expected 2 to 4096"))
  }
}
