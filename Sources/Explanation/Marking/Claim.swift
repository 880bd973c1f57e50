/// A number of a hand derivation: what somebody says that a quantity is.
public struct Claim: Hashable, Sendable {
  /// The quantity's name, as written: `net_o1`, `∂E/∂w5`, `w5⁺`.
  public let name: String
  /// The number as written, whose digits say how exact it is meant: `0.75136`.
  public let text: String
  /// The number.
  public let value: Double
  /// The line of the worksheet, from 1, where there is one.
  public let line: Int?

  public init(name: String, text: String, value: Double, line: Int? = nil) {
    self.name = name
    self.text = text
    self.value = value
    self.line = line
  }
}
