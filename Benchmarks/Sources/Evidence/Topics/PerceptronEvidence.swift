import Backprop

/// Rosenblatt's rule beside scikit-learn's perceptron.
struct PerceptronEvidence: EvidenceTopic {
  static let name = "perceptron"
  static let summary = "the perceptron beside scikit-learn: weights after n steps, accuracy, time"

  private struct Peer: Decodable {
    struct Result: Decodable {
      let weights: [Double]
      let accuracy, seconds: Double
    }
    let version: String
    let results: [String: Result]
  }

  static func run(_ context: EvidenceContext) throws {
    let mnist = try context.mnist().train
    let peer: Peer? = try context.peer("perceptron.py", [context.mnistFolder])
    context.say(
      "One unit a class, rate 1, weights from 0, rows in their order: no random numbers. Accuracies are of "
        + "the rows learned from. Beside scikit-learn\(peer.map { " \($0.version)" } ?? ""); Backprop's seconds have "
        + "the scaling and checking of the rows in them.")
    var lines: [[String]] = []
    for (name, epochs) in [("iris", 50), ("digits", 20), ("mnist", 2)] {
      let data = try name == "mnist" ? mnist : Dataset.builtIn(name)
      let network = Perceptron(
        epochs: epochs, shuffles: false, scaling: name == "mnist" ? .bytes : .none)
      let (fitted, seconds) = try timed { try network.fit(data, seed: 0) }
      let accuracy = try fitted.figures(on: data).first { $0.name == "accuracy" }?.value
      let other = peer?.results[name]
      lines.append([
        "\(name), \(data.count) rows, \(epochs) epochs",
        tiny(other.map { largestDifference(fitted.weights.doubles, $0.weights) }),
        percent(accuracy), percent(other?.accuracy), figure(seconds, 3), figure(other?.seconds, 3),
      ])
    }
    context.table(
      ["data", "largest difference of a weight", "accuracy", "theirs", "seconds", "theirs"], lines)
    let xor = try Dataset.builtIn("xor")
    let fitted = try Perceptron().fit(xor, seed: 0)
    context.heading("XOR")
    context.say(try fitted.remarks(on: xor).map { "- \($0)" }.joined(separator: "\n"))
  }
}
