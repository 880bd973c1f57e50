import GraphIR
import Tensors

/// A number for each axis, or one for all of them: in a file `2`, `[2]` or `[2, 3]`.
struct AxisNumbers: Decodable {
  let values: [Int]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      values = [value]
    } else {
      values = try container.decode([Int].self)
    }
  }
}

extension [Int] {
  /// What is wrong with a setting for each axis, or one for all; nil where nothing is.
  func problem(_ name: String, atLeast least: Int) -> String? {
    if isEmpty || count > 3 {
      return "\(name) has \(count) numbers, expected 1 to 3: one for each axis, or one for all"
    }
    let most = 1 << 20
    guard let wrong = first(where: { $0 < least || $0 > most }) else { return nil }
    return "\(name) is \(wrong), expected \(least) to \(most)"
  }

  /// The setting for each of `axes` axes; one number is for all of them.
  func spread(over axes: Int) -> [Int] {
    count == 1 ? [Int](repeating: self[0], count: axes) : self
  }

  /// As descriptions have it: `2 × 3`, or `2` for one number.
  var timesText: String { map(String.init).joined(separator: " × ") }
}

extension Scope {
  /// Whether an input is [batch, sizes…, channels] of the scope's type, with as many sizes as each
  /// list has numbers; a list of one is for any. What is wrong is recorded.
  func fits(_ input: Expression, kind: String, _ settings: (name: String, values: [Int])...) -> Bool
  {
    let shape = input.shape
    guard shape.rank >= 3, shape.rank <= 5 else {
      fail(
        "\(kind): input has shape \(shape), expected [batch, steps, channels] or "
          + "[batch, height, width, channels]; a layer reshape adds an axis")
      return false
    }
    guard input.scalarType == scalarType else {
      fail("\(kind): input is \(input.type), expected \(scalarType.rawValue) numbers")
      return false
    }
    for (name, values) in settings where values.count != 1 && values.count != shape.rank - 2 {
      fail(
        "\(kind): \(name) has \(values.count) numbers, expected 1 or \(shape.rank - 2) "
          + "for an input of shape \(shape)")
      return false
    }
    return true
  }
}

/// What the two sliding poolings have in common.
struct SlidingSettings {
  let window: [Int]
  let strides: [Int]?
  let padding: [Int]
  let dilations: [Int]
  let roundsUp: Bool

  var problem: String? {
    window.problem("window", atLeast: 1) ?? strides?.problem("strides", atLeast: 1)
      ?? padding.problem("padding", atLeast: 0) ?? dilations.problem("dilations", atLeast: 1)
  }

  var description: String {
    var text = "window \(window.timesText)"
    if let strides, strides != window { text += ", strides \(strides.timesText)" }
    if padding != [0] { text += ", padding \(padding.timesText)" }
    if dilations != [1] { text += ", dilations \(dilations.timesText)" }
    return text + (roundsUp ? ", rounded up" : "")
  }

  /// The windows over an input that fits; nil where it does not, which is recorded.
  func windows(over input: Expression, kind: String, in scope: Scope) -> PoolingWindows? {
    guard
      scope.fits(
        input, kind: kind, ("window", window), ("strides", strides ?? window), ("padding", padding),
        ("dilations", dilations))
    else { return nil }
    let axes = input.shape.rank - 2
    return .sliding(
      SlidingWindows(
        window: window.spread(over: axes), strides: (strides ?? window).spread(over: axes),
        before: padding.spread(over: axes), dilations: dilations.spread(over: axes),
        roundsUp: roundsUp))
  }
}
