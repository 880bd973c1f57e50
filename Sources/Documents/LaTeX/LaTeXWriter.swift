import Formulas

/// Writes documents as complete LaTeX files: English for pdflatex, Chinese for xelatex.
///
/// Long formulas are broken over lines; what cannot be broken, such as a fraction, shrinks to the
/// width of the page. An English document with characters that pdflatex cannot print is written for
/// xelatex too; the first line of the file says which program it is for.
public struct LaTeXWriter: Sendable {
  public init() {}

  public func write(_ document: Document) -> String {
    let language = document.language
    var text = ""
    if !document.title.isEmpty {
      text = "{\\LARGE\\bfseries\\raggedright \(LaTeXText.escaped(document.title))\\par}\\medskip"
    }
    // An equation that begins a paragraph would have an empty line above it.
    var isInParagraph = false
    for block in document.blocks {
      let piece = write(block, language)
      guard !piece.isEmpty else { continue }
      if case .equations = block {
        text += isInParagraph ? "\n" : "\n\n\\vspace{-\\baselineskip}\n"
        isInParagraph = true
      } else {
        text += text.isEmpty ? "" : "\n\n"
        isInParagraph = if case .paragraph = block { true } else { false }
      }
      text += piece
    }
    let drawing = document.blocks.contains {
      if case .picture(let picture) = $0 { picture.tikz != nil } else { false }
    }
    return LaTeXPreamble.text(
      language, forXeLaTeX: language == .chinese || !LaTeXText.isPrintable(text),
      draws: drawing) + "\(text)\n\n\\end{document}\n"
  }

  private func write(_ block: Block, _ language: Language) -> String {
    switch block {
    case .heading(let level, let text):
      let command = ["section", "subsection", "subsubsection", "paragraph"][
        min(3, max(0, level - 1))]
      return "\\\(command)*{\(LaTeXText.inline(text, language))}"
    case .paragraph(let text): return LaTeXText.inline(text, language)
    case .equations(let formulas): return LaTeXEquations.write(formulas, language)
    case .list(let items):
      guard !items.isEmpty else { return "" }
      let lines = items.map { "  \\item {}\(LaTeXText.inline($0, language))" }
      return "\\begin{itemize}\n\(lines.joined(separator: "\n"))\n\\end{itemize}"
    case .table(let table): return LaTeXTable.write(table, language)
    case .picture(let picture):
      let caption = "\\emph{\(LaTeXText.inline(picture.caption, language))}"
      guard let tikz = picture.tikz else { return "\\begin{center}\n\(caption)\n\\end{center}" }
      let picture = "\\begin{tikzpicture}\n\(tikz)\n\\end{tikzpicture}"
      return "\\begin{center}\n\(LaTeXText.fitted(picture))\n\n\\nopagebreak\\smallskip\n"
        + "\(caption)\n\\end{center}"
    case .remark(let tone, let text):
      let (color, mark) =
        switch tone {
        case .neutral: ("black", "\\textbullet")
        case .good: ("good", "\\ding{51}")
        case .bad: ("bad", "\\ding{55}")
        case .doubtful: ("doubtful", "\\textbf{?}")
        }
      return "\\begin{itemize}\n  \\item[\\textcolor{\(color)}{\(mark)}] "
        + "\(LaTeXText.inline(text, language))\n\\end{itemize}"
    }
  }
}

extension LaTeXText {
  /// A table or picture, made smaller where it is wider than its line.
  static func fitted(_ box: String) -> String {
    "\\begin{lrbox}{\\fitbox}%\n\(box)%\n\\end{lrbox}%\n"
      + "\\ifdim\\wd\\fitbox>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox\\fitbox}"
      + "\\else\\usebox\\fitbox\\fi"
  }

  static func inline(_ text: RichText, _ language: Language) -> String {
    text.parts.map { part in
      switch part {
      case .text(let text): return escaped(text)
      case .strong(let text): return "\\textbf{\(escaped(text))}"
      case .code(let text): return code(text)
      case .formula(let formula): return "$\(self.formula(formula.latex(in: language)))$"
      }
    }.joined()
  }
}

/// What stands before a document's text.
enum LaTeXPreamble {
  static func text(_ language: Language, forXeLaTeX: Bool, draws: Bool) -> String {
    var lines: [String]
    if forXeLaTeX {
      let scheme = language == .chinese ? "scheme=chinese" : "scheme=plain"
      lines = [
        "% !TEX program = xelatex", "\\documentclass[11pt,a4paper,fleqn]{article}",
        "\\usepackage[UTF8,\(scheme),fontset=fandol]{ctex}",
      ]
    } else {
      lines = [
        "% !TEX program = pdflatex", "\\documentclass[11pt,a4paper,fleqn]{article}",
        "\\usepackage[utf8]{inputenc}", "\\usepackage[T1]{fontenc}",
        "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}",
      ]
    }
    lines += [
      "\\usepackage{amsmath,amssymb,pifont}", "\\usepackage[margin=25mm]{geometry}",
      "\\usepackage{booktabs,longtable,array,graphicx,xcolor}",
    ]
    if draws { lines.append("\\usepackage{tikz}") }
    lines += [
      "\\definecolor{good}{HTML}{1A7F37}", "\\definecolor{bad}{HTML}{C0292B}",
      "\\definecolor{doubtful}{HTML}{9A6700}",
      "\\allowdisplaybreaks", "\\setlength{\\mathindent}{1.5em}", "\\setlength{\\parindent}{0pt}",
      "\\setlength{\\parskip}{0.6em plus 0.2em}", "\\setlength{\\emergencystretch}{4em}",
      "\\raggedbottom",
      "% A formula, made smaller where it is wider than its room.",
      "\\newsavebox{\\fitbox}",
      "\\newcommand{\\fit}[2]{\\sbox{\\fitbox}{$\\displaystyle #2$}%",
      "  \\ifdim\\wd\\fitbox>#1\\resizebox{#1}{!}{\\usebox{\\fitbox}}\\else\\usebox{\\fitbox}\\fi}",
      "\\setlength{\\jot}{5pt}", "", "\\begin{document}",
      "\\setlength{\\abovedisplayskip}{6pt plus 2pt}",
      "\\setlength{\\belowdisplayskip}{6pt plus 2pt}",
      "\\setlength{\\abovedisplayshortskip}{6pt plus 2pt}",
      "\\setlength{\\belowdisplayshortskip}{6pt plus 2pt}", "", "",
    ]
    return lines.joined(separator: "\n")
  }
}
