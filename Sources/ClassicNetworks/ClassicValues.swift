import Charts
import Tensors

/// How far a fit has come.
public struct ClassicProgress: Hashable, Sendable {
  /// The passes over the data so far, or whatever the network counts.
  public var epoch: Int
  /// What is measured on the way: `mistakes 3`.
  public var figures: [ClassicFigure]

  public init(epoch: Int, _ figures: [ClassicFigure] = []) {
    self.epoch = epoch
    self.figures = figures
  }
}

/// A number with its name.
public struct ClassicFigure: Hashable, Sendable, Codable {
  /// What it is: `topographic error`.
  public var name: String
  public var value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// A network's answers, one a row.
public enum ClassicAnswer: Hashable, Sendable {
  /// A class each; −1 where it knows none.
  case classes([Int], names: [String])
  /// Numbers, [rows, outputs].
  case values(Tensor)
  /// The unit that answers: a place on a map, a category; −1 where none does.
  case units([Int])
  /// A whole row each, [rows, columns]: what was recalled or made.
  case patterns(Tensor)
}

/// Something to look at.
public struct ClassicPicture: Sendable {
  public var title: String
  public var chart: any Chart
  /// What is to be seen in it, in a sentence.
  public var caption: String

  public init(_ title: String, _ chart: any Chart, caption: String = "") {
    self.title = title
    self.chart = chart
    self.caption = caption
  }
}
