import GraphIR
import Tensors

/// How many zeros a convolution puts around its input.
///
/// In architecture files: `"same"`, `"valid"`, a number for all axes or a list with one for each.
public enum ConvolutionPadding: Hashable, Sendable {
  /// As many that the output has one place for each stride of the input: ⌈n / s⌉. Where their number
  /// is odd, there is one more behind the input than before it.
  case same
  /// None.
  case valid
  /// So many before and behind the input, for all axes or for each.
  case sizes([Int])
}

/// Into how many groups a convolution cuts the channels.
///
/// In architecture files: a number, or `"each"`.
public enum ConvolutionGroups: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// So many groups.
  case count(Int)
  /// A group for each channel of the input.
  case each

  public init(integerLiteral value: Int) { self = .count(value) }
}

extension ConvolutionPadding: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(integerLiteral value: Int) { self = .sizes([value]) }
  public init(arrayLiteral elements: Int...) { self = .sizes(elements) }
}

extension ConvolutionPadding: Codable {
  /// - Throws: ``LayerError`` where it is none of the forms above.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      switch name.lowercased() {
      case "same": self = .same
      case "valid": self = .valid
      default:
        throw LayerError(
          "\(decoder.location)there is no padding \"\(name)\"; "
            + suggestion(for: name, in: ["same", "valid"]))
      }
    } else if let size = try? container.decode(Int.self) {
      self = .sizes([size])
    } else if let sizes = try? container.decode([Int].self) {
      self = .sizes(sizes)
    } else {
      throw LayerError(
        "\(decoder.location)found another value, expected \"same\", \"valid\" or whole numbers")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .same: try container.encode("same")
    case .valid: try container.encode("valid")
    case .sizes(let sizes): try container.encode(sizes)
    }
  }
}

extension ConvolutionGroups: Codable {
  /// - Throws: ``LayerError`` where it is neither a number nor `each`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
    } else if (try? container.decode(String.self))?.lowercased() == "each" {
      self = .each
    } else {
      throw LayerError("\(decoder.location)expected a number of groups or \"each\"")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .count(let count): try container.encode(count)
    case .each: try container.encode("each")
    }
  }
}

/// What a convolution and its transpose have in common: the kernel and how it moves.
struct KernelSettings: Hashable, Sendable {
  let kernel: [Int]
  let strides: [Int]
  let padding: ConvolutionPadding
  let dilation: [Int]

  /// Nothing is larger than this, so that no product of two settings overflows.
  static let largest = 1 << 20

  /// What is wrong with the settings; nil where nothing is.
  var problem: String? {
    guard (1...2).contains(kernel.count) else {
      return "kernel has \(kernel.count) sizes, expected 1 for sequences or 2 for images"
    }
    return problem(kernel, "kernel", from: 1) ?? problem(strides, "strides", from: 1)
      ?? problem(dilation, "dilation", from: 1) ?? problem(paddingSizes, "padding", from: 0)
  }

  private var paddingSizes: [Int] {
    if case .sizes(let sizes) = padding { sizes } else { [0] }
  }

  private func problem(_ values: [Int], _ name: String, from least: Int) -> String? {
    guard values.count == 1 || values.count == kernel.count else {
      return "\(name) has \(values.count) numbers, expected 1"
        + (kernel.count > 1 ? " or \(kernel.count)" : "")
    }
    guard let wrong = values.first(where: { !(least...Self.largest).contains($0) }) else {
      return nil
    }
    return "\(name) is \(wrong), expected \(least) to \(Self.largest)"
  }

  /// One number for each axis.
  func spread(_ values: [Int]) -> [Int] {
    values.count == kernel.count ? values : kernel.map { _ in values[0] }
  }

  /// How many zeros there are before and behind an input of these sizes.
  func padding(for input: [Int], transposed: Bool = false) -> (before: [Int], after: [Int]) {
    switch padding {
    case .valid: return (kernel.map { _ in 0 }, kernel.map { _ in 0 })
    case .sizes(let sizes): return (spread(sizes), spread(sizes))
    case .same:
      let (strides, dilation) = (spread(strides), spread(dilation))
      let total = kernel.indices.map { axis in
        let reach = (kernel[axis] - 1) * dilation[axis] + 1
        // A transposed convolution makes `stride` places of each, a convolution the other way round.
        let over =
          transposed ? strides[axis] : (input[axis] - 1) % strides[axis] + 1
        return max(reach - over, 0)
      }
      return (total.map { $0 / 2 }, total.map { $0 - $0 / 2 })
    }
  }

  /// What is not as usual, for one line of a summary.
  var words: String {
    let size = kernel.map(String.init).joined(separator: "×")
    func unlessUsual(_ values: [Int], _ name: String) -> String {
      let spread = spread(values)
      guard spread.contains(where: { $0 != 1 }) else { return "" }
      return ", \(name) "
        + (Set(spread).count == 1
          ? "\(spread[0])" : spread.map(String.init).joined(separator: "×"))
    }
    let around =
      switch padding {
      case .valid: ""
      case .same: ", same padding"
      case .sizes(let sizes):
        sizes.allSatisfy { $0 == 0 }
          ? "" : ", padding \(sizes.map(String.init).joined(separator: "×"))"
      }
    return size + unlessUsual(strides, "stride") + around + unlessUsual(dilation, "dilation")
  }
}

/// Whole numbers in a file: a list of them, or one that is no list.
private struct Sizes: Decodable {
  let values: [Int]
  let isList: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      (values, isList) = ([value], false)
    } else if let list = try? container.decode([Int].self) {
      (values, isList) = (list, true)
    } else {
      let found = (try? FoundValue(from: decoder))?.text ?? "something else"
      throw LayerError(
        "\(decoder.location)found \(found), expected a whole number or a list of whole numbers")
    }
  }
}

extension Fields {
  /// Whole numbers, or one that is no list.
  ///
  /// - Throws: ``LayerError`` where the field is neither.
  func sizes(_ key: Key, default: [Int]) throws -> [Int] {
    try value(ifPresent: key, as: Sizes.self)?.values ?? `default`
  }

  /// A kernel's sizes; a number that is no list is a square's.
  ///
  /// - Throws: ``LayerError`` where the field is neither, or missing.
  func kernel(_ key: Key) throws -> [Int] {
    let sizes = try value(key, as: Sizes.self)
    return sizes.isList ? sizes.values : sizes.values + sizes.values
  }
}

extension Scope {
  /// The sizes between batch and channels of an input of so many axes; nil, with the failure
  /// recorded, where it has others.
  func spatialSizes(of input: Expression, axes: Int, _ kind: String) -> [Int]? {
    let shape = input.shape
    let expected = axes == 1 ? "[batch, length, channels]" : "[batch, height, width, channels]"
    guard shape.rank == axes + 2 else {
      var message = "\(kind): input has shape \(shape), expected \(expected)"
      if shape.rank == axes + 1 {
        let sizes = shape.dimensions.dropFirst() + [1]
        message += "; a reshape layer to \(Shape(Array(sizes))) adds the axis of channels"
      }
      fail(message)
      return nil
    }
    guard shape.dimensions.dropFirst().allSatisfy({ $0 >= 1 }) else {
      fail("\(kind): input has shape \(shape), expected sizes of at least 1")
      return nil
    }
    guard input.scalarType == scalarType else {
      fail("\(kind): input is \(input.type), expected \(scalarType.rawValue) numbers")
      return nil
    }
    return Array(shape.dimensions[1...axes])
  }
}
