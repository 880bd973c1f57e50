import GraphIR
import Tensors

/// The mean of each window, channel by channel.
///
/// y = Σ x / n over the window, with x of shape [batch, steps, channels] or [batch, height, width,
/// channels], and n the number of places in the window: with those in the padding, which count as 0,
/// unless told otherwise. There are as many windows as in ``MaxPooling``. It has no parameters.
public struct AveragePooling: Layer {
  public static let kind = "averagePooling"

  /// The windows' length, for each axis or for all.
  public let window: [Int]
  /// How far each window is from the next; nil for the windows' length.
  public let strides: [Int]?
  /// How far windows reach beyond the input on both sides; 0 unless told otherwise.
  public let padding: [Int]
  /// Whether places in the padding count, as 0; true unless told otherwise.
  public let countsPadding: Bool
  /// Whether the number of windows is rounded up, so that no element is left out; false unless told
  /// otherwise.
  public let roundsUp: Bool
  public let name: String?

  public init(
    _ window: [Int], strides: [Int]? = nil, padding: [Int] = [0], countsPadding: Bool = true,
    roundsUp: Bool = false, name: String? = nil
  ) {
    self.window = window
    self.strides = strides
    self.padding = padding
    self.countsPadding = countsPadding
    self.roundsUp = roundsUp
    self.name = name
  }

  private var settings: SlidingSettings {
    SlidingSettings(
      window: window, strides: strides, padding: padding, dilations: [1], roundsUp: roundsUp)
  }

  public var problem: String? { settings.problem }

  public var description: String {
    "average pooling, \(settings.description)"
      + (countsPadding || padding == [0] ? "" : " not counted")
  }

  public func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
    guard let windows = settings.windows(over: input, kind: Self.kind, in: scope) else {
      return input
    }
    return input.averagePooled(windows, countsPadding: countsPadding)
  }

  public static var samples: [LayerSample] {
    [
      LayerSample(AveragePooling([2]), input: [4, 2]),
      LayerSample(AveragePooling([3, 2], strides: [2, 1], padding: [1]), input: [5, 4, 2]),
      LayerSample(
        AveragePooling([2], strides: [2], padding: [1], countsPadding: false, roundsUp: true),
        input: [3, 5, 1]),
    ]
  }
}

extension AveragePooling {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case window, strides, padding, countsPadding, roundsUp, name
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      try fields.value(.window, as: AxisNumbers.self).values,
      strides: try fields.value(ifPresent: .strides, as: AxisNumbers.self)?.values,
      padding: try fields.value(ifPresent: .padding, as: AxisNumbers.self)?.values ?? [0],
      countsPadding: try fields.value(.countsPadding, default: true),
      roundsUp: try fields.value(.roundsUp, default: false),
      name: try fields.value(ifPresent: .name))
  }
}
