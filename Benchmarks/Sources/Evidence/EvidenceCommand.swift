import Backprop
import Foundation

/// `evidence list`, `evidence TOPIC… [--mnist FOLDER] [--seeds N] [--output FOLDER]`.
@main
struct EvidenceCommand {
  private static let usage = """
    usage: evidence list
           evidence TOPIC… [options]     Prints the topics' figures as Markdown.
           evidence all [options]

    --mnist FOLDER    MNIST's four files (default: ../shared/data/mnist, else mnist)
    --seeds N         so many seeds in place of a topic's own number
    --output FOLDER   writes each topic's figures to FOLDER/DATE-TOPIC.md, pictures beside it

    BACKPROP_PEERS_PYTHON names a Python with the packages of peers/classic/requirements.txt, and
    BACKPROP_FANN the library libdoublefann; without them the peers' columns say "not run".
    """

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    var names: [String] = []
    var options = EvidenceOptions()
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        names.append(word)
        continue
      }
      guard word != "--help" else { return print(usage) }
      guard let value = rest.popFirst() else {
        throw EvidenceError("\(word) needs a value\n\(usage)")
      }
      switch word {
      case "--mnist": options.mnist = value
      case "--output": options.output = value
      case "--seeds":
        guard let count = Int(value), (1...100_000).contains(count) else {
          throw EvidenceError("--seeds: found \"\(value)\", expected 1 to 100000")
        }
        options.seeds = count
      default: throw EvidenceError("there is no option \(word)\n\(usage)")
      }
    }
    if names.isEmpty { return print(usage) }
    if names == ["list"] {
      for topic in EvidenceTopics.all { print("\(topic.name): \(topic.summary)") }
      return
    }
    let topics = try names.flatMap { name in
      if name == "all" { return EvidenceTopics.all }
      guard let topic = EvidenceTopics.all.first(where: { $0.name == name }) else {
        let known = EvidenceTopics.all.map { $0.name }.joined(separator: ", ")
        throw EvidenceError("there is no topic \"\(name)\"; expected one of \(known)")
      }
      return [topic]
    }
    for topic in topics {
      let context = EvidenceContext(topic: topic.name, options: options)
      context.begin(topic.title)
      try topic.run(context)
      try context.finish()
    }
  }
}

struct EvidenceError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
