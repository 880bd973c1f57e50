import Foundation
import Tensors

/// Rows of a text to be learned character by character.
///
/// A character is a Unicode scalar of the text in its composed form (NFC); class k is the k-th
/// character of those that occur, in ascending order. A row holds the numbers of `context`
/// characters, and its targets those of the same window one character on, so that every step asks
/// for the next character. The windows lie side by side unless `stride` says otherwise: then each
/// character is a target once an epoch, and the rows take no more memory than the text's numbers.
/// What does not fill a last window is left out.
enum TextRows {
  /// More characters than this would need a confusion matrix of over 100 MB.
  static let mostCharacters = 4096

  /// Reads a file of UTF-8 text.
  ///
  /// - Throws: `DatasetError` where it is missing, no UTF-8, shorter than a window, of one character
  ///   only, or holds a character that is not among those that are known.
  static func read(_ path: String, _ options: TextOptions) throws -> Dataset {
    let bytes = try FileBytes(path: path).readAll()
    if let stray = bytes.withUnsafeBufferPointer(UTF8Check.firstStray) {
      let line = bytes[..<stray].count { $0 == UInt8(ascii: "\n") } + 1
      throw DatasetError(
        at: "\(path), line \(line)", found: "bytes that are no UTF-8", expected: "a text in UTF-8")
    }
    var data = try dataset(
      of: String(decoding: bytes, as: UTF8.self), options, name: path)
    data.name = ArrayDatasets.fileName(path)
    return data
  }

  /// The rows of a text.
  static func dataset(of text: String, _ options: TextOptions, name: String) throws -> Dataset {
    let context = options.context
    let step = options.stride ?? context
    for (what, size) in [("context", context), ("stride", step)]
    where !(1...TextOptions.longest).contains(size) {
      throw DatasetError(
        at: name, found: "a \(what) of \(size) characters",
        expected: "1 to \(TextOptions.longest)")
    }
    let scalars = Array(text.precomposedStringWithCanonicalMapping.unicodeScalars)
    let names = try options.characters ?? characters(in: scalars, name: name)
    let tokens = try numbers(of: scalars, names, name: name)
    guard tokens.count > context else {
      throw DatasetError(
        at: name, found: "\(tokens.count) characters",
        expected: "at least \(context + 1), for a window of \(context) and the character after it")
    }
    let rows = (tokens.count - 1 - context) / step + 1
    let shape = Shape([rows, context])
    guard let count = shape.checkedCount, count <= 1 << 36 else {
      throw DatasetError(
        at: name, found: "\(rows) windows of \(context) characters",
        expected: "fewer: a larger stride")
    }
    func window<T>(_ type: ScalarType, from first: Int, _ number: (Int32) -> T) -> Tensor {
      Tensor(shape: shape, type: type) { memory in
        let out = memory.bindMemory(to: T.self)
        for row in 0..<rows {
          for place in 0..<context {
            out[row * context + place] = number(tokens[row * step + place + first])
          }
        }
      }
    }
    var data = Dataset(
      name: name, features: window(.float32, from: 0) { Float($0) },
      targets: .classes(window(.int32, from: 1) { $0 }, names: names), source: name,
      suggestedScaling: .none)
    data.form = .text(context: context, stride: step)
    return data
  }

  /// The characters that occur, in ascending order.
  private static func characters(in scalars: [Unicode.Scalar], name: String) throws -> [String] {
    let distinct = Set(scalars).sorted()
    guard (2...mostCharacters).contains(distinct.count) else {
      throw DatasetError(
        at: name, found: "\(distinct.count) different characters",
        expected: "2 to \(mostCharacters)")
    }
    return distinct.map { String($0) }
  }

  /// The characters' numbers.
  private static func numbers(
    of scalars: [Unicode.Scalar], _ names: [String], name: String
  ) throws -> [Int32] {
    let known = CharacterNumbers(names)
    var line = 1
    return try scalars.map { scalar in
      guard let number = known[scalar] else {
        throw DatasetError(
          at: "\(name), line \(line)", found: "the character \(quoted(shownCharacter(scalar)))",
          expected: "one of the \(names.count) that the network has learned")
      }
      if scalar == "\n" { line += 1 }
      return number
    }
  }
}

/// The numbers of characters by their names.
package struct CharacterNumbers {
  private let numbers: [Unicode.Scalar: Int32]

  /// - Parameter names: Characters, each of one Unicode scalar; what is none has no number.
  package init(_ names: [String]) {
    var numbers: [Unicode.Scalar: Int32] = [:]
    for (number, name) in names.enumerated() {
      let scalars = name.unicodeScalars
      if let scalar = scalars.first, scalars.count == 1 { numbers[scalar] = Int32(number) }
    }
    self.numbers = numbers
  }

  /// A character's number; nil where it is not known.
  package subscript(scalar: Unicode.Scalar) -> Int32? { numbers[scalar] }
}

/// A character as it can be read in a list: `\n` for a line break, `␠` for a space, the number for
/// what else leaves no mark.
package func shownCharacter(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\n": return "\\n"
  case "\r": return "\\r"
  case "\t": return "\\t"
  case " ": return "␠"
  default: break
  }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned,
    .privateUse, .surrogate, .nonspacingMark, .enclosingMark, .spacingMark:
    return "U+" + String(scalar.value, radix: 16, uppercase: true)
  default: return String(scalar)
  }
}

extension RowForm {
  /// The names of classes as they can be read in a list: characters that leave no mark get one.
  public func shown(_ names: [String]) -> [String] {
    guard case .text = self else { return names }
    return names.map { name in
      name.unicodeScalars.map(shownCharacter).joined()
    }
  }
}
