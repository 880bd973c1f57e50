import ArgumentParser
import Backprop
import Foundation

/// `backprop generate`.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes text with a network that has learned one.",
    discussion: """
      The network is one that "backprop train TEXT --context N" has saved. The prompt is printed, \
      and after it character by character what the network makes of it. The same command prints \
      the same text on the same machine.

      EXAMPLES
        backprop generate book.safetensors --prompt "To be" --length 200
        backprop generate book.safetensors --temperature 0.5 --seed 7
      """)

  @Argument(
    help: ArgumentHelp("A network that \"backprop train\" has saved.", valueName: "model"),
    completion: Completions.model)
  var model: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The text to go on with (default: none; the network begins as after a line break).",
      valueName: "text"))
  var prompt = ""

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The characters to write after the prompt.", valueName: "characters"))
  var length = 200

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How bold the choice is: near 0 the likeliest character is taken (0: always), at 1 "
        + "characters come as often as the network expects, above 1 unlikely ones come more often.",
      valueName: "factor"))
  var temperature = 0.8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where the random numbers start.", valueName: "number"),
    transform: { text in
      guard let seed = UInt64(text) else {
        throw UsageError("expected a whole number, 0 to \(UInt64.max)")
      }
      return seed
    })
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads at most, 1 to 256 (default: all processors).", valueName: "number"))
  var threads: Int?

  func validate() throws {
    if !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature: found \(exact(temperature)), expected 0 or more")
    }
    if length < 0 { throw ValidationError("--length: found \(length), expected 0 or more") }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 256")
    }
  }

  func run() throws {
    let trained = try TrainedModel(contentsOf: model)
    let console = Console.shared
    do {
      let generator = try TextGenerator(trained, threads: threads)
      var started = false
      // The prompt goes out once it is known to be one that the network can read.
      func start() {
        if !started { console.write(prompt) }
        started = true
      }
      try generator.write(after: prompt, length: length, temperature: temperature, seed: seed) {
        start()
        console.write($0)
        return !console.isClosed
      }
      start()
      console.line()
    } catch let error as TrainingError {
      throw CommandError("\(model): \(error)")
    }
  }
}
