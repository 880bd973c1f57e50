import Documents
import Formulas

func digits(_ text: String) -> Formula { .digits(text) }

/// A sum of products that no line is long enough for.
let longSum: Formula = .sum((1...24).map { digits("0.\(1000 + $0)") * digits("0.\(2000 + $0)") })

/// Every kind of block, with every character that some format gives a meaning.
func sample(_ language: Language) -> Document {
  let text = Phrase(
    "A <b> & 50% of $5, a_b, x|y, C:\\dir, *stars*, {set}, #1, ~^`\"' ← ≈ ∂ δ ½ ✓ ✗ ⁺ ŷ v̂ ṽ",
    "小于 <b> & 50%，$5，a_b，x|y，C:\\dir，*星*，{集}，#1，~^`\"' ← ≈ ∂ δ ½ ✓ ✗ ⁺ ŷ v̂ ṽ")[language]
  var drawing = Drawing(width: 100, height: 40, title: "A < B")
  drawing.arrow(from: .init(10, 20), to: .init(90, 20))
  drawing.label("w5⁺", at: .init(50, 12), hasHalo: true)
  drawing.label(.text(text), at: .init(0, 35), anchor: .start)
  let columns: [(title: RichText, alignment: DocumentTable.Alignment)] = [
    ("Name", .leading), (RichText(text), .trailing), ("!", .center),
  ]
  return Document(
    title: text, language: language,
    blocks: [
      .picture(drawing.picture(text: "(i1) ──▶ (h1)", caption: RichText(text))),
      .heading(level: 1, RichText(text)),
      .heading(level: 3, "h \("h1" as Formula)"),
      .paragraph("\(text) \("net_h1" as Formula)\(strong: text)\(code: "hidden.weight[1,2]|")"),
      .equations(["net_h1", "w1" * "i1" + "b", digits("0.15") * digits("-0.05"), digits("0.4")]),
      .equations(["E_total", longSum, .call("tanh", [longSum]), longSum / 24, digits("1.5")]),
      .equations([.relation("w5⁺", .becomes, "w5" - "η" * .partial("E_total", "w5"))]),
      .equations(["f", .piecewise([("x", .relation("x", .less, 0))], .squareRoot(longSum))]),
      .list([RichText(text), "2"]),
      .table(DocumentTable(columns: columns, rows: [["w1"], ["w2", "0.5", "✓", "more"]])),
      .remark(.good, RichText(text)), .remark(.bad, "b"), .remark(.doubtful, "c"),
      .remark(.neutral, "d"),
    ])
}
