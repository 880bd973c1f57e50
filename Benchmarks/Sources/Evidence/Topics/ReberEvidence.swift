import Backprop

/// Elman's and Jordan's networks, and long short-term memory, on Reber's grammar.
struct ReberEvidence: EvidenceTopic {
  static let name = "reber"
  static let summary = "Elman's and Jordan's networks and LSTM on Reber's grammar"

  static func run(_ context: EvidenceContext) throws {
    try reber(context)
    try embedded(context)
  }

  /// A network for letters, its twin that learns letter by letter, and how.
  private typealias Reader = (
    name: String, model: any Layer, online: (any Layer)?, optimizer: any Optimizer
  )

  private static func elman(_ hidden: Int) -> Reader {
    (
      "Elman, \(hidden) hidden units, copied", ElmanNetwork(hidden: hidden, outputs: 7),
      ElmanNetwork(hidden: hidden, outputs: 7, output: .last, carriesState: true),
      Momentum(learningRate: 0.02)
    )
  }

  private static let jordan: Reader = (
    "Jordan, 15 hidden units, µ 0.5", JordanNetwork(hidden: 15, outputs: 7),
    JordanNetwork(hidden: 15, outputs: 7, output: .last, carriesState: true),
    Momentum(learningRate: 0.02)
  )

  private static let elmanThroughTime: Reader = (
    "Elman, 15 hidden units, through time",
    ElmanNetwork(hidden: 15, outputs: 7, learnsThroughTime: true), nil, Adam(learningRate: 0.003)
  )

  private static let lstm: Reader = (
    "LSTM, 15 cells, through time",
    Sequential {
      LSTM(units: 15, forgetBias: 1)
      Dense(units: 7, activation: .sigmoid)
    }, nil, Adam(learningRate: 0.01)
  )

  private static func reber(_ context: EvidenceContext) throws {
    let seeds = context.seeds(10)
    let grammar = ReberGrammar()
    context.heading("Reber's grammar")
    context.say(
      "60,000 strings, each letter to be followed by the next, squared error, seeds 0 to "
        + "\(seeds.count - 1); a copied context learns letter by letter (momentum 0.9, rate 0.02), through "
        + "time string by string (Adam). Then 20,000 new strings, and 130,000 of letters at random, of which "
        + "about 0.2 % happen to be of the grammar. A string is accepted where each letter's activation "
        + "was above 0.3. Cleeremans, Servan-Schreiber and McClelland (1989) report one network of 3 hidden "
        + "units that made no mistake; few starts lead there.")
    let fresh = ReberTrial.fresh(grammar, count: 20_000, seed: 1)
    let chance = ReberTrial.chance(count: 130_000, seed: 1)
    let isRight = chance.map { grammar.accepts($0) }
    var lines: [[String]] = []
    for reader in [elman(3), elman(15), jordan, elmanThroughTime, lstm] {
      var (accepted, wrong, missed, perfect) = ([Double](), [Double](), [Double](), 0)
      for seed in seeds {
        let trial = try ReberTrial(
          grammar, reader.model, online: reader.online, optimizer: reader.optimizer, seed: seed)
        try trial.learn(strings: 60_000)
        let known = try trial.accepts(fresh).count { $0 }
        let said = zip(try trial.accepts(chance), isRight)
        accepted.append(100 * Double(known) / Double(fresh.count))
        wrong.append(Double(said.count { $0 && !$1 }))
        missed.append(Double(said.count { !$0 && $1 }))
        if known == fresh.count, wrong.last == 0, missed.last == 0 { perfect += 1 }
      }
      lines.append([
        reader.name, "\(perfect) of \(seeds.count)", spread(accepted, 1), spread(wrong, 0),
        spread(missed, 0),
      ])
    }
    context.table(
      [
        "network", "without a mistake", "of 20,000 strings accepted, %",
        "of \(isRight.count { !$0 }) others accepted",
        "of \(isRight.count { $0 }) at random of the grammar refused",
      ], lines)
  }

  private static func embedded(_ context: EvidenceContext) throws {
    let seeds = context.seeds(10)
    let grammar = ReberGrammar(isEmbedded: true)
    context.heading("The embedded grammar")
    context.say(
      "The same with embedded strings, and in place of letters at random the 20,000 strings with the "
        + "last letter but one turned, T for P and P for T: only who remembers the second letter "
        + "refuses them. Hochreiter and Schmidhuber (1997, table 1) cite Elman networks of 15 units that "
        + "never solved it in 200,000 strings, and have LSTM solve it in 97 to 100 % of the "
        + "trials after 8,440 to 39,740 strings.")
    let fresh = ReberTrial.fresh(grammar, count: 20_000, seed: 1)
    let turned = ReberTrial.turned(fresh)
    var lines: [[String]] = []
    for reader in [elman(15), jordan, elmanThroughTime, lstm] {
      for strings in reader.online == nil ? [10_000, 40_000] : [60_000] {
        var (accepted, wrong, solved) = ([Double](), [Double](), 0)
        for seed in seeds {
          let trial = try ReberTrial(
            grammar, reader.model, online: reader.online, optimizer: reader.optimizer, seed: seed)
          try trial.learn(strings: strings)
          accepted.append(100 * Double(try trial.accepts(fresh).count { $0 }) / 20_000)
          wrong.append(100 * Double(try trial.accepts(turned).count { $0 }) / 20_000)
          if accepted.last == 100, wrong.last == 0 { solved += 1 }
        }
        lines.append([
          reader.name, "\(strings)", "\(solved) of \(seeds.count)", spread(accepted, 1),
          spread(wrong, 1),
        ])
      }
    }
    context.table(
      ["network", "strings", "without a mistake", "accepted, %", "turned ones accepted, %"], lines)
  }
}
