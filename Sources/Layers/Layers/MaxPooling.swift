import GraphIR
import Tensors

/// The largest number of each window, channel by channel.
///
/// y = max x over the window, with x of shape [batch, steps, channels] or [batch, height, width,
/// channels]. Along an axis of n elements there are ⌊(n + 2 p − d (k − 1) − 1) / s⌋ + 1 windows, for
/// the window's length k, the stride s, the padding p on both sides and the dilation d; rounded up
/// where asked. Padding is −∞. The gradient goes to the largest element, the first of equal ones. It
/// has no parameters.
///
/// ```swift
/// print(try MaxPooling([2]).outputShape(input: [28, 28, 32]))      // [14, 14, 32]
/// ```
public struct MaxPooling: Layer {
  public static let kind = "maxPooling"

  /// The windows' length, for each axis or for all.
  public let window: [Int]
  /// How far each window is from the next; nil for the windows' length.
  public let strides: [Int]?
  /// How far windows reach beyond the input on both sides; 0 unless told otherwise.
  public let padding: [Int]
  /// The distance between neighbors in a window; 1 unless told otherwise.
  public let dilations: [Int]
  /// Whether the number of windows is rounded up, so that no element is left out; false unless told
  /// otherwise.
  public let roundsUp: Bool
  public let name: String?

  public init(
    _ window: [Int], strides: [Int]? = nil, padding: [Int] = [0], dilations: [Int] = [1],
    roundsUp: Bool = false, name: String? = nil
  ) {
    self.window = window
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.roundsUp = roundsUp
    self.name = name
  }

  private var settings: SlidingSettings {
    SlidingSettings(
      window: window, strides: strides, padding: padding, dilations: dilations, roundsUp: roundsUp)
  }

  public var problem: String? { settings.problem }
  public var description: String { "max pooling, \(settings.description)" }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let windows = settings.windows(over: input, kind: Self.kind, in: scope) else {
      return input
    }
    return input.maxPooled(windows)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(MaxPooling([2]), input: [4, 2]),
      LayerSample(MaxPooling([3, 2], strides: [2, 1], padding: [1]), input: [5, 4, 2]),
      LayerSample(MaxPooling([2], strides: [2], roundsUp: true), input: [3, 5, 1]),
      LayerSample(MaxPooling([2], strides: [1], dilations: [2]), input: [6, 1]),
    ]
  }
}

extension MaxPooling {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case window, strides, padding, dilations, roundsUp, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.window, as: AxisNumbers.self).values,
      strides: try fields.value(ifPresent: .strides, as: AxisNumbers.self)?.values,
      padding: try fields.value(ifPresent: .padding, as: AxisNumbers.self)?.values ?? [0],
      dilations: try fields.value(ifPresent: .dilations, as: AxisNumbers.self)?.values ?? [1],
      roundsUp: try fields.value(.roundsUp, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
