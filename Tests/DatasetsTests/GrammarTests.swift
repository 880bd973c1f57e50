import Datasets
import Tensors
import Testing

@Suite("Strings of grammars, encoders, and the exclusive or in time")
struct GrammarTests {
  // The examples are those of N. Schraudolph's and F. Cummins' course on neural networks.
  @Test("strings of Reber's grammar are told from others")
  func strings() {
    let grammar = ReberGrammar()
    for string in ["BTSSXXTVVE", "BPVVE", "BTXXVPSE", "BPVPXVPXVPXVVE", "BTSXXVPSE"] {
      #expect(grammar.accepts(string), "\(string)")
      #expect(!grammar.accepts(string.dropLast()), "\(string) without its end")
      #expect(!grammar.accepts(string + "E"))
    }
    for string in ["BTSSPXSE", "BPTVVB", "BTXXVVSE", "BPVSPSE", "BTSSSE", "", "bpvve", "BP😀"] {
      #expect(!grammar.accepts(string), "\(string)")
    }
    #expect(grammar.successors(of: "") == ["B"] && grammar.successors(of: "BPVVE") == [])
    #expect(grammar.successors(of: "BT") == ["S", "X"] && grammar.successors(of: "BB") == nil)
  }

  @Test("an embedded string ends as it begins")
  func embedded() {
    let grammar = ReberGrammar(isEmbedded: true)
    #expect(grammar.accepts("BTBPVVETE") && grammar.accepts("BPBTSSXXTVVEPE"))
    #expect(!grammar.accepts("BTBPVVEPE") && !grammar.accepts("BPVVE"))
    #expect(grammar.successors(of: "BPBPVVE") == ["P"])
  }

  @Test("strings that are drawn are accepted, and as frequent as two equal ways make them")
  func drawing() {
    for grammar in [ReberGrammar(), ReberGrammar(isEmbedded: true)] {
      var random = RandomStream(seed: 4, name: "strings")
      let strings = (0..<4000).map { _ in grammar.string(most: 50, random: &random) }
      #expect(strings.allSatisfy { grammar.accepts($0) && $0.count <= 50 })
      #expect(strings.contains { $0.count == (grammar.isEmbedded ? 9 : 5) })
      // Of 4,000 strings half have T in the second place, with a deviation of 32.
      let count = strings.count { $0.dropFirst().first == "T" }
      #expect(abs(count - 2000) < 160)
      // BPVVE is one string in 2³.
      if !grammar.isEmbedded {
        let share = Double(strings.count { $0 == "BPVVE" }) / 4000
        #expect(abs(share - 0.125) < 0.03)
      }
      #expect(grammar.string(most: -3, random: &random).count <= 9)
    }
  }

  @Test("rows hold a string's letters, and the letters that may come next")
  func rows() throws {
    for grammar in [ReberGrammar(), ReberGrammar(isEmbedded: true)] {
      let data = try Dataset.builtIn(
        grammar.isEmbedded ? "embedded-reber" : "reber", rows: 30, seed: 2)
      let steps = data.inputShape[0]
      #expect(data.features.shape == [30, grammar.isEmbedded ? 23 : 19, 7])
      for row in 0..<data.count {
        var text = ""
        for step in 0..<steps {
          let letters = (0..<7).filter { data.features[row, step, $0] == 1 }
          let next = (0..<7).filter { data.targets.tensor[row, step * 7 + $0] == 1 }
          if let letter = letters.first { text.append(ReberGrammar.letters[letter]) }
          let expected = letters.isEmpty ? [] : grammar.successors(of: text)
          #expect(letters.count <= 1 && next.map { ReberGrammar.letters[$0] } == expected)
        }
        #expect(grammar.accepts(text + "E"))
      }
    }
    #expect(
      message { try Dataset.builtIn("reber", rows: 2_000_000) }.contains("found 2000000 rows"))
  }

  @Test("each third bit is the exclusive or of the two before it")
  func temporal() throws {
    let data = try Dataset.builtIn("temporal-xor", series: SeriesOptions(window: 2))
    #expect(data.count == 2998 && data.suggestedScaling == Scaling.Kind.none)
    for row in stride(from: 0, to: data.count, by: 3) {
      let bits = [data.features[row, 0, 0], data.features[row, 1, 0]]
      #expect(data.targets.tensor[row, 0] == (bits[0] == bits[1] ? 0 : 1))
    }
    // 2,000 of the bits are random, with a deviation of 22 of their sum.
    let ones = (0..<data.count).count { $0 % 3 != 2 && data.features[$0, 0, 0] == 1 }
    #expect(abs(ones - 1000) < 110)
    let other = try Dataset.builtIn(
      "temporal-xor", rows: 40, seed: 1, series: SeriesOptions(window: 2))
    #expect(other.count == 38 && other.features != data.rows(Array(0..<38)).features)
  }

  @Test("an encoder is to give back what it is given")
  func encoders() throws {
    for count in [4, 8] {
      let data = try Dataset.builtIn("encoder-\(count)")
      #expect(data.features.shape == [count, count])
      #expect(data.targets.tensor == data.features)
      for row in 0..<count {
        #expect((0..<count).allSatisfy { data.features[row, $0] == ($0 == row ? 1 : 0) })
      }
    }
  }
}
