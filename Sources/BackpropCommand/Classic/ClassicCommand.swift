import ArgumentParser
import Backprop

/// `backprop classic`.
struct ClassicCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classic",
    abstract: "Fits the classic networks: perceptron, maps, adaptive resonance, Boltzmann, ….",
    discussion: """
      Each has a training rule of its own. "backprop classic list" says what each is for, and \
      "backprop classic list NAME" what its settings mean.

      EXAMPLES
        backprop classic list
        backprop classic fit perceptron iris --set pocket=yes --report iris.html
        backprop classic fit perceptron xor
        backprop classic som customers.csv --target none --report map.html
        backprop classic predict flowers.safetensors flowers.csv
      """,
    subcommands: [ClassicFitCommand.self, ClassicPredictCommand.self, ClassicListCommand.self],
    defaultSubcommand: ClassicFitCommand.self)
}

/// `backprop classic list`.
struct ClassicListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Says what each classic network is for, or what its settings mean.")

  @Argument(help: ArgumentHelp("A network, for its settings.", valueName: "name"))
  var name: String?

  @Flag(help: "Prints one JSON object for each network or setting.")
  var json = false

  func run() throws {
    guard let name else { return list() }
    let network = try checkingUsage { try ClassicNetworks.kind(named: name) }
    if json {
      for setting in network.settings {
        Console.shared.line(
          JSON.object([
            ("setting", .string(setting.name)), ("default", .string(setting.standard)),
            ("meaning", .string(setting.meaning)),
          ]).text)
      }
      return
    }
    Console.shared.line("\(network.kind): \(network.purpose)\n")
    Console.shared.line(
      alignedTable(
        [["setting", "default", "meaning"]]
          + network.settings.map { [$0.name, $0.standard, $0.meaning] }, numbers: []))
  }

  private func list() {
    if json {
      for network in ClassicNetworks.all {
        Console.shared.line(
          JSON.object([
            ("name", .string(network.kind)), ("short", .strings(network.shortNames)),
            ("purpose", .string(network.purpose)),
          ]).text)
      }
      return
    }
    Console.shared.line(
      alignedTable(
        ClassicNetworks.all.map {
          [([$0.kind] + $0.shortNames).joined(separator: ", "), $0.purpose]
        }, numbers: []))
  }
}
