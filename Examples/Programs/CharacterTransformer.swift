import Backprop

/// A small transformer of GPT's kind learns to write from a children's book.
///
/// Each character becomes a vector, to which a vector of its place is added. In each of four blocks
/// every character looks back at those before it, with four heads, and then thinks for itself. What
/// stands at a place in the end is scored against each character that could follow.
///
/// Source: A. Radford et al., "Language models are unsupervised multitask learners", 2019;
/// A. Vaswani et al., "Attention is all you need", NIPS 2017, arXiv:1706.03762.
package struct CharacterTransformer: CharacterExample {
  package let name = "characters"
  package let summary = "a character transformer learns to write like \"Alice in Wonderland\""
  package var models: [String: any Layer] { ["characters": model] }

  package var model: Sequential {
    Sequential {
      Embedding(
        vocabulary: Characters.count, units: 128, weight: .normal(mean: 0, deviation: 0.02))
      PositionEmbedding(longest: Characters.context)
      for _ in 0..<4 {
        TransformerEncoderBlock(heads: 4, isCausal: true, dropout: 0.1)
      }
      LayerNormalization()
      Dense(units: Characters.count)
    }
  }

  package let learningRate = 1e-3
  package let epochs = 4

  package init() {}
}
