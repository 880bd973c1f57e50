import Backprop

/// A recurrent network learns to write from a children's book, as the transformer does.
///
/// All that it knows of the characters before lies in the cells of an LSTM, however long ago they
/// were; nothing is looked up again.
///
/// Source: A. Graves, "Generating sequences with recurrent neural networks", arXiv:1308.0850.
package struct CharacterLSTM: CharacterExample {
  package let name = "characters-lstm"
  package let summary = "a character LSTM learns to write like \"Alice in Wonderland\""
  package var models: [String: any Layer] { ["characters-lstm": model] }

  package var model: Sequential {
    Sequential {
      Embedding(vocabulary: Characters.count, units: 64)
      LSTM(units: 256, forgetBias: 1)
      Dropout(0.2)
      Dense(units: Characters.count)
    }
  }

  package let learningRate = 4e-3
  package let epochs = 4

  package init() {}
}
