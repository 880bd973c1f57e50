import Documents
import Formulas

/// What the values inside of a layer's neurons are called in words.
enum LayerWords {
  /// A kind of layer as texts write it: `LSTM`.
  static func name(ofKind kind: String) -> String {
    ["lstm", "gru"].contains(kind) ? kind.uppercased() : kind
  }

  /// What the letters of a layer's parts stand for; nil where it has none that are known.
  static func parts(of layer: StepExplanation.LayerInfo) -> (
    english: RichText, chinese: RichText
  )? {
    let (i, f, g, o, c) = (gate("i"), gate("f"), gate("g"), gate("o"), gate("c"))
    let t: Formula = "t"
    let (r, z, n) = (gate("r"), gate("z"), gate("n"))
    let h = Formula.relation(
      .symbol("out", subscript: nil, superscript: "(t)"), .equal,
      .symbol("h", subscript: nil, superscript: "(t)"))
    switch layer.kind {
    case "lstm" where layer.parts.isSuperset(of: ["i", "f", "g", "o", "c"]):
      return (
        "At step \(t) a neuron has an input gate \(i), a forget gate \(f) and an output gate \(o), a candidate \(g) and a cell state \(c); its output is \(h). Each gate has a net input of its own.",
        "在时刻 \(t)，每个神经元有输入门 \(i)、遗忘门 \(f)、输出门 \(o)、候选值 \(g) 和细胞状态 \(c)，其输出为 \(h)。每个门都有自己的净输入。"
      )
    case "gru" where layer.parts.isSuperset(of: ["r", "z", "n"]):
      return (
        "At step \(t) a neuron has a reset gate \(r), an update gate \(z) and a candidate \(n); its output is \(h). Each gate has a net input of its own.",
        "在时刻 \(t)，每个神经元有重置门 \(r)、更新门 \(z) 和候选状态 \(n)，其输出为 \(h)。每个门都有自己的净输入。"
      )
    default: return nil
    }
  }

  private static func gate(_ letter: String) -> Formula {
    .symbol(letter, subscript: nil, superscript: "(t)")
  }
}
