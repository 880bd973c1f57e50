import Charts

/// Pieces of an HTML page that is well-formed XML too.
enum HTML {
  /// One column of a table.
  struct Column {
    let title: String
    /// Whether its cells are numbers, which stand on the right.
    let isNumber: Bool

    static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// A whole page: one file without scripts that loads nothing from elsewhere, light or dark as the
  /// reader's system is.
  ///
  /// - Parameter content: What stands in it, one part after another.
  static func page(title: String, _ content: [String]) -> String {
    """
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    \(element("title", title))
    <style>
    \(PageStyle.text)</style>
    </head>
    <body>
    <main>
    \(content.joined())</main>
    </body>
    </html>

    """
  }

  /// An element around text, which is escaped.
  static func element(_ name: String, _ text: String, class style: String? = nil) -> String {
    "<\(name)\(attribute(style))>\(XML.escaped(text))</\(name)>"
  }

  /// A part of the page with a heading; nothing where there is no content.
  static func section(_ title: String, _ content: [String]) -> String {
    let content = content.filter { !$0.isEmpty }
    guard !content.isEmpty else { return "" }
    return "<section>\n\(element("h2", title))\n\(content.joined(separator: "\n"))\n</section>\n"
  }

  /// A part of a section with a smaller heading.
  static func part(_ title: String, _ content: String) -> String {
    content.isEmpty ? "" : "<div class=\"part\">\n\(element("h3", title))\n\(content)\n</div>"
  }

  /// A paragraph of smaller text.
  static func note(_ text: String) -> String { element("p", text, class: "note") }

  /// Content that is shown only when asked for.
  static func details(_ title: String, _ content: String) -> String {
    "<details>\n\(element("summary", title))\n\(content)\n</details>"
  }

  /// A table in a box of its own, which scrolls where the page is too narrow. The first cell of a
  /// row is its heading; `footer` rows stand below a line.
  static func table(
    _ columns: [Column], _ rows: [[String]], footer: [[String]] = [], class style: String? = nil
  ) -> String {
    let head = columns.map { column in
      "<th scope=\"col\"\(attribute(column.isNumber ? "n" : nil))>\(XML.escaped(column.title))</th>"
    }
    func lines(_ rows: [[String]]) -> String {
      rows.map { row in
        let cells = zip(columns, row).enumerated().map { place, cell in
          let style = attribute(cell.0.isNumber ? "n" : nil)
          return place == 0
            ? "<th scope=\"row\"\(style)>\(XML.escaped(cell.1))</th>"
            : "<td\(style)>\(XML.escaped(cell.1))</td>"
        }
        return "<tr>\(cells.joined())</tr>\n"
      }.joined()
    }
    let foot = footer.isEmpty ? "" : "<tfoot>\n\(lines(footer))</tfoot>\n"
    return "<div class=\"scroll\"><table\(attribute(style))>\n"
      + "<thead><tr>\(head.joined())</tr></thead>\n"
      + "<tbody>\n\(lines(rows))</tbody>\n\(foot)</table></div>"
  }

  private static func attribute(_ style: String?) -> String {
    style.map { " class=\"\($0)\"" } ?? ""
  }
}
