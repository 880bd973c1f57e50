import Foundation
import GraphIR
import Training

/// One setting of a kind of network.
public struct ClassicSetting: Hashable, Sendable {
  public let name: String
  /// What it is unless told otherwise, as it is written on a command line; empty where it is nothing.
  public let standard: String
  public let meaning: String
}

extension ClassicNetwork {
  /// All settings with what they are unless told otherwise.
  public static var settings: [ClassicSetting] {
    let standard = (try? SettingValue.members(of: Self())) ?? [:]
    return meanings.map {
      ClassicSetting(
        name: $0.setting, standard: standard[$0.setting]?.text ?? "", meaning: $0.meaning)
    }
  }

  /// The network with settings as they are written on a command line: `("rows", "12")`.
  ///
  /// - Throws: `TrainingError` for a setting that there is not, a text that is none of its values, or
  ///   settings that make no sense together.
  public init(settings: [(name: String, text: String)]) throws {
    var members = try SettingValue.members(of: Self())
    let names = Self.meanings.map(\.setting)
    for (name, text) in settings {
      guard names.contains(name) else {
        throw TrainingError.data(
          "\(Self.kind) has no setting \"\(name)\"; \(suggestion(for: name, in: names))")
      }
      members[name] = try SettingValue(text, like: members[name], name: name)
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(members))
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context) {
      let name = context.codingPath.first?.stringValue ?? Self.kind
      throw TrainingError.setting(
        name: name, found: "\"\(settings.last { $0.name == name }?.text ?? "")\"",
        expected: Self.meanings.first { $0.setting == name }?.meaning ?? context.debugDescription)
    }
    try check()
  }
}

/// The value of a setting in a file.
enum SettingValue: Codable, Hashable {
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case text(String)
  case list([SettingValue])

  /// The settings of a network, by name.
  static func members(of network: some ClassicNetwork) throws -> [String: SettingValue] {
    try JSONDecoder().decode([String: SettingValue].self, from: JSONEncoder().encode(network))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .whole(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else {
      self = .list(try container.decode([SettingValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }

  /// The value of a text, of the kind of `other` where that is known.
  ///
  /// - Throws: `TrainingError` where it is none.
  init(_ text: String, like other: SettingValue?, name: String) throws {
    func failure(_ expected: String) -> TrainingError {
      .setting(name: name, found: "\"\(text)\"", expected: expected)
    }
    switch other {
    case .flag:
      guard let value = ["yes": true, "true": true, "no": false, "false": false][text] else {
        throw failure("yes or no")
      }
      self = .flag(value)
    case .text: self = .text(text)
    case .list(let values):
      self = .list(
        try text.split(separator: ",").map {
          try SettingValue(String($0), like: values.first ?? .number(0), name: name)
        })
    case .whole, .number, nil:
      if let value = Int(text) {
        self = .whole(value)
      } else if let value = Double(text), value.isFinite {
        self = .number(value)
      } else if other == nil {
        self = .text(text)
      } else {
        throw failure("a number")
      }
    }
  }

  /// As it is written on a command line.
  var text: String {
    switch self {
    case .flag(let value): value ? "yes" : "no"
    case .whole(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .list(let values): values.map(\.text).joined(separator: ",")
    }
  }
}
