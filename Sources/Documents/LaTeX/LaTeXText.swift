import Foundation

/// Text and the characters that LaTeX's fonts lack.
enum LaTeXText {
  /// Text that prints as it is.
  static func escaped(_ text: String) -> String { text.map { escaped($0) }.joined() }

  /// Text in a fixed-width font that may break after its punctuation.
  static func code(_ text: String) -> String {
    let inside = text.map { character in
      let plain = character == "-" ? "{-}" : escaped(character)
      return ".,[/_=".contains(character) ? plain + "\\allowbreak{}" : plain
    }
    return "\\texttt{\(inside.joined())}"
  }

  /// A formula's commands, with each character that is not ASCII as a command.
  static func formula(_ latex: String) -> String {
    latex.map { $0.isASCII ? String($0) : escaped($0) }.joined()
  }

  /// Whether pdfTeX with its standard fonts can print the text once it is ``escaped(_:)``.
  static func isPrintable(_ escaped: String) -> Bool {
    escaped.unicodeScalars.allSatisfy { $0.value < 0x180 || native.contains($0) }
  }

  /// What LaTeX itself knows beyond Latin letters.
  private static let native: Set<Unicode.Scalar> = [
    "–", "—", "‘", "’", "“", "”", "…", "€", "•", "‰",
  ]

  private static func escaped(_ character: Character) -> String {
    switch character {
    case "\\": return "\\textbackslash{}"
    case "^": return "\\textasciicircum{}"
    case "~": return "\\textasciitilde{}"
    case "#", "$", "%", "&", "_", "{", "}": return "\\\(character)"
    case "<": return "\\textless{}"
    case ">": return "\\textgreater{}"
    case "|": return "\\textbar{}"
    case "\"": return "\\textquotedbl{}"
    case "`": return "\\textasciigrave{}"
    case "'": return "'"
    case "\u{A0}": return "~"
    case "\t": return " "
    default: break
    }
    if character.isNewline { return " " }
    if character.isASCII {
      return character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F }
        ? String(character) : ""
    }
    if let sign = signs[character] { return "\\ensuremath{\(sign)}" }
    if let command = commands[character] { return command }
    if let at = raised.firstIndex(of: character) { return script("^", raisedPlain[at]) }
    if let at = lowered.firstIndex(of: character) { return script("_", loweredPlain[at]) }
    return accented(character) ?? String(character)
  }

  private static func script(_ mark: String, _ plain: Character) -> String {
    plain.isLetter ? "\\ensuremath{\(mark){\\mathrm{\(plain)}}}" : "\\ensuremath{\(mark){\(plain)}}"
  }

  /// A letter with an accent that no standard font has in one piece.
  private static func accented(_ character: Character) -> String? {
    let whole = Array(String(character).precomposedStringWithCanonicalMapping.unicodeScalars)
    if whole.count == 1, whole[0].value < 0x180 { return String(character) }
    let scalars = Array(String(character).decomposedStringWithCanonicalMapping.unicodeScalars)
    guard scalars.count == 2, let accent = accents[scalars[1]] else { return nil }
    let letter = Character(scalars[0])
    if letter.isASCII, letter.isLetter { return "\\\(accent.text){\(letter)}" }
    return signs[letter].map { "\\ensuremath{\\\(accent.math){\($0)}}" }
  }

  private static let accents: [Unicode.Scalar: (text: String, math: String)] = [
    "\u{0300}": ("`", "grave"), "\u{0301}": ("'", "acute"), "\u{0302}": ("^", "hat"),
    "\u{0303}": ("~", "tilde"), "\u{0304}": ("=", "bar"), "\u{0307}": (".", "dot"),
    "\u{0308}": ("\"", "ddot"), "\u{030C}": ("v", "check"),
  ]

  private static let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ")
  private static let raisedPlain = Array("0123456789+-=()abcdefghijklmnoprstuvwxyzT")
  private static let lowered = Array("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₗₘₙₚᵣₛₜᵤᵥₓₐₑₕₒ")
  private static let loweredPlain = Array("0123456789+-=()ijklmnprstuvxaeho")

  /// Characters that are commands in text.
  private static let commands: [Character: String] = [
    "✓": "\\ding{51}", "✔": "\\ding{52}", "✗": "\\ding{55}", "✘": "\\ding{56}",
    "½": "\\textonehalf{}", "¼": "\\textonequarter{}", "¾": "\\textthreequarters{}",
    "°": "\\textdegree{}", "·": "\\textperiodcentered{}", "\u{2009}": "\\,", "\u{202F}": "\\,",
    "\u{2002}": "\\enspace{}", "\u{2003}": "\\quad{}", "\u{200B}": "", "\u{2060}": "",
    "●": "\\ensuremath{\\bullet}", "○": "\\ensuremath{\\circ}",
    "\u{FEFF}": "", "■": "\\ensuremath{\\blacksquare}",
  ]

  /// Characters that are commands in formulas.
  static let signs: [Character: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon",
    "ϵ": "\\epsilon", "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta", "ϑ": "\\vartheta",
    "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "µ": "\\mu", "ν": "\\nu",
    "ξ": "\\xi", "ο": "o", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma", "ς": "\\varsigma",
    "τ": "\\tau", "υ": "\\upsilon", "φ": "\\varphi", "ϕ": "\\phi", "χ": "\\chi", "ψ": "\\psi",
    "ω": "\\omega", "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi",
    "Π": "\\Pi", "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega", "∂": "\\partial",
    "∇": "\\nabla", "∞": "\\infty", "ℓ": "\\ell", "∑": "\\sum", "∏": "\\prod", "√": "\\surd",
    "←": "\\leftarrow", "→": "\\rightarrow", "↑": "\\uparrow", "↓": "\\downarrow",
    "↔": "\\leftrightarrow", "⇐": "\\Leftarrow", "⇒": "\\Rightarrow", "⇔": "\\Leftrightarrow",
    "↦": "\\mapsto", "≈": "\\approx", "≠": "\\neq", "≤": "\\leq", "≥": "\\geq", "≡": "\\equiv",
    "≪": "\\ll", "≫": "\\gg", "∝": "\\propto", "∈": "\\in", "∉": "\\notin", "⊂": "\\subset",
    "∪": "\\cup", "∩": "\\cap", "∅": "\\emptyset", "∀": "\\forall", "∃": "\\exists",
    "−": "-", "±": "\\pm", "×": "\\times", "÷": "\\div", "⋅": "\\cdot", "⊙": "\\odot",
    "⊗": "\\otimes", "⊕": "\\oplus", "∘": "\\circ", "∗": "\\ast", "⊤": "\\top", "⊥": "\\perp",
    "‖": "\\Vert", "∥": "\\parallel", "′": "'", "″": "''", "⋯": "\\cdots", "⋮": "\\vdots",
    "⋱": "\\ddots",
    "ℝ": "\\mathbb{R}", "ℕ": "\\mathbb{N}", "ℤ": "\\mathbb{Z}", "□": "\\square", "¬": "\\neg",
    "⌈": "\\lceil", "⌉": "\\rceil", "⌊": "\\lfloor", "⌋": "\\rfloor", "⟨": "\\langle",
    "⟩": "\\rangle", "≔": ":=", "∫": "\\int", "∧": "\\wedge", "∨": "\\vee",
  ]
}
