/// How the images of a folder become rows.
public struct ImageOptions: Hashable, Sendable {
  /// The sides that all images are brought to, in pixels; nil: they have one size already.
  public var size: Size?
  /// Whether colors become shades of gray (true), or gray images three equal colors (false); nil:
  /// gray where all images are.
  public var isGray: Bool?

  public init(size: Size? = nil, isGray: Bool? = nil) {
    self.size = size
    self.isGray = isGray
  }

  /// An image's sides in pixels.
  public struct Size: Hashable, Sendable, CustomStringConvertible {
    public var width: Int
    public var height: Int

    /// The longest side that images are brought to.
    public static let longest = 8192

    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }

    /// `32x32` (width × height), or `32` for a square; nil for anything else.
    public init?(_ text: String) {
      let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      let sides = parts.compactMap { Int($0) }
      guard sides.count == parts.count, (1...2).contains(sides.count),
        sides.allSatisfy({ (1...Self.longest).contains($0) })
      else { return nil }
      self.init(width: sides[0], height: sides[sides.count - 1])
    }

    public var description: String { "\(width)x\(height)" }
  }
}

/// How a text becomes rows of characters.
public struct TextOptions: Hashable, Sendable {
  /// The characters of a row, 64 unless told otherwise.
  public var context: Int
  /// The characters from the start of one row to that of the next; nil: `context`, so that the
  /// rows do not overlap and every character is a target once.
  public var stride: Int?
  /// The characters that are known, by number; nil: those that occur, in ascending order.
  public var characters: [String]?

  /// The longest row.
  public static let longest = 1 << 20

  public init(context: Int = 64, stride: Int? = nil, characters: [String]? = nil) {
    self.context = context
    self.stride = stride
    self.characters = characters
  }
}

/// How a column of numbers becomes rows of a time series.
public struct SeriesOptions: Hashable, Sendable {
  /// The column; nil where the source has but one, as the built-in series.
  public var column: String?
  /// The values of a row, 12 unless told otherwise.
  public var window: Int
  /// How many steps after a row's last value its target lies, 1 unless told otherwise.
  public var horizon: Int
  /// Where the test rows begin: a cell of the table's first other column (a date, a year), or the
  /// number of a row; nil: the source sets no rows aside.
  public var testFrom: String?
  /// Whether rows whose target is yet to come are there too, and none has a target: for
  /// predictions.
  public var reachesBeyond: Bool

  /// The longest window and horizon.
  public static let longest = 1 << 20

  public init(
    column: String? = nil, window: Int = 12, horizon: Int = 1, testFrom: String? = nil,
    reachesBeyond: Bool = false
  ) {
    self.column = column
    self.window = window
    self.horizon = horizon
    self.testFrom = testFrom
    self.reachesBeyond = reachesBeyond
  }
}
