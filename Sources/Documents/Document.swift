import Formulas

/// A text with formulas, tables and pictures, to be written as plain text, Markdown, LaTeX or HTML.
///
/// A document says what is written, not how: each format's writer decides that.
public struct Document: Sendable {
  public var title: String
  public var language: Language
  public var blocks: [Block]

  public init(title: String, language: Language, blocks: [Block] = []) {
    self.title = title
    self.language = language
    self.blocks = blocks
  }
}

/// One piece of a document, from one margin to the other.
public enum Block: Sendable {
  /// A heading; level 1 is the highest below the document's title.
  case heading(level: Int, RichText)
  case paragraph(RichText)
  /// A chain of equal formulas, one below the other: the first is what the others are equal to.
  ///
  ///     net_h1 = w1 · i1 + w2 · i2 + b1
  ///            = 0.15 · 0.05 + 0.2 · 0.1 + 0.35
  ///            = 0.3775
  case equations([Formula])
  case list([RichText])
  case table(DocumentTable)
  case picture(Picture)
  /// A remark that is set apart, such as what was found wrong.
  case remark(Tone, RichText)

  /// What a remark says of its matter.
  public enum Tone: Sendable { case neutral, good, bad, doubtful }
}

/// A table: every cell is a line of text.
public struct DocumentTable: Sendable {
  public enum Alignment: Sendable { case leading, trailing, center }
  public var columns: [(title: RichText, alignment: Alignment)]
  public var rows: [[RichText]]
  public var caption: RichText?

  public init(
    columns: [(title: RichText, alignment: Alignment)], rows: [[RichText]],
    caption: RichText? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.caption = caption
  }
}

/// A picture in each form that a format may need.
public struct Picture: Sendable {
  /// One `<svg>` element with a `viewBox`.
  public var svg: String
  /// The picture in characters, for terminals; lines of at most 78 columns. Nil where there is none.
  public var text: String?
  /// The commands of a `tikzpicture`'s inside, for LaTeX. Nil where there is none.
  public var tikz: String?
  public var caption: RichText

  public init(svg: String, text: String? = nil, tikz: String? = nil, caption: RichText) {
    self.svg = svg
    self.text = text
    self.tikz = tikz
    self.caption = caption
  }
}
